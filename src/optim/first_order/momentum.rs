//! Gradient descent with momentum, the heavy ball: v ← μ v + (1 − τ) g, x ← x − η v.
//!
//! Polyak 1964, Some methods of speeding up the convergence of iteration methods. Implemented as in PyTorch: the learning rate
//! multiplies the velocity (not the gradient that enters it), and the first velocity is g, undamped.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::framework::{Framework, convention};
use super::shown;
use crate::objective::HeavyBall;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// The heavy ball.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Momentum {
    pub lr: f64,
    pub momentum: f64,
    pub dampening: f64,
    #[serde(skip_serializing_if = "Framework::is_usual")]
    pub convention: Framework,
}

impl Default for Momentum {
    fn default() -> Self {
        Self {
            lr: 5e-4,
            momentum: 0.9,
            dampening: 0.0,
            convention: Framework::PyTorch,
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
            .help("Share of every gradient but the first that is kept out of the velocity; τ = μ makes it a running mean"),
        convention(
            |r: &Self| r.convention.id(),
            |r: &mut Self, id| r.convention = Framework::from_id(id),
        )
        .help("keras (and Sutskever et al. 2013) puts η inside: v ← μ v + (1 − τ) η g, x ← x − v. The same at a constant rate; under a schedule old gradients keep the rate they came with"),
    ];
}

/// What is remembered between steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Velocity {
    pub(super) v: Vec<f64>,
    started: bool,
}

impl Velocity {
    pub(super) fn new(n: usize) -> Self {
        Self {
            v: vec![0.0; n],
            started: false,
        }
    }

    /// The share of the gradient that enters the velocity at this step: s (1 − τ), and s the first time.
    #[inline(always)]
    pub(super) fn share(&mut self, dampening: f64, scale: f64) -> f64 {
        // v = 0 before the first step, so only the share of g tells it from the others.
        let share = if self.started { scale * (1.0 - dampening) } else { scale };
        self.started = true;
        share
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
        variant: "torch.optim.SGD with momentum: η outside the velocity, or inside by choice; weight decay is a stage before it (coupled)",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Velocity::new(x0.len())
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let momentum = ctx.momentum_or(self.momentum);
        let (inside, outside) = self.convention.rates(self.lr * ctx.lr_scale);
        let share = state.share(self.dampening, inside);
        let ball = HeavyBall {
            momentum,
            share,
            rate: -outside,
        };
        let step = ctx.step;
        each(x, ctx.grad, [&mut state.v], |x, g, [v]| {
            // Both are read before one is written: they often lie at the same place of a page, which CPUs take for the same place.
            let (next, velocity) = ball.roll(*x, HeavyBall::remembered(step, *v), g);
            (*v, *x) = (velocity, next);
        });
        StepEvent::Moved
    }

    fn heavy_ball<'s>(&self, state: &'s mut Self::State) -> Option<(HeavyBall, &'s mut [f64])> {
        let (inside, outside) = self.convention.rates(self.lr);
        let ball = HeavyBall {
            momentum: self.momentum,
            share: inside * (1.0 - self.dampening),
            rate: -outside,
        };
        // The first step is another one.
        state.started.then_some((ball, &mut state.v))
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::velocity(self, state, state.v.len())]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        let (velocity, x) = match (self.convention, state.started) {
            (Framework::PyTorch, true) => ("μ v + (1 − τ) g", "x − η v"),
            (Framework::PyTorch, false) => ("g", "x − η v"),
            (Framework::Keras, true) => ("μ v + η (1 − τ) g", "x − v"),
            (Framework::Keras, false) => ("η g", "x − v"),
        };
        sheet.each("v", &state.v).line("v", velocity).line("x", x);
    }
}
