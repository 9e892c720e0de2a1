//! Quasi-hyperbolic Adam: both moments of Adam are mixed with the newest gradient.
//!
//! Ma and Yarats 2019, Quasi-hyperbolic Momentum and Adam for Deep Learning, eq. 5-6. ν₁ = ν₂ = 1 is Adam.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::moments::{Moments, mean};
use super::shown;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Adam with mixed moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QhAdam {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub nu1: f64,
    pub nu2: f64,
    pub eps: f64,
}

impl Default for QhAdam {
    fn default() -> Self {
        Self {
            lr: 0.05,
            beta1: 0.995,
            beta2: 0.999,
            nu1: 0.7,
            nu2: 1.0,
            eps: 1e-8,
        }
    }
}

impl Parametric for QhAdam {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        ParamSpec::number("nu1", "Share of the mean", |r: &mut Self| &mut r.nu1)
            .limit(Limit::UnitClosed)
            .symbol("ν₁")
            .help("Weight of the running mean in the numerator; the rest is the gradient itself"),
        ParamSpec::number("nu2", "Share of the second moment", |r: &mut Self| &mut r.nu2)
            .limit(Limit::UnitClosed)
            .symbol("ν₂")
            .help("Weight of the running mean in the denominator; the rest is the squared gradient"),
        hyper::eps(|r: &mut Self| &mut r.eps),
    ];
}

impl Optimizer for QhAdam {
    type State = Moments;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "QHAdam",
        order: Order::First,
        elementwise: true,
        formula: "m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²\nx ← x − η ((1 − ν₁) g + ν₁ m / (1 − β₁ᵗ)) / (√((1 − ν₂) g² + ν₂ v / (1 − β₂ᵗ)) + ε)",
        source: "Ma and Yarats 2019, Quasi-hyperbolic Momentum and Adam for Deep Learning, eq. 5-6",
        variant: "the paper's recommended ν₁ = 0.7, ν₂ = 1, β₁ = 0.995",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Moments::new(x0.len())
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        let beta1 = ctx.momentum_or(self.beta1);
        let by_mean = self.nu1 / state.bias1.advance_set(beta1, ctx.momentum.is_some());
        let by_square = self.nu2 / state.bias2.advance(self.beta2);
        each(x, ctx.grad, [&mut state.m, &mut state.v], |x, g, [m, v]| {
            let square = g * g;
            *m = mean(*m, g, beta1);
            *v = mean(*v, square, self.beta2);
            let numerator = (1.0 - self.nu1) * g + by_mean * *m;
            let second = (1.0 - self.nu2) * square + by_square * *v;
            *x -= lr * numerator / (second.sqrt() + self.eps);
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
        sheet.line("m", "β₁ m + (1 − β₁) g").line("v", "β₂ v + (1 − β₂) g²");
        sheet.line("m̂", "m / (1 − β₁ᵗ)").line("v̂", "v / (1 − β₂ᵗ)");
        sheet.line("x", "x − η ((1 − ν₁) g + ν₁ m̂) / (√((1 − ν₂) g² + ν₂ v̂) + ε)");
    }
}
