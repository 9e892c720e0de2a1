//! f(x, y) = 1/2 + (sin²(x² − y²) − 1/2) / (1 + 0.001 (x² + y²))²
//!
//! Mishra 2006, after Schaffer 1984, no. 2. Minimum 0 at the origin.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Ripples that close in from all sides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schaffer2 {}

impl Parametric for Schaffer2 {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Schaffer2 {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Schaffer N.2",
        formula: "1/2 + (sin²(x² − y²) − 1/2) / (1 + 0.001 (x² + y²))²",
        source: "Mishra 2006, after Schaffer 1984",
        teaches: "Ripples get ever finer outwards: the same step is tiny in the middle and skips whole waves outside",
        tags: &[Tag::Multimodal],
        start: [2.1, 1.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x2, y2) = (x[0].square(), x[1].square());
        ((x2 - y2).sin().square() - 0.5) / ((x2 + y2) * 0.001 + 1.0).square() + 0.5
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-100.0, 100.0], [-100.0, 100.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [0.0, 0.0],
            value: 0.0,
        }]
    }
}
