//! Adamax: Adam with the largest gradient of the recent past in the place of the root of the second moment.
//!
//! Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, Algorithm 2. PyTorch puts ε inside the maximum.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::{Moments, mean};
use super::shown;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{ParamSpec, Parametric};

/// Adam in the infinity norm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adamax {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
}

impl Default for Adamax {
    fn default() -> Self {
        Self {
            lr: 0.15,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
        }
    }
}

impl Parametric for Adamax {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        hyper::eps(|r: &mut Self| &mut r.eps),
    ];
}

impl Optimizer for Adamax {
    type State = Moments;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Adamax",
        order: Order::First,
        elementwise: true,
        formula: "m ← β₁ m + (1 − β₁) g\nu ← max(β₂ u, |g| + ε)\nx ← x − η / (1 − β₁ᵗ) · m / u",
        source: "Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, Algorithm 2",
        variant: "torch.optim.Adamax: ε inside the maximum, none in the quotient",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Moments::new(x0.len())
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let beta1 = ctx.momentum_or(self.beta1);
        let rate = self.lr * ctx.lr_scale / state.bias1.advance_set(beta1, ctx.momentum.is_some());
        each(x, ctx.grad, [&mut state.m, &mut state.v], |x, g, [m, u]| {
            *m = mean(*m, g, beta1);
            *u = (self.beta2 * *u).max(g.abs() + self.eps);
            // With ε = 0 a gradient that has always been 0 leaves u = 0, and nothing to do.
            if *u > 0.0 {
                *x -= rate * *m / *u;
            }
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    /// u is a largest gradient, not a square of one.
    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::velocity(self, state, state.m.len()), Overlay::Squares(state.v.clone())]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        state.letters("u", self.beta1, self.beta2, sheet);
        sheet.line("m", "β₁ m + (1 − β₁) g").line("u", "max(β₂ u, |g| + ε)");
        sheet.line("m̂", "m / (1 − β₁ᵗ)");
        sheet.cases("x", "x − η m̂ / u", |sheet, k| {
            if sheet.value("u", k) > 0.0 { "x − η m̂ / u" } else { "x" }
        });
    }
}
