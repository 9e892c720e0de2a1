//! NAdam: Adam that looks ahead like Nesterov's momentum, with a momentum that warms up.
//!
//! Dozat 2016, Incorporating Nesterov Momentum into Adam, Algorithm 2 with the momentum schedule of its appendix, as in PyTorch.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::{Moments, mean};
use super::shown;
use super::weight_decay;
use crate::math::ops;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Adam with Nesterov momentum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NAdam {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub momentum_decay: f64,
    pub weight_decay: f64,
    pub decoupled_weight_decay: bool,
}

impl Default for NAdam {
    fn default() -> Self {
        Self {
            lr: 0.05,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            momentum_decay: 4e-3,
            weight_decay: 0.0,
            decoupled_weight_decay: false,
        }
    }
}

impl Parametric for NAdam {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        hyper::eps(|r: &mut Self| &mut r.eps),
        ParamSpec::number("momentum_decay", "Momentum decay", |r: &mut Self| &mut r.momentum_decay)
            .log(1e-5, 1.0)
            .limit(Limit::NonNegative)
            .symbol("ψ")
            .help("How fast the momentum warms up from β₁/2 to β₁"),
        ParamSpec::number("weight_decay", "Weight decay", |r: &mut Self| &mut r.weight_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Added to the gradient as λ x, or decoupled"),
        ParamSpec::switch("decoupled_weight_decay", "Decoupled decay", |r: &mut Self| {
            &mut r.decoupled_weight_decay
        })
        .help("Shrink x by 1 − η λ instead of adding λ x to the gradient"),
    ];
}

/// Moments and the number of steps done; the first correction is the product of all momenta so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Nesterov {
    moments: Moments,
    t: u64,
}

impl NAdam {
    /// μₜ
    fn momentum_at(&self, beta1: f64, t: u64) -> f64 {
        beta1 * (1.0 - 0.5 * ops::powf(0.96, t as f64 * self.momentum_decay))
    }
}

impl Optimizer for NAdam {
    type State = Nesterov;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "NAdam",
        order: Order::First,
        elementwise: true,
        formula: "μₜ = β₁ (1 − 0.5 · 0.96^(t ψ)),   Pₜ = μ₁ ⋯ μₜ\nm ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\nx ← x − η ((1 − μₜ) g / (1 − Pₜ) + μₜ₊₁ m / (1 − Pₜ₊₁)) / (√(v / (1 − β₂ᵗ)) + ε)",
        source: "Dozat 2016, Incorporating Nesterov Momentum into Adam",
        variant: "torch.optim.NAdam: ε outside the root; weight decay in the gradient unless decoupled",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Nesterov {
            moments: Moments::new(x0.len()),
            t: 0,
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Nesterov { moments, t } = state;
        *t += 1;
        let lr = self.lr * ctx.lr_scale;
        let beta1 = ctx.momentum_or(self.beta1);
        let (now, next) = (self.momentum_at(beta1, *t), self.momentum_at(beta1, *t + 1));
        let correction = moments.bias1.advance(now);
        let by_gradient = lr * (1.0 - now) / correction;
        let by_mean = lr * next / moments.bias1.peek(next);
        let unbias = 1.0 / moments.bias2.advance(self.beta2);
        let (coupled, shrunk) = if self.decoupled_weight_decay {
            (0.0, 1.0 - lr * self.weight_decay)
        } else {
            (self.weight_decay, 1.0)
        };
        each(x, ctx.grad, [&mut moments.m, &mut moments.v], |x, g, [m, v]| {
            let g = g + coupled * *x;
            *m = mean(*m, g, beta1);
            *v = mean(*v, g * g, self.beta2);
            let denominator = (*v * unbias).sqrt() + self.eps;
            *x = *x * shrunk - (by_gradient * g + by_mean * *m) / denominator;
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::velocity(self, state, state.moments.m.len()), state.moments.squares()]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        let Nesterov { moments, t } = state;
        moments.letters("v", self.beta1, self.beta2, sheet);
        sheet
            .same("t", (t + 1) as f64)
            .same("Pₜ₋₁", moments.bias1.power_ahead(1.0, false));
        weight_decay::write(self.weight_decay, self.decoupled_weight_decay, sheet);
        sheet
            .line("μₜ", "β₁ (1 − 0.5 · 0.96^(t ψ))")
            .line("μₜ₊₁", "β₁ (1 − 0.5 · 0.96^((t + 1) ψ))");
        sheet.line("Pₜ", "Pₜ₋₁ μₜ").line("Pₜ₊₁", "Pₜ μₜ₊₁");
        sheet.line("m", "β₁ m + (1 − β₁) g").line("v", "β₂ v + (1 − β₂) g²");
        sheet
            .line("m̂", "(1 − μₜ) g / (1 − Pₜ) + μₜ₊₁ m / (1 − Pₜ₊₁)")
            .line("v̂", "v / (1 − β₂ᵗ)");
        sheet.line("x", "x − η m̂ / (√v̂ + ε)");
    }
}
