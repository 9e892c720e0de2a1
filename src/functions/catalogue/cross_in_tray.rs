//! f(x, y) = −0.0001 (|sin x sin y exp|100 − √(x² + y²)/π|| + 1)^0.1
//!
//! Mishra 2006, Some New Test Functions for Global Optimization. Four equal minima −2.0626 at (±1.3494, ±1.3494); creases along the axes.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::functions::roots::radius;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::{Real, ops};
use crate::param::{ParamSpec, Parametric};

/// A tray of hollows cut by a cross.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CrossInTray {}

impl Parametric for CrossInTray {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for CrossInTray {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Cross-in-tray",
        formula: "−0.0001 (|sin x sin y exp|100 − √(x² + y²)/π|| + 1)^0.1",
        source: "Mishra 2006, Some New Test Functions for Global Optimization",
        teaches: "Sharp ridges separate the hollows: no gradient points across them",
        tags: &[Tag::Multimodal],
        start: [0.6, 2.2],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        let envelope = (-(radius(x, y) / PI) + 100.0).abs().exp();
        -(((x.sin() * y.sin() * envelope).abs() + 1.0).powf(0.1) * 1e-4)
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }

    /// The cross: where a sine changes its sign.
    fn is_differentiable_at(&self, [x, y]: [f64; 2]) -> bool {
        ops::sin(x) != 0.0 && ops::sin(y) != 0.0
    }

    fn minima(&self) -> Vec<Minimum> {
        let m = 1.3494066171539107;
        [[m, m], [m, -m], [-m, m], [-m, -m]]
            .map(|x| Minimum {
                x,
                value: -2.062611870822737,
            })
            .to_vec()
    }
}
