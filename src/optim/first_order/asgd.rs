//! Averaged gradient descent: the iterate is followed by the mean of its past, which is what is asked for in the end.
//!
//! Polyak and Juditsky 1992, Acceleration of Stochastic Approximation by Averaging, with the step sizes of Bottou 2010 as in PyTorch.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use crate::math::ops;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Gradient descent with an averaged iterate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asgd {
    pub lr: f64,
    pub lambd: f64,
    pub alpha: f64,
    pub t0: f64,
}

impl Default for Asgd {
    fn default() -> Self {
        Self {
            lr: 1.5e-3,
            lambd: 1e-4,
            alpha: 0.75,
            t0: 1e6,
        }
    }
}

impl Parametric for Asgd {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        ParamSpec::number("lambd", "Decay", |r: &mut Self| &mut r.lambd)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Shrinks x a little every step, and the step size over time"),
        ParamSpec::number("alpha", "Power", |r: &mut Self| &mut r.alpha)
            .limit(Limit::NonNegative)
            .symbol("α")
            .help("How fast the step size falls: η / (1 + λ η t)^α"),
        ParamSpec::number("t0", "Average from", |r: &mut Self| &mut r.t0)
            .log(1.0, 1e6)
            .limit(Limit::NonNegative)
            .symbol("t₀")
            .help("Step after which the average begins; until then it is the iterate itself"),
    ];
}

/// The averaged iterate and the number of steps done.
#[derive(Debug, Clone, PartialEq)]
pub struct Averaged {
    mean: Vec<f64>,
    t: u64,
}

impl Optimizer for Asgd {
    type State = Averaged;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "ASGD",
        order: Order::First,
        elementwise: true,
        formula: "ηₜ = η / (1 + λ η (t − 1))^α\nx ← x (1 − λ ηₜ) − ηₜ g\nx̄ ← x̄ + (x − x̄) / max(1, t − 1 − t₀)",
        source: "Polyak and Juditsky 1992, Acceleration of Stochastic Approximation by Averaging",
        variant: "torch.optim.ASGD; the trail is the iterate, the mark its average",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Averaged { mean: x0.to_vec(), t: 0 }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        let done = state.t as f64;
        state.t += 1;
        let rate = lr / ops::powf(1.0 + self.lambd * lr * done, self.alpha);
        let shrunk = 1.0 - self.lambd * rate;
        let weight = 1.0 / (done - self.t0).max(1.0);
        each(x, ctx.grad, [&mut state.mean], |x, g, [mean]| {
            *x = *x * shrunk - rate * g;
            *mean = if weight == 1.0 { *x } else { *mean + weight * (*x - *mean) };
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![Overlay::Average(state.mean.clone())]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        sheet.each("x̄", &state.mean).same("t", (state.t + 1) as f64);
        sheet.line("ηₜ", "η / (1 + λ η (t − 1))^α").line("x", "x (1 − λ ηₜ) − ηₜ g");
        sheet.line("x̄", "x̄ + (x − x̄) / max(1, t − 1 − t₀)");
    }
}
