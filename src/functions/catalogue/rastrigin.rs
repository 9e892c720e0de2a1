//! f(x, y) = 2A + x² − A cos(2πx) + y² − A cos(2πy)
//!
//! Rastrigin 1974, Systems of Extremal Control; in n dimensions Mühlenbein, Schomisch and Born 1991. A = 10 is usual.
//! Minimum 0 at the origin; 121 local minima in the box, near the integers.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{Limit, ParamSpec, Parametric};

/// A bowl with a regular grid of dimples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rastrigin {
    #[serde(rename = "A")]
    pub a: f64,
}

impl Default for Rastrigin {
    fn default() -> Self {
        Self { a: 10.0 }
    }
}

impl Parametric for Rastrigin {
    const PARAMS: &'static [ParamSpec<Self>] = &[ParamSpec::number("A", "Depth of the dimples", |f: &mut Self| &mut f.a)
        .linear(0.0, 20.0)
        .limit(Limit::NonNegative)
        .symbol("A")
        .help("How deep the local minima are; 0 leaves the bowl")];
}

impl TestFunction for Rastrigin {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Rastrigin",
        formula: "2A + x² − A cos(2πx) + y² − A cos(2πy)",
        source: "Rastrigin 1974; Mühlenbein, Schomisch and Born 1991",
        teaches: "A gradient method ends in the dimple it starts in: only chance, restarts or heat lead to the lowest one",
        tags: &[Tag::Multimodal, Tag::Separable],
        start: [2.3, -1.7],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let wave = |x: T| x.square() - (x * TAU).cos() * self.a;
        sum(x, |_, x| wave(x)) + x.len() as f64 * self.a
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.12, 5.12], [-5.12, 5.12]]
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
