//! Yogi: Adam whose second moment changes by steps of the size of the new square, never faster.
//!
//! Zaheer, Reddi, Sachan, Kale and Kumar 2018, Adaptive Methods for Nonconvex Optimization, Algorithm 2; both moments start at a small
//! value, and are corrected all the same, as in optax.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::{Moments, mean};
use super::shown;
use super::sign::sign;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Adam with a controlled second moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Yogi {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub initial_accumulator_value: f64,
}

impl Default for Yogi {
    fn default() -> Self {
        Self {
            lr: 0.05,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-3,
            initial_accumulator_value: 1e-6,
        }
    }
}

impl Parametric for Yogi {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        hyper::eps(|r: &mut Self| &mut r.eps),
        ParamSpec::number("initial_accumulator_value", "Initial moments", |r: &mut Self| {
            &mut r.initial_accumulator_value
        })
        .log(1e-12, 1.0)
        .limit(Limit::NonNegative)
        .symbol("v₀")
        .help("What both moments start from"),
    ];
}

impl Optimizer for Yogi {
    type State = Moments;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Yogi",
        order: Order::First,
        elementwise: true,
        formula: "m ← β₁ m + (1 − β₁) g\nv ← v − (1 − β₂) sign(v − g²) g²\nx ← x − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)",
        source: "Zaheer et al. 2018, Adaptive Methods for Nonconvex Optimization, Algorithm 2",
        variant: "as in optax: bias-corrected, both moments start at 1e-6",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        let mut moments = Moments::new(x0.len());
        moments.m.fill(self.initial_accumulator_value);
        moments.v.fill(self.initial_accumulator_value);
        moments
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let beta1 = ctx.momentum_or(self.beta1);
        let rate = self.lr * ctx.lr_scale / state.bias1.advance_set(beta1, ctx.momentum.is_some());
        let unbias = 1.0 / state.bias2.advance(self.beta2);
        each(x, ctx.grad, [&mut state.m, &mut state.v], |x, g, [m, v]| {
            *m = mean(*m, g, beta1);
            let square = g * g;
            *v -= (1.0 - self.beta2) * sign(*v - square) * square;
            *x -= rate * *m / ((*v * unbias).sqrt() + self.eps);
        });
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
        sheet.line("m", "β₁ m + (1 − β₁) g").line("v", "v − (1 − β₂) sign(v − g²) g²");
        sheet.line("m̂", "m / (1 − β₁ᵗ)").line("v̂", "v / (1 − β₂ᵗ)");
        sheet.line("x", "x − η m̂ / (√v̂ + ε)");
    }
}
