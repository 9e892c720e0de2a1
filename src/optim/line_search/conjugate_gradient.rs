//! Nonlinear conjugate gradients: each direction keeps what the last one won.
//!
//! Fletcher and Reeves 1964, Function Minimization by Conjugate Gradients; Polak and Ribière 1969, never below 0 (Gilbert and Nocedal 1992). The
//! line search is strong Wolfe with curvature 0.1 and starts from the decrease of the last step (Nocedal and Wright 2006, eq. 3.60).

use serde::{Deserialize, Serialize};

use super::Search;
use crate::math::vector;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Nonlinear conjugate gradients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConjugateGradient {
    pub beta: Beta,
    /// Largest share of the slope that a line search may leave.
    pub c2: f64,
}

/// How much of the last direction is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beta {
    FletcherReeves,
    PolakRibiere,
}

impl Default for ConjugateGradient {
    fn default() -> Self {
        Self {
            beta: Beta::PolakRibiere,
            c2: 0.1,
        }
    }
}

impl Parametric for ConjugateGradient {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
        "beta",
        "Beta",
        &["polak_ribiere", "fletcher_reeves"],
        |r: &Self| match r.beta {
            Beta::FletcherReeves => "fletcher_reeves",
            Beta::PolakRibiere => "polak_ribiere",
        },
        |r: &mut Self, word| {
            r.beta = match word {
                "fletcher_reeves" => Beta::FletcherReeves,
                _ => Beta::PolakRibiere,
            }
        },
    )
    .symbol("β")
    .help("How much of the last direction is kept; Polak and Ribière's forgets by itself when progress stops"),
        ParamSpec::number("c2", "Curvature c₂", |r: &mut Self| &mut r.c2)
            .log(1e-9, 0.5)
            .limit(Limit::UnitOpen)
            .symbol("c₂")
            .help("How much of the slope may be left at the end of a line search: near 0 it is exact, and a quadratic takes n steps"),
    ];
}

/// The last direction and gradient.
#[derive(Debug, Clone, PartialEq)]
pub struct Conjugate {
    direction: Vec<f64>,
    grad: Vec<f64>,
    /// Value before the last step.
    value: Option<f64>,
    t: f64,
    search: Search,
}

impl Optimizer for ConjugateGradient {
    type State = Conjugate;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Conjugate gradients",
        order: Order::First,
        elementwise: false,
        formula: "β = g·g / g₋₁·g₋₁   or   max(0, g·(g − g₋₁) / g₋₁·g₋₁)\nd ← −g + β d\nx ← x + t d,   t by line search",
        source: "Fletcher and Reeves 1964; Polak and Ribière 1969",
        variant: "strong Wolfe search with curvature c₂; starts over where d is no descent",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        let n = x0.len();
        Conjugate {
            direction: vec![0.0; n],
            grad: vec![0.0; n],
            value: None,
            t: 0.0,
            search: Search::new(n, self.c2),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Conjugate {
            direction,
            grad,
            value,
            t,
            search,
        } = state;
        let squares = vector::dot(ctx.grad, ctx.grad);
        if squares == 0.0 {
            return StepEvent::Moved;
        }
        let before = vector::dot(grad, grad);
        let kept = match self.beta {
            _ if before == 0.0 => 0.0,
            Beta::FletcherReeves => squares / before,
            Beta::PolakRibiere => ((squares - vector::dot(ctx.grad, grad)) / before).max(0.0),
        };
        for (d, g) in direction.iter_mut().zip(ctx.grad) {
            *d = kept * *d - g;
        }
        let mut slope = vector::dot(ctx.grad, direction);
        if slope >= 0.0 {
            for (d, g) in direction.iter_mut().zip(ctx.grad) {
                *d = -g;
            }
            slope = -squares;
        }
        // The first length: a unit step, then one that would gain as much as the last.
        let first = match *value {
            None => 1.0 / squares.sqrt(),
            Some(last) => (1.01 * 2.0 * (ctx.value - last) / slope).min(1.0),
        };
        let first = if first > 0.0 { first } else { 1.0 };
        search.begin(ctx.value, slope, ctx.grad);
        search.run(x, direction, first, 1e-14, 25, &mut ctx.oracle);
        *t = search.new.t;
        *value = Some(ctx.value);
        grad.copy_from_slice(ctx.grad);
        vector::axpy(*t, direction, x);
        StepEvent::Moved
    }

    /// The direction is remembered and becomes part of the next one.
    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![Overlay::Velocity(state.direction.iter().map(|d| d * state.t).collect())]
    }
}
