//! f(x, y) = −(1 + cos(12 √(x² + y²))) / ((x² + y²)/2 + 2)
//!
//! Surjanovic and Bingham 2013, Virtual Library of Simulation Experiments. Minimum −1 at the origin, where it is smooth although √ is not.

use serde::{Deserialize, Serialize};

use crate::functions::roots::cos_of_root;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Rings of waves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DropWave {}

impl Parametric for DropWave {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for DropWave {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Drop-wave",
        formula: "−(1 + cos(12 √(x² + y²))) / ((x² + y²)/2 + 2)",
        source: "Surjanovic and Bingham 2013, Virtual Library of Simulation Experiments",
        teaches: "Whole rings of equal minima surround the best point: descent reaches its ring and stays on it",
        tags: &[Tag::Multimodal],
        start: [1.4, -0.9],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let squares = x[0].square() + x[1].square();
        -((cos_of_root(squares * 144.0) + 1.0) / (squares * 0.5 + 2.0))
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.12, 5.12], [-5.12, 5.12]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [0.0, 0.0],
            value: -1.0,
        }]
    }
}
