//! f(x, y) = (x⁴ − 16x² + 5x + y⁴ − 16y² + 5y) / 2
//!
//! Styblinski and Tang 1990, Experiments in Nonconvex Optimization. Minimum −78.33 at (−2.9035, −2.9035); three more local minima.

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Four hollows, one for each quadrant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StyblinskiTang {}

impl Parametric for StyblinskiTang {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for StyblinskiTang {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Styblinski-Tang",
        formula: "(x⁴ − 16x² + 5x + y⁴ − 16y² + 5y) / 2",
        source: "Styblinski and Tang 1990, Experiments in Nonconvex Optimization",
        teaches: "Each axis has a right and a wrong side: with n axes only one hollow of 2ⁿ is the best",
        tags: &[Tag::Multimodal, Tag::Separable, Tag::Saddle],
        start: [0.8, 0.6],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let part = |x: T| {
            let x2 = x.square();
            x2.square() - x2 * 16.0 + x * 5.0
        };
        sum(x, |_, x| part(x)) * 0.5
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }

    fn minimum_in(&self, n: usize) -> Option<Vec<f64>> {
        Some(vec![-2.903534027771177; n])
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [-2.903534027771177, -2.903534027771177],
            value: -78.33233140754282,
        }]
    }
}
