//! f(x, y) = 100 √|y − 0.01x²| + 0.01 |x + 10|
//!
//! Bukin 1997, New Minimization Strategies for Non-Smooth Functions, no. 6. Minimum 0 at (−10, 1), on a crease where it has no gradient.

use serde::{Deserialize, Serialize};

use crate::functions::roots::root_abs;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A razor-thin curved crease.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bukin6 {}

impl Parametric for Bukin6 {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Bukin6 {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Bukin N.6",
        formula: "100 √|y − 0.01x²| + 0.01 |x + 10|",
        source: "Bukin 1997, New Minimization Strategies for Non-Smooth Functions",
        teaches: "The gradient grows without bound towards a crease that is never met: descent jumps from wall to wall for ever",
        tags: &[Tag::Unimodal, Tag::Valley],
        start: [-6.0, -2.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        root_abs(y - x.square() * 0.01) * 100.0 + (x + 10.0).abs() * 0.01
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-15.0, -5.0], [-3.0, 3.0]]
    }

    /// The crease, and the line across it through the minimum.
    fn is_differentiable_at(&self, [x, y]: [f64; 2]) -> bool {
        y != x * x * 0.01 && x != -10.0
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [-10.0, 1.0],
            value: 0.0,
        }]
    }
}
