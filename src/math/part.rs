//! The derivative part of a dual number: a number, or one that is known to be 0 or 1 before anything is computed.

use std::fmt::Debug;

use super::Real;

/// What the chain rule does to a derivative.
pub trait Part<T: Real>: Copy + Debug + PartialEq {
    fn zero() -> Self;
    fn one() -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn negated(self) -> Self;
    fn times(self, factor: T) -> Self;
    /// self · factor + rest, rounded once.
    fn times_plus(self, factor: T, rest: Self) -> Self;
    fn over(self, divisor: T) -> Self;
    fn scaled(self, factor: f64) -> Self;
    fn divided(self, divisor: f64) -> Self;
    fn blend(mask: T::Mask, then: Self, otherwise: Self) -> Self;
}

impl<T: Real> Part<T> for T {
    #[inline(always)]
    fn zero() -> Self {
        T::constant(0.0)
    }
    #[inline(always)]
    fn one() -> Self {
        T::constant(1.0)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn negated(self) -> Self {
        -self
    }
    #[inline(always)]
    fn times(self, factor: T) -> Self {
        self * factor
    }
    #[inline(always)]
    fn times_plus(self, factor: T, rest: Self) -> Self {
        self.mul_add(factor, rest)
    }
    #[inline(always)]
    fn over(self, divisor: T) -> Self {
        self / divisor
    }
    #[inline(always)]
    fn scaled(self, factor: f64) -> Self {
        self * factor
    }
    #[inline(always)]
    fn divided(self, divisor: f64) -> Self {
        self / divisor
    }
    #[inline(always)]
    fn blend(mask: T::Mask, then: Self, otherwise: Self) -> Self {
        T::blend(mask, then, otherwise)
    }
}

/// A derivative whose zeros and ones are known beforehand, so that nothing is computed with them: dy/dx costs no operation.
///
/// Wherever all slopes are finite, these are the bits that plain numbers give, but for the sign of a zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sparse<T> {
    Zero,
    One,
    Value(T),
}

impl<T: Real> Sparse<T> {
    /// As a number.
    #[inline(always)]
    pub fn get(self) -> T {
        match self {
            Self::Zero => T::constant(0.0),
            Self::One => T::constant(1.0),
            Self::Value(value) => value,
        }
    }
}

impl<T: Real> Part<T> for Sparse<T> {
    #[inline(always)]
    fn zero() -> Self {
        Self::Zero
    }
    #[inline(always)]
    fn one() -> Self {
        Self::One
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Zero, other) => other,
            (this, Self::Zero) => this,
            (this, other) => Self::Value(this.get() + other.get()),
        }
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        match (self, other) {
            (this, Self::Zero) => this,
            (Self::Zero, other) => other.negated(),
            (this, other) => Self::Value(this.get() - other.get()),
        }
    }
    #[inline(always)]
    fn negated(self) -> Self {
        match self {
            Self::Zero => Self::Zero,
            this => Self::Value(-this.get()),
        }
    }
    #[inline(always)]
    fn times(self, factor: T) -> Self {
        match self {
            Self::Zero => Self::Zero,
            Self::One => Self::Value(factor),
            Self::Value(value) => Self::Value(value * factor),
        }
    }
    #[inline(always)]
    fn times_plus(self, factor: T, rest: Self) -> Self {
        match (self, rest) {
            (Self::Value(value), Self::One | Self::Value(_)) => Self::Value(value.mul_add(factor, rest.get())),
            _ => self.times(factor).plus(rest),
        }
    }
    #[inline(always)]
    fn over(self, divisor: T) -> Self {
        match self {
            Self::Zero => Self::Zero,
            this => Self::Value(this.get() / divisor),
        }
    }
    #[inline(always)]
    fn scaled(self, factor: f64) -> Self {
        match self {
            Self::Zero => Self::Zero,
            this => Self::Value(this.get() * factor),
        }
    }
    #[inline(always)]
    fn divided(self, divisor: f64) -> Self {
        match self {
            Self::Zero => Self::Zero,
            this => Self::Value(this.get() / divisor),
        }
    }
    #[inline(always)]
    fn blend(mask: T::Mask, then: Self, otherwise: Self) -> Self {
        match (then, otherwise) {
            (Self::Zero, Self::Zero) => Self::Zero,
            (then, otherwise) => Self::Value(T::blend(mask, then.get(), otherwise.get())),
        }
    }
}
