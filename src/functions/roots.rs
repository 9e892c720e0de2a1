//! Roots where formulas have kinks.

use crate::math::Real;

/// √|u|
#[inline]
pub(super) fn root_abs<T: Real>(u: T) -> T {
    u.abs().sqrt()
}

/// √(x² + y²)
#[inline]
pub(super) fn radius<T: Real>(x: T, y: T) -> T {
    (x.square() + y.square()).sqrt()
}

/// cos(√q) for q >= 0, which is smooth at 0 although the root is not: its series near 0.
#[inline]
pub(super) fn cos_of_root<T: Real>(q: T) -> T {
    // Σ (−q)ᵏ / (2k)!, to k = 8: the next term is below 1e-21.
    let series = || {
        (1..=8_u32).rev().fold(T::constant(1.0), |sum, k| {
            let k = f64::from(k);
            q * sum * (-1.0 / (2.0 * k * (2.0 * k - 1.0))) + 1.0
        })
    };
    T::select(q.above(0.25), || q.sqrt().cos(), series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosine_of_a_root_is_smooth_where_its_forms_meet() {
        for i in 0..500 {
            let q = f64::from(i) * 1e-3;
            assert!((cos_of_root(q) - q.sqrt().cos()).abs() < 1e-15, "{q}");
        }
    }
}
