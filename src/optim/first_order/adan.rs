//! Adan: Nesterov momentum from differences of gradients, in all moments of Adam.
//!
//! Xie, Zhou, Li, Lin and Yan 2024, Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models, Algorithm 1, in the authors'
//! notation for decays (0.98, 0.92, 0.99), which are one minus those of the paper.

use serde::{Deserialize, Serialize};

use super::bias::Bias;
use super::coordinates::each;
use super::moments::mean;
use super::shown;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Adaptive Nesterov momentum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adan {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub beta3: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub weight_decouple: bool,
}

impl Default for Adan {
    fn default() -> Self {
        Self {
            lr: 0.05,
            beta1: 0.98,
            beta2: 0.92,
            beta3: 0.99,
            eps: 1e-8,
            weight_decay: 0.0,
            weight_decouple: false,
        }
    }
}

impl Parametric for Adan {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        ParamSpec::number("beta3", "Beta 3", |r: &mut Self| &mut r.beta3)
            .near_one(0.9999)
            .limit(Limit::UnitOpen)
            .symbol("β₃")
            .help("Decay of the running mean of squared looked-ahead gradients"),
        hyper::eps(|r: &mut Self| &mut r.eps),
        ParamSpec::number("weight_decay", "Weight decay", |r: &mut Self| &mut r.weight_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Proximal: the step ends with a division by 1 + η λ; decoupled: it begins with a factor 1 − η λ"),
        ParamSpec::switch("weight_decouple", "Decoupled decay", |r: &mut Self| &mut r.weight_decouple)
            .help("Shrink x before the step instead of after it"),
    ];
}

/// Running means of gradients, of their differences, and of the squares; the last gradient.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences {
    m: Vec<f64>,
    v: Vec<f64>,
    n: Vec<f64>,
    last: Vec<f64>,
    started: bool,
    biases: [Bias; 3],
}

impl Optimizer for Adan {
    type State = Differences;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Adan",
        order: Order::First,
        elementwise: true,
        formula: "d = g − g₋₁   (0 at first)\nm ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) d,   n ← β₃ n + (1 − β₃) (g + β₂ d)²\nx ← x − η (m / (1 − β₁ᵗ) + β₂ v / (1 − β₂ᵗ)) / (√(n / (1 − β₃ᵗ)) + ε)\nx ← x / (1 + η λ)",
        source: "Xie et al. 2024, Adan: Adaptive Nesterov Momentum Algorithm, Algorithm 1",
        variant: "the authors' code: weight decay proximal unless decoupled; optax 0.2.8 weights d otherwise",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Differences {
            m: vec![0.0; x0.len()],
            v: vec![0.0; x0.len()],
            n: vec![0.0; x0.len()],
            last: vec![0.0; x0.len()],
            started: false,
            biases: [Bias::default(); 3],
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        let beta1 = ctx.momentum_or(self.beta1);
        let c1 = state.biases[0].advance_set(beta1, ctx.momentum.is_some());
        let (c2, c3) = (state.biases[1].advance(self.beta2), state.biases[2].advance(self.beta3));
        let (by_mean, by_difference, unbias) = (lr / c1, lr * self.beta2 / c2, 1.0 / c3.sqrt());
        let (before, after) = if self.weight_decouple {
            (1.0 - lr * self.weight_decay, 1.0)
        } else {
            (1.0, 1.0 / (1.0 + lr * self.weight_decay))
        };
        if !state.started {
            state.last.copy_from_slice(ctx.grad);
            state.started = true;
        }
        let memories: [&mut [f64]; 4] = [&mut state.m, &mut state.v, &mut state.n, &mut state.last];
        each(x, ctx.grad, memories, |x, g, [m, v, n, last]| {
            let difference = g - *last;
            let ahead = g + self.beta2 * difference;
            *last = g;
            *m = mean(*m, g, beta1);
            *v = mean(*v, difference, self.beta2);
            *n = mean(*n, ahead * ahead, self.beta3);
            let step = (by_mean * *m + by_difference * *v) / (n.sqrt() * unbias + self.eps);
            *x = (*x * before - step) * after;
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![
            shown::velocity(self, state, state.m.len()),
            shown::squares(&state.n, state.biases[2].now()),
        ]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        let last = if state.started { state.last.as_slice() } else { sheet.grad() };
        sheet
            .each("m", &state.m)
            .each("v", &state.v)
            .each("n", &state.n)
            .each("g₋₁", last);
        let [first, second, third] = state.biases;
        let (set, beta1) = (sheet.momentum().is_some(), sheet.momentum().unwrap_or(self.beta1));
        sheet.same("β₁ᵗ", first.power_ahead(beta1, set));
        sheet.same("β₂ᵗ", second.power_ahead(self.beta2, false));
        sheet.same("β₃ᵗ", third.power_ahead(self.beta3, false));
        sheet.line("d", "g − g₋₁").line("m", "β₁ m + (1 − β₁) g");
        sheet.line("v", "β₂ v + (1 − β₂) d").line("n", "β₃ n + (1 − β₃) (g + β₂ d)²");
        sheet.line("u", "m / (1 − β₁ᵗ) + β₂ v / (1 − β₂ᵗ)").line("n̂", "n / (1 − β₃ᵗ)");
        let decays = self.weight_decay != 0.0;
        if decays && self.weight_decouple {
            sheet.line("x", "x (1 − η λ)");
        }
        sheet.line("x", "x − η u / (√n̂ + ε)");
        if decays && !self.weight_decouple {
            sheet.line("x", "x / (1 + η λ)");
        }
    }
}
