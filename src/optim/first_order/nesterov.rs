//! Nesterov's accelerated gradient: v ← μ v + g, x ← x − η (g + μ v).
//!
//! Nesterov 1983, A method for solving the convex programming problem with convergence rate O(1/k²), in the form of Sutskever et
//! al. 2013 rewritten for the gradient at x (PyTorch): x here is the looked-ahead point of the paper.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::framework::{Framework, convention};
use super::momentum::Velocity;
use super::shown;
use crate::math::ops::renewed;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{ParamSpec, Parametric};

/// Momentum that looks ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Nesterov {
    pub lr: f64,
    pub momentum: f64,
    #[serde(skip_serializing_if = "Framework::is_usual")]
    pub convention: Framework,
}

impl Default for Nesterov {
    fn default() -> Self {
        Self {
            lr: 5e-4,
            momentum: 0.9,
            convention: Framework::PyTorch,
        }
    }
}

impl Parametric for Nesterov {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::momentum(|r: &mut Self| &mut r.momentum),
        convention(
            |r: &Self| r.convention.id(),
            |r: &mut Self, id| r.convention = Framework::from_id(id),
        )
        .help("keras (and Sutskever et al. 2013) puts η inside: v ← μ v + η g, x ← x − (η g + μ v). The same at a constant rate; under a schedule old gradients keep the rate they came with"),
    ];
}

impl Optimizer for Nesterov {
    type State = Velocity;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Nesterov",
        order: Order::First,
        elementwise: true,
        formula: "v ← μ v + g\nx ← x − η (g + μ v)",
        source: "Nesterov 1983; Sutskever, Martens, Dahl and Hinton 2013, eq. 3-4",
        variant: "torch.optim.SGD with nesterov: the gradient is taken at the looked-ahead point; η outside the velocity, or inside by choice",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Velocity::new(x0.len())
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let (inside, outside) = self.convention.rates(self.lr * ctx.lr_scale);
        let momentum = ctx.momentum_or(self.momentum);
        let share = state.share(0.0, inside);
        each(x, ctx.grad, [&mut state.v], |x, g, [v]| {
            *v = renewed(momentum * *v, share * g);
            *x -= outside * (inside * g + momentum * *v);
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::velocity(self, state, state.v.len())]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        let (velocity, x) = match self.convention {
            Framework::PyTorch => ("μ v + g", "x − η (g + μ v)"),
            Framework::Keras => ("μ v + η g", "x − (η g + μ v)"),
        };
        sheet.each("v", &state.v).line("v", velocity).line("x", x);
    }
}
