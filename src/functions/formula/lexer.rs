//! From characters to words.

use std::ops::Range;

use super::error::FormulaError;

/// A word of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Number(f64),
    /// A letter, or the name of a function or a number.
    Name(String),
    /// A power written above the line: ², ⁻¹.
    Raised(f64),
    Plus,
    Minus,
    Times,
    Divided,
    Power,
    Root,
    Open,
    Close,
    Comma,
}

/// A word and its characters, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub word: Word,
    pub range: Range<usize>,
}

const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// The words of a formula.
pub(super) fn words(text: &str) -> Result<Vec<Token>, FormulaError> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let (word, length) = match c {
            '0'..='9' | '.' => number(&chars[at..], at)?,
            c if c.is_alphabetic() => name(&chars[at..]),
            '⁻' => raised(&chars[at..], at)?,
            c if RAISED.contains(c) => raised(&chars[at..], at)?,
            '*' if chars.get(at + 1) == Some(&'*') => (Word::Power, 2),
            c => (sign(*c).ok_or_else(|| stranger(*c, at))?, 1),
        };
        let range = at..at + length;
        at = range.end;
        match word {
            // xy is x times y: no name begins like that.
            Word::Name(name) if length > 1 && name.chars().all(|c| matches!(c, 'x' | 'y')) => {
                let letters = name.chars().zip(range);
                tokens.extend(letters.map(|(c, at)| Token {
                    word: Word::Name(c.to_string()),
                    range: at..at + 1,
                }));
            }
            word => tokens.push(Token { word, range }),
        }
    }
    Ok(tokens)
}

fn sign(c: char) -> Option<Word> {
    Some(match c {
        '+' => Word::Plus,
        '-' | '−' | '–' => Word::Minus,
        '*' | '·' | '⋅' | '×' | '∗' => Word::Times,
        '/' | '÷' | '∕' => Word::Divided,
        '^' => Word::Power,
        '√' => Word::Root,
        '(' => Word::Open,
        ')' => Word::Close,
        ',' => Word::Comma,
        _ => return None,
    })
}

/// The refusal of a character that means nothing here.
fn stranger(c: char, at: usize) -> FormulaError {
    let advice = match c {
        '|' => "write abs(...)",
        '[' | ']' | '{' | '}' => "write round brackets ( )",
        '=' => "write only what stands right of the =",
        '!' | '%' | '<' | '>' | '&' | ';' | ':' | '?' => "there is no such sign in a formula; it has + - * / ^ ( ) and commas",
        _ => "a formula is made of numbers, letters, functions and + - * / ^ ( )",
    };
    FormulaError::new(at..at + 1, format!("unexpected '{}'", c.escape_debug()), advice)
}

/// Digits with a decimal point and an exponent: `1`, `.5`, `1e-3`. `2e` is twice the number e.
fn number(chars: &[char], at: usize) -> Result<(Word, usize), FormulaError> {
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut length = digits(0);
    if chars.get(length) == Some(&'.') {
        length += 1 + digits(length + 1);
    }
    if matches!(chars.get(length), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(length + 1), Some('+' | '-')));
        let first = length + 1 + sign;
        let exponent = if first < chars.len() { digits(first) } else { 0 };
        if exponent > 0 {
            length = first + exponent;
        }
    }
    let text: String = chars[..length].iter().collect();
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Word::Number(value), length)),
        Ok(_) => Err(FormulaError::new(
            at..at + length,
            format!("'{text}' is too large"),
            "the largest number is 1.8e308",
        )),
        Err(_) => Err(FormulaError::new(
            at..at + length,
            format!("'{text}' is no number"),
            "write a number such as 1, 0.5 or 1e-3",
        )),
    }
}

/// A letter, and the letters and digits that follow it.
fn name(chars: &[char]) -> (Word, usize) {
    let name: String = chars.iter().take_while(|c| c.is_alphabetic() || c.is_ascii_digit()).collect();
    let length = name.chars().count();
    (Word::Name(name), length)
}

/// Digits above the line.
fn raised(chars: &[char], at: usize) -> Result<(Word, usize), FormulaError> {
    let negative = chars.first() == Some(&'⁻');
    let digits = chars[usize::from(negative)..]
        .iter()
        .map_while(|c| RAISED.iter().position(|r| r == c));
    let mut length = usize::from(negative);
    let mut power = 0.0;
    for digit in digits {
        power = power * 10.0 + digit as f64;
        length += 1;
    }
    if length == usize::from(negative) || length > 9 {
        return Err(FormulaError::new(
            at..at + length,
            "this is no power",
            "write a small whole number above the line, such as ² or ⁻¹",
        ));
    }
    Ok((Word::Raised(if negative { -power } else { power }), length))
}
