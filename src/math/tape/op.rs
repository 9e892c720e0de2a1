//! The operations of a recorded formula: for one number, and for eight.

use crate::math::simd::Simd;
use crate::math::{lockstep, ops};

/// What is done. The comments say to how many numbers, if not to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Nothing: the variable with this number.
    Input(u8),
    Neg,
    Abs,
    Sign,
    Sqrt,
    Exp,
    Ln,
    Log10,
    Sin,
    Cos,
    Tanh,
    Sinh,
    Cosh,
    Asin,
    Acos,
    Atan,
    /// 1 where it is 0, else 0.
    IsZero,
    /// Two: the sum.
    Add,
    /// Two.
    Sub,
    /// Two.
    Mul,
    /// Two.
    Div,
    /// Two: the first to the power of the second.
    Pow,
    /// Two: 1 where the first is greater, else 0.
    Above,
    /// Three: the second where the first is not 0, else the third.
    Blend,
    /// Three: the product of the first two and the third, rounded once.
    MulAdd,
    /// Three: the first two, and what comes out and the third. Two operations in one walk, each rounded by itself.
    Joined(First, Second),
}

/// The first of two operations in one walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    Add,
    Sub,
    Mul,
}

/// What is done with what comes out of a [`First`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// It + the third.
    Add,
    /// It − the third.
    Sub,
    /// The third − it.
    SubFrom,
    /// It · the third.
    Mul,
    /// It · itself; there is no third.
    Square,
}

impl Code {
    /// Whether it takes much longer than a load and a store.
    pub fn is_costly(self) -> bool {
        !matches!(
            self,
            Self::Input(_)
                | Self::Neg
                | Self::Abs
                | Self::Sign
                | Self::Sqrt
                | Self::IsZero
                | Self::Add
                | Self::Sub
                | Self::Mul
                | Self::Div
                | Self::Above
                | Self::Blend
                | Self::MulAdd
                | Self::Joined(..)
        )
    }

    /// The operation on plain numbers.
    pub fn of(self, [a, b, c]: [f64; 3]) -> f64 {
        match self {
            Self::Input(_) => a,
            Self::Neg => -a,
            Self::Abs => a.abs(),
            Self::Sign => ops::sign(a),
            Self::Sqrt => a.sqrt(),
            Self::Exp => ops::exp(a),
            Self::Ln => ops::ln(a),
            Self::Log10 => ops::log10(a),
            Self::Sin => ops::sin(a),
            Self::Cos => ops::cos(a),
            Self::Tanh => ops::tanh(a),
            Self::Sinh => ops::sinh(a),
            Self::Cosh => ops::cosh(a),
            Self::Asin => ops::asin(a),
            Self::Acos => ops::acos(a),
            Self::Atan => ops::atan(a),
            Self::IsZero => f64::from(u8::from(a == 0.0)),
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Pow => ops::powf(a, b),
            Self::Above => f64::from(u8::from(a > b)),
            Self::MulAdd => ops::mul_add(a, b, c),
            Self::Joined(first, second) => second.of(first.of(a, b), c),
            Self::Blend => {
                if a == 0.0 {
                    c
                } else {
                    b
                }
            }
        }
    }

