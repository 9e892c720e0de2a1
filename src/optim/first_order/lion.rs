//! Lion: the sign of a mixture of the gradient and its running mean.
//!
//! Chen et al. 2023, Symbolic Discovery of Optimization Algorithms, Algorithm 2: found by program search. All coordinates move by η.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::mean;
use super::shown;
use super::sign::sign;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Evolved sign momentum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lion {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub weight_decay: f64,
}

impl Default for Lion {
    fn default() -> Self {
        Self {
            lr: 3e-3,
            beta1: 0.9,
            beta2: 0.99,
            weight_decay: 0.0,
        }
    }
}

impl Parametric for Lion {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        ParamSpec::number("weight_decay", "Weight decay", |r: &mut Self| &mut r.weight_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Decoupled: λ x is added to the sign"),
    ];
}

/// The running mean of gradients.
#[derive(Debug, Clone, PartialEq)]
pub struct Mean(Vec<f64>);

impl Optimizer for Lion {
    type State = Mean;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Lion",
        order: Order::First,
        elementwise: true,
        formula: "u = sign(β₁ m + (1 − β₁) g)\nm ← β₂ m + (1 − β₂) g\nx ← x − η (u + λ x)",
        source: "Chen et al. 2023, Symbolic Discovery of Optimization Algorithms, Algorithm 2",
        variant: "as in optax; sign(0) = 0",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Mean(vec![0.0; x0.len()])
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let (lr, beta1) = (self.lr * ctx.lr_scale, ctx.momentum_or(self.beta1));
        each(x, ctx.grad, [&mut state.0], |x, g, [m]| {
            let direction = sign(mean(*m, g, beta1));
            *m = mean(*m, g, self.beta2);
            *x -= lr * (direction + self.weight_decay * *x);
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::velocity(self, state, state.0.len())]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        sheet
            .each("m", &state.0)
            .line("u", "sign(β₁ m + (1 − β₁) g)")
            .line("m", "β₂ m + (1 − β₂) g");
        sheet.line(
            "x",
            if self.weight_decay == 0.0 {
                "x − η u"
            } else {
                "x − η (u + λ x)"
            },
        );
    }
}
