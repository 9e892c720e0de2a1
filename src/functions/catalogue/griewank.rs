//! f(x, y) = 1 + (x² + y²)/4000 − cos x cos(y/√2)
//!
//! Griewank 1981, Generalized Descent for Global Optimization. Minimum 0 at the origin.

use std::f64::consts::SQRT_2;

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A wide bowl with a fine regular grid.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Griewank {}

impl Parametric for Griewank {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Griewank {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Griewank",
        formula: "1 + (x² + y²)/4000 − cos x cos(y/√2)",
        source: "Griewank 1981, Generalized Descent for Global Optimization",
        teaches: "From afar a smooth bowl, close up thousands of minima: what a rule sees depends on the length of its steps",
        tags: &[Tag::Multimodal],
        start: [-7.5, 10.0],
    };

    #[inline]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        (x[0].square() + x[1].square()) / 4000.0 - x[0].cos() * (x[1] / SQRT_2).cos() + 1.0
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-600.0, 600.0], [-600.0, 600.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [0.0, 0.0],
            value: 0.0,
        }]
    }
}
