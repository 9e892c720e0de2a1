//! One step of a rule written out: every line of its update in letters, with the numbers put in, and what comes out.
//!
//! A rule declares each line once, as text in the field's letters ([`Sheet::line`]). The text is what is shown, and what the result is
//! computed from; that the last line is where the rule really goes is held for every rule by `tests/engine/arithmetic.rs`.

mod formula;
mod listener;
mod sheet;

pub use sheet::Sheet;

use super::{Fixed, Slot, Walk};

/// A line of an update, such as m ← β₁ m + (1 − β₁) g.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What is computed: "m".
    pub symbol: &'static str,
    /// From what, in letters: "β₁ m + (1 − β₁) g". A letter stands for its newest value: that of an earlier line, or what was remembered.
    pub formula: &'static str,
    /// With numbers, for every coordinate that was asked for; a single one where all coordinates share it.
    pub worked: Vec<Worked>,
}

/// A line with the numbers of one coordinate.
#[derive(Debug, Clone, PartialEq)]
pub struct Worked {
    /// Index of the coordinate; none for a number that all coordinates share.
    pub coordinate: Option<usize>,
    /// The formula with numbers for letters; empty for what is given, such as the gradient.
    pub terms: Vec<Term>,
    pub result: f64,
}

/// A piece of a formula with numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Term {
    /// Signs, brackets, names of functions: " + ", "(", "√".
    Sign(&'static str),
    Number(f64),
}

impl Worked {
    /// The formula with its numbers written by `number`: "0.9 · 0.25 + (1 - 0.9) · 1.5".
    pub fn written(&self, number: impl Fn(f64) -> String) -> String {
        let piece = |term: &Term| match term {
            Term::Sign(sign) => (*sign).to_owned(),
            Term::Number(value) => number(*value),
        };
        self.terms.iter().map(piece).collect()
    }
}

/// The step that a run is about to take, written out for these coordinates (those that do not exist are left out). Empty for a rule that
/// does not explain itself, and where no step can be taken.
pub fn explain(slot: &dyn Slot, fixed: &Fixed<'_>, walk: &Walk, coordinates: &[usize]) -> Vec<Line> {
    let Some(told) = listener::listen(slot.lr(), fixed, walk) else {
        return Vec::new();
    };
    let mut sheet = Sheet::new(&told, &walk.x, fixed.stages, coordinates);
    slot.arithmetic(&mut sheet);
    sheet.finish()
}
