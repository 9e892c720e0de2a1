//! f(x, y) = −|sin x cos y exp|1 − √(x² + y²)/π||
//!
//! Mishra 2006, Some New Test Functions for Global Optimization. Four equal minima −19.2085 near the corners of the box; lower ones outside it.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::functions::roots::radius;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::{Real, ops};
use crate::param::{ParamSpec, Parametric};

/// A table on four deep legs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HolderTable {}

impl Parametric for HolderTable {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for HolderTable {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Hölder table",
        formula: "−|sin x cos y exp|1 − √(x² + y²)/π||",
        source: "Mishra 2006, Some New Test Functions for Global Optimization",
        teaches: "The four best hollows are in the corners, and lower ones lie outside: bounds are part of the question",
        tags: &[Tag::Multimodal],
        start: [7.0, 8.6],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        let envelope = (-(radius(x, y) / PI) + 1.0).abs().exp();
        -(x.sin() * y.cos() * envelope).abs()
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }

    /// Where the sine or the cosine changes its sign, and the circle of radius π.
    fn is_differentiable_at(&self, [x, y]: [f64; 2]) -> bool {
        ops::sin(x) != 0.0 && ops::cos(y) != 0.0 && x.hypot(y) != PI
    }

    fn minima(&self) -> Vec<Minimum> {
        let (x, y) = (8.055023475736563, 9.664590019241272);
        [[x, y], [x, -y], [-x, y], [-x, -y]]
            .map(|x| Minimum {
                x,
                value: -19.208502567886732,
            })
            .to_vec()
    }
}
