//! From words to the tape, by recursive descent. Recursion is bounded: no text can exhaust the stack.
//!
//! ```text
//! sum      = product { (+ | -) product }
//! product  = signed { (* | /) signed | factor }     a factor without a sign before it is multiplied, but not after a division
//! signed   = { + | - } factor                       so -x^2 is -(x^2)
//! factor   = atom { ² } [ ^ signed ]                so 2^3^2 is 2^(3^2), and 2^-x is allowed
//! atom     = number | letter | ( sum ) | √ atom | function ( sum { , sum } )
//! ```

use std::ops::Range;

use super::builder::{Builder, Part, TooLong};
use super::error::FormulaError;
use super::letters::{LETTERS, index_of};
use super::lexer::{Token, Word, words};
use super::names::{self, Function};
use super::tape::{Op, Pair, Single, Tape};
use crate::param::nearest;

/// Most characters of a formula.
pub(super) const MAX_LENGTH: usize = 2_000;
/// Most characters of an unknown name that its refusal repeats.
const MAX_SHOWN: usize = 24;
/// Deepest nesting of brackets and powers.
const MAX_DEPTH: usize = 64;

/// A formula that has been read: the tape, and which letters it uses, a bit each.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Parsed {
    pub tape: Tape,
    pub letters: u128,
}

/// Reads a formula.
pub(super) fn parse(text: &str) -> Result<Parsed, FormulaError> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(FormulaError::new(
            MAX_LENGTH..length,
            "the formula is too long",
            format!("it may have {MAX_LENGTH} characters"),
        ));
    }
    let mut parser = Parser {
        tokens: words(text)?,
        at: 0,
        length,
        depth: 0,
        letters: 0,
        builder: Builder::default(),
    };
    let answer = parser.sum()?;
    if parser.at < parser.tokens.len() {
        return Err(parser.left_over());
    }
    let tape = parser.builder.finish(answer).map_err(|_| too_long(0..length))?;
    Ok(Parsed {
        tape,
        letters: parser.letters,
    })
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// Characters of the text.
    length: usize,
    depth: usize,
    letters: u128,
    builder: Builder,
}

type Result<T, E = FormulaError> = std::result::Result<T, E>;

impl Parser {
    fn peek(&self) -> Option<&Word> {
        self.tokens.get(self.at).map(|token| &token.word)
    }

    /// Goes on if the next word is this one.
    fn accept(&mut self, word: &Word) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    /// The characters of the next word; behind the last one at the end.
    fn here(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(self.length..self.length, |token| token.range.clone())
    }

    /// An operation of the builder; a refusal names the characters from `start` on.
    fn build(&mut self, start: usize, op: impl FnOnce(&mut Builder) -> Result<Part, TooLong>) -> Result<Part> {
        let end = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
        let end = end.map_or(self.length, |token| token.range.end);
        op(&mut self.builder).map_err(|_| too_long(start..end.max(start)))
    }

    fn sum(&mut self) -> Result<Part> {
        let start = self.here().start;
        let mut sum = self.product()?;
        loop {
            let op = match self.peek() {
                Some(Word::Plus) => Pair::Add,
                Some(Word::Minus) => Pair::Sub,
                _ => return Ok(sum),
            };
            self.at += 1;
            let next = self.product()?;
            sum = self.build(start, |b| b.pair(op, sum, next))?;
        }
    }

    fn product(&mut self) -> Result<Part> {
        let start = self.here().start;
        let mut product = self.signed()?;
        let mut divided = false;
        loop {
            let (op, next) = match self.peek() {
                Some(Word::Times) => {
                    self.at += 1;
                    (Pair::Mul, self.signed()?)
                }
                Some(Word::Divided) => {
                    self.at += 1;
                    (Pair::Div, self.signed()?)
                }
                Some(Word::Name(_) | Word::Open | Word::Root) if divided => return Err(self.ambiguous()),
                Some(Word::Name(_) | Word::Open | Word::Root) => (Pair::Mul, self.factor()?),
                _ => return Ok(product),
            };
            divided = op == Pair::Div;
            product = self.build(start, |b| b.pair(op, product, next))?;
        }
    }

