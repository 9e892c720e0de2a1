//! f(x, y) = 1 + (x² + y²)/4000 − cos x cos(y/√2)
//!
//! Griewank 1981, Generalized Descent for Global Optimization. Minimum 0 at the origin.

use serde::{Deserialize, Serialize};

use crate::functions::sums::{product, sum};
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

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let ripples = product(x, |i, x| (x / ((i + 1) as f64).sqrt()).cos());
        sum(x, |_, x| x.square()) / 4000.0 - ripples + 1.0
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-600.0, 600.0], [-600.0, 600.0]]
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
