//! Least squares solved at once: for a linear model with a squared loss the minimum is known, and one step is there.
//!
//! Golub 1965, Numerical Methods for Solving Linear Least Squares Problems; Björck 1967, Iterative Refinement of Linear Least Squares
//! Solutions I. See [`crate::math::least_squares`].

use serde::{Deserialize, Serialize};

use crate::math::least_squares::{Equations, Solution};
use crate::objective::{Offer, Oracle};
use crate::optim::{Optimizer, OptimizerInfo, Order, StepCtx, StepEvent};
use crate::param::{ParamSpec, Parametric};

/// The exact minimum of a linear model with a squared loss.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExactLeastSquares {}

impl Parametric for ExactLeastSquares {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

/// The most coefficients that are kept, a row of them for each row of the data: twice 160 MB.
const MOST: usize = 20_000_000;
/// Lost digits that are worth a word.
const MANY_DIGITS: u32 = 4;

impl Optimizer for ExactLeastSquares {
    /// The minimum, once it is known.
    type State = Option<Solution>;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Exact least squares",
        order: Order::Second,
        elementwise: false,
        formula: "A = Q R,   x ← R⁻¹ Qᵀ b\nthen x ← x + δ until δ no longer shrinks, b − A x in twice the digits",
        source: "Golub 1965, Numerical Methods for Solving Linear Least Squares Problems; Björck 1967, Iterative Refinement of Linear Least Squares Solutions I",
        variant: "Householder reflections with column scaling and pivoting; penalties are further rows of A; where columns depend on others their weights are 0",
    };

    fn init(&self, _x0: &[f64]) -> Self::State {
        None
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        if state.is_none() {
            *state = solve(x.len(), &mut ctx.oracle);
        }
        match state {
            Some(solution) if x != solution.x => {
                x.copy_from_slice(&solution.x);
                StepEvent::Moved
            }
            _ => StepEvent::Rejected,
        }
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        let Some(equations) = offer.equations else {
            return Some("needs a model without hidden layers, with the loss mse and no l1 penalty".to_owned());
        };
        if offer.minibatches {
            return Some("solves for all rows at once; let every step see all of them (full batch)".to_owned());
        }
        let kept = equations.saturating_add(offer.dim).saturating_mul(offer.dim);
        (kept > MOST).then(|| {
            format!(
                "keeps a coefficient for every variable and row, {MOST} at the most; here are {kept}. L-BFGS and Newton-CG do without"
            )
        })
    }

    fn remark(&self, state: &Self::State) -> Option<String> {
        let solution = state.as_ref()?;
        let (rank, columns) = (solution.rank, solution.x.len());
        let lost = solution.digits_lost();
        if rank < columns {
            let spare = columns - rank;
            return Some(format!(
                "{spare} of {columns} parameters follow from the others and are 0; other weights do as well"
            ));
        }
        (lost >= MANY_DIGITS).then(|| {
            let condition = solution.condition;
            format!("ill-conditioned (condition number {condition:.1e}): about {lost} of 16 digits are lost")
        })
    }
}

/// The minimum of the squares and of weight decay around the rule; none where there are no linear equations.
fn solve(dim: usize, oracle: &mut Oracle<'_>) -> Option<Solution> {
    let decay = oracle.decay();
    let linear = oracle.linear_equations()?;
    let rows = linear.count();
    let decayed = if decay > 0.0 { dim } else { 0 };
    let mut equations = Equations::new(rows + decayed, dim);
    let mut coefficients = vec![0.0; dim];
    for row in 0..rows {
        let right = linear.equation(row, &mut coefficients);
        equations.set(row, &coefficients, right);
    }
    for variable in 0..decayed {
        coefficients.fill(0.0);
        coefficients[variable] = (0.5 * decay / linear.factor()).sqrt();
        equations.set(rows + variable, &coefficients, 0.0);
    }
    Some(equations.solve())
}
