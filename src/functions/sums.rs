//! Sums over the coordinates of a point, for formulas in any number of variables.

use crate::math::Real;

/// Σ f(i, xᵢ), i from 0. Two terms are written out: code without a loop is what the compiler spreads over wide registers.
#[inline(always)]
pub(super) fn sum<T: Real>(x: &[T], f: impl Fn(usize, T) -> T) -> T {
    match *x {
        [first, second] => f(0, first) + f(1, second),
        _ => gather(x.iter().enumerate().map(|(i, x)| f(i, *x)), |a, b| a + b),
    }
}

/// Π f(i, xᵢ).
#[inline(always)]
pub(super) fn product<T: Real>(x: &[T], f: impl Fn(usize, T) -> T) -> T {
    match *x {
        [first, second] => f(0, first) * f(1, second),
        _ => gather(x.iter().enumerate().map(|(i, x)| f(i, *x)), |a, b| a * b),
    }
}

/// Σ f(i, xᵢ, xᵢ₊₁) over neighbours.
#[inline(always)]
pub(super) fn sum_of_pairs<T: Real>(x: &[T], f: impl Fn(usize, T, T) -> T) -> T {
    match *x {
        [first, second] => f(0, first, second),
        _ => gather(x.array_windows().enumerate().map(|(i, [a, b])| f(i, *a, *b)), |a, b| a + b),
    }
}

#[inline(always)]
fn gather<T: Real>(terms: impl Iterator<Item = T>, join: impl Fn(T, T) -> T) -> T {
    terms.reduce(join).unwrap_or(T::constant(0.0))
}
