//! f(x, y) = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²
//!
//! Beale 1958, On an Iterative Method for Finding a Local Minimum of a Function of More than One Variable. Minimum 0 at (3, 0.5).

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Flat in the middle, steep at the corners.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Beale {}

impl Parametric for Beale {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Beale {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Beale",
        formula: "(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
        source: "Beale 1958",
        teaches: "Walls of height 10⁵ stand beside a nearly flat floor: no single learning rate suits both",
        tags: &[Tag::Unimodal, Tag::Valley, Tag::Plateau, Tag::Saddle],
        start: [1.0, 1.5],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        let y2 = y.square();
        let term = |power: T, target: f64| (x * power - x + target).square();
        term(y, 1.5) + term(y2, 2.25) + term(y2 * y, 2.625)
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-4.5, 4.5], [-4.5, 4.5]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [3.0, 0.5],
            value: 0.0,
        }]
    }
}
