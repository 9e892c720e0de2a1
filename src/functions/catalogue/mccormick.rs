//! f(x, y) = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1
//!
//! McCormick 1976, Computability of Global Solutions to Factorable Nonconvex Programs. Minimum −1.9132 at (1/2 − π/3, −1/2 − π/3); outside the
//! box the valley goes on and down without end.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A valley that goes down in waves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct McCormick {}

impl Parametric for McCormick {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for McCormick {
    const INFO: FunctionInfo = FunctionInfo {
        name: "McCormick",
        formula: "sin(x + y) + (x − y)² − 1.5x + 2.5y + 1",
        source: "McCormick 1976, Computability of Global Solutions to Factorable Nonconvex Programs",
        teaches: "The valley goes on beyond the box, each hollow lower than the last: a minimum is global only within bounds",
        tags: &[Tag::Multimodal],
        start: [3.5, -2.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        (x + y).sin() + (x - y).square() - x * 1.5 + y * 2.5 + 1.0
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-1.5, 4.0], [-3.0, 4.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [-0.5471975511965977, -1.5471975511965979],
            value: -1.9132229549810364,
        }]
    }
}