    fn signed(&mut self) -> Result<Part> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormulaError::new(
                self.here(),
                "the formula is nested too deeply",
                format!("brackets and powers may be {MAX_DEPTH} deep"),
            ));
        }
        let start = self.here().start;
        let mut negative = false;
        while let Some(sign @ (Word::Plus | Word::Minus)) = self.peek() {
            negative ^= *sign == Word::Minus;
            self.at += 1;
        }
        let mut part = self.factor()?;
        if negative {
            part = self.build(start, |b| b.single(Single::Neg, part))?;
        }
        self.depth -= 1;
        Ok(part)
    }

    fn factor(&mut self) -> Result<Part> {
        let start = self.here().start;
        let mut factor = self.atom()?;
        while let Some(Word::Raised(power)) = self.peek() {
            let power = Part::Known(*power);
            self.at += 1;
            factor = self.build(start, |b| b.pow(factor, power))?;
        }
        if self.accept(&Word::Power) {
            let exponent = self.signed()?;
            factor = self.build(start, |b| b.pow(factor, exponent))?;
        }
        Ok(factor)
    }

    fn atom(&mut self) -> Result<Part> {
        let start = self.here().start;
        let roots = (0..).take_while(|_| self.accept(&Word::Root)).count();
        let mut atom = match self.peek() {
            Some(Word::Number(value)) => {
                let value = Part::Known(*value);
                self.at += 1;
                value
            }
            Some(Word::Name(name)) => {
                let name = name.clone();
                self.named(&name)?
            }
            Some(Word::Open) => {
                let open = self.here();
                self.at += 1;
                let inside = self.sum()?;
                self.close(&open)?;
                inside
            }
            _ => return Err(self.missing()),
        };
        for _ in 0..roots {
            atom = self.build(start, |b| b.single(Single::Sqrt, atom))?;
        }
        Ok(atom)
    }

    fn close(&mut self, open: &Range<usize>) -> Result<()> {
        if self.accept(&Word::Close) {
            return Ok(());
        }
        if self.at < self.tokens.len() {
            return Err(self.left_over());
        }
        Err(FormulaError::new(open.clone(), "unclosed '('", "a ')' is missing after it"))
    }

    /// A letter, a named number or a function with its arguments.
    fn named(&mut self, name: &str) -> Result<Part> {
        let range = self.here();
        if let Some(function) = names::function(name) {
            self.at += 1;
            return self.call(name, function, range);
        }
        let leaf = match name {
            "x" => Op::Variable(0),
            "y" => Op::Variable(1),
            _ => match (names::constant(name), index_of(name)) {
                (Some(value), _) => {
                    self.at += 1;
                    return Ok(Part::Known(value));
                }
                (None, Some(letter)) => {
                    self.letters |= 1 << letter;
                    Op::Letter(letter)
                }
                (None, None) => return Err(unknown(name, range)),
            },
        };
        self.at += 1;
        self.build(range.start, |b| b.leaf(leaf))
    }

    fn call(&mut self, name: &str, function: Function, range: Range<usize>) -> Result<Part> {
        let open = self.here();
        if !self.accept(&Word::Open) {
            let what = format!("{name} without brackets");
            return Err(FormulaError::new(range, what, format!("write {name}(...)")));
        }
        let mut arguments = vec![self.sum()?];
        while self.accept(&Word::Comma) {
            arguments.push(self.sum()?);
        }
        self.close(&open)?;
        match (function, arguments[..].as_ref()) {
            (Function::Of(f), [a]) => self.build(range.start, |b| b.single(f, *a)),
            (Function::OfTwo(f), [a, b]) => self.build(range.start, |builder| builder.pair(f, *a, *b)),
            (Function::Pow, [a, b]) => self.build(range.start, |builder| builder.pow(*a, *b)),
            (wanted, given) => {
                let wanted = if matches!(wanted, Function::Of(_)) { "one" } else { "two" };
                let what = format!("{name} of {} numbers", given.len());
                Err(FormulaError::new(range, what, format!("it takes {wanted}")))
            }
        }
    }

    /// The refusal of a place where a number, a letter, a function or a bracket should be.
    fn missing(&self) -> FormulaError {
        let found = match self.peek() {
            None if self.tokens.is_empty() => "the formula is empty",
            None => "the formula ends too early",
            Some(Word::Close) => "')' too early",
            Some(Word::Comma) => "',' too early",
            Some(_) => "two signs in a row",
        };
        FormulaError::new(
            self.here(),
            found,
            "expected a number, x, y, another letter, a function or '('",
        )
    }

    /// The refusal of what follows a complete formula.
    fn left_over(&self) -> FormulaError {
        let (what, advice) = match self.peek() {
            Some(Word::Close) => ("')' without '('", "remove it, or open a bracket before it"),
            Some(Word::Comma) => (
                "unexpected ','",
                "numbers have a decimal point (1.5); a comma stands between the arguments of min, max, pow and hypot",
            ),
            Some(Word::Number(_)) => ("unexpected number", "expected an operator before it: + - * / or ^"),
            _ => ("unexpected sign", "expected an operator: + - * / or ^"),
        };
        FormulaError::new(self.here(), what, advice)
    }

    /// The refusal of `1/2x`.
    fn ambiguous(&self) -> FormulaError {
        FormulaError::new(
            self.here(),
            "a product without a sign after a division can be read in two ways",
            "write (1/2)*x or 1/(2*x)",
        )
    }
}

fn too_long(range: Range<usize>) -> FormulaError {
    FormulaError::new(
        range,
        "the formula has too many operations",
        "512 are possible; make it simpler",
    )
}

fn unknown(name: &str, range: Range<usize>) -> FormulaError {
    let shown: String = name.chars().take(MAX_SHOWN).collect();
    let rest = if shown.len() < name.len() { "..." } else { "" };
    let what = format!("unknown name '{shown}{rest}'");
    let advice = match name {
        "X" | "Y" => format!("did you mean {}?", name.to_lowercase()),
        "E" => "did you mean e?".to_owned(),
        _ => match nearest(name, &names::words()) {
            Some(near) if name.chars().count() > 2 => format!("did you mean {near}?"),
            _ if name.chars().count() == 1 => format!("the letters are {}", LETTERS.join(" ")),
            _ => "a product of letters is written with * or spaces: a*x or a x".to_owned(),
        },
    };
    FormulaError::new(range, what, advice)
}
