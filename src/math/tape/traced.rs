//! Numbers that note what is done to them.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::op::Code;
use crate::math::{Real, ops};

/// An operand: known, or the result of an earlier operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arg {
    Number(f64),
    Node(usize),
}

/// One operation of the list; what it does not need of its operands is the number 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Op {
    pub code: Code,
    pub args: [Arg; 3],
}

/// The list while it is written.
#[derive(Debug, Default)]
pub struct Recorder {
    pub ops: RefCell<Vec<Op>>,
    /// Whether the formula asked what a number is, so that another point might have taken another way.
    pub looked: Cell<bool>,
}

impl Recorder {
    /// The variable with this number.
    pub fn input(&self, index: u8) -> Traced<'_> {
        self.note(Code::Input(index), [Arg::Number(0.0); 3])
    }

    /// The result of an operation; the same operation on the same operands is noted once.
    fn note(&self, code: Code, args: [Arg; 3]) -> Traced<'_> {
        let op = Op { code, args };
        let mut ops = self.ops.borrow_mut();
        let known = ops.iter().position(|known| *known == op);
        let node = known.unwrap_or(ops.len());
        if known.is_none() {
            ops.push(op);
        }
        Traced::Node(node, self)
    }
}

/// A number of a formula that is being recorded.
#[derive(Debug, Clone, Copy)]
pub enum Traced<'a> {
    Number(f64),
    Node(usize, &'a Recorder),
}

impl<'a> Traced<'a> {
    pub(super) fn arg(self) -> Arg {
        match self {
            Self::Number(number) => Arg::Number(number),
            Self::Node(node, _) => Arg::Node(node),
        }
    }

    fn recorder(self) -> Option<&'a Recorder> {
        match self {
            Self::Number(_) => None,
            Self::Node(_, recorder) => Some(recorder),
        }
    }

    fn known(self) -> f64 {
        match self {
            Self::Number(number) => number,
            Self::Node(..) => f64::NAN,
        }
    }

    fn op(code: Code, args: [Self; 3]) -> Self {
        match args.into_iter().find_map(Self::recorder) {
            None => Self::Number(code.of(args.map(Self::known))),
            Some(recorder) => recorder.note(code, args.map(Self::arg)),
        }
    }

    fn one(self, code: Code) -> Self {
        Self::op(code, [self, Self::Number(0.0), Self::Number(0.0)])
    }

    fn two(self, code: Code, other: Self) -> Self {
        Self::op(code, [self, other, Self::Number(0.0)])
    }

    /// What cannot be said of a number that is not known yet.
    fn look(self) {
        if let Self::Node(_, recorder) = self {
            recorder.looked.set(true);
        }
    }
}

impl PartialEq for Traced<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Traced<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value().partial_cmp(&other.value())
    }
}

impl Add for Traced<'_> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.two(Code::Add, other)
    }
}

impl Sub for Traced<'_> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        match other {
            Self::Number(0.0) => self,
            _ => self.two(Code::Sub, other),
        }
    }
}

impl Mul for Traced<'_> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        match (self, other) {
            (Self::Number(1.0), other) => other,
            (this, Self::Number(1.0)) => this,
            _ => self.two(Code::Mul, other),
        }
    }
}

impl Div for Traced<'_> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        match other {
            Self::Number(1.0) => self,
            _ => self.two(Code::Div, other),
        }
    }
}

impl Neg for Traced<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        self.one(Code::Neg)
    }
}

impl Add<f64> for Traced<'_> {
    type Output = Self;
    fn add(self, other: f64) -> Self {
        self + Self::Number(other)
    }
}

impl Sub<f64> for Traced<'_> {
    type Output = Self;
    fn sub(self, other: f64) -> Self {
        self - Self::Number(other)
    }
}

impl Mul<f64> for Traced<'_> {
    type Output = Self;
    fn mul(self, other: f64) -> Self {
        self * Self::Number(other)
    }
}

impl Div<f64> for Traced<'_> {
    type Output = Self;
    fn div(self, other: f64) -> Self {
        self / Self::Number(other)
    }
}

impl Real for Traced<'_> {
    fn constant(value: f64) -> Self {
        Self::Number(value)
    }
    fn value(self) -> f64 {
        self.look();
        self.known()
    }
    /// 1 or 0.
    type Mask = Self;
    fn above(self, bound: f64) -> Self {
        self.two(Code::Above, Self::Number(bound))
    }
    fn is_zero(self) -> Self {
        self.one(Code::IsZero)
    }
    fn certain(mask: Self) -> Option<bool> {
        match mask {
            Self::Number(number) => Some(number != 0.0),
            Self::Node(..) => None,
        }
    }
    fn blend(mask: Self, then: Self, otherwise: Self) -> Self {
        Self::op(Code::Blend, [mask, then, otherwise])
    }
    fn mul_add(self, factor: Self, rest: Self) -> Self {
        Self::op(Code::MulAdd, [self, factor, rest])
    }
    fn exp(self) -> Self {
        self.one(Code::Exp)
    }
    fn ln(self) -> Self {
        self.one(Code::Ln)
    }
    fn sqrt(self) -> Self {
        self.one(Code::Sqrt)
    }
    fn sin_cos(self) -> (Self, Self) {
        (self.one(Code::Sin), self.one(Code::Cos))
    }
    fn abs(self) -> Self {
        self.one(Code::Abs)
    }
    fn sign(self) -> Self {
        self.one(Code::Sign)
    }
    /// The products of [`ops::powi`].
    fn powi(self, n: i32) -> Self {
        if let Self::Number(number) = self {
            return Self::Number(ops::powi(number, n));
        }
        let (mut base, mut left) = (self, n.unsigned_abs());
        let mut product = Self::Number(1.0);
        while left > 0 {
            if left & 1 == 1 {
                product = product * base;
            }
            base = base * base;
            left >>= 1;
        }
        if n < 0 { Self::Number(1.0) / product } else { product }
    }
    fn powf(self, p: f64) -> Self {
        self.pow(Self::Number(p))
    }
    fn pow(self, exponent: Self) -> Self {
        self.two(Code::Pow, exponent)
    }
    fn log10(self) -> Self {
        self.one(Code::Log10)
    }
    fn tanh(self) -> Self {
        self.one(Code::Tanh)
    }
    fn sinh_cosh(self) -> (Self, Self) {
        (self.one(Code::Sinh), self.one(Code::Cosh))
    }
    fn asin(self) -> Self {
        self.one(Code::Asin)
    }
    fn acos(self) -> Self {
        self.one(Code::Acos)
    }
    fn atan(self) -> Self {
        self.one(Code::Atan)
    }
}
