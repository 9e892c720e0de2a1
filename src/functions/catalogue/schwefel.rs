//! f(x, y) = 837.9658 − x sin √|x| − y sin √|y|
//!
//! Schwefel 1981, Numerical Optimization of Computer Models. The constant is the usual rounded one, 2 · 418.9829, so the minimum at
//! (420.9687, 420.9687) is 2.5455e-5 and not 0.

use serde::{Deserialize, Serialize};

use crate::functions::roots::root_abs;
use crate::functions::sums::sum;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Ever larger waves; the best is in a far corner.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schwefel {}

impl Parametric for Schwefel {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Schwefel {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Schwefel",
        formula: "837.9658 − x sin √|x| − y sin √|y|",
        source: "Schwefel 1981, Numerical Optimization of Computer Models",
        teaches: "The second best valley is far from the best: following the trend of the minima leads away from the answer",
        tags: &[Tag::Multimodal, Tag::Separable],
        start: [-250.0, 120.0],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let wave = |x: T| x * root_abs(x).sin();
        -sum(x, |_, x| wave(x)) + x.len() as f64 * 418.9829
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-500.0, 500.0], [-500.0, 500.0]]
    }

    fn minimum_in(&self, n: usize) -> Option<Vec<f64>> {
        Some(vec![420.96874635998205; n])
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [420.96874635998205, 420.96874635998205],
            value: 2.5455132587450428e-5,
        }]
    }
}