    /// Does the operation through `on`, which walks over vectors: the choice is made once for all of them.
    #[inline(always)]
    pub fn wide<S: Simd>(self, simd: S, on: impl Walk<S>) {
        let [zero, one] = [simd.splat(0.0), simd.splat(1.0)];
        match self {
            Self::Input(_) => on.one(
                #[inline(always)]
                |a| a,
            ),
            Self::Neg => on.one(
                #[inline(always)]
                |a| simd.flip_sign(a, simd.splat(-1.0)),
            ),
            Self::Abs => on.one(
                #[inline(always)]
                |a| simd.abs(a),
            ),
            Self::Sign => on.one(
                #[inline(always)]
                |a| {
                    let negative = simd.select_gt(zero, a, simd.splat(-1.0), zero);
                    simd.select_gt(a, zero, one, negative)
                },
            ),
            Self::Sqrt => on.one(
                #[inline(always)]
                |a| simd.sqrt(a),
            ),
            Self::Exp => on.one(
                #[inline(always)]
                |a| lockstep::exp(simd, a),
            ),
            Self::Sin => on.one(
                #[inline(always)]
                |a| lockstep::sin(simd, a),
            ),
            Self::Cos => on.one(
                #[inline(always)]
                |a| lockstep::cos(simd, a),
            ),
            Self::Ln | Self::Log10 | Self::Tanh | Self::Sinh | Self::Cosh | Self::Asin | Self::Acos | Self::Atan => {
                on.one(
                    #[inline(always)]
                    |a| lockstep::each(simd, a, |a| self.of([a, 0.0, 0.0])),
                );
            }
            Self::IsZero => on.one(
                #[inline(always)]
                |a| simd.select_eq(a, zero, one, zero),
            ),
            Self::Add => on.two(
                #[inline(always)]
                |a, b| simd.add(a, b),
            ),
            Self::Sub => on.two(
                #[inline(always)]
                |a, b| simd.sub(a, b),
            ),
            Self::Mul => on.two(
                #[inline(always)]
                |a, b| simd.mul(a, b),
            ),
            Self::Div => on.two(
                #[inline(always)]
                |a, b| simd.div(a, b),
            ),
            Self::Pow => on.two(
                #[inline(always)]
                |a, b| {
                    let (base, power) = (simd.to_array(a), simd.to_array(b));
                    simd.get(&std::array::from_fn(|i| ops::powf(base[i], power[i])))
                },
            ),
            Self::Above => on.two(
                #[inline(always)]
                |a, b| simd.select_gt(a, b, one, zero),
            ),
            Self::MulAdd => on.three(
                #[inline(always)]
                |a, b, c| simd.fma(a, b, c),
            ),
            Self::Joined(First::Add, second) => second.wide(
                simd,
                on,
                #[inline(always)]
                |a, b| simd.add(a, b),
            ),
            Self::Joined(First::Sub, second) => second.wide(
                simd,
                on,
                #[inline(always)]
                |a, b| simd.sub(a, b),
            ),
            Self::Joined(First::Mul, second) => second.wide(
                simd,
                on,
                #[inline(always)]
                |a, b| simd.mul(a, b),
            ),
            Self::Blend => on.three(
                #[inline(always)]
                |a, b, c| simd.select_eq(a, zero, c, b),
            ),
        }
    }
}

impl First {
    /// The operation, if it may be the first of two.
    pub fn from_code(code: Code) -> Option<Self> {
        match code {
            Code::Add => Some(Self::Add),
            Code::Sub => Some(Self::Sub),
            Code::Mul => Some(Self::Mul),
            _ => None,
        }
    }

    fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
        }
    }
}

impl Second {
    fn of(self, ab: f64, c: f64) -> f64 {
        match self {
            Self::Add => ab + c,
            Self::Sub => ab - c,
            Self::SubFrom => c - ab,
            Self::Mul => ab * c,
            Self::Square => ab * ab,
        }
    }

    /// Both operations through `on`.
    #[inline(always)]
    fn wide<S: Simd>(self, simd: S, on: impl Walk<S>, first: impl Fn(S::V, S::V) -> S::V) {
        match self {
            Self::Add => on.three(
                #[inline(always)]
                |a, b, c| simd.add(first(a, b), c),
            ),
            Self::Sub => on.three(
                #[inline(always)]
                |a, b, c| simd.sub(first(a, b), c),
            ),
            Self::SubFrom => on.three(
                #[inline(always)]
                |a, b, c| simd.sub(c, first(a, b)),
            ),
            Self::Mul => on.three(
                #[inline(always)]
                |a, b, c| simd.mul(first(a, b), c),
            ),
            Self::Square => on.two(
                #[inline(always)]
                |a, b| {
                    let ab = first(a, b);
                    simd.mul(ab, ab)
                },
            ),
        }
    }
}

/// A walk over the operands of an operation, a vector at a time.
pub trait Walk<S: Simd> {
    fn one(self, f: impl Fn(S::V) -> S::V);
    fn two(self, f: impl Fn(S::V, S::V) -> S::V);
    fn three(self, f: impl Fn(S::V, S::V, S::V) -> S::V);
}
