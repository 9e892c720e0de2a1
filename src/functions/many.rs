//! A function of many variables as an objective: derivatives by dual numbers, eight directions at a time.

use super::{MAX_DIM, TestFunction};
use crate::math::{Dual, Real, Rng};
use crate::objective::{Batch, Bounds, Objective, Scratch};

/// Directions that are followed at once.
const CHUNK: usize = 8;

type First = Dual<f64, CHUNK>;
type Second = Dual<Dual<f64, 1>, CHUNK>;

/// A function in `dim` variables. Its domain is that of two variables, pair after pair.
pub(super) struct Many<F> {
    function: F,
    bounds: Bounds,
}

impl<F: TestFunction> Many<F> {
    /// A function of which the formula takes `dim` variables, [`MAX_DIM`] at the most.
    pub fn new(function: F, dim: usize) -> Self {
        let domain = function.domain();
        let side = |which: usize| (0..dim.min(MAX_DIM)).map(|i| domain[i % 2][which]).collect();
        let bounds = Bounds {
            low: side(0),
            high: side(1),
        };
        Self { function, bounds }
    }

    /// Calls `take` for every chunk of directions with the number of its first and f of dual numbers that move along them.
    fn chunks<T: Real>(&self, at: impl Fn(usize) -> T, mut take: impl FnMut(usize, Dual<T, CHUNK>)) {
        let n = self.dim();
        let mut point = [Dual::<T, CHUNK>::constant(0.0); MAX_DIM];
        for first in (0..n).step_by(CHUNK) {
            for (i, x) in point[..n].iter_mut().enumerate() {
                *x = match i.checked_sub(first).filter(|k| *k < CHUNK) {
                    Some(k) => Dual::variable(at(i), k),
                    None => Dual {
                        re: at(i),
                        eps: [T::constant(0.0); CHUNK],
                    },
                };
            }
            take(first, self.function.eval(&point[..n]));
        }
    }
}

impl<F: TestFunction> Objective for Many<F> {
    fn dim(&self) -> usize {
        self.bounds.low.len()
    }

    fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        assert_eq!(x.len(), self.dim(), "a point of this many variables");
        self.function.eval(x)
    }

    fn value_and_grad(&self, x: &[f64], _batch: Batch<'_>, grad: &mut [f64], _scratch: &mut Scratch) -> f64 {
        assert_eq!(x.len(), self.dim(), "a point of this many variables");
        let mut value = f64::NAN;
        self.chunks(
            |i| x[i],
            |first, f: First| {
                value = f.re;
                for (g, eps) in grad[first..].iter_mut().zip(f.eps) {
                    *g = eps;
                }
            },
        );
        value
    }

    fn hess_vec(&self, x: &[f64], v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        assert_eq!(x.len(), self.dim(), "a point of this many variables");
        self.chunks(
            |i| Dual { re: x[i], eps: [v[i]] },
            |first, f: Second| {
                for (hv, eps) in hv[first..].iter_mut().zip(f.eps) {
                    *hv = eps.eps[0];
                }
            },
        );
    }

    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        for ((x, low), high) in x.iter_mut().zip(&self.bounds.low).zip(&self.bounds.high) {
            *x = rng.uniform_in(*low, *high);
        }
    }

    fn domain(&self) -> Option<&Bounds> {
        Some(&self.bounds)
    }
}
