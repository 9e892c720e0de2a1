//! What a formula may be evaluated over: plain numbers, or numbers that carry their derivatives.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::ops;

/// A real number as far as a formula is concerned.
///
/// A landscape is written once, over `T: Real`; `f64` gives its value, [`Dual`](super::Dual) its gradient and, nested, its Hessian.
pub trait Real:
    Copy
    + Debug
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
{
    /// A number that does not depend on any variable.
    fn constant(value: f64) -> Self;
    /// The value without its derivatives. A formula that looks at it cannot be recorded, and is then slow over many points: prefer
    /// [`Self::select`].
    fn value(self) -> f64;
    /// The outcome of a comparison.
    type Mask: Copy;
    /// self > bound
    fn above(self, bound: f64) -> Self::Mask;
    /// self = 0
    fn is_zero(self) -> Self::Mask;
    /// Whether a comparison holds; none while a formula is only recorded.
    fn certain(mask: Self::Mask) -> Option<bool>;
    /// `then` where the comparison holds, else `otherwise`.
    fn blend(mask: Self::Mask, then: Self, otherwise: Self) -> Self;
    /// What `then` gives where the comparison holds, else what `otherwise` gives: the one that is not wanted is not worked out.
    #[inline]
    fn select(mask: Self::Mask, then: impl FnOnce() -> Self, otherwise: impl FnOnce() -> Self) -> Self {
        match Self::certain(mask) {
            Some(true) => then(),
            Some(false) => otherwise(),
            None => Self::blend(mask, then(), otherwise()),
        }
    }
    /// self · factor + rest, rounded once.
    fn mul_add(self, factor: Self, rest: Self) -> Self;
    fn exp(self) -> Self;
    fn ln(self) -> Self;
    /// Square root, with slope 0 at 0, where it has none: the convention for |x| carried on. A landscape that is drawn or started there
    /// then has a gradient instead of 0/0.
    fn sqrt(self) -> Self;
    /// Sine and cosine: each is the other's slope, so dual numbers need both.
    fn sin_cos(self) -> (Self, Self);
    /// |x|, with derivative sign(x) and 0 at 0.
    fn abs(self) -> Self;
    /// 1, -1, or 0 at 0; its derivative is 0.
    fn sign(self) -> Self;
    /// x to the integer power n.
    fn powi(self, n: i32) -> Self;
    /// x to the real power p.
    fn powf(self, p: f64) -> Self;
    /// x to a power that varies too; x > 0.
    fn pow(self, exponent: Self) -> Self;
    /// Decimal logarithm.
    fn log10(self) -> Self;
    fn tanh(self) -> Self;
    /// Hyperbolic sine and cosine: each is the other's slope.
    fn sinh_cosh(self) -> (Self, Self);
    fn asin(self) -> Self;
    fn acos(self) -> Self;
    fn atan(self) -> Self;

    #[inline]
    fn sin(self) -> Self {
        self.sin_cos().0
    }
    #[inline]
    fn cos(self) -> Self {
        self.sin_cos().1
    }

    /// x². Formulas are full of squares: this is the cheap way to write one.
    #[inline]
    fn square(self) -> Self {
        self * self
    }

    /// x² + rest, rounded once.
    #[inline]
    fn square_plus(self, rest: Self) -> Self {
        self.mul_add(self, rest)
    }
}

impl Real for f64 {
    #[inline]
    fn constant(value: f64) -> Self {
        value
    }
    #[inline]
    fn value(self) -> f64 {
        self
    }
    type Mask = bool;
    #[inline]
    fn above(self, bound: f64) -> bool {
        self > bound
    }
    #[inline]
    fn is_zero(self) -> bool {
        self == 0.0
    }
    #[inline]
    fn certain(mask: bool) -> Option<bool> {
        Some(mask)
    }
    #[inline]
    fn blend(mask: bool, then: Self, otherwise: Self) -> Self {
        if mask { then } else { otherwise }
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, rest: Self) -> Self {
        ops::mul_add(self, factor, rest)
    }
    #[inline]
    fn exp(self) -> Self {
        ops::exp(self)
    }
    #[inline]
    fn ln(self) -> Self {
        ops::ln(self)
    }
    #[inline]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline]
    fn sin_cos(self) -> (Self, Self) {
        ops::sin_cos(self)
    }
    #[inline]
    fn sin(self) -> Self {
        ops::sin(self)
    }
    #[inline]
    fn cos(self) -> Self {
        ops::cos(self)
    }
    #[inline]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline]
    fn sign(self) -> Self {
        ops::sign(self)
    }
    #[inline]
    fn powi(self, n: i32) -> Self {
        ops::powi(self, n)
    }
    #[inline]
    fn powf(self, p: f64) -> Self {
        ops::powf(self, p)
    }
    #[inline]
    fn pow(self, exponent: Self) -> Self {
        ops::powf(self, exponent)
    }
    #[inline]
    fn log10(self) -> Self {
        ops::log10(self)
    }
    #[inline]
    fn tanh(self) -> Self {
        ops::tanh(self)
    }
    #[inline]
    fn sinh_cosh(self) -> (Self, Self) {
        (ops::sinh(self), ops::cosh(self))
    }
    #[inline]
    fn asin(self) -> Self {
        ops::asin(self)
    }
    #[inline]
    fn acos(self) -> Self {
        ops::acos(self)
    }
    #[inline]
    fn atan(self) -> Self {
        ops::atan(self)
    }
}
