//! Rules that choose the length of a step by asking along a line, and the searches they share.

mod conjugate_gradient;
mod descent;
mod strong_wolfe;

pub use conjugate_gradient::{Beta, ConjugateGradient};
pub use descent::{Along, LineSearchDescent};
pub(super) use strong_wolfe::Search;

use crate::math::vector;
use crate::objective::Oracle;

/// Halves `t` until f(x + t d) <= f(x) + 1e-4 t ∇f·d (Armijo 1966), at most 60 times. Writes x + t d to `to` and returns t; 0 if no
/// step along d makes f smaller.
pub(super) fn backtrack(
    x: &[f64],
    d: &[f64],
    value: f64,
    slope: f64,
    mut t: f64,
    to: &mut [f64],
    oracle: &mut Oracle<'_>,
) -> f64 {
    for _ in 0..60 {
        to.copy_from_slice(x);
        vector::axpy(t, d, to);
        if oracle.value(to) <= value + 1e-4 * t * slope {
            return t;
        }
        t *= 0.5;
    }
    to.copy_from_slice(x);
    0.0
}
