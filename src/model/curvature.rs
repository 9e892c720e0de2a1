//! Sharpness: the largest eigenvalue of the Hessian.

use nalgebra::{DMatrix, SymmetricEigen};

use crate::math::{Purpose, Rng, vector};
use crate::objective::{Batch, Objective, Scratch};

/// Steps after which Lanczos gives up.
const MAX_STEPS: usize = 200;

/// The algebraically largest eigenvalue of ∇²f(x) over the batch, by Lanczos with full reorthogonalisation (Lanczos 1950; Paige 1972).
///
/// It stops when the residual |Hy - λy| of the leading Ritz pair is at most `tol` |λ|, which bounds the distance to an eigenvalue by the same
/// amount; a few to a few dozen Hessian-vector products. NaN where the Hessian is not finite.
pub fn top_eigenvalue(objective: &dyn Objective, x: &[f64], batch: Batch<'_>, tol: f64, scratch: &mut Scratch) -> f64 {
    let n = objective.dim();
    let mut rng = Rng::stream(0, Purpose::Directions, u64::MAX);
    let mut q: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
    vector::scale(1.0 / vector::norm(&q), &mut q);
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let (mut diagonal, mut off_diagonal) = (Vec::new(), Vec::new());
    let mut top = f64::NAN;
    for _ in 0..n.min(MAX_STEPS) {
        let mut w = vec![0.0; n];
        objective.hess_vec(x, &q, batch, &mut w, scratch);
        let alpha = vector::dot(&q, &w);
        if !alpha.is_finite() {
            return f64::NAN;
        }
        diagonal.push(alpha);
        basis.push(q);
        // Twice is enough (Parlett 1980).
        for _ in 0..2 {
            for q in &basis {
                vector::axpy(-vector::dot(q, &w), q, &mut w);
            }
        }
        let beta = vector::norm(&w);
        let (value, last) = leading_ritz_pair(&diagonal, &off_diagonal);
        top = value;
        let scale = diagonal.iter().chain(&off_diagonal).fold(0.0_f64, |m, a| m.max(a.abs()));
        if beta * last.abs() <= tol * value.abs() || beta <= f64::EPSILON * scale {
            break;
        }
        off_diagonal.push(beta);
        vector::scale(1.0 / beta, &mut w);
        q = w;
    }
    top
}

/// The largest eigenvalue of the tridiagonal matrix, and the last component of its eigenvector.
fn leading_ritz_pair(diagonal: &[f64], off_diagonal: &[f64]) -> (f64, f64) {
    let k = diagonal.len();
    let mut matrix = DMatrix::from_fn(k, k, |i, j| if i == j { diagonal[i] } else { 0.0 });
    for (i, &beta) in off_diagonal.iter().enumerate() {
        matrix[(i, i + 1)] = beta;
        matrix[(i + 1, i)] = beta;
    }
    let eigen = SymmetricEigen::new(matrix);
    let top = eigen.eigenvalues.imax();
    (eigen.eigenvalues[top], eigen.eigenvectors[(k - 1, top)])
}
