//! f(x, y) = 0.26 (x² + y²) − 0.48 xy
//!
//! Hedar 2007; in Jamil and Yang 2013, no. 71. Minimum 0 at the origin.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A shallow diagonal trough.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Matyas {}

impl Parametric for Matyas {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Matyas {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Matyas",
        formula: "0.26 (x² + y²) − 0.48 xy",
        source: "Jamil and Yang 2013, no. 71",
        teaches: "The flat direction runs along the diagonal, so a rule that scales each axis on its own gains nothing",
        tags: &[Tag::Unimodal, Tag::Convex, Tag::Valley],
        start: [-9.0, 4.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        (x[0].square() + x[1].square()) * 0.26 - x[0] * x[1] * 0.48
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [0.0, 0.0],
            value: 0.0,
        }]
    }
}
