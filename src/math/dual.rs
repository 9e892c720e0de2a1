//! Forward-mode automatic differentiation.
//!
//! A dual number carries a value and its derivatives in N directions, and every operation obeys the chain rule exactly
//! (Clifford 1873; Wengert 1964). Nested, `Dual<Dual<f64, N>, N>` carries second derivatives.

use std::cmp::Ordering;
use std::f64::consts::LOG10_E;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Part, Real};

/// A number with its derivatives in N directions. How a derivative is kept is P's choice: as a number like the value, or
/// [`Sparse`](super::Sparse), which knows of zeros and ones before anything is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual<T, const N: usize, P = T> {
    pub re: T,
    pub eps: [P; N],
}

impl<T: Real, P: Part<T>, const N: usize> Dual<T, N, P> {
    /// The variable that moves along direction `i` with unit speed.
    #[inline(always)]
    pub fn variable(value: T, i: usize) -> Self {
        let mut eps = [P::zero(); N];
        eps[i] = P::one();
        Self { re: value, eps }
    }

    /// `f(self)` where `f` has this value and slope here.
    #[inline(always)]
    fn chain(self, value: T, slope: T) -> Self {
        Self {
            re: value,
            eps: self.eps.map(|e| e.times(slope)),
        }
    }

    /// A number that moves along no direction.
    #[inline(always)]
    fn still(value: T) -> Self {
        Self {
            re: value,
            eps: [P::zero(); N],
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> PartialOrd for Dual<T, N, P> {
    /// Compares values only: a formula branches on where it is, not on how fast it changes.
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.re.partial_cmp(&other.re)
    }
}

impl<T: Real, P: Part<T>, const N: usize> Add for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self {
            re: self.re + other.re,
            eps: std::array::from_fn(|i| self.eps[i].plus(other.eps[i])),
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Sub for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self {
            re: self.re - other.re,
            eps: std::array::from_fn(|i| self.eps[i].minus(other.eps[i])),
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Mul for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self {
            re: self.re * other.re,
            eps: std::array::from_fn(|i| self.eps[i].times(other.re).plus(other.eps[i].times(self.re))),
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Div for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let re = self.re / other.re;
        Self {
            re,
            eps: std::array::from_fn(|i| self.eps[i].minus(other.eps[i].times(re)).over(other.re)),
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Neg for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            re: -self.re,
            eps: self.eps.map(P::negated),
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Add<f64> for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: f64) -> Self {
        Self {
            re: self.re + other,
            ..self
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Sub<f64> for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: f64) -> Self {
        Self {
            re: self.re - other,
            ..self
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Mul<f64> for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: f64) -> Self {
        Self {
            re: self.re * other,
            eps: self.eps.map(|e| e.scaled(other)),
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Div<f64> for Dual<T, N, P> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: f64) -> Self {
        Self {
            re: self.re / other,
            eps: self.eps.map(|e| e.divided(other)),
        }
    }
}

impl<T: Real, P: Part<T>, const N: usize> Real for Dual<T, N, P> {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self::still(T::constant(value))
    }
    #[inline(always)]
    fn value(self) -> f64 {
        self.re.value()
    }
    type Mask = T::Mask;
    #[inline(always)]
    fn above(self, bound: f64) -> Self::Mask {
        self.re.above(bound)
    }
    #[inline(always)]
    fn is_zero(self) -> Self::Mask {
        self.re.is_zero()
    }
    #[inline(always)]
    fn certain(mask: Self::Mask) -> Option<bool> {
        T::certain(mask)
    }
    #[inline(always)]
    fn blend(mask: Self::Mask, then: Self, otherwise: Self) -> Self {
        Self {
            re: T::blend(mask, then.re, otherwise.re),
            eps: std::array::from_fn(|i| P::blend(mask, then.eps[i], otherwise.eps[i])),
        }
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, rest: Self) -> Self {
        Self {
            re: self.re.mul_add(factor.re, rest.re),
            eps: std::array::from_fn(|i| {
                let by_factor = factor.eps[i].times_plus(self.re, rest.eps[i]);
                self.eps[i].times_plus(factor.re, by_factor)
            }),
        }
    }
    #[inline(always)]
    fn exp(self) -> Self {
        let e = self.re.exp();
        self.chain(e, e)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        self.chain(self.re.ln(), T::constant(1.0) / self.re)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.re.sqrt();
        let slope = T::select(root.is_zero(), || T::constant(0.0), || T::constant(0.5) / root);
        self.chain(root, slope)
    }
    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.re.sin_cos();
        (self.chain(sin, cos), self.chain(cos, -sin))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.chain(self.re.abs(), self.re.sign())
    }
    #[inline(always)]
    fn sign(self) -> Self {
        Self::still(self.re.sign())
    }
    #[inline(always)]
    fn powi(self, n: i32) -> Self {
        match n {
            0 => Self::constant(1.0),
            _ => self.chain(self.re.powi(n), self.re.powi(n - 1) * f64::from(n)),
        }
    }
    #[inline(always)]
    fn powf(self, p: f64) -> Self {
        self.chain(self.re.powf(p), self.re.powf(p - 1.0) * p)
    }
    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        let value = self.re.pow(exponent.re);
        let by_base = self.re.pow(exponent.re - 1.0) * exponent.re;
        let by_exponent = value * self.re.ln();
        Self {
            re: value,
            eps: std::array::from_fn(|i| self.eps[i].times(by_base).plus(exponent.eps[i].times(by_exponent))),
        }
    }
    #[inline(always)]
    fn log10(self) -> Self {
        self.chain(self.re.log10(), T::constant(LOG10_E) / self.re)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        let tanh = self.re.tanh();
        self.chain(tanh, -tanh.square() + 1.0)
    }
    #[inline(always)]
    fn sinh_cosh(self) -> (Self, Self) {
        let (sinh, cosh) = self.re.sinh_cosh();
        (self.chain(sinh, cosh), self.chain(cosh, sinh))
    }
    #[inline(always)]
    fn asin(self) -> Self {
        self.chain(self.re.asin(), T::constant(1.0) / (-self.re.square() + 1.0).sqrt())
    }
    #[inline(always)]
    fn acos(self) -> Self {
        self.chain(self.re.acos(), T::constant(-1.0) / (-self.re.square() + 1.0).sqrt())
    }
    #[inline(always)]
    fn atan(self) -> Self {
        self.chain(self.re.atan(), T::constant(1.0) / (self.re.square() + 1.0))
    }
    #[inline(always)]
    fn square(self) -> Self {
        self.chain(self.re.square(), self.re * 2.0)
    }
    #[inline(always)]
    fn square_plus(self, rest: Self) -> Self {
        let slope = self.re * 2.0;
        Self {
            re: self.re.square_plus(rest.re),
            eps: std::array::from_fn(|i| self.eps[i].times_plus(slope, rest.eps[i])),
        }
    }
}
