//! A sign that a dialect may have or do without.

use std::fmt;
use std::str::FromStr;

/// One character, or none at all: what quotes, escapes, comments or groups of thousands are written with.
///
/// As text: the character itself, `tab`, `space` or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mark(pub Option<char>);

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut letters = text.chars();
        match (text, letters.next(), letters.next()) {
            ("none", ..) => Ok(Self(None)),
            ("tab" | "\\t", ..) => Ok(Self(Some('\t'))),
            ("space", ..) => Ok(Self(Some(' '))),
            (_, Some(letter), None) => Ok(Self(Some(letter))),
            _ => Err("it must be one character, `tab`, `space` or `none`".to_owned()),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("none"),
            Some('\t') => f.write_str("tab"),
            Some(' ') => f.write_str("space"),
            Some(letter) => write!(f, "{letter}"),
        }
    }
}

impl Mark {
    /// For people: what cannot be seen by its name, the others between quotes.
    pub fn shown(self) -> String {
        match self.0 {
            None | Some('\t' | ' ') => self.to_string(),
            Some(letter) => format!("'{letter}'"),
        }
    }
}

impl TryFrom<String> for Mark {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Mark> for String {
    fn from(mark: Mark) -> Self {
        mark.to_string()
    }
}
