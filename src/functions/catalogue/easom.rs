//! f(x, y) = −cos x cos y exp(−((x − π)² + (y − π)²))
//!
//! Easom 1990, A Survey of Global Optimization Techniques. Minimum −1 at (π, π); flat to the last bit over most of the box.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A narrow hole in a plain.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Easom {}

impl Parametric for Easom {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Easom {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Easom",
        formula: "−cos x cos y exp(−((x − π)² + (y − π)²))",
        source: "Easom 1990, A Survey of Global Optimization Techniques",
        teaches: "On a plateau the gradient is 0 and says nothing: from outside the hole only luck finds it",
        tags: &[Tag::Plateau, Tag::Multimodal],
        start: [1.5, 1.8],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let distance = (x[0] - PI).square() + (x[1] - PI).square();
        -(x[0].cos() * x[1].cos() * (-distance).exp())
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-100.0, 100.0], [-100.0, 100.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [PI, PI],
            value: -1.0,
        }]
    }
}
