//! AdaBelief: Adam that divides by how far gradients stray from their own prediction instead of by how large they are.
//!
//! Zhuang et al. 2020, AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, Algorithm 2. As there, ε enters the
//! second moment at every step and so adds up.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::{Moments, mean};
use super::shown;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Steps by the belief in the gradient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdaBelief {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub eps_root: f64,
}

impl Default for AdaBelief {
    fn default() -> Self {
        Self {
            lr: 0.05,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-16,
            eps_root: 1e-16,
        }
    }
}

impl Parametric for AdaBelief {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        hyper::eps(|r: &mut Self| &mut r.eps),
        ParamSpec::number("eps_root", "Epsilon in the root", |r: &mut Self| &mut r.eps_root)
            .log(1e-20, 1e-2)
            .limit(Limit::NonNegative)
            .symbol("ε′")
            .help("Added to the second moment at every step"),
    ];
}

impl Optimizer for AdaBelief {
    type State = Moments;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "AdaBelief",
        order: Order::First,
        elementwise: true,
        formula: "m ← β₁ m + (1 − β₁) g\ns ← β₂ s + (1 − β₂) (g − m)² + ε′\nx ← x − η (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + ε)",
        source: "Zhuang et al. 2020, AdaBelief Optimizer, Algorithm 2",
        variant: "as in optax: ε′ inside the moment, ε outside the root",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Moments::new(x0.len())
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let beta1 = ctx.momentum_or(self.beta1);
        let rate = self.lr * ctx.lr_scale / state.bias1.advance_set(beta1, ctx.momentum.is_some());
        let unbias = 1.0 / state.bias2.advance(self.beta2);
        each(x, ctx.grad, [&mut state.m, &mut state.v], |x, g, [m, s]| {
            *m = mean(*m, g, beta1);
            let surprise = g - *m;
            *s = mean(*s, surprise * surprise, self.beta2) + self.eps_root;
            *x -= rate * *m / ((*s * unbias).sqrt() + self.eps);
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::velocity(self, state, state.m.len()), state.squares()]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        state.letters("s", self.beta1, self.beta2, sheet);
        sheet
            .line("m", "β₁ m + (1 − β₁) g")
            .line("s", "β₂ s + (1 − β₂) (g − m)² + ε′");
        sheet.line("m̂", "m / (1 − β₁ᵗ)").line("ŝ", "s / (1 − β₂ᵗ)");
        sheet.line("x", "x − η m̂ / (√ŝ + ε)");
    }
}
