//! The one door to elementary functions.
//!
//! The standard library's `exp`, `sin`, `powf` ... may differ between platforms and compiler versions, so that the same
//! experiment would give other bits elsewhere. Everything here is either correctly rounded by IEEE 754 (`sqrt`, `mul_add`) or
//! comes from `libm`, which is the same code on every platform.

pub use libm::{acos, asin, atan, cos, cosh, erf, erfc, exp, expm1, log1p, sin, sinh, tanh};

/// Sine and cosine together, the same bits as one by one, for little more than the price of one.
#[inline]
pub fn sin_cos(x: f64) -> (f64, f64) {
    libm::sincos(x)
}

/// Natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Decimal logarithm.
#[inline]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// 1, -1, or 0 at 0 and for what is not a number.
#[inline]
pub fn sign(x: f64) -> f64 {
    f64::from(i8::from(x > 0.0) - i8::from(x < 0.0))
}

/// x to the real power p.
#[inline]
pub fn powf(x: f64, p: f64) -> f64 {
    libm::pow(x, p)
}

/// x to the integer power n by repeated squaring: always the same sequence of products.
#[inline]
pub fn powi(x: f64, n: i32) -> f64 {
    let mut base = x;
    let mut left = n.unsigned_abs();
    let mut product = 1.0;
    while left > 0 {
        if left & 1 == 1 {
            product *= base;
        }
        base *= base;
        left >>= 1;
    }
    if n < 0 { 1.0 / product } else { product }
}

/// a b + c, rounded once.
#[inline(always)]
pub fn mul_add(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// ln(1 + e^x) without overflow.
#[inline]
pub fn softplus(x: f64) -> f64 {
    x.max(0.0) + log1p(exp(-x.abs()))
}

/// 1 / (1 + e^-x), without overflow in either tail.
#[inline]
pub fn sigmoid(x: f64) -> f64 {
    let e = exp(-x.abs());
    if x >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

/// memory + news, where a memory that has faded below the smallest normal number is nothing: arithmetic with what lies between is a
/// hundred times slower, and a mean of gradients that have become exactly 0 would stay there for ever.
#[inline(always)]
pub fn renewed(memory: f64, news: f64) -> f64 {
    // A test of bits is one instruction of eight lanes, a comparison of sizes two.
    const EXPONENT: u64 = f64::INFINITY.to_bits();
    if memory.to_bits() & EXPONENT == 0 {
        news
    } else {
        memory + news
    }
}

/// x, or 0 where it has faded below the smallest normal number.
#[inline(always)]
pub fn unless_faded(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { 0.0 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sine_and_cosine_are_the_same_together() {
        for i in -4000..4000 {
            let x = f64::from(i) * 0.137 + f64::from(i).powi(3) * 1e-4;
            assert_eq!(sin_cos(x), (sin(x), cos(x)), "{x}");
        }
    }
}
