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
    /// Two: the square of the difference. Two operations in one walk, each rounded by itself.
    SquaredDifference,
    /// Three: the product of the first two and then the sum with the third, each rounded by itself.
    ProductPlus,
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
                | Self::SquaredDifference
                | Self::ProductPlus
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
            Self::SquaredDifference => (a - b) * (a - b),
            Self::ProductPlus => a * b + c,
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
            Self::SquaredDifference => on.two(
                #[inline(always)]
                |a, b| {
                    let difference = simd.sub(a, b);
                    simd.mul(difference, difference)
                },
            ),
            Self::ProductPlus => on.three(
                #[inline(always)]
                |a, b, c| simd.add(simd.mul(a, b), c),
            ),
            Self::Blend => on.three(
                #[inline(always)]
                |a, b, c| simd.select_eq(a, zero, c, b),
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
