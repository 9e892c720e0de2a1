//! Newton's method: to where the quadratic that fits value, gradient and Hessian has its stationary point.
//!
//! Newton 1669, Raphson 1690; Nocedal and Wright 2006, section 3.3. Plain, it goes to saddle points and maxima as gladly as to minima.
//! Damped, the Hessian is raised by τ I until it is positive definite (Algorithm 3.3 there) and the step is halved until f falls enough.

use serde::{Deserialize, Serialize};

use super::hessian::Matrix;
use crate::math::vector;
use crate::objective::Offer;
use crate::optim::line_search::backtrack;
use crate::optim::{Optimizer, OptimizerInfo, Order, StepCtx, StepEvent, hyper};
use crate::param::{ParamSpec, Parametric};

/// Newton's method with the exact Hessian.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Newton {
    pub lr: f64,
    pub damped: bool,
}

impl Default for Newton {
    fn default() -> Self {
        Self { lr: 1.0, damped: true }
    }
}

impl Parametric for Newton {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr).help("Share of the step to the quadratic's stationary point; 1 is Newton's"),
        ParamSpec::switch("damped", "Damped", |r: &mut Self| &mut r.damped)
            .help("Bend the Hessian until it is positive definite, and shorten steps that do not lead down"),
    ];
}

/// Working memory: a step depends on the point alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Quadratic {
    hessian: Matrix,
    direction: Vec<f64>,
    to: Vec<f64>,
}

impl Optimizer for Newton {
    type State = Quadratic;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Newton",
        order: Order::Second,
        elementwise: false,
        formula: "d = −(∇²f + τ I)⁻¹ g   (τ = 0 plain; damped: the smallest of a few that makes it positive definite)\nx ← x + t d,   t = η, halved until f falls enough if damped",
        source: "Nocedal and Wright 2006, Numerical Optimization, section 3.3 and Algorithm 3.3",
        variant: "damped or plain; the exact Hessian, one product a coordinate; plain it stands still where the Hessian is singular",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Quadratic {
            hessian: Matrix::new(x0.len()),
            direction: vec![0.0; x0.len()],
            to: x0.to_vec(),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Quadratic { hessian, direction, to } = state;
        hessian.ask(x, &mut ctx.oracle);
        let mut t = self.lr * ctx.lr_scale;
        if self.damped {
            let bound = hessian.bound().max(f64::MIN_POSITIVE);
            let mut shift = 0.0;
            // A shift by the bound makes every matrix positive semidefinite, so this ends.
            while !hessian.solve_damped(|a| a + shift, ctx.grad, direction) && shift <= 4.0 * bound {
                shift = (4.0 * shift).max(1e-3 * bound);
            }
        } else if !hessian.solve(ctx.grad, direction) {
            direction.fill(0.0);
        }
        vector::scale(-1.0, direction);
        if self.damped {
            let slope = vector::dot(ctx.grad, direction);
            t = if slope < 0.0 {
                backtrack(x, direction, ctx.value, slope, t, to, &mut ctx.oracle)
            } else {
                0.0
            };
        }
        vector::axpy(t, direction, x);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        super::too_many_for_a_matrix(offer)
    }
}
