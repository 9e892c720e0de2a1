//! f(x, y) = (x − 1)² + (y − 1)² − xy
//!
//! Neumaier 1998, Global Optimization test problems; in two dimensions. Minimum −2 at (2, 2).

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A round-ish bowl with linked axes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trid {}

impl Parametric for Trid {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Trid {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Trid",
        formula: "(x − 1)² + (y − 1)² − xy",
        source: "Neumaier 1998, Trid function",
        teaches: "A quadratic whose axes are linked by −xy: the curvatures are 1 and 3, mild enough for every rule",
        tags: &[Tag::Unimodal, Tag::Convex],
        start: [-3.5, 1.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        (x[0] - 1.0).square() + (x[1] - 1.0).square() - x[0] * x[1]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-4.0, 4.0], [-4.0, 4.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [2.0, 2.0],
            value: -2.0,
        }]
    }
}
