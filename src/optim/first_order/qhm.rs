//! Quasi-hyperbolic momentum: a mixture of the gradient and its running mean.
//!
//! Ma and Yarats 2019, Quasi-hyperbolic Momentum and Adam for Deep Learning, eq. 3-4. ν = 0 is gradient descent, ν = 1 momentum with a velocity that
//! is a mean (dampening β), and ν = β is Nesterov's.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::mean;
use super::shown;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// A gradient step averaged with a momentum step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Qhm {
    pub lr: f64,
    pub momentum: f64,
    pub nu: f64,
}

impl Default for Qhm {
    fn default() -> Self {
        Self {
            lr: 2e-3,
            momentum: 0.9,
            nu: 0.7,
        }
    }
}

impl Parametric for Qhm {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::momentum(|r: &mut Self| &mut r.momentum),
        ParamSpec::number("nu", "Share of the mean", |r: &mut Self| &mut r.nu)
            .limit(Limit::UnitClosed)
            .symbol("ν")
            .help("Weight of the running mean in the step; the rest is the gradient itself"),
    ];
}

/// The running mean of gradients.
#[derive(Debug, Clone, PartialEq)]
pub struct Mean(Vec<f64>);

impl Optimizer for Qhm {
    type State = Mean;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "QHM",
        order: Order::First,
        elementwise: true,
        formula: "m ← μ m + (1 − μ) g\nx ← x − η ((1 − ν) g + ν m)",
        source: "Ma and Yarats 2019, Quasi-hyperbolic Momentum and Adam for Deep Learning, eq. 3-4",
        variant: "the paper's recommended ν = 0.7",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Mean(vec![0.0; x0.len()])
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let (lr, momentum) = (self.lr * ctx.lr_scale, ctx.momentum_or(self.momentum));
        each(x, ctx.grad, [&mut state.0], |x, g, [m]| {
            *m = mean(*m, g, momentum);
            *x -= lr * ((1.0 - self.nu) * g + self.nu * *m);
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
            .line("m", "μ m + (1 − μ) g")
            .line("x", "x − η ((1 − ν) g + ν m)");
    }
}
