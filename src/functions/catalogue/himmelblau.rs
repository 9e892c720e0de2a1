//! f(x, y) = (x² + y − 11)² + (x + y² − 7)²
//!
//! Himmelblau 1972, Applied Nonlinear Programming. Four minima, all 0.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Four equal valleys around a hill.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Himmelblau {}

impl Parametric for Himmelblau {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Himmelblau {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Himmelblau",
        formula: "(x² + y − 11)² + (x + y² − 7)²",
        source: "Himmelblau 1972, Applied Nonlinear Programming",
        teaches: "Four equally good minima: the start and the rule decide which one is found",
        tags: &[Tag::Multimodal, Tag::Saddle],
        start: [-0.5, -1.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let first = x[0].square_plus(x[1] - 11.0);
        let second = x[1].square_plus(x[0] - 7.0);
        first.square_plus(second.square())
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        let roots = [
            [3.0, 2.0],
            [-2.805_118_086_952_745, 3.131_312_518_250_573],
            [-3.779_310_253_377_747, -3.283_185_991_286_17],
            [3.584_428_340_330_491_7, -1.848_126_526_964_403_6],
        ];
        roots.map(|x| Minimum { x, value: 0.0 }).to_vec()
    }
}
