//! AdamW: Adam with weight decay taken out of the gradient, so that it is not scaled by the second moment.
//!
//! Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, Algorithm 2; as in PyTorch the decay is multiplied with the learning rate.

use serde::{Deserialize, Serialize};

use super::adam::Adam;
use super::coordinates::each;
use super::framework::{Framework, convention};
use super::moments::Moments;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Adam with decoupled weight decay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdamW {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub amsgrad: bool,
    #[serde(skip_serializing_if = "Framework::is_usual")]
    pub convention: Framework,
}

impl Default for AdamW {
    fn default() -> Self {
        Self {
            lr: 0.05,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 1e-2,
            amsgrad: false,
            convention: Framework::PyTorch,
        }
    }
}

impl Parametric for AdamW {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        hyper::eps(|r: &mut Self| &mut r.eps),
        ParamSpec::number("weight_decay", "Weight decay", |r: &mut Self| &mut r.weight_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Decoupled: every step first shrinks x by the factor 1 − η λ"),
        ParamSpec::switch("amsgrad", "AMSGrad", |r: &mut Self| &mut r.amsgrad)
            .help("Never forget the largest second moment, so that steps never grow again"),
        convention(
            |r: &Self| r.convention.id(),
            |r: &mut Self, id| r.convention = Framework::from_id(id),
        )
        .help("pytorch: m̂ / (√v̂ + ε), the paper's Algorithm 1. keras (and TensorFlow): m̂ √(1 − β₂ᵗ) / (√v + ε), its section 2: ε counts for more in the first steps"),
    ];
}

impl AdamW {
    /// What is left after the decay.
    #[inline(always)]
    fn adam(&self) -> Adam {
        Adam {
            lr: self.lr,
            beta1: self.beta1,
            beta2: self.beta2,
            eps: self.eps,
            amsgrad: self.amsgrad,
            convention: self.convention,
        }
    }
}

impl Optimizer for AdamW {
    type State = Moments;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "AdamW",
        order: Order::First,
        elementwise: true,
        formula: "x ← x (1 − η λ)\nm ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\nx ← x − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)",
        source: "Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, Algorithm 2",
        variant: "torch.optim.AdamW: the decay is scaled by the learning rate",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        self.adam().init(x0)
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let kept = 1.0 - self.lr * ctx.lr_scale * self.weight_decay;
        each(x, ctx.grad, [], |x, _, []| *x *= kept);
        self.adam().step(state, x, ctx);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        self.adam().overlays(state)
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        sheet.line("x", "x (1 − η λ)");
        self.adam().arithmetic(state, sheet);
    }
}
