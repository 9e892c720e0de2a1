//! f(x, y) = (4 − 2.1x² + x⁴/3) x² + xy + (4y² − 4) y²
//!
//! Dixon and Szegő 1978, Towards Global Optimization 2. Six local minima, two of them global.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Six hollows, two of them lowest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SixHumpCamel {}

impl Parametric for SixHumpCamel {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for SixHumpCamel {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Six-hump camel",
        formula: "(4 − 2.1x² + x⁴/3) x² + xy + (4y² − 4) y²",
        source: "Dixon and Szegő 1978, Towards Global Optimization 2",
        teaches: "Six valleys in a small box: which one is found is a map of basins, and the basins are not simple shapes",
        tags: &[Tag::Multimodal, Tag::Saddle],
        start: [-1.9, 0.9],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        let (x2, y2) = (x.square(), y.square());
        (x2 * -2.1 + x2.square() / 3.0 + 4.0) * x2 + x * y + (y2 * 4.0 - 4.0) * y2
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-3.0, 3.0], [-2.0, 2.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        let [x, y] = [0.08984201310031806, -0.7126564030207396];
        [[x, y], [-x, -y]]
            .map(|x| Minimum {
                x,
                value: -1.0316284534898774,
            })
            .to_vec()
    }
}
