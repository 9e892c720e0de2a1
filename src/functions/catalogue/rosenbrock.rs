//! f(x, y) = (a − x)² + b (y − x²)²
//!
//! Rosenbrock 1960, An Automatic Method for Finding the Greatest or Least Value of a Function, with a = 1, b = 100.
//! Minimum 0 at (a, a²).

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum_of_pairs;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{Limit, ParamSpec, Parametric};

/// The banana valley.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rosenbrock {
    pub a: f64,
    pub b: f64,
}

impl Default for Rosenbrock {
    fn default() -> Self {
        Self { a: 1.0, b: 100.0 }
    }
}

impl Parametric for Rosenbrock {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("a", "a", |f: &mut Self| &mut f.a)
            .linear(-1.5, 1.5)
            .symbol("a")
            .help("The minimum is at (a, a²)"),
        ParamSpec::number("b", "b", |f: &mut Self| &mut f.b)
            .log(1.0, 1000.0)
            .limit(Limit::NonNegative)
            .symbol("b")
            .help("How steep the walls of the valley are"),
    ];
}

impl TestFunction for Rosenbrock {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Rosenbrock",
        formula: "(a − x)² + b (y − x²)²",
        source: "Rosenbrock 1960",
        teaches: "The valley is found at once; following its flat, curved floor to the minimum is the hard part",
        tags: &[Tag::Unimodal, Tag::Valley],
        start: [-1.5, 2.0],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        sum_of_pairs(x, |_, x, y| {
            let to_minimum = x - self.a;
            let off_valley = y - x.square();
            to_minimum.square() + off_valley.square() * self.b
        })
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-1.0, 3.0]]
    }

    fn minimum_in(&self, n: usize) -> Option<Vec<f64>> {
        // With another a no point is at the bottom of every valley at once.
        (self.a == 1.0 || self.a == 0.0).then(|| vec![self.a; n])
    }

    fn minima(&self) -> Vec<Minimum> {
        vec![Minimum {
            x: [self.a, self.a * self.a],
            value: 0.0,
        }]
    }
}
