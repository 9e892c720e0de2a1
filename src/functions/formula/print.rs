//! The tape written out as a formula again: how it was understood.

use super::letters::LETTERS;
use super::names::{self, Function};
use super::tape::{Op, Pair, Single, Tape};

/// How tightly a text holds together, from a sum to a single word.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Bond {
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// A part of the formula as text.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    bond: Bond,
}

impl Piece {
    fn new(text: String, bond: Bond) -> Self {
        Self { text, bond }
    }

    fn number(value: f64) -> Self {
        let bond = if value < 0.0 { Bond::Sign } else { Bond::Atom };
        Self::new(format!("{value:?}").trim_end_matches(".0").to_owned(), bond)
    }

    /// In brackets unless it holds together at least that tightly.
    fn at_least(&self, bond: Bond) -> String {
        if self.bond >= bond {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }
}

/// The formula with every operation written as a sign and brackets where they are needed; it reads back as the same tape.
pub(super) fn print(tape: &Tape) -> String {
    let mut registers = vec![Piece::number(0.0); tape.registers.max(1)];
    let mut answer = 0;
    for step in &tape.steps {
        let at = |id: u8| &registers[usize::from(id)];
        let piece = match step.op {
            Op::Constant(c) => Piece::number(c),
            Op::Variable(i) => Piece::new(["x", "y"][i].to_owned(), Bond::Atom),
            Op::Letter(i) => Piece::new(LETTERS[i].to_owned(), Bond::Atom),
            Op::Shift(a, c) if c < 0.0 => binary(at(a), " - ", &Piece::number(-c), [Bond::Sum, Bond::Product], Bond::Sum),
            Op::Shift(a, c) => binary(at(a), " + ", &Piece::number(c), [Bond::Sum, Bond::Product], Bond::Sum),
            Op::Scale(a, c) => binary(&Piece::number(c), "*", at(a), [Bond::Sign, Bond::Power], Bond::Product),
            Op::Over(a, c) => binary(at(a), "/", &Piece::number(c), [Bond::Product, Bond::Power], Bond::Product),
            Op::Power(a, c) => binary(at(a), "^", &Piece::number(c), [Bond::Atom, Bond::Power], Bond::Power),
            Op::Single(Single::Neg, a) => Piece::new(format!("-{}", at(a).at_least(Bond::Power)), Bond::Sign),
            Op::Single(f, a) => call(Function::Of(f), &[at(a)]),
            Op::Pair(f, a, b) => pair(f, at(a), at(b)),
        };
        answer = usize::from(step.to);
        registers[answer] = piece;
    }
    registers.swap_remove(answer).text
}

fn pair(f: Pair, a: &Piece, b: &Piece) -> Piece {
    match f {
        Pair::Add => binary(a, " + ", b, [Bond::Sum, Bond::Product], Bond::Sum),
        Pair::Sub => binary(a, " - ", b, [Bond::Sum, Bond::Product], Bond::Sum),
        Pair::Mul => binary(a, "*", b, [Bond::Product, Bond::Power], Bond::Product),
        Pair::Div => binary(a, "/", b, [Bond::Product, Bond::Power], Bond::Product),
        Pair::Pow | Pair::PowOfLetters => binary(a, "^", b, [Bond::Atom, Bond::Power], Bond::Power),
        Pair::Min | Pair::Max | Pair::Hypot => call(Function::OfTwo(f), &[a, b]),
    }
}

/// Two pieces with a sign between them; `bonds` say which of them need no brackets.
fn binary(a: &Piece, sign: &str, b: &Piece, bonds: [Bond; 2], bond: Bond) -> Piece {
    Piece::new(format!("{}{sign}{}", a.at_least(bonds[0]), b.at_least(bonds[1])), bond)
}

fn call(function: Function, arguments: &[&Piece]) -> Piece {
    let arguments: Vec<&str> = arguments.iter().map(|piece| piece.text.as_str()).collect();
    Piece::new(format!("{}({})", names::name_of(function), arguments.join(", ")), Bond::Atom)
}
