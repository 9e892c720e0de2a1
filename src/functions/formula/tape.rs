//! A formula as a list of operations on a few registers: evaluated in a loop, over numbers of any kind, without an allocation.

use super::letters::Values;
use crate::functions::roots::radius;
use crate::math::Real;

/// Most operations of a formula.
pub(super) const MAX_STEPS: usize = 512;
/// Most results of a formula that wait for their use at the same time.
pub(super) const MAX_REGISTERS: usize = 64;
/// Whole exponents up to this one are products; beyond, repeated multiplication would gather rounding errors.
const MAX_PRODUCT: f64 = 64.0;

/// Functions of one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Single {
    Neg,
    Sin,
    Cos,
    Tan,
    Exp,
    Ln,
    Log10,
    Sqrt,
    Abs,
    Sinh,
    Cosh,
    Tanh,
    Asin,
    Acos,
    Atan,
    Sign,
    Floor,
    Ceil,
    Round,
}

impl Single {
    #[inline]
    pub fn apply<T: Real>(self, a: T) -> T {
        match self {
            Self::Neg => -a,
            Self::Sin => a.sin(),
            Self::Cos => a.cos(),
            Self::Tan => {
                let (sin, cos) = a.sin_cos();
                sin / cos
            }
            Self::Exp => a.exp(),
            Self::Ln => a.ln(),
            Self::Log10 => a.log10(),
            Self::Sqrt => a.sqrt(),
            Self::Abs => a.abs(),
            Self::Sinh => a.sinh_cosh().0,
            Self::Cosh => a.sinh_cosh().1,
            Self::Tanh => a.tanh(),
            Self::Asin => a.asin(),
            Self::Acos => a.acos(),
            Self::Atan => a.atan(),
            Self::Sign => T::constant(sign(a.value())),
            Self::Floor => T::constant(a.value().floor()),
            Self::Ceil => T::constant(a.value().ceil()),
            Self::Round => T::constant(a.value().round()),
        }
    }
}

/// Functions of two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pair {
    Add,
    Sub,
    Mul,
    Div,
    /// The exponent depends on x or y.
    Pow,
    /// The exponent depends on letters only: it has no derivative, and may be whole.
    PowOfLetters,
    Min,
    Max,
    Hypot,
}

impl Pair {
    #[inline]
    pub fn apply<T: Real>(self, a: T, b: T) -> T {
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Pow => varying_power(a, b),
            Self::PowOfLetters => power(a, b.value()),
            Self::Min => chosen(a, b, a.value() <= b.value()),
            Self::Max => chosen(a, b, a.value() >= b.value()),
            Self::Hypot => radius(a, b),
        }
    }
}

/// 1, -1, and 0 for 0. What is not a number has none.
fn sign(a: f64) -> f64 {
    if a == 0.0 || a.is_nan() { a } else { a.signum() }
}

/// The first or the second; if one is not a number, neither is the answer.
#[inline]
fn chosen<T: Real>(a: T, b: T, first: bool) -> T {
    if a.value().is_nan() || b.value().is_nan() {
        a + b
    } else if first {
        a
    } else {
        b
    }
}

/// a to a power that does not vary. Where a is 0 and the exponent no small whole number, the slope is 0, also where it has none.
#[inline]
pub(super) fn power<T: Real>(a: T, exponent: f64) -> T {
    if exponent == 2.0 {
        a.square()
    } else if exponent == 0.5 {
        a.sqrt()
    } else if exponent.abs() <= MAX_PRODUCT && exponent.fract() == 0.0 {
        a.powi(exponent as i32)
    } else if a.value() == 0.0 && exponent > 0.0 {
        T::constant(0.0)
    } else {
        a.powf(exponent)
    }
}

/// a to a power that varies: for a > 0; 0 to a positive power is 0, with slope 0.
#[inline]
fn varying_power<T: Real>(a: T, exponent: T) -> T {
    if a.value() < 0.0 {
        T::constant(f64::NAN)
    } else if a.value() == 0.0 && exponent.value() > 0.0 {
        T::constant(0.0)
    } else {
        a.pow(exponent)
    }
}

/// What is computed; `Id` says where an operand is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Op<Id> {
    Constant(f64),
    /// x or y.
    Variable(usize),
    /// By its place in the list of letters.
    Letter(usize),
    /// Plus a number.
    Shift(Id, f64),
    /// Times a number.
    Scale(Id, f64),
    /// Divided by a number.
    Over(Id, f64),
    /// To the power of a number.
    Power(Id, f64),
    Single(Single, Id),
    Pair(Pair, Id, Id),
}

impl<Id: Copy> Op<Id> {
    /// The operands: where they are found.
    pub fn operands(self) -> impl Iterator<Item = Id> {
        let (first, second) = match self {
            Self::Constant(_) | Self::Variable(_) | Self::Letter(_) => (None, None),
            Self::Shift(a, _) | Self::Scale(a, _) | Self::Over(a, _) | Self::Power(a, _) | Self::Single(_, a) => (Some(a), None),
            Self::Pair(_, a, b) => (Some(a), Some(b)),
        };
        first.into_iter().chain(second)
    }

    /// The same operation with its operands elsewhere.
    pub fn moved<To>(self, to: impl Fn(Id) -> To) -> Op<To> {
        match self {
            Self::Constant(c) => Op::Constant(c),
            Self::Variable(i) => Op::Variable(i),
            Self::Letter(i) => Op::Letter(i),
            Self::Shift(a, c) => Op::Shift(to(a), c),
            Self::Scale(a, c) => Op::Scale(to(a), c),
            Self::Over(a, c) => Op::Over(to(a), c),
            Self::Power(a, c) => Op::Power(to(a), c),
            Self::Single(f, a) => Op::Single(f, to(a)),
            Self::Pair(f, a, b) => Op::Pair(f, to(a), to(b)),
        }
    }
}

/// An operation on registers, and the register that takes its result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub op: Op<u8>,
    pub to: u8,
}

/// A formula, ready to be evaluated. The last step has the answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Tape {
    pub steps: Vec<Step>,
    pub registers: usize,
}

impl Tape {
    #[inline]
    pub fn eval<T: Real>(&self, x: &[T], letters: &Values) -> T {
        // Registers are filled before each evaluation: the fewer, the faster.
        match self.registers {
            0..=4 => self.eval_in::<T, 4>(x, letters),
            5..=8 => self.eval_in::<T, 8>(x, letters),
            _ => self.eval_in::<T, MAX_REGISTERS>(x, letters),
        }
    }

    #[inline]
    fn eval_in<T: Real, const N: usize>(&self, x: &[T], letters: &Values) -> T {
        let mut registers = [T::constant(0.0); N];
        let mut answer = registers[0];
        for Step { op, to } in &self.steps {
            let at = |id: u8| registers[usize::from(id)];
            answer = match *op {
                Op::Constant(c) => T::constant(c),
                Op::Variable(i) => x[i],
                Op::Letter(i) => T::constant(letters[i]),
                Op::Shift(a, c) => at(a) + c,
                Op::Scale(a, c) => at(a) * c,
                Op::Over(a, c) => at(a) / c,
                Op::Power(a, c) => power(at(a), c),
                Op::Single(f, a) => f.apply(at(a)),
                Op::Pair(f, a, b) => f.apply(at(a), at(b)),
            };
            registers[usize::from(*to)] = answer;
        }
        answer
    }
}
