//! f(x, y) = −(y + 47) sin √|x/2 + y + 47| − x sin √|x − y − 47|
//!
//! Whitley et al. 1996, Evaluating Evolutionary Algorithms, F101. The minimum lies on the edge x = 512 of the box; outside it is unbounded below.

use serde::{Deserialize, Serialize};

use crate::functions::roots::root_abs;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Long waves of every height.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Eggholder {}

impl Parametric for Eggholder {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for Eggholder {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Eggholder",
        formula: "−(y + 47) sin √|x/2 + y + 47| − x sin √|x − y − 47|",
        source: "Whitley, Rana, Dzubera and Mathias 1996, F101",
        teaches: "Hundreds of minima without a common slope, the best on the edge of the box: local information is nearly worthless",
        tags: &[Tag::Multimodal],
        start: [200.0, -100.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let y = x[1] + 47.0;
        let x = x[0];
        -(y * root_abs(x * 0.5 + y).sin()) - x * root_abs(x - y).sin()
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-512.0, 512.0], [-512.0, 512.0]]
    }

    /// Two creases, each but for the point where its wave has no height.
    fn is_differentiable_at(&self, [x, y]: [f64; 2]) -> bool {
        let y = y + 47.0;
        (x * 0.5 + y != 0.0 || y == 0.0) && (x != y || x == 0.0)
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [512.0, 404.2318051137578],
            value: -959.6406627208509,
        }]
    }
}
