//! f(x, y) = x² + y² + s² + s⁴, s = x/2 + y
//!
//! in Jamil and Yang 2013, no. 173, after Zakharov. Minimum 0 at the origin.

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A plate-shaped bowl with a steep wall.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Zakharov {}

impl Parametric for Zakharov {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Zakharov {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Zakharov",
        formula: "x² + y² + s² + s⁴,   s = x/2 + y",
        source: "Jamil and Yang 2013, no. 173",
        teaches: "Flat along a line and as steep as a fourth power across it: curvature changes a thousandfold on the way",
        tags: &[Tag::Unimodal, Tag::Convex, Tag::Valley],
        start: [8.0, -3.5],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let s2 = sum(x, |i, x| x * (0.5 * (i + 1) as f64)).square();
        sum(x, |_, x| x.square()) + s2 + s2.square()
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 10.0], [-5.0, 10.0]]
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
