//! RMSprop: the gradient over the root of the running mean of its squares.
//!
//! Tieleman and Hinton 2012, lecture 6.5 of Neural Networks for Machine Learning (unpublished); `centered` as in Graves 2013,
//! Generating Sequences With Recurrent Neural Networks, eq. 38-45. As in PyTorch ε stands outside the root, and η outside the
//! velocity; in Keras and TensorFlow both stand inside.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::framework::{Framework, convention};
use super::shown;
use crate::math::ops::renewed;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Root-mean-square propagation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RmsProp {
    pub lr: f64,
    pub alpha: f64,
    pub eps: f64,
    pub momentum: f64,
    pub centered: bool,
    pub initial_accumulator_value: f64,
    #[serde(skip_serializing_if = "Framework::is_usual")]
    pub convention: Framework,
}

impl Default for RmsProp {
    fn default() -> Self {
        Self {
            lr: 0.01,
            alpha: 0.99,
            eps: 1e-8,
            momentum: 0.0,
            centered: false,
            initial_accumulator_value: 0.0,
            convention: Framework::PyTorch,
        }
    }
}

impl Parametric for RmsProp {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        ParamSpec::number("alpha", "Smoothing", |r: &mut Self| &mut r.alpha)
            .near_one(0.9999)
            .limit(Limit::UnitOpen)
            .symbol("α")
            .help("Decay of the running mean of squared gradients; remembers about 1/(1 − α) of them"),
        hyper::eps(|r: &mut Self| &mut r.eps),
        hyper::momentum(|r: &mut Self| &mut r.momentum),
        ParamSpec::switch("centered", "Centred", |r: &mut Self| &mut r.centered)
            .help("Divide by the standard deviation of the gradient instead of its root mean square"),
        ParamSpec::number("initial_accumulator_value", "Initial mean", |r: &mut Self| {
            &mut r.initial_accumulator_value
        })
        .log(1e-6, 10.0)
        .limit(Limit::NonNegative)
        .symbol("v₀")
        .help("What the mean of squares starts from: above 0 it tames the first steps. PyTorch and Keras 0, TensorFlow 1: 1"),
        convention(
            |r: &Self| r.convention.id(),
            |r: &mut Self, id| r.convention = Framework::from_id(id),
        )
        .help("pytorch divides by √v + ε and puts η outside the velocity; keras (and TensorFlow) divides by √(v + ε) and puts η inside"),
    ];
}

/// Running means and velocity.
#[derive(Debug, Clone, PartialEq)]
pub struct Averages {
    v: Vec<f64>,
    /// Mean gradient, used if `centered`.
    m: Vec<f64>,
    velocity: Vec<f64>,
}

impl RmsProp {
    /// The formula of the velocity.
    fn velocity_line(&self, momentum: bool) -> &'static str {
        match (self.convention, momentum, self.centered) {
            (Framework::PyTorch, false, false) => "g / (√v + ε)",
            (Framework::PyTorch, false, true) => "g / (√s + ε)",
            (Framework::PyTorch, true, false) => "μ b + g / (√v + ε)",
            (Framework::PyTorch, true, true) => "μ b + g / (√s + ε)",
            (Framework::Keras, false, false) => "η g / √(v + ε)",
            (Framework::Keras, false, true) => "η g / √(s + ε)",
            (Framework::Keras, true, false) => "μ b + η g / √(v + ε)",
            (Framework::Keras, true, true) => "μ b + η g / √(s + ε)",
        }
    }
}

impl Optimizer for RmsProp {
    type State = Averages;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "RMSprop",
        order: Order::First,
        elementwise: true,
        formula: "v ← α v + (1 − α) g²\nm ← α m + (1 − α) g   (centred; else m = 0)\nb ← μ b + g / (√(v − m²) + ε)\nx ← x − η b",
        source: "Tieleman and Hinton 2012, lecture 6.5; centred: Graves 2013, eq. 38-45",
        variant: "torch.optim.RMSprop: ε outside the root, no bias correction, η outside the velocity; both inside by choice",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Averages {
            v: vec![self.initial_accumulator_value; x0.len()],
            m: vec![0.0; x0.len()],
            velocity: vec![0.0; x0.len()],
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let (inside, outside) = self.convention.rates(self.lr * ctx.lr_scale);
        let momentum = ctx.momentum_or(self.momentum);
        let (under, beside) = self.convention.epsilons(self.eps);
        let (alpha, centered) = (self.alpha, self.centered);
        let Averages { v, m, velocity } = state;
        each(x, ctx.grad, [v, m, velocity], |x, g, [v, m, b]| {
            *v = renewed(alpha * *v, (1.0 - alpha) * (g * g));
            let mut variance = *v;
            if centered {
                *m = renewed(alpha * *m, (1.0 - alpha) * g);
                variance -= *m * *m;
                // Rounding may leave it just below 0, where PyTorch's root is NaN.
                if variance < 0.0 {
                    variance = 0.0;
                }
            }
            *b = renewed(momentum * *b, inside * g / ((variance + under).sqrt() + beside));
            *x -= outside * *b;
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        let squares = if self.centered {
            let variance = state.v.iter().zip(&state.m).map(|(v, m)| v - m * m);
            shown::squares(&variance.collect::<Vec<_>>(), 1.0)
        } else {
            shown::squares(&state.v, 1.0)
        };
        if self.momentum == 0.0 {
            return vec![squares];
        }
        vec![shown::velocity(self, state, state.velocity.len()), squares]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        sheet.each("v", &state.v).each("m", &state.m).each("b", &state.velocity);
        sheet.line("v", "α v + (1 − α) g²");
        if self.centered {
            sheet.line("m", "α m + (1 − α) g").line("s", "max(v − m², 0)");
        }
        let momentum = sheet.momentum().unwrap_or(self.momentum);
        sheet.line("b", self.velocity_line(momentum != 0.0));
        let x = match self.convention {
            Framework::PyTorch => "x − η b",
            Framework::Keras => "x − b",
        };
        sheet.line("x", x);
    }
}
