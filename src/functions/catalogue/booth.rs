//! f(x, y) = (x + 2y − 7)² + (2x + y − 5)²
//!
//! Booth 1949; in Jamil and Yang 2013, no. 17. Minimum 0 at (1, 3).

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A tilted elliptic bowl.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Booth {}

impl Parametric for Booth {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Booth {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Booth",
        formula: "(x + 2y − 7)² + (2x + y − 5)²",
        source: "Jamil and Yang 2013, no. 17",
        teaches: "A quadratic with curvatures 2 and 18 along the diagonals: Newton needs one step, gradient descent zigzags",
        tags: &[Tag::Unimodal, Tag::Convex],
        start: [-8.0, 5.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let first = x[0] + x[1] * 2.0 - 7.0;
        let second = x[0] * 2.0 + x[1] - 5.0;
        first.square() + second.square()
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [1.0, 3.0],
            value: 0.0,
        }]
    }
}
