//! f(x, y) = x² + 2y² − 0.3 cos(3πx) − 0.4 cos(4πy) + 0.7
//!
//! Bohachevsky, Johnson and Stein 1986, Generalized Simulated Annealing for Function Optimization, no. 1. Minimum 0 at the origin.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A bowl with shallow ripples.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bohachevsky1 {}

impl Parametric for Bohachevsky1 {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Bohachevsky1 {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Bohachevsky 1",
        formula: "x² + 2y² − 0.3 cos(3πx) − 0.4 cos(4πy) + 0.7",
        source: "Bohachevsky, Johnson and Stein 1986, Generalized Simulated Annealing",
        teaches: "Ripples that matter only near the bottom: the bowl brings every rule close, the last unit is the problem",
        tags: &[Tag::Multimodal, Tag::Separable],
        start: [-1.4, 1.1],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        x[0].square() + x[1].square() * 2.0 - (x[0] * (3.0 * PI)).cos() * 0.3 - (x[1] * (4.0 * PI)).cos() * 0.4 + 0.7
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
