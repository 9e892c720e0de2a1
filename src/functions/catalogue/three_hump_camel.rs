//! f(x, y) = 2x² − 1.05x⁴ + x⁶/6 + xy + y²
//!
//! Dixon and Szegő 1975; in Jamil and Yang 2013, no. 29. Minimum 0 at the origin; local minima near ±(1.75, −0.87).

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Three hollows in a row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThreeHumpCamel {}

impl Parametric for ThreeHumpCamel {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for ThreeHumpCamel {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Three-hump camel",
        formula: "2x² − 1.05x⁴ + x⁶/6 + xy + y²",
        source: "Dixon and Szegő 1975; Jamil and Yang 2013, no. 29",
        teaches: "Two worse hollows guard the best one: momentum may roll through them, plain descent stops in the first",
        tags: &[Tag::Multimodal, Tag::Saddle],
        start: [-2.2, 1.6],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        let x2 = x.square();
        x2 * 2.0 - x2.square() * 1.05 + x2 * x2 * x2 / 6.0 + x * y + y.square()
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [0.0, 0.0],
            value: 0.0,
        }]
    }
}
