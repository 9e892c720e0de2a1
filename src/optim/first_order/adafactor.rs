//! Adafactor: steps relative to the size of the parameters, with a second moment that forgets ever more slowly.
//!
//! Shazeer and Stern 2018, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, Algorithm 4, as in PyTorch. All parameters are taken as one
//! vector, so the second moment is not factored: that is about memory, which is not what is studied here.

use serde::{Deserialize, Serialize};

use super::shown;
use crate::math::{ops, vector};
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Relative steps with update clipping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adafactor {
    pub lr: f64,
    pub beta2_decay: f64,
    pub eps1: f64,
    pub eps2: f64,
    pub d: f64,
    pub weight_decay: f64,
}

impl Default for Adafactor {
    fn default() -> Self {
        Self {
            lr: 0.3,
            beta2_decay: -0.8,
            eps1: f64::EPSILON,
            eps2: 1e-3,
            d: 1.0,
            weight_decay: 0.0,
        }
    }
}

impl Parametric for Adafactor {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr).help("Bound of the relative step; the step is at most 1/√t of the size of x"),
        ParamSpec::number("beta2_decay", "Decay of beta 2", |r: &mut Self| &mut r.beta2_decay)
            .linear(-1.0, 0.0)
            .symbol("γ")
            .help("The newest squared gradient enters the second moment with weight t^γ"),
        ParamSpec::number("eps1", "Epsilon 1", |r: &mut Self| &mut r.eps1)
            .log(1e-30, 1.0)
            .limit(Limit::NonNegative)
            .symbol("ε₁")
            .help("Smallest root mean square by which a gradient is divided"),
        ParamSpec::number("eps2", "Epsilon 2", |r: &mut Self| &mut r.eps2)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("ε₂")
            .help("Smallest size of x that relative steps are taken of"),
        ParamSpec::number("d", "Clip at", |r: &mut Self| &mut r.d)
            .log(0.01, 100.0)
            .limit(Limit::Positive)
            .symbol("d")
            .help("Largest root mean square of an update; a larger one is scaled down"),
        ParamSpec::number("weight_decay", "Weight decay", |r: &mut Self| &mut r.weight_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Decoupled: every step first shrinks x by the factor 1 − η λ"),
    ];
}

/// Second moment, the update under way, and the number of steps done.
#[derive(Debug, Clone, PartialEq)]
pub struct Second {
    v: Vec<f64>,
    update: Vec<f64>,
    t: u64,
}

/// Root mean square.
fn rms(v: &[f64]) -> f64 {
    vector::norm(v) / (v.len() as f64).sqrt()
}

impl Adafactor {
    /// v ← v + t^γ (g² − v), u ← g / √max(v, ε₁²)
    fn scale_gradient(&self, state: &mut Second, grad: &[f64]) {
        state.t += 1;
        let weight = ops::powf(state.t as f64, self.beta2_decay);
        for ((g, v), u) in grad.iter().zip(&mut state.v).zip(&mut state.update) {
            *v += weight * (g * g - *v);
            *u = g / v.max(self.eps1 * self.eps1).sqrt();
        }
    }
}

impl Optimizer for Adafactor {
    type State = Second;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Adafactor",
        order: Order::First,
        elementwise: false,
        formula: "v ← v + t^γ (g² − v),   ρ = min(η, 1/√t)\nα = max(ε₂, RMS(x)) ρ\nu = g / √max(v, ε₁²)\nx ← x (1 − η λ) − α u / max(1, RMS(u) / d)",
        source: "Shazeer and Stern 2018, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, Algorithm 4",
        variant: "torch.optim.Adafactor, unfactored: all parameters are one vector",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Second {
            v: vec![0.0; x0.len()],
            update: vec![0.0; x0.len()],
            t: 0,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        self.scale_gradient(state, ctx.grad);
        let size = self.eps2.max(rms(x)) * lr.min(1.0 / (state.t as f64).sqrt());
        vector::scale(1.0 - lr * self.weight_decay, x);
        let clipped = (rms(&state.update) / self.d).max(1.0);
        vector::axpy(-size / clipped, &state.update, x);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::squares(&state.v, 1.0)]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        let mut ahead = state.clone();
        self.scale_gradient(&mut ahead, sheet.grad());
        sheet.each("v", &state.v).same("t", ahead.t as f64);
        sheet.same("RMS(x)", rms(sheet.x())).same("RMS(u)", rms(&ahead.update));
        sheet.line("ρ", "min(η, 1 / √t)").line("α", "max(ε₂, RMS(x)) ρ");
        sheet.line("v", "v + t^γ (g² − v)").line("u", "g / √max(v, ε₁²)");
        if self.weight_decay != 0.0 {
            sheet.line("x", "x (1 − η λ)");
        }
        sheet.line("x", "x − α u / max(1, RMS(u) / d)");
    }
}
