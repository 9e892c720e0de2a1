//! f(x, y) = x² + y²
//!
//! De Jong 1975, function F1. Minimum 0 at the origin.

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A round bowl.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sphere {}

impl Parametric for Sphere {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Sphere {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Sphere",
        formula: "x² + y²",
        source: "De Jong 1975, F1",
        teaches: "Without a wrong direction anywhere, what is left to see is the length of the steps alone",
        tags: &[Tag::Unimodal, Tag::Separable, Tag::Convex],
        start: [-4.0, 3.0],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        sum(x, |_, x| x.square())
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.12, 5.12], [-5.12, 5.12]]
    }

    fn minimum_in(&self, n: usize) -> Option<Vec<f64>> {
        Some(vec![0.0; n])
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [0.0, 0.0],
            value: 0.0,
        }]
    }
}
