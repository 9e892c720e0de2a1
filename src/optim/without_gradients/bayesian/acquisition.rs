//! Where to look next: where the expected improvement is largest.
//!
//! Mockus, Tiesis and Zilinskas 1978, The Application of Bayesian Methods for Seeking the Extremum; closed form: Jones, Schonlau and Welch 1998,
//! eq. 15.

use std::f64::consts::{SQRT_2, TAU};

use super::surrogate::Surrogate;
use crate::math::{Rng, ops};
use crate::objective::Bounds;

/// Points drawn in the whole domain, and near the best observation.
const ANYWHERE: usize = 64;
const NEAR_BEST: usize = 24;
/// Standard deviation of the latter, as a share of the width of the domain.
const NEAR: f64 = 0.03;
/// Sweeps of the local search from the best of them, and its first step, as a share of the width of the domain.
const SWEEPS: usize = 10;
const FIRST_STEP: f64 = 0.05;

/// E max(best − f, 0) for a normal f: how much lower than `best` it is expected to be, counting a higher one as 0.
pub fn expected_improvement(mean: f64, deviation: f64, best: f64) -> f64 {
    let gain = best - mean;
    if deviation <= 0.0 {
        return gain.max(0.0);
    }
    let z = gain / deviation;
    let density = ops::exp(-0.5 * z * z) / TAU.sqrt();
    let share_below = 0.5 * ops::erfc(-z / SQRT_2);
    (deviation * (z * share_below + density)).max(0.0)
}

/// The search for the point with the largest expected improvement below `best`.
pub(super) struct Acquisition<'a> {
    pub surrogate: &'a Surrogate,
    pub best: f64,
    pub domain: &'a Bounds,
}

impl Acquisition<'_> {
    /// Expected improvement, then uncertainty: where nothing is expected anywhere, the least known place is best.
    fn worth(&self, x: &[f64]) -> (f64, f64) {
        let [mean, deviation] = self.surrogate.at(x);
        (expected_improvement(mean, deviation, self.best), deviation)
    }

    fn bounds(&self, axis: usize) -> [f64; 2] {
        [self.domain.low[axis], self.domain.high[axis]]
    }

    /// Writes the best point found to `x`; `trial` is working memory of the same length.
    pub fn maximise(&self, rng: &mut Rng, x: &mut [f64], trial: &mut [f64]) {
        let mut worth = (f64::NEG_INFINITY, 0.0);
        for k in 0..ANYWHERE + NEAR_BEST {
            let centre = self.surrogate.best().filter(|_| k >= ANYWHERE).map(|(best, _)| best);
            self.draw(rng, centre, trial);
            let found = self.worth(trial);
            if k == 0 || found > worth {
                worth = found;
                x.copy_from_slice(trial);
            }
        }
        self.polish(worth, x);
    }

    fn draw(&self, rng: &mut Rng, centre: Option<&[f64]>, trial: &mut [f64]) {
        for (axis, v) in trial.iter_mut().enumerate() {
            let [low, high] = self.bounds(axis);
            *v = match centre {
                Some(centre) => (centre[axis] + NEAR * (high - low) * rng.normal()).clamp(low, high),
                None => rng.uniform_in(low, high),
            };
        }
    }

    /// Compass search: a step along every axis, both ways, half as long when none of them helps.
    fn polish(&self, mut worth: (f64, f64), x: &mut [f64]) {
        let mut step = FIRST_STEP;
        for _ in 0..SWEEPS {
            let before = worth;
            for axis in 0..x.len() {
                let [low, high] = self.bounds(axis);
                for way in [step, -step] {
                    let old = x[axis];
                    x[axis] = (old + way * (high - low)).clamp(low, high);
                    let found = self.worth(x);
                    if found > worth {
                        worth = found;
                        break;
                    }
                    x[axis] = old;
                }
            }
            if worth == before {
                step *= 0.5;
            }
        }
    }
}
