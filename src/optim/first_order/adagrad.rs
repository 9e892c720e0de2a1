//! Adagrad: the gradient over the root of the sum of all squared gradients so far.
//!
//! Duchi, Hazan and Singer 2011, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization, with the diagonal matrix. PyTorch's
//! `lr_decay` shrinks η by 1 / (1 + (t − 1) δ) on top.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::framework::{Framework, convention};
use super::shown;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Steps that shrink as gradients add up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adagrad {
    pub lr: f64,
    pub lr_decay: f64,
    pub initial_accumulator_value: f64,
    pub eps: f64,
    #[serde(skip_serializing_if = "Framework::is_usual")]
    pub convention: Framework,
}

impl Default for Adagrad {
    fn default() -> Self {
        Self {
            lr: 1.5,
            lr_decay: 0.0,
            initial_accumulator_value: 0.0,
            eps: 1e-10,
            convention: Framework::PyTorch,
        }
    }
}

impl Parametric for Adagrad {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        ParamSpec::number("lr_decay", "Decay of the learning rate", |r: &mut Self| &mut r.lr_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("δ")
            .help("The learning rate is divided by 1 + δ times the number of steps done"),
        ParamSpec::number("initial_accumulator_value", "Initial sum", |r: &mut Self| {
            &mut r.initial_accumulator_value
        })
        .log(1e-6, 10.0)
        .limit(Limit::NonNegative)
        .symbol("s₀")
        .help("What the sum of squares starts from: above 0 it tames the first steps. PyTorch 0, Keras and TensorFlow 0.1"),
        hyper::eps(|r: &mut Self| &mut r.eps),
        convention(
            |r: &Self| r.convention.id(),
            |r: &mut Self, id| r.convention = Framework::from_id(id),
        )
        .help("pytorch divides by √s + ε, keras by √(s + ε); Keras and TensorFlow start from s₀ = 0.1"),
    ];
}

/// The sum of squared gradients.
#[derive(Debug, Clone, PartialEq)]
pub struct SumOfSquares {
    sum: Vec<f64>,
    /// Steps done.
    t: u64,
}

impl Optimizer for Adagrad {
    type State = SumOfSquares;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Adagrad",
        order: Order::First,
        elementwise: true,
        formula: "s ← s + g²\nx ← x − η / (1 + (t − 1) δ) · g / (√s + ε)",
        source: "Duchi, Hazan and Singer 2011, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
        variant: "torch.optim.Adagrad: ε outside the root, s₀ = 0; inside by choice",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        SumOfSquares {
            sum: vec![self.initial_accumulator_value; x0.len()],
            t: 0,
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let rate = self.lr * ctx.lr_scale / (1.0 + state.t as f64 * self.lr_decay);
        state.t += 1;
        let (under, beside) = self.convention.epsilons(self.eps);
        each(x, ctx.grad, [&mut state.sum], |x, g, [sum]| {
            *sum += g * g;
            *x -= rate * g / ((*sum + under).sqrt() + beside);
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![shown::squares(&state.sum, 1.0)]
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        sheet.each("s", &state.sum).same("t", (state.t + 1) as f64);
        sheet.line("s", "s + g²").line("ηₜ", "η / (1 + (t − 1) δ)");
        let x = match self.convention {
            Framework::PyTorch => "x − ηₜ g / (√s + ε)",
            Framework::Keras => "x − ηₜ g / √(s + ε)",
        };
        sheet.line("x", x);
    }
}
