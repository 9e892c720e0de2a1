//! RMSprop: the gradient over the root of the running mean of its squares.
//!
//! Tieleman and Hinton 2012, lecture 6.5 of Neural Networks for Machine Learning (unpublished); `centered` as in Graves 2013,
//! Generating Sequences With Recurrent Neural Networks, eq. 38-45. As in PyTorch ε stands outside the root, and η outside the velocity.

use serde::{Deserialize, Serialize};

use super::bias::faded;
use super::shown;
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
}

impl Default for RmsProp {
    fn default() -> Self {
        Self {
            lr: 0.01,
            alpha: 0.99,
            eps: 1e-8,
            momentum: 0.0,
            centered: false,
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
    #[inline(always)]
    fn update(&self, lr: f64, x: &mut [f64], grad: &[f64], v: &mut [f64], m: &mut [f64], velocity: &mut [f64]) {
        let (alpha, eps, momentum, centered) = (self.alpha, self.eps, self.momentum, self.centered);
        for ((((x, g), v), m), b) in x.iter_mut().zip(grad).zip(v).zip(m).zip(velocity) {
            *v = faded(alpha * *v) + (1.0 - alpha) * (g * g);
            let mut variance = *v;
            if centered {
                *m = faded(alpha * *m) + (1.0 - alpha) * g;
                variance -= *m * *m;
                // Rounding may leave it just below 0, where PyTorch's root is NaN.
                if variance < 0.0 {
                    variance = 0.0;
                }
            }
            *b = faded(momentum * *b) + g / (variance.sqrt() + eps);
            *x -= lr * *b;
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
        variant: "torch.optim.RMSprop: ε outside the root, no bias correction, η outside the velocity",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Averages {
            v: vec![0.0; x0.len()],
            m: vec![0.0; x0.len()],
            velocity: vec![0.0; x0.len()],
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        let n = x.len();
        self.update(
            lr,
            x,
            ctx.grad,
            &mut state.v[..n],
            &mut state.m[..n],
            &mut state.velocity[..n],
        );
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
            sheet.line("m", "α m + (1 − α) g").line("v − m²", "max(v − m², 0)");
        }
        sheet.line(
            "b",
            match (self.momentum != 0.0, self.centered) {
                (false, false) => "g / (√v + ε)",
                (false, true) => "g / (√(v − m²) + ε)",
                (true, false) => "μ b + g / (√v + ε)",
                (true, true) => "μ b + g / (√(v − m²) + ε)",
            },
        );
        sheet.line("x", "x − η b");
    }
}
