//! f(x, y) = (u² + κ v²) / 2, where (u, v) is (x, y) turned by −rotation
//!
//! The standard model of ill-conditioning (Polyak 1964; Nocedal and Wright 2006, section 3.3): the Hessian has eigenvalues 1 and κ.
//! Minimum 0 at the origin.

use serde::{Deserialize, Serialize};

use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::{Real, ops};
use crate::param::{Limit, ParamSpec, Parametric};

/// A long bowl whose curvatures differ by the factor kappa.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuadraticIll {
    pub kappa: f64,
    pub rotation: f64,
}

impl Default for QuadraticIll {
    fn default() -> Self {
        Self {
            kappa: 100.0,
            rotation: 0.0,
        }
    }
}

impl Parametric for QuadraticIll {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("kappa", "Condition number", |f: &mut Self| &mut f.kappa)
            .log(1.0, 10_000.0)
            .limit(Limit::Positive)
            .symbol("κ")
            .help("Ratio of the largest to the smallest curvature"),
        ParamSpec::number("rotation", "Rotation", |f: &mut Self| &mut f.rotation)
            .linear(0.0, 90.0)
            .symbol("θ")
            .help("Angle between the long axis of the bowl and the x axis, in degrees"),
    ];
}

impl QuadraticIll {
    /// The point in the axes of the bowl.
    #[inline]
    fn turned<T: Real>(&self, x: &[T]) -> [T; 2] {
        if self.rotation == 0.0 {
            return [x[0], x[1]];
        }
        let angle = self.rotation.to_radians();
        let (sin, cos) = (ops::sin(angle), ops::cos(angle));
        [x[0] * cos + x[1] * sin, x[1] * cos - x[0] * sin]
    }
}

impl TestFunction for QuadraticIll {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Ill-conditioned quadratic",
        formula: "(u² + κ v²) / 2,   u = x cos θ + y sin θ,   v = y cos θ − x sin θ",
        source: "Polyak 1964; Nocedal and Wright 2006, section 3.3",
        teaches: "A step safe for the steep axis hardly moves along the flat one; turned, it defeats rules that scale each axis on its own",
        tags: &[Tag::Unimodal, Tag::Convex, Tag::Valley],
        start: [10.0, 1.0],
    };

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let [u, v] = self.turned(x);
        (u.square() + v.square() * self.kappa) * 0.5
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
