//! From the parser to the tape: numbers are folded, what is computed twice is computed once, registers are given out.

use super::tape::{MAX_REGISTERS, MAX_STEPS, Op, Pair, Single, Step, Tape, power};

/// A part of a formula: a number already known, or the result of an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part {
    Known(f64),
    Made(usize),
}

/// There is no room for it: too many operations, or too many that wait.
#[derive(Debug)]
pub(super) struct TooLong;

/// Operations in the order in which they are carried out; an operand is the place of an earlier one.
#[derive(Default)]
pub(super) struct Builder {
    ops: Vec<Op<usize>>,
    /// Whether an operation's result depends on x or y.
    varies: Vec<bool>,
}

impl Builder {
    /// Adds an operation, unless the same one was carried out before.
    fn push(&mut self, op: Op<usize>) -> Result<usize, TooLong> {
        if let Some(before) = self.ops.iter().position(|before| *before == op) {
            return Ok(before);
        }
        if self.ops.len() == MAX_STEPS {
            return Err(TooLong);
        }
        let varies = matches!(op, Op::Variable(_)) || op.operands().any(|operand| self.varies[operand]);
        self.ops.push(op);
        self.varies.push(varies);
        Ok(self.ops.len() - 1)
    }

    pub fn leaf(&mut self, op: Op<usize>) -> Result<Part, TooLong> {
        self.push(op).map(Part::Made)
    }

    fn place(&mut self, part: Part) -> Result<usize, TooLong> {
        match part {
            Part::Known(c) => self.push(Op::Constant(c)),
            Part::Made(id) => Ok(id),
        }
    }

    pub fn single(&mut self, f: Single, a: Part) -> Result<Part, TooLong> {
        if let Part::Known(a) = a
            && let Some(known) = known(f.apply(a))
        {
            return Ok(known);
        }
        let a = self.place(a)?;
        self.push(Op::Single(f, a)).map(Part::Made)
    }

    pub fn pair(&mut self, f: Pair, a: Part, b: Part) -> Result<Part, TooLong> {
        let with_number = match (f, a, b) {
            (_, Part::Known(a), Part::Known(b)) => {
                if let Some(known) = known(f.apply(a, b)) {
                    return Ok(known);
                }
                None
            }
            (Pair::Add, Part::Made(a), Part::Known(c)) | (Pair::Add, Part::Known(c), Part::Made(a)) => Some(Op::Shift(a, c)),
            (Pair::Sub, Part::Made(a), Part::Known(c)) => Some(Op::Shift(a, zero_has_no_sign(-c))),
            (Pair::Mul, Part::Made(a), Part::Known(c)) | (Pair::Mul, Part::Known(c), Part::Made(a)) => Some(Op::Scale(a, c)),
            (Pair::Div, Part::Made(a), Part::Known(c)) => Some(Op::Over(a, c)),
            (Pair::Sub, Part::Known(c), Part::Made(a)) => {
                let negative = self.push(Op::Single(Single::Neg, a))?;
                Some(Op::Shift(negative, c))
            }
            _ => None,
        };
        let op = match with_number {
            Some(op) => op,
            None => Op::Pair(f, self.place(a)?, self.place(b)?),
        };
        self.push(op).map(Part::Made)
    }

    pub fn pow(&mut self, a: Part, exponent: Part) -> Result<Part, TooLong> {
        match (a, exponent) {
            (Part::Known(base), Part::Known(c)) => match known(power(base, c)) {
                Some(known) => Ok(known),
                None => {
                    let base = self.place(a)?;
                    self.push(Op::Power(base, c)).map(Part::Made)
                }
            },
            (Part::Made(a), Part::Known(c)) => self.push(Op::Power(a, c)).map(Part::Made),
            (_, Part::Made(id)) if self.varies[id] => self.pair(Pair::Pow, a, exponent),
            (_, Part::Made(_)) => self.pair(Pair::PowOfLetters, a, exponent),
        }
    }

    /// The tape whose answer is this part.
    pub fn finish(mut self, answer: Part) -> Result<Tape, TooLong> {
        let last = self.place(answer)?;
        self.ops.truncate(last + 1);
        let last_use = self.last_uses();
        let mut free: Vec<u8> = (0..MAX_REGISTERS as u8).rev().collect();
        let mut register = vec![0; self.ops.len()];
        let mut tape = Tape::default();
        for (here, op) in self.ops.iter().enumerate() {
            let step = op.moved(|operand| register[operand]);
            let mut done: Vec<usize> = op.operands().filter(|operand| last_use[*operand] == here).collect();
            done.dedup();
            free.extend(done.into_iter().map(|operand| register[operand]));
            let to = free.pop().ok_or(TooLong)?;
            register[here] = to;
            tape.registers = tape.registers.max(usize::from(to) + 1);
            tape.steps.push(Step { op: step, to });
        }
        Ok(tape)
    }

    /// The operation that uses each result last; those that none uses keep their register.
    fn last_uses(&self) -> Vec<usize> {
        let mut last = vec![usize::MAX; self.ops.len()];
        for (here, op) in self.ops.iter().enumerate() {
            for operand in op.operands() {
                last[operand] = here;
            }
        }
        last
    }
}

/// A finite number is folded. 1/0 is not: it stays what was typed.
fn known(value: f64) -> Option<Part> {
    value.is_finite().then(|| Part::Known(zero_has_no_sign(value)))
}

/// Equal numbers are then the same number.
fn zero_has_no_sign(value: f64) -> f64 {
    value + 0.0
}
