//! f(x, y) = −a exp(−b √((x² + y²) / 2)) − exp((cos cx + cos cy) / 2) + a + e
//!
//! Ackley 1987, A Connectionist Machine for Genetic Hillclimbing; with a = 20, b = 0.2, c = 2π as in Bäck 1996. Minimum 0 at the origin,
//! where it has the tip of a cone and no gradient (0 by convention).

use std::f64::consts::{E, TAU};

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{Limit, ParamSpec, Parametric};

/// A funnel covered with dimples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ackley {
    pub a: f64,
    pub b: f64,
    pub c: f64,
}

impl Default for Ackley {
    fn default() -> Self {
        Self { a: 20.0, b: 0.2, c: TAU }
    }
}

impl Parametric for Ackley {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("a", "Depth of the funnel", |f: &mut Self| &mut f.a)
            .linear(0.0, 40.0)
            .limit(Limit::NonNegative)
            .symbol("a")
            .help("How deep the funnel is"),
        ParamSpec::number("b", "Width", |f: &mut Self| &mut f.b)
            .log(0.01, 2.0)
            .limit(Limit::NonNegative)
            .symbol("b")
            .help("The larger, the narrower the funnel"),
        ParamSpec::number("c", "Frequency", |f: &mut Self| &mut f.c)
            .linear(0.0, 20.0)
            .limit(Limit::NonNegative)
            .symbol("c")
            .help("How close the dimples are"),
    ];
}

impl TestFunction for Ackley {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Ackley",
        formula: "−a exp(−b √((x² + y²) / 2)) − exp((cos cx + cos cy) / 2) + a + e",
        source: "Ackley 1987, A Connectionist Machine for Genetic Hillclimbing",
        teaches: "Nearly flat and dimpled far out, a steep funnel within: steps must be long at first and short at the end",
        tags: &[Tag::Multimodal],
        start: [2.6, -3.4],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let share = 1.0 / x.len() as f64;
        let distance = sum(x, |_, x| x.square()).sqrt();
        let ripples = sum(x, |_, x| (x * self.c).cos()) * share;
        // Written so that both brackets are exactly 0 at the origin.
        (T::constant(1.0) - (distance * (-self.b * share.sqrt())).exp()) * self.a - (ripples.exp() - E)
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }

    /// The tip of the cone.
    fn is_differentiable_at(&self, x: [f64; 2]) -> bool {
        x != [0.0, 0.0] || self.a * self.b == 0.0
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
