//! f(x, y) = 1/2 + (cos²(sin|x² − y²|) − 1/2) / (1 + 0.001 (x² + y²))²
//!
//! Mishra 2006, after Schaffer 1984, no. 4. Four equal minima 0.29258. The |·| has no effect, since cos² sin is even: it is left out.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Ripples around a cross.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schaffer4 {}

impl Parametric for Schaffer4 {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Schaffer4 {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Schaffer N.4",
        formula: "1/2 + (cos²(sin|x² − y²|) − 1/2) / (1 + 0.001 (x² + y²))²",
        source: "Mishra 2006, after Schaffer 1984",
        teaches: "Minima of nearly equal depth lie in curved rows: telling the best from the rest needs digits, not steps",
        tags: &[Tag::Multimodal],
        start: [0.5, 2.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x2, y2) = (x[0].square(), x[1].square());
        ((x2 - y2).sin().cos().square() - 0.5) / ((x2 + y2) * 0.001 + 1.0).square() + 0.5
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-100.0, 100.0], [-100.0, 100.0]]
    }

    fn minima(&self) -> Vec<Minimum> {
        let m = 1.2531318314637332;
        [[0.0, m], [0.0, -m], [m, 0.0], [-m, 0.0]]
            .map(|x| Minimum {
                x,
                value: 0.29257863203598056,
            })
            .to_vec()
    }
}
