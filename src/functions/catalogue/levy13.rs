//! f(x, y) = sin²(3πx) + (x − 1)² (1 + sin²(3πy)) + (y − 1)² (1 + sin²(2πy))
//!
//! Levy and Montalvo 1985; in Jamil and Yang 2013 as Levy 13. Minimum 0 at (1, 1).

use std::f64::consts::{PI, TAU};

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A bowl with dimples on two scales.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Levy13 {}

impl Parametric for Levy13 {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Levy13 {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Levy N.13",
        formula: "sin²(3πx) + (x − 1)² (1 + sin²(3πy)) + (y − 1)² (1 + sin²(2πy))",
        source: "Levy and Montalvo 1985; Surjanovic and Bingham 2013",
        teaches: "About a thousand minima whose depth follows a bowl: noise or heat averages the dimples away and finds the bowl",
        tags: &[Tag::Multimodal],
        start: [-4.4, 5.3],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        (x * (3.0 * PI)).sin().square()
            + (x - 1.0).square() * ((y * (3.0 * PI)).sin().square() + 1.0)
            + (y - 1.0).square() * ((y * TAU).sin().square() + 1.0)
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [1.0, 1.0],
            value: 0.0,
        }]
    }
}
