//! f(x, y) = sin²(πw) + (w − 1)² (1 + 10 sin²(πw + 1)) + (v − 1)² (1 + sin²(2πv)), w = 1 + (x − 1)/4, v = 1 + (y − 1)/4
//!
//! Levy and Montalvo 1985, The Tunneling Algorithm; in two dimensions. Minimum 0 at (1, 1).

use std::f64::consts::{PI, TAU};

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum_of_pairs;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Parallel waves over a bowl.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Levy {}

impl Parametric for Levy {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Levy {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Levy",
        formula: "sin²(πw) + (w − 1)² (1 + 10 sin²(πw + 1)) + (v − 1)² (1 + sin²(2πv)),   w = 1 + (x − 1)/4,   v = 1 + (y − 1)/4",
        source: "Levy and Montalvo 1985, The Tunneling Algorithm",
        teaches: "Waves across one axis and hardly any across the other: one step size for both axes wastes one of them",
        tags: &[Tag::Multimodal, Tag::Separable],
        start: [-7.0, 8.0],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let from_minimum = |x: T| (x - 1.0) * 0.25;
        let phase = |w: T| (w + 1.0) * PI;
        let slope = sum_of_pairs(x, |_, x, _| {
            let w = from_minimum(x);
            w.square() * ((phase(w) + 1.0).sin().square() * 10.0 + 1.0)
        });
        let v = from_minimum(x[x.len() - 1]);
        phase(from_minimum(x[0])).sin().square() + slope + v.square() * (((v + 1.0) * TAU).sin().square() + 1.0)
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }

    fn minimum_in(&self, n: usize) -> Option<Vec<f64>> {
        Some(vec![1.0; n])
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [1.0, 1.0],
            value: 0.0,
        }]
    }
}
