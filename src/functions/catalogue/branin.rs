//! f(x, y) = (y − 5.1 x²/(4π²) + 5x/π − 6)² + 10 (1 − 1/(8π)) cos x + 10
//!
//! Branin 1972, Widely Convergent Method for Finding Multiple Solutions of Simultaneous Nonlinear Equations. Three equal minima 5/(4π).

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Three equal hollows in a curved valley.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Branin {}

impl Parametric for Branin {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Branin {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Branin",
        formula: "(y − 5.1 x²/(4π²) + 5x/π − 6)² + 10 (1 − 1/(8π)) cos x + 10",
        source: "Branin 1972; Dixon and Szegő 1978",
        teaches: "Three equally good answers: repeated runs that disagree need not mean that something is wrong",
        tags: &[Tag::Multimodal, Tag::Valley],
        start: [-1.0, 11.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let off_valley = x[1] - x[0].square() * (5.1 / (4.0 * PI * PI)) + x[0] * (5.0 / PI) - 6.0;
        off_valley.square() + x[0].cos() * (10.0 * (1.0 - 1.0 / (8.0 * PI))) + 10.0
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 10.0], [0.0, 15.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        [[-PI, 12.275], [PI, 2.275], [3.0 * PI, 2.475]]
            .map(|x| Minimum {
                x,
                value: 5.0 / (4.0 * PI),
            })
            .to_vec()
    }
}
