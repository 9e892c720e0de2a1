//! The sharpest directions: the largest eigenvalues of the Hessian with their eigenvectors, from exact products alone.

use super::lanczos::{Eigenpair, leading_eigenpairs};
use crate::objective::{Batch, Objective, Scratch};

/// The `count` largest eigenvalues of ∇²f(x) over the batch, in falling order, each right to `tolerance` times the largest in
/// absolute value unless 300 products do not suffice. None come back if the Hessian is not finite at `x`.
pub fn top_eigenpairs(
    objective: &dyn Objective,
    x: &[f64],
    batch: Batch<'_>,
    count: usize,
    tolerance: f64,
    scratch: &mut Scratch,
) -> Vec<Eigenpair> {
    let product = |v: &[f64], hv: &mut [f64]| objective.hess_vec(x, v, batch, hv, scratch);
    leading_eigenpairs(objective.dim(), count, tolerance, product)
}

/// Sharpness: the largest eigenvalue of ∇²f(x) over the batch, as [`top_eigenpairs`] finds it; NaN where it is not finite.
pub fn top_eigenvalue(objective: &dyn Objective, x: &[f64], batch: Batch<'_>, tolerance: f64, scratch: &mut Scratch) -> f64 {
    let pairs = top_eigenpairs(objective, x, batch, 1, tolerance, scratch);
    pairs.first().map_or(f64::NAN, |pair| pair.value)
}
