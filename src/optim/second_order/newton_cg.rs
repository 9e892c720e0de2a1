//! Newton's direction by conjugate gradients: Hessian-vector products are all it needs, so it suits many variables.
//!
//! Dembo and Steihaug 1983, Truncated-Newton Algorithms for Large-Scale Unconstrained Optimization; Nocedal and Wright 2006, Algorithm 7.1.

use serde::{Deserialize, Serialize};

use super::krylov::Krylov;
use crate::math::vector;
use crate::optim::line_search::backtrack;
use crate::optim::{Optimizer, OptimizerInfo, Order, StepCtx, StepEvent, hyper};
use crate::param::{ParamSpec, Parametric};

/// Truncated Newton with a line search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewtonCg {
    pub lr: f64,
}

impl Default for NewtonCg {
    fn default() -> Self {
        Self { lr: 1.0 }
    }
}

impl Parametric for NewtonCg {
    const PARAMS: &'static [ParamSpec<Self>] =
        &[hyper::lr(|r: &mut Self| &mut r.lr).help("Length that is tried first, in units of Newton's step")];
}

/// Working memory: a step depends on the point alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Truncated {
    krylov: Krylov,
    to: Vec<f64>,
}

impl Optimizer for NewtonCg {
    type State = Truncated;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Newton-CG",
        order: Order::Second,
        elementwise: false,
        formula: "∇²f d ≈ −g   by conjugate gradients, until |∇²f d + g| ≤ min(½, √|g|) |g| or f curves down\nx ← x + t d,   t = η, halved until f falls enough",
        source: "Dembo and Steihaug 1983; Nocedal and Wright 2006, Algorithm 7.1",
        variant: "backtracking by halves",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Truncated {
            krylov: Krylov::new(x0.len()),
            to: x0.to_vec(),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Truncated { krylov, to } = state;
        let norm = vector::norm(ctx.grad);
        let tolerance = norm.sqrt().min(0.5) * norm;
        krylov.solve(x, ctx.grad, f64::INFINITY, tolerance, &mut ctx.oracle);
        let slope = vector::dot(ctx.grad, &krylov.step);
        let t = if slope < 0.0 {
            backtrack(x, &krylov.step, ctx.value, slope, self.lr * ctx.lr_scale, to, &mut ctx.oracle)
        } else {
            0.0
        };
        vector::axpy(t, &krylov.step, x);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }
}
