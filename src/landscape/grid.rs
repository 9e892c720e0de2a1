//! Values of an objective on a slice, row by row.

use std::ops::Range;
use std::sync::Arc;

use super::Slice;
use crate::math::threads::{Helpers, fill_rows};
use crate::objective::{Batch, Objective, PlaneValues, Scratch};

/// Which points of a slice are looked at: `n_a` x `n_b`, evenly spaced, corners included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GridSpec {
    /// Lowest and highest a.
    pub a: [f64; 2],
    /// Lowest and highest b.
    pub b: [f64; 2],
    pub n_a: usize,
    pub n_b: usize,
}

impl GridSpec {
    /// [-range, range]² with `n` points along each axis.
    pub fn square(range: f64, n: usize) -> Self {
        Self {
            a: [-range, range],
            b: [-range, range],
            n_a: n,
            n_b: n,
        }
    }

    /// a of column `i`.
    #[inline]
    pub fn a_at(&self, i: usize) -> f64 {
        tick(self.a, self.n_a, i)
    }

    /// b of row `j`.
    #[inline]
    pub fn b_at(&self, j: usize) -> f64 {
        tick(self.b, self.n_b, j)
    }

    /// The same box with about `1/factor` of the points along each axis, at least two: a quick look before the full picture.
    pub fn coarser(&self, factor: usize) -> Self {
        let fewer = |n: usize| ((n - n.min(1)) / factor.max(1) + 1).max(2).min(n);
        Self {
            n_a: fewer(self.n_a),
            n_b: fewer(self.n_b),
            ..*self
        }
    }

    /// Values of row `j`, one for each column, written to `row`.
    pub fn fill_row(&self, objective: &dyn Objective, slice: &Slice, j: usize, work: &mut RowWork, row: &mut [f64]) {
        let b = self.b_at(j);
        if let Some(plane) = &work.plane {
            if work.columns_of != Some((self.a, self.n_a)) {
                let a: Vec<f64> = (0..self.n_a).map(|i| self.a_at(i)).collect();
                work.columns = plane.columns(&a);
                work.columns_of = Some((self.a, self.n_a));
            }
            return plane.fill_row(&work.columns, b, row, &mut work.scratch);
        }
        work.x.resize(slice.dim(), 0.0);
        for (i, value) in row.iter_mut().enumerate() {
            slice.embed(self.a_at(i), b, &mut work.x);
            *value = objective.value(&work.x, Batch::Full, &mut work.scratch);
        }
    }
}

/// Coordinate number `i` of `n` that divide [low, high] evenly. Symmetric boxes get symmetric ticks, and both ends are exact.
#[inline]
fn tick([low, high]: [f64; 2], n: usize, i: usize) -> f64 {
    if n < 2 {
        return 0.5 * (low + high);
    }
    let last = (n - 1) as f64;
    (low * (last - i as f64) + high * i as f64) / last
}

/// Working memory of whoever fills rows of one slice of one objective. Clones share what was worked out for the whole plane.
#[derive(Clone, Default)]
pub struct RowWork {
    x: Vec<f64>,
    scratch: Scratch,
    plane: Option<Arc<dyn PlaneValues>>,
    /// What the plane has in common for all rows, and the columns of which it is.
    columns: Vec<f64>,
    columns_of: Option<([f64; 2], usize)>,
}

impl RowWork {
    /// Asks the objective for its fast way to values on the plane, which may take as long as a few of them.
    pub fn new(objective: &dyn Objective, slice: &Slice) -> Self {
        Self {
            plane: objective.on_plane(&slice.origin, &slice.u, &slice.v),
            ..Self::default()
        }
    }
}

/// Values on the points of a [`GridSpec`].
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    pub spec: GridSpec,
    /// `n_b` rows of `n_a` values: `values[j * n_a + i]` is f at (a_at(i), b_at(j)).
    pub values: Vec<f64>,
}

impl Grid {
    /// A grid still to be filled: NaN everywhere.
    pub fn empty(spec: GridSpec) -> Self {
        Self {
            spec,
            values: vec![f64::NAN; spec.n_a * spec.n_b],
        }
    }

    /// Evaluates all rows on up to `threads` threads. A row's bits do not depend on the order or on who fills it.
    ///
    /// After every row `go_on` is told how many are done; when it says no, what is missing stays NaN.
    pub fn evaluate(
        objective: &dyn Objective,
        slice: &Slice,
        spec: GridSpec,
        threads: usize,
        go_on: &(dyn Fn(usize) -> bool + Sync),
    ) -> Self {
        let mut grid = Self::empty(spec);
        grid.refill(objective, slice, threads, go_on);
        grid
    }

    /// As [`Self::evaluate`], in memory that is there already; what is missing stays what it was.
    pub fn refill(&mut self, objective: &dyn Objective, slice: &Slice, threads: usize, go_on: &(dyn Fn(usize) -> bool + Sync)) {
        let spec = self.spec;
        let work = RowWork::new(objective, slice);
        let fill = |work: &mut RowWork, j, row: &mut [f64]| spec.fill_row(objective, slice, j, work, row);
        // A formula is done in no time, a network is not.
        let helpers = if objective.n_samples() > 1 {
            Helpers::New
        } else {
            Helpers::Waiting
        };
        fill_rows(&mut self.values, spec.n_a, (threads, helpers), &work, &fill, go_on);
    }

    /// f at column `i`, row `j`.
    #[inline]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.values[j * self.spec.n_a + i]
    }

    /// Row `j`.
    pub fn row(&self, j: usize) -> &[f64] {
        let row: Range<usize> = j * self.spec.n_a..(j + 1) * self.spec.n_a;
        &self.values[row]
    }
}
