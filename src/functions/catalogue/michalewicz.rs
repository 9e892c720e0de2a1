//! f(x, y) = −sin x sin^(2m)(x²/π) − sin y sin^(2m)(2y²/π)
//!
//! Michalewicz 1992, Genetic Algorithms + Data Structures = Evolution Programs; m = 10 is usual. The larger m, the narrower the valleys.

use std::f64::consts::{FRAC_PI_2, PI};

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::{Real, ops};
use crate::param::{Limit, ParamSpec, Parametric};

/// Steep narrow valleys in a plain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Michalewicz {
    pub m: u64,
}

impl Default for Michalewicz {
    fn default() -> Self {
        Self { m: 10 }
    }
}

impl Parametric for Michalewicz {
    const PARAMS: &'static [ParamSpec<Self>] = &[ParamSpec::integer("m", "Steepness", 1, 50, |f: &mut Self| &mut f.m)
        .limit(Limit::AtLeastOne)
        .symbol("m")
        .help("How narrow the trenches are")];
}

impl Michalewicz {
    /// 2m; for any m that can be typed it is a whole even number.
    fn power(&self) -> i32 {
        i32::try_from(self.m.saturating_mul(2)).unwrap_or(i32::MAX - 1)
    }

    /// Where sin x sin^(2m)(x²/π) is largest: the root of cot x + 4m x/π cot(x²/π) near 2.2, by Newton's method on its logarithm.
    fn lowest_x(&self) -> f64 {
        let m = self.m as f64;
        let mut x = 2.2;
        for _ in 0..50 {
            let (s, c) = ops::sin_cos(x);
            let (s2, c2) = ops::sin_cos(x * x / PI);
            let inner = 2.0 * x / PI;
            let slope = c / s + 2.0 * m * inner * c2 / s2;
            let bend = -1.0 / (s * s) + 2.0 * m * (2.0 / PI * c2 / s2 - inner * inner / (s2 * s2));
            let next = x - slope / bend;
            if next == x {
                break;
            }
            x = next;
        }
        x
    }
}

impl TestFunction for Michalewicz {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Michalewicz",
        formula: "−sin x sin²ᵐ(x²/π) − sin y sin²ᵐ(2y²/π)",
        source: "Michalewicz 1992, Genetic Algorithms + Data Structures = Evolution Programs",
        teaches: "Flat ground between narrow trenches that cross: without luck or a population nothing points anywhere",
        tags: &[Tag::Multimodal, Tag::Separable, Tag::Plateau],
        start: [2.0, 1.2],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let power = self.power();
        let trench = |x: T, i: f64| x.sin() * (x.square() * (i / PI)).sin().powi(power);
        -sum(x, |i, x| trench(x, (i + 1) as f64))
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[0.0, PI], [0.0, PI]]
    }

    fn minima(&self) -> Vec<Minimum> {
        let x = self.lowest_x();
        let depth = |x: f64, i: f64| -ops::sin(x) * ops::powi(ops::sin(x * x * i / PI), self.power());
        vec![Minimum {
            x: [x, FRAC_PI_2],
            value: depth(x, 1.0) + depth(FRAC_PI_2, 2.0),
        }]
    }
}
