//! f(x, y) = (x − 1)² + 2 (2y² − x)²
//!
//! Dixon and Price 1989, Truncated Newton Method for Sparse Unconstrained Optimization; in two dimensions. Minima 0 at (1, ±1/√2).

use std::f64::consts::FRAC_1_SQRT_2;

use serde::{Deserialize, Serialize};

use crate::functions::sums::sum_of_pairs;
use crate::functions::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A horseshoe valley with two ends.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DixonPrice {}

impl Parametric for DixonPrice {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl TestFunction for DixonPrice {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Dixon-Price",
        formula: "(x − 1)² + 2 (2y² − x)²",
        source: "Dixon and Price 1989",
        teaches: "The valley forks at a saddle on the axis: the sign of y at the start decides, and y = 0 decides nothing",
        tags: &[Tag::Multimodal, Tag::Valley, Tag::Saddle],
        start: [-6.0, 2.0],
    };

    const ANY_DIM: bool = true;

    #[inline(always)]
    fn eval<T: Real>(&self, x: &[T]) -> T {
        let chain = sum_of_pairs(x, |i, x, y| (y.square() * 2.0 - x).square() * (i + 2) as f64);
        (x[0] - 1.0).square() + chain
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }

    fn minimum_in(&self, n: usize) -> Option<Vec<f64>> {
        // x₁ = 1 and 2 xᵢ² = xᵢ₋₁.
        Some(
            std::iter::successors(Some(1.0_f64), |x| Some((x / 2.0).sqrt()))
                .take(n)
                .collect(),
        )
    }

    fn minima(&self) -> Vec<Minimum> {
        [FRAC_1_SQRT_2, -FRAC_1_SQRT_2]
            .map(|y| Minimum { x: [1.0, y], value: 0.0 })
            .to_vec()
    }
}
