//! Adam: the running mean of gradients over the root of the running mean of their squares, both corrected for starting at 0.
//!
//! Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, Algorithm 1 (ε outside the root, after the correction). With
//! `amsgrad`, the denominator uses the largest second moment so far (Reddi, Kale and Kumar 2018), which PyTorch takes over the raw
//! moments and corrects afterwards.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::framework::{Framework, convention};
use super::moments::{Moments, remember};
use super::shown;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{ParamSpec, Parametric};

/// Adaptive moment estimation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adam {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub amsgrad: bool,
    #[serde(skip_serializing_if = "Framework::is_usual")]
    pub convention: Framework,
}

impl Default for Adam {
    fn default() -> Self {
        Self {
            lr: 0.05,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            amsgrad: false,
            convention: Framework::PyTorch,
        }
    }
}

impl Parametric for Adam {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        hyper::eps(|r: &mut Self| &mut r.eps),
        ParamSpec::switch("amsgrad", "AMSGrad", |r: &mut Self| &mut r.amsgrad)
            .help("Never forget the largest second moment, so that steps never grow again"),
        convention(
            |r: &Self| r.convention.id(),
            |r: &mut Self, id| r.convention = Framework::from_id(id),
        )
        .help("pytorch: m̂ / (√v̂ + ε), the paper's Algorithm 1. keras (and TensorFlow): m̂ √(1 − β₂ᵗ) / (√v + ε), its section 2: ε counts for more in the first steps"),
    ];
}

impl Optimizer for Adam {
    type State = Moments;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Adam",
        order: Order::First,
        elementwise: true,
        formula: "m ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\nx ← x − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)",
        source: "Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, Algorithm 1",
        variant: "torch.optim.Adam: ε outside the root, after the correction or, by choice, before; AMSGrad keeps the largest raw v (Reddi et al. 2018)",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        if self.amsgrad {
            Moments::with_largest(x0.len())
        } else {
            Moments::new(x0.len())
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let (beta1, beta2) = (ctx.momentum_or(self.beta1), self.beta2);
        // Multiplied through by √(1 − β₂ᵗ), as in section 2 of the paper: only a root, a sum and a quotient are left between a
        // gradient and its step.
        let unbias = state.bias2.advance(beta2).sqrt();
        let rate = self.lr * ctx.lr_scale * unbias / state.bias1.advance_set(beta1, ctx.momentum.is_some());
        let eps = match self.convention {
            Framework::PyTorch => self.eps * unbias,
            Framework::Keras => self.eps,
        };
        let Moments { m, v, v_max, .. } = state;
        // One pass: what was just remembered is used before it is stored.
        if self.amsgrad {
            each(x, ctx.grad, [m, v, v_max], |x, g, [m, v, largest]| {
                let (mean, square) = remember(m, v, g, beta1, beta2);
                *largest = largest.max(square);
                *x -= rate * mean / (largest.sqrt() + eps);
            });
        } else {
            each(x, ctx.grad, [m, v], |x, g, [m, v]| {
                let (mean, square) = remember(m, v, g, beta1, beta2);
                *x -= rate * mean / (square.sqrt() + eps);
            });
        }
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::velocity(self, state, state.m.len()), state.squares()]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        state.letters("v", self.beta1, self.beta2, sheet);
        sheet.line("m", "β₁ m + (1 − β₁) g").line("v", "β₂ v + (1 − β₂) g²");
        if self.amsgrad {
            sheet.each("vₘ", &state.v_max).line("vₘ", "max(vₘ, v)");
        }
        match (self.convention, self.amsgrad) {
            (Framework::PyTorch, false) => sheet.line("m̂", "m / (1 − β₁ᵗ)").line("v̂", "v / (1 − β₂ᵗ)"),
            (Framework::PyTorch, true) => sheet.line("m̂", "m / (1 − β₁ᵗ)").line("v̂", "vₘ / (1 − β₂ᵗ)"),
            (Framework::Keras, _) => sheet.line("ηₜ", "η √(1 − β₂ᵗ) / (1 − β₁ᵗ)"),
        };
        let x = match (self.convention, self.amsgrad) {
            (Framework::PyTorch, _) => "x − η m̂ / (√v̂ + ε)",
            (Framework::Keras, false) => "x − ηₜ m / (√v + ε)",
            (Framework::Keras, true) => "x − ηₜ m / (√vₘ + ε)",
        };
        sheet.line("x", x);
    }
}
