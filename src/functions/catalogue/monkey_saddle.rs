//! f(x, y) = x³ − 3xy²
//!
//! Hilbert and Cohn-Vossen 1932, Anschauliche Geometrie. No minimum; at the origin even the Hessian is 0.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A saddle with a place for the tail.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MonkeySaddle {}

impl Parametric for MonkeySaddle {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for MonkeySaddle {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Monkey saddle",
        formula: "x³ − 3xy²",
        source: "Hilbert and Cohn-Vossen 1932, Geometry and the Imagination",
        teaches: "At the origin gradient and Hessian both vanish: second order sees no way down either, third order sees three",
        tags: &[Tag::Saddle, Tag::Unbounded],
        start: [1.6, 0.02],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        x * (x.square() - y.square() * 3.0)
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-2.0, 2.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        Vec::new()
    }
}
