//! A landscape that the user types: `x^2 + 10*sin(y)`, with a slider for each letter that it does not know.
//!
//! # What can be typed
//!
//! - Numbers (`1`, `.5`, `1e-3`), `pi` or `π`, `e`; the variables `x` and `y`; any other single Latin or Greek letter, which gets a slider.
//! - `+ - * / ^`, round brackets, and as other ways to write them `**`, `·`, `×`, `÷`, `−`, `²`, `³`, `⁻¹`, `√`. `-x^2` is −(x²), `2^3^2` is
//!   2^(3²), `2^-x` is allowed.
//! - Products without a sign: `2x`, `2(x+1)`, `x y`, `xy`, `3x^2y` (= 3 x² y), `sin(x)cos(y)`. Refused where it can be read in two ways:
//!   after a division (`1/2x`), and between letters other than x and y (`ax`: write `a x`).
//! - `sin cos tan exp ln log10 sqrt abs sinh cosh tanh asin acos atan sign floor ceil round`, and of two numbers `min max pow hypot`.
//!   `log` is the natural logarithm, the same as `ln`; `arcsin` is `asin`. Arguments stand in brackets.
//!
//! Derivatives are exact (dual numbers). Where a function has a kink or a step, they are the catalogue's conventions: slope 0 for `abs` and
//! roots at 0, for `sign`, `floor`, `ceil`, `round`; `min` and `max` have the slope of the argument they choose, the first if both are
//! equal. A power whose exponent depends on x or y needs a base of at least 0.

mod builder;
mod error;
mod letters;
mod lexer;
mod names;
mod parser;
mod print;
mod saved;
mod tape;

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use error::FormulaError;

use letters::{FIRST_VALUE, LETTERS, Values, index_of};
use parser::{Parsed, parse};
use saved::Saved;

use super::domain::Domain;
use super::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// A function of x and y as typed, with the values of its letters and the box in which it is looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct Formula {
    text: Arc<str>,
    parsed: Arc<Parsed>,
    letters: Box<Values>,
    domain: Domain,
}

impl Default for Formula {
    fn default() -> Self {
        Self {
            text: Self::INFO.formula.into(),
            parsed: Arc::new(parse(Self::INFO.formula).unwrap_or_default()),
            letters: Box::new([FIRST_VALUE; LETTERS.len()]),
            domain: Domain::default(),
        }
    }
}

impl Formula {
    /// The function that a text means, on [-5, 5]²; its letters are 1.
    ///
    /// # Errors
    /// The text is no formula; the error says where, and what was expected.
    pub fn new(text: &str) -> Result<Self, FormulaError> {
        let mut formula = Self::default();
        formula.retype(text)?;
        Ok(formula)
    }

    /// Takes another text. Letters keep their values, those that come and go too.
    ///
    /// # Errors
    /// The text is no formula; nothing changes then.
    pub fn retype(&mut self, text: &str) -> Result<(), FormulaError> {
        self.parsed = Arc::new(parse(text)?);
        self.text = text.into();
        Ok(())
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The formula as it was understood: every sign written out, brackets where they are needed.
    pub fn understood(&self) -> String {
        print::print(&self.parsed.tape)
    }

    fn uses(&self, letter: usize) -> bool {
        self.parsed.letters >> letter & 1 == 1
    }
}

impl Parametric for Formula {
    const PARAMS: &'static [ParamSpec<Self>] = &letters::SPECS;

    fn is_used(&self, name: &str) -> bool {
        index_of(name).is_none_or(|letter| self.uses(letter))
    }
}

impl TestFunction for Formula {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Formula",
        formula: "x^2 + 10*sin(y)",
        source: "typed by you",
        teaches: "Yours: type what you want to understand, and every rule goes down it with exact derivatives",
        tags: &[Tag::Custom],
        start: [4.0, 1.2],
    };

    fn formula(&self) -> Cow<'static, str> {
        self.text().to_owned().into()
    }

    fn eval<T: Real>(&self, x: &[T]) -> T {
        self.parsed.tape.eval(x, &self.letters)
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        self.domain.ends()
    }

    fn start(&self) -> [f64; 2] {
        self.domain.start(Self::INFO.start)
    }

    fn minima(&self) -> Vec<Minimum> {
        Vec::new()
    }
}
