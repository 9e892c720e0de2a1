//! Rules that know or learn the curvature: from products of the Hessian with vectors, or from how the gradient changes.

mod bfgs;
mod hessian;
mod krylov;
mod lbfgs;
mod least_squares;
mod levenberg_marquardt;
mod newton;
mod newton_cg;
mod sophia;
mod trust_region;

pub use bfgs::Bfgs;
pub use lbfgs::{Lbfgs, LineSearch};
pub use least_squares::ExactLeastSquares;
pub use levenberg_marquardt::LevenbergMarquardt;
pub use newton::Newton;
pub use newton_cg::NewtonCg;
pub use sophia::{Convention, Estimator, Sophia};
pub use trust_region::TrustRegionNewton;

use crate::objective::Offer;

/// The most variables for which a matrix with an entry for every pair of them is kept: 32 MB.
const DENSE: usize = 2000;

/// The refusal of a rule that keeps such a matrix.
fn too_many_for_a_matrix(offer: &Offer) -> Option<String> {
    let refusal = offer.beyond(DENSE, "keeps a matrix with an entry for every pair of variables")?;
    Some(format!("{refusal}. L-BFGS and Newton-CG do without"))
}
