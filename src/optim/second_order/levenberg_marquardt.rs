//! Levenberg-Marquardt: for sums of squares the Hessian without the curvature of the residuals, damped until a step leads down.
//!
//! Levenberg 1944, A Method for the Solution of Certain Non-Linear Problems in Least Squares; Marquardt 1963, An Algorithm for Least-Squares
//! Estimation of Nonlinear Parameters (damping in proportion to the diagonal). The damping follows Nielsen 1999, Damping Parameter in
//! Marquardt's Method, as in Madsen, Nielsen and Tingleff 2004, Methods for Non-Linear Least Squares Problems, Algorithm 3.16.

use serde::{Deserialize, Serialize};

use super::hessian::Matrix;
use crate::math::vector;
use crate::objective::Offer;
use crate::optim::{Optimizer, OptimizerInfo, Order, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Gauss-Newton steps with damping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LevenbergMarquardt {
    pub tau: f64,
    pub scaled: bool,
}

impl Default for LevenbergMarquardt {
    fn default() -> Self {
        Self {
            tau: 1e-3,
            scaled: false,
        }
    }
}

impl Parametric for LevenbergMarquardt {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("tau", "Tau", |r: &mut Self| &mut r.tau)
            .log(1e-8, 1.0)
            .limit(Limit::Positive)
            .symbol("τ")
            .help("Damping at the start, relative to the largest diagonal entry; small where the start is good"),
        ParamSpec::switch("scaled", "Scaled", |r: &mut Self| &mut r.scaled)
            .help("Damp each variable in proportion to its own diagonal entry (Marquardt) instead of all alike (Levenberg)"),
    ];
}

/// The damping and working memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Damping {
    /// λ; none before the first step.
    lambda: Option<f64>,
    /// What λ is multiplied with if a step does not lead down.
    nu: f64,
    matrix: Matrix,
    step: Vec<f64>,
    to: Vec<f64>,
}

/// Trials in one step, at the most: the damping has then grown beyond all use.
const TRIALS: usize = 30;
/// Share of the largest diagonal entry below which a diagonal entry is not believed: a variable without effect is damped too.
const LEAST: f64 = 1e-12;

impl LevenbergMarquardt {
    /// λ at the start.
    fn first(&self, largest: f64) -> f64 {
        if self.scaled { self.tau } else { self.tau * largest }
    }
}

impl Optimizer for LevenbergMarquardt {
    type State = Damping;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Levenberg-Marquardt",
        order: Order::Second,
        elementwise: false,
        formula: "(G + λ D) s = −g,   G = Jᵀ∇²ℓ J,   D = I, or the diagonal of G if scaled\nρ = (f(x) − f(x + s)) / promised\nρ > 0: x ← x + s, λ ← λ max(⅓, 1 − (2ρ − 1)³), ν ← 2,   else λ ← ν λ, ν ← 2ν and again",
        source: "Levenberg 1944; Marquardt 1963; Nielsen 1999, Damping Parameter in Marquardt's Method",
        variant: "Nielsen's damping; the exact Jacobian, one product a variable; one step is as many trials as it takes to go down",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Damping {
            lambda: None,
            nu: 2.0,
            matrix: Matrix::new(x0.len()),
            step: vec![0.0; x0.len()],
            to: x0.to_vec(),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Damping {
            lambda,
            nu,
            matrix,
            step,
            to,
        } = state;
        matrix.ask_gauss_newton(x, &mut ctx.oracle);
        let largest = matrix.diagonal().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let lambda = lambda.get_or_insert(self.first(largest));
        let weight = |entry: f64| if self.scaled { entry.max(LEAST * largest) } else { 1.0 };
        for _ in 0..TRIALS {
            let damping = *lambda;
            if matrix.solve_damped(|entry| entry + damping * weight(entry), ctx.grad, step) {
                vector::scale(-1.0, step);
                to.copy_from_slice(x);
                vector::axpy(1.0, step, to);
                // −g·s − s·G s / 2, with G s = −g − λ D s
                let damped: f64 = step.iter().zip(matrix.diagonal()).map(|(s, d)| weight(d) * s * s).sum();
                let promised = 0.5 * (damping * damped - vector::dot(ctx.grad, step));
                let ratio = (ctx.value - ctx.oracle.value(to)) / promised;
                if ratio > 0.0 {
                    let past = 2.0 * ratio - 1.0;
                    *lambda *= (1.0 - past * past * past).max(1.0 / 3.0);
                    *nu = 2.0;
                    x.copy_from_slice(to);
                    return StepEvent::Moved;
                }
            }
            *lambda *= *nu;
            *nu *= 2.0;
        }
        // Nothing leads down any more: at a minimum, or as near to one as rounding lets it come. The next step tries as the first did.
        *lambda = self.first(largest);
        *nu = 2.0;
        StepEvent::Rejected
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        if !offer.least_squares {
            return Some("needs a sum of squares: a model with the loss mse and no l1 penalty".to_owned());
        }
        super::too_many_for_a_matrix(offer)
    }
}
