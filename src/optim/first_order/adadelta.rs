//! Adadelta: the gradient scaled by the ratio of the usual step to the usual gradient, so that no learning rate is needed.
//!
//! Zeiler 2012, ADADELTA: An Adaptive Learning Rate Method, Algorithm 1. ε stands inside both roots; it alone decides how the first steps start.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::mean;
use super::shown;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Steps in the units of x.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adadelta {
    pub lr: f64,
    pub rho: f64,
    pub eps: f64,
}

impl Default for Adadelta {
    fn default() -> Self {
        Self {
            lr: 1.0,
            rho: 0.9,
            eps: 1e-6,
        }
    }
}

impl Parametric for Adadelta {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        ParamSpec::number("rho", "Smoothing", |r: &mut Self| &mut r.rho)
            .near_one(0.9999)
            .limit(Limit::UnitOpen)
            .symbol("ρ")
            .help("Decay of both running means; remembers about 1/(1 − ρ) steps"),
        ParamSpec::number("eps", "Epsilon", |r: &mut Self| &mut r.eps)
            .log(1e-12, 1.0)
            .limit(Limit::NonNegative)
            .symbol("ε")
            .help("Inside both roots: the first step is about √ε long, and growth starts from there"),
    ];
}

/// Running means of squared gradients and of squared steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Deltas {
    v: Vec<f64>,
    a: Vec<f64>,
}

impl Optimizer for Adadelta {
    type State = Deltas;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Adadelta",
        order: Order::First,
        elementwise: true,
        formula: "v ← ρ v + (1 − ρ) g²\nd = √(a + ε) / √(v + ε) · g\na ← ρ a + (1 − ρ) d²\nx ← x − η d",
        source: "Zeiler 2012, ADADELTA: An Adaptive Learning Rate Method, Algorithm 1",
        variant: "torch.optim.Adadelta: η = 1 is the paper",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Deltas {
            v: vec![0.0; x0.len()],
            a: vec![0.0; x0.len()],
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        each(x, ctx.grad, [&mut state.v, &mut state.a], |x, g, [v, a]| {
            *v = mean(*v, g * g, self.rho);
            let step = ((*a + self.eps) / (*v + self.eps)).sqrt() * g;
            *a = mean(*a, step * step, self.rho);
            *x -= lr * step;
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::squares(&state.v, 1.0)]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        sheet.each("v", &state.v).each("a", &state.a);
        sheet.line("v", "ρ v + (1 − ρ) g²").line("d", "√((a + ε) / (v + ε)) g");
        sheet.line("a", "ρ a + (1 − ρ) d²").line("x", "x − η d");
    }
}
