//! Why a formula cannot be read: where, and what was expected.

use std::fmt;
use std::ops::Range;

/// A refused formula. Displayed: what is wrong, at which character (counted from 1), what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaError {
    /// The characters (not bytes) at fault, counted from 0; at the end of the text it is empty.
    pub range: Range<usize>,
    /// What is wrong: "unknown name 'sine'".
    pub what: String,
    /// What was expected, or what to do: "did you mean sin?".
    pub advice: String,
}

impl FormulaError {
    pub(super) fn new(range: Range<usize>, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            range,
            what: what.into(),
            advice: advice.into(),
        }
    }

    /// The formula on a line, and carets under the characters at fault.
    pub fn marked(&self, text: &str) -> String {
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let carets = self.range.len().max(1);
        format!("{line}\n{}{}", " ".repeat(self.range.start), "^".repeat(carets))
    }
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}: {}", self.what, self.range.start + 1, self.advice)
    }
}

impl std::error::Error for FormulaError {}
