//! f(x, y) = x² − y²
//!
//! The hyperbolic paraboloid. No minimum: unbounded below along y; the saddle point is the origin.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A pass between two hills: down along y, up along x.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Saddle {}

impl Parametric for Saddle {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Saddle {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Saddle",
        formula: "x² − y²",
        source: "hyperbolic paraboloid; Dauphin et al. 2014 on saddle points in learning",
        teaches: "At y = 0 the gradient leads to the saddle point and no further; a trace of noise or a tiny y is enough to leave it",
        tags: &[Tag::Separable, Tag::Saddle, Tag::Unbounded],
        start: [-1.8, 0.001],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        x[0].square() - x[1].square()
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-2.0, 2.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        Vec::new()
    }
}
