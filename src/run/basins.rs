//! Basins of attraction: to which minimum a rule leads from every point of a grid.

use super::RunPlan;
use crate::landscape::GridSpec;
use crate::math::threads::{Helpers, fill_rows};
use crate::optim::run_together;

/// Starts that are run together: what they hold fits into the nearest cache.
const TOGETHER: usize = 512;

/// What determines a map of basins.
#[derive(Clone)]
pub struct BasinPlan {
    /// The rule, the function of two variables and the number of steps. Its own start is not used.
    pub run: RunPlan,
    /// The minima to which starts may lead; fewer than 254 of them.
    pub minima: Vec<[f64; 2]>,
    /// The starts.
    pub spec: GridSpec,
}

/// Where every start of a grid leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasinMap {
    /// `n_b` rows of `n_a` labels: the index of the minimum that is nearest to where the run ends, or one of the two below.
    pub labels: Vec<u8>,
}

impl BasinMap {
    /// The run diverged, or ended too far away for a distance to have a value.
    pub const DIVERGED: u8 = u8::MAX;
    /// Not worked out yet, or there is no minimum.
    pub const UNKNOWN: u8 = u8::MAX - 1;
}

impl BasinPlan {
    /// The labels of row `j`, one for each column.
    pub fn fill_row(&self, j: usize, labels: &mut [u8]) {
        let b = self.spec.b_at(j);
        for (i, labels) in labels.chunks_mut(TOGETHER).enumerate() {
            let n = labels.len();
            let mut points: Vec<f64> = (0..n).map(|k| self.spec.a_at(i * TOGETHER + k)).collect();
            points.resize(2 * n, b);
            let mut diverged = [false; TOGETHER];
            let diverged = &mut diverged[..n];
            run_together(&self.run.fixed(), &self.run.rule, self.run.steps, &mut points, diverged);
            self.label(points.split_at(n), labels);
            for (label, _) in labels.iter_mut().zip(diverged).filter(|(_, diverged)| **diverged) {
                *label = BasinMap::DIVERGED;
            }
        }
    }

    /// Works all rows out on up to `threads` threads. The labels do not depend on their number.
    ///
    /// After every row `go_on` is told how many are done; when it says no, what is missing stays unknown.
    pub fn map(&self, threads: usize, go_on: &(dyn Fn(usize) -> bool + Sync)) -> BasinMap {
        let mut labels = vec![BasinMap::UNKNOWN; self.spec.n_a * self.spec.n_b];
        let fill = |(): &mut (), j, row: &mut [u8]| self.fill_row(j, row);
        fill_rows(&mut labels, self.spec.n_a, (threads, Helpers::New), &(), &fill, go_on);
        BasinMap { labels }
    }

    /// The nearest minimum of every point.
    fn label(&self, (x, y): (&[f64], &[f64]), labels: &mut [u8]) {
        let none = if self.minima.is_empty() {
            BasinMap::UNKNOWN
        } else {
            BasinMap::DIVERGED
        };
        let mut least = [f64::INFINITY; TOGETHER];
        labels.fill(none);
        for (label, [mx, my]) in (0..BasinMap::UNKNOWN).zip(&self.minima) {
            // One minimum after the other, so that the compiler takes many points at a time.
            for ((x, y), (least, nearest)) in x.iter().zip(y).zip(least.iter_mut().zip(&mut *labels)) {
                let distance = (x - mx) * (x - mx) + (y - my) * (y - my);
                *nearest = if distance < *least { label } else { *nearest };
                *least = if distance < *least { distance } else { *least };
            }
        }
    }
}
