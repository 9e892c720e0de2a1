//! From a formula to an objective: derivatives by dual numbers over the one formula.

use std::sync::Arc;

use super::TestFunction;
use crate::math::simd::wide;
use crate::math::{Dual, Rng};
use crate::objective::{Batch, Bounds, Objective, PlaneValues, Scratch};

type First = Dual<f64, 2>;
type Second = Dual<First, 2>;
type Directional = Dual<Dual<f64, 1>, 2>;

/// Value, gradient and Hessian at a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Derivatives {
    pub value: f64,
    pub gradient: [f64; 2],
    pub hessian: [[f64; 2]; 2],
}

impl Derivatives {
    /// Eigenvalues of the Hessian, the smaller one first.
    pub fn eigenvalues(&self) -> [f64; 2] {
        let [[xx, xy], [_, yy]] = self.hessian;
        let (mean, spread) = ((xx + yy) / 2.0, ((xx - yy) / 2.0).hypot(xy));
        [mean - spread, mean + spread]
    }
}

pub(super) fn derivatives<F: TestFunction>(function: &F, x: [f64; 2]) -> Derivatives {
    let seeded: [Second; 2] = std::array::from_fn(|i| Dual::variable(Dual::variable(x[i], i), i));
    let f = function.eval(&seeded);
    Derivatives {
        value: f.re.re,
        gradient: f.re.eps,
        hessian: [f.eps[0].eps, f.eps[1].eps],
    }
}

/// A function of two variables as an [`Objective`].
pub(super) struct Analytic<F> {
    function: F,
    bounds: Bounds,
}

impl<F: TestFunction> Analytic<F> {
    pub fn new(function: F) -> Self {
        let [[x_low, x_high], [y_low, y_high]] = function.domain();
        let bounds = Bounds {
            low: vec![x_low, y_low],
            high: vec![x_high, y_high],
        };
        Self { function, bounds }
    }
}

/// The two coordinates of a point of dimension 2.
#[inline]
fn pair(x: &[f64]) -> [f64; 2] {
    assert_eq!(x.len(), 2, "a function of two variables");
    [x[0], x[1]]
}

impl<F: TestFunction> Objective for Analytic<F> {
    fn dim(&self) -> usize {
        2
    }

    fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        self.function.eval(&pair(x))
    }

    fn value_and_grad(&self, x: &[f64], _batch: Batch<'_>, grad: &mut [f64], _scratch: &mut Scratch) -> f64 {
        let x = pair(x);
        let seeded: [First; 2] = std::array::from_fn(|i| Dual::variable(x[i], i));
        let f = self.function.eval(&seeded);
        grad.copy_from_slice(&f.eps);
        f.re
    }

    fn hess_vec(&self, x: &[f64], v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        let (x, v) = (pair(x), pair(v));
        let seeded: [Directional; 2] = std::array::from_fn(|i| Dual::variable(Dual { re: x[i], eps: [v[i]] }, i));
        let f = self.function.eval(&seeded);
        for (hv, eps) in hv.iter_mut().zip(&f.eps) {
            *hv = eps.eps[0];
        }
    }

    fn on_plane(&self, origin: &[f64], u: &[f64], v: &[f64]) -> Option<Arc<dyn PlaneValues>> {
        Some(Arc::new(OnPlane {
            function: self.function.clone(),
            origin: pair(origin),
            u: pair(u),
            v: pair(v),
        }))
    }

    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        for (i, x) in x.iter_mut().enumerate() {
            *x = rng.uniform_in(self.bounds.low[i], self.bounds.high[i]);
        }
    }

    fn domain(&self) -> Option<&Bounds> {
        Some(&self.bounds)
    }
}

/// A function on a plane: whole rows in one loop, which the compiler can spread over wide registers.
struct OnPlane<F> {
    function: F,
    origin: [f64; 2],
    u: [f64; 2],
    v: [f64; 2],
}

impl<F: TestFunction> PlaneValues for OnPlane<F> {
    fn fill_row(&self, a: &[f64], b: f64, values: &mut [f64], _scratch: &mut Scratch) {
        let Self { function, origin, u, v } = self;
        wide(
            values.len(),
            #[inline(always)]
            || {
                for (value, a) in values.iter_mut().zip(a) {
                    *value = function.eval(&[origin[0] + a * u[0] + b * v[0], origin[1] + a * u[1] + b * v[1]]);
                }
            },
        );
    }
}
