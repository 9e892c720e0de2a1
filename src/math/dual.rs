//! Forward-mode automatic differentiation.
//!
//! A dual number carries a value and its derivatives in N directions, and every operation obeys the chain rule exactly
//! (Clifford 1873; Wengert 1964). Nested, `Dual<Dual<f64, N>, N>` carries second derivatives.

use std::cmp::Ordering;
use std::f64::consts::LOG10_E;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Real;

/// A number with its derivatives in N directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual<T, const N: usize> {
    pub re: T,
    pub eps: [T; N],
}

impl<T: Real, const N: usize> Dual<T, N> {
    /// The variable that moves along direction `i` with unit speed.
    #[inline]
    pub fn variable(value: T, i: usize) -> Self {
        let mut eps = [T::constant(0.0); N];
        eps[i] = T::constant(1.0);
        Self { re: value, eps }
    }

    /// `f(self)` where `f` has this value and slope here.
    #[inline]
    fn chain(self, value: T, slope: T) -> Self {
        Self {
            re: value,
            eps: self.eps.map(|e| e * slope),
        }
    }
}

impl<T: Real, const N: usize> PartialOrd for Dual<T, N> {
    /// Compares values only: a formula branches on where it is, not on how fast it changes.
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.re.partial_cmp(&other.re)
    }
}

impl<T: Real, const N: usize> Add for Dual<T, N> {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self {
            re: self.re + other.re,
            eps: std::array::from_fn(|i| self.eps[i] + other.eps[i]),
        }
    }
}

impl<T: Real, const N: usize> Sub for Dual<T, N> {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self {
            re: self.re - other.re,
            eps: std::array::from_fn(|i| self.eps[i] - other.eps[i]),
        }
    }
}

impl<T: Real, const N: usize> Mul for Dual<T, N> {
    type Output = Self;
    #[inline]
    #[expect(clippy::suspicious_arithmetic_impl, reason = "the product rule has sums and products in it")]
    fn mul(self, other: Self) -> Self {
        Self {
            re: self.re * other.re,
            eps: std::array::from_fn(|i| self.eps[i] * other.re + self.re * other.eps[i]),
        }
    }
}

impl<T: Real, const N: usize> Div for Dual<T, N> {
    type Output = Self;
    #[inline]
    #[expect(
        clippy::suspicious_arithmetic_impl,
        reason = "the quotient rule has sums and products in it"
    )]
    fn div(self, other: Self) -> Self {
        let re = self.re / other.re;
        Self {
            re,
            eps: std::array::from_fn(|i| (self.eps[i] - re * other.eps[i]) / other.re),
        }
    }
}

impl<T: Real, const N: usize> Neg for Dual<T, N> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self {
            re: -self.re,
            eps: self.eps.map(|e| -e),
        }
    }
}

impl<T: Real, const N: usize> Add<f64> for Dual<T, N> {
    type Output = Self;
    #[inline]
    fn add(self, other: f64) -> Self {
        Self {
            re: self.re + other,
            ..self
        }
    }
}

impl<T: Real, const N: usize> Sub<f64> for Dual<T, N> {
    type Output = Self;
    #[inline]
    fn sub(self, other: f64) -> Self {
        Self {
            re: self.re - other,
            ..self
        }
    }
}

impl<T: Real, const N: usize> Mul<f64> for Dual<T, N> {
    type Output = Self;
    #[inline]
    fn mul(self, other: f64) -> Self {
        Self {
            re: self.re * other,
            eps: self.eps.map(|e| e * other),
        }
    }
}

impl<T: Real, const N: usize> Div<f64> for Dual<T, N> {
    type Output = Self;
    #[inline]
    fn div(self, other: f64) -> Self {
        Self {
            re: self.re / other,
            eps: self.eps.map(|e| e / other),
        }
    }
}

impl<T: Real, const N: usize> Real for Dual<T, N> {
    #[inline]
    fn constant(value: f64) -> Self {
        Self {
            re: T::constant(value),
            eps: [T::constant(0.0); N],
        }
    }
    #[inline]
    fn value(self) -> f64 {
        self.re.value()
    }
    #[inline]
    fn exp(self) -> Self {
        let e = self.re.exp();
        self.chain(e, e)
    }
    #[inline]
    fn ln(self) -> Self {
        self.chain(self.re.ln(), T::constant(1.0) / self.re)
    }
    #[inline]
    fn sqrt(self) -> Self {
        let root = self.re.sqrt();
        self.chain(root, T::constant(0.5) / root)
    }
    #[inline]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.re.sin_cos();
        (self.chain(sin, cos), self.chain(cos, -sin))
    }
    #[inline]
    fn abs(self) -> Self {
        let value = self.re.value();
        let sign = if value > 0.0 {
            1.0
        } else if value < 0.0 {
            -1.0
        } else {
            0.0
        };
        self.chain(self.re.abs(), T::constant(sign))
    }
    #[inline]
    fn powi(self, n: i32) -> Self {
        match n {
            0 => Self::constant(1.0),
            _ => self.chain(self.re.powi(n), self.re.powi(n - 1) * f64::from(n)),
        }
    }
    #[inline]
    fn powf(self, p: f64) -> Self {
        self.chain(self.re.powf(p), self.re.powf(p - 1.0) * p)
    }
    #[inline]
    fn pow(self, exponent: Self) -> Self {
        let value = self.re.pow(exponent.re);
        let by_base = self.re.pow(exponent.re - 1.0) * exponent.re;
        let by_exponent = value * self.re.ln();
        Self {
            re: value,
            eps: std::array::from_fn(|i| self.eps[i] * by_base + exponent.eps[i] * by_exponent),
        }
    }
    #[inline]
    fn log10(self) -> Self {
        self.chain(self.re.log10(), T::constant(LOG10_E) / self.re)
    }
    #[inline]
    fn tanh(self) -> Self {
        let tanh = self.re.tanh();
        self.chain(tanh, -tanh.square() + 1.0)
    }
    #[inline]
    fn sinh_cosh(self) -> (Self, Self) {
        let (sinh, cosh) = self.re.sinh_cosh();
        (self.chain(sinh, cosh), self.chain(cosh, sinh))
    }
    #[inline]
    fn asin(self) -> Self {
        self.chain(self.re.asin(), T::constant(1.0) / (-self.re.square() + 1.0).sqrt())
    }
    #[inline]
    fn acos(self) -> Self {
        self.chain(self.re.acos(), T::constant(-1.0) / (-self.re.square() + 1.0).sqrt())
    }
    #[inline]
    fn atan(self) -> Self {
        self.chain(self.re.atan(), T::constant(1.0) / (self.re.square() + 1.0))
    }
    #[inline]
    fn square(self) -> Self {
        self.chain(self.re.square(), self.re * 2.0)
    }
}
