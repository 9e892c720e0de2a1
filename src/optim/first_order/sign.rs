//! The sign of a gradient.

/// 1, −1, or 0 at 0 (`f64::signum` is 1 there).
#[inline(always)]
pub(super) fn sign(g: f64) -> f64 {
    if g > 0.0 {
        1.0
    } else if g < 0.0 {
        -1.0
    } else {
        0.0
    }
}
