//! f(x, y) = (1 + (x + y + 1)² (19 − 14x + 3x² − 14y + 6xy + 3y²)) (30 + (2x − 3y)² (18 − 32x + 12x² + 48y − 36xy + 27y²))
//!
//! Goldstein and Price 1971, On Descent from Local Minima. Minimum 3 at (0, −1); local minima near (1.2, 0.8), (1.8, 0.2) and (−0.6, −0.4).

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Heights from 3 to a million.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoldsteinPrice {}

impl Parametric for GoldsteinPrice {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for GoldsteinPrice {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Goldstein-Price",
        formula: "(1 + (x + y + 1)² (19 − 14x + 3x² − 14y + 6xy + 3y²)) (30 + (2x − 3y)² (18 − 32x + 12x² + 48y − 36xy + 27y²))",
        source: "Goldstein and Price 1971, On Descent from Local Minima",
        teaches: "Gradients span six orders of magnitude in one small box: a fixed learning rate is too long somewhere or too short everywhere",
        tags: &[Tag::Multimodal],
        start: [-0.5, 0.3],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        let (x2, y2, xy) = (x.square(), y.square(), x * y);
        let first = (x + y + 1.0).square() * (x * -14.0 + x2 * 3.0 - y * 14.0 + xy * 6.0 + y2 * 3.0 + 19.0) + 1.0;
        let second = (x * 2.0 - y * 3.0).square() * (x * -32.0 + x2 * 12.0 + y * 48.0 - xy * 36.0 + y2 * 27.0 + 18.0) + 30.0;
        first * second
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-2.0, 2.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [0.0, -1.0],
            value: 3.0,
        }]
    }
}
