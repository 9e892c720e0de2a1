//! Gradient descent with a line search: no learning rate to choose, only where to look first.
//!
//! Cauchy 1847; Armijo 1966, Minimization of Functions Having Lipschitz Continuous First Partial Derivatives, for backtracking; Wolfe 1969 for the
//! conditions of the other search.

use serde::{Deserialize, Serialize};

use super::{Search, backtrack};
use crate::math::vector;
use crate::optim::{Optimizer, OptimizerInfo, Order, StepCtx, StepEvent, hyper};
use crate::param::{ParamSpec, Parametric};

/// Steepest descent along searched lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineSearchDescent {
    pub lr: f64,
    pub line_search: Along,
}

/// Which conditions a step must meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Along {
    Armijo,
    StrongWolfe,
}

impl Default for LineSearchDescent {
    fn default() -> Self {
        Self {
            lr: 1.0,
            line_search: Along::Armijo,
        }
    }
}

impl Parametric for LineSearchDescent {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr).help("Length that is tried first, in units of the gradient"),
        ParamSpec::choice(
            "line_search",
            "Line search",
            &["armijo", "strong_wolfe"],
            |r: &Self| match r.line_search {
                Along::Armijo => "armijo",
                Along::StrongWolfe => "strong_wolfe",
            },
            |r: &mut Self, word| {
                r.line_search = match word {
                    "strong_wolfe" => Along::StrongWolfe,
                    _ => Along::Armijo,
                }
            },
        )
        .help("Halve until f falls enough, or search until it also flattens"),
    ];
}

/// Working memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    direction: Vec<f64>,
    to: Vec<f64>,
    search: Search,
}

impl Optimizer for LineSearchDescent {
    type State = Line;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Descent with line search",
        order: Order::First,
        elementwise: false,
        formula: "d = −g\nx ← x + t d,   t = η, η/2, η/4 ... until f(x + t d) ≤ f(x) + 10⁻⁴ t g·d",
        source: "Cauchy 1847; Armijo 1966; Wolfe 1969",
        variant: "backtracking by halves, or the strong Wolfe conditions with curvature 0.9",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        let n = x0.len();
        Line {
            direction: vec![0.0; n],
            to: x0.to_vec(),
            search: Search::new(n, 0.9),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Line { direction, to, search } = state;
        for (d, g) in direction.iter_mut().zip(ctx.grad) {
            *d = -g;
        }
        let slope = -vector::dot(ctx.grad, ctx.grad);
        let first = self.lr * ctx.lr_scale;
        if slope == 0.0 {
            return StepEvent::Moved;
        }
        let t = match self.line_search {
            Along::Armijo => backtrack(x, direction, ctx.value, slope, first, to, &mut ctx.oracle),
            Along::StrongWolfe => {
                search.begin(ctx.value, slope, ctx.grad);
                search.run(x, direction, first, 1e-14, 25, &mut ctx.oracle);
                search.new.t
            }
        };
        vector::axpy(t, direction, x);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }
}
