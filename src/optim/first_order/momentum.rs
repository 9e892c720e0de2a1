//! Gradient descent with momentum, the heavy ball: v ← μ v + (1 − τ) g, x ← x − η v.
//!
//! Polyak 1964, Some methods of speeding up the convergence of iteration methods. Implemented as in PyTorch: the learning rate
//! multiplies the velocity (not the gradient that enters it), and the first velocity is g, undamped.

use serde::{Deserialize, Serialize};

use super::bias::faded;
use super::shown;
use crate::math::vector;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// The heavy ball.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Momentum {
    pub lr: f64,
    pub momentum: f64,
    pub dampening: f64,
}

impl Default for Momentum {
    fn default() -> Self {
        Self {
            lr: 5e-4,
            momentum: 0.9,
            dampening: 0.0,
        }
    }
}

impl Parametric for Momentum {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::momentum(|r: &mut Self| &mut r.momentum),
        ParamSpec::number("dampening", "Dampening", |r: &mut Self| &mut r.dampening)
            .limit(Limit::UnitClosed)
            .symbol("τ")
            .help("Share of every gradient but the first that is kept out of the velocity"),
    ];
}

/// What is remembered between steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Velocity {
    v: Vec<f64>,
    started: bool,
}

impl Velocity {
    pub(super) fn new(n: usize) -> Self {
        Self {
            v: vec![0.0; n],
            started: false,
        }
    }

    /// v ← μ v + (1 − τ) g; v ← g the first time.
    #[inline]
    pub(super) fn update(&mut self, momentum: f64, dampening: f64, grad: &[f64]) -> &[f64] {
        // v = 0 before the first step, so only the share of g tells it from the others.
        let share = if self.started { 1.0 - dampening } else { 1.0 };
        self.started = true;
        let velocity = &mut self.v[..grad.len()];
        for (v, g) in velocity.iter_mut().zip(grad) {
            *v = faded(momentum * *v) + share * g;
        }
        velocity
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.v
    }
}

impl Optimizer for Momentum {
    type State = Velocity;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Momentum",
        order: Order::First,
        elementwise: true,
        formula: "v ← μ v + (1 − τ) g   (first step: v ← g)\nx ← x − η v",
        source: "Polyak 1964, Some Methods of Speeding Up the Convergence of Iteration Methods",
        variant: "torch.optim.SGD with momentum: η outside the velocity",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Velocity::new(x0.len())
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let v = state.update(self.momentum, self.dampening, ctx.grad);
        vector::axpy(-self.lr * ctx.lr_scale, v, x);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::velocity(self, state, state.v.len())]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        let velocity = if state.started { "μ v + (1 − τ) g" } else { "g" };
        sheet.each("v", &state.v).line("v", velocity).line("x", "x − η v");
    }
}
