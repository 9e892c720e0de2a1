//! RAdam: Adam that waits with dividing by the second moment until enough gradients have been seen to trust it.
//!
//! Liu, Jiang, He, Chen, Liu, Gao and Han 2020, On the Variance of the Adaptive Learning Rate and Beyond, Algorithm 2, as in PyTorch (which
//! rectifies from ρ > 5 on, the paper from ρ > 4).

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::{Moments, mean};
use super::shown;
use super::weight_decay;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Adam with a rectified start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RAdam {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub decoupled_weight_decay: bool,
}

impl Default for RAdam {
    fn default() -> Self {
        Self {
            lr: 5e-3,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 0.0,
            decoupled_weight_decay: false,
        }
    }
}

impl Parametric for RAdam {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        hyper::eps(|r: &mut Self| &mut r.eps),
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

/// Moments and the number of steps done.
#[derive(Debug, Clone, PartialEq)]
pub struct Rectified {
    moments: Moments,
    t: u64,
}

impl Optimizer for RAdam {
    type State = Rectified;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "RAdam",
        order: Order::First,
        elementwise: true,
        formula: "m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²\nρ∞ = 2 / (1 − β₂) − 1,   ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)\nr = √((ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ))\nx ← x − η m / (1 − β₁ᵗ) · r √(1 − β₂ᵗ) / (√v + ε)   if ρₜ > 5, else without the second factor",
        source: "Liu et al. 2020, On the Variance of the Adaptive Learning Rate and Beyond, Algorithm 2",
        variant: "torch.optim.RAdam: rectified from ρ > 5 on, ε on the raw root; weight decay in the gradient unless decoupled",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Rectified {
            moments: Moments::new(x0.len()),
            t: 0,
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Rectified { moments, t } = state;
        *t += 1;
        let lr = self.lr * ctx.lr_scale;
        let beta1 = ctx.momentum_or(self.beta1);
        let correction1 = moments.bias1.advance_set(beta1, ctx.momentum.is_some());
        let correction2 = moments.bias2.advance(self.beta2);
        let longest = 2.0 / (1.0 - self.beta2) - 1.0;
        let length = longest - 2.0 * *t as f64 * (1.0 - correction2) / correction2;
        let rate = lr / correction1;
        let rectified = length > 5.0;
        let factor = if rectified {
            let ratio = (length - 4.0) * (length - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * length);
            rate * (ratio * correction2).sqrt()
        } else {
            rate
        };
        let (coupled, shrunk) = if self.decoupled_weight_decay {
            (0.0, 1.0 - lr * self.weight_decay)
        } else {
            (self.weight_decay, 1.0)
        };
        each(x, ctx.grad, [&mut moments.m, &mut moments.v], |x, g, [m, v]| {
            let g = g + coupled * *x;
            *m = mean(*m, g, beta1);
            *v = mean(*v, g * g, self.beta2);
            let step = if rectified {
                factor * *m / (v.sqrt() + self.eps)
            } else {
                factor * *m
            };
            *x = *x * shrunk - step;
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
        let Rectified { moments, t } = state;
        moments.letters("v", self.beta1, self.beta2, sheet);
        weight_decay::write(self.weight_decay, self.decoupled_weight_decay, sheet);
        sheet
            .line("m", "β₁ m + (1 − β₁) g")
            .line("v", "β₂ v + (1 − β₂) g²")
            .line("m̂", "m / (1 − β₁ᵗ)");
        sheet
            .same("t", (t + 1) as f64)
            .line("ρ∞", "2 / (1 − β₂) − 1")
            .line("ρₜ", "ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)");
        if sheet.value("ρₜ", 0) > 5.0 {
            sheet.line("r", "√((ρₜ − 4) (ρₜ − 2) ρ∞ / ((ρ∞ − 4) (ρ∞ − 2) ρₜ))");
            sheet.line("x", "x − η m̂ r √(1 − β₂ᵗ) / (√v + ε)");
        } else {
            sheet.line("x", "x − η m̂");
        }
    }
}
