//! f(x, y) = Σ i cos((i + 1) x + i) · Σ i cos((i + 1) y + i), i = 1..5
//!
//! Shubert 1972, A Sequential Method Seeking the Global Maximum of a Function. 18 equal minima among some 760 in the box.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A carpet of peaks and pits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shubert {}

impl Parametric for Shubert {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Shubert {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Shubert",
        formula: "Σᵢ i cos((i + 1) x + i) · Σᵢ i cos((i + 1) y + i),   i = 1..5",
        source: "Shubert 1972, A Sequential Method Seeking the Global Maximum of a Function",
        teaches: "Eighteen equal best points among hundreds: restarts find one soon, and finding one says nothing about the others",
        tags: &[Tag::Multimodal],
        start: [-1.1, -0.6],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let sum = |x: T| {
            (1..=5_u8)
                .map(f64::from)
                .fold(T::constant(0.0), |sum, i| sum + (x * (i + 1.0) + i).cos() * i)
        };
        sum(x[0]) * sum(x[1])
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        let rows = [-7.708313735499347, -1.425128428319761, 4.858056878859825];
        let columns = [-7.0835064076515595, -0.8003211004719731, 5.482864206707613];
        let pairs = rows
            .into_iter()
            .flat_map(|a| columns.into_iter().flat_map(move |b| [[a, b], [b, a]]));
        pairs
            .map(|x| Minimum {
                x,
                value: -186.73090883102384,
            })
            .collect()
    }
}
