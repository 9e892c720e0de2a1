//! What was said about a dialect, checked.

use super::dialect::NO_QUOTE;
use super::finding::printable;
use super::number::SPACES;
use super::{DataError, Mark, NumberFormat, ReadOptions};

/// The part of the options that cuts text into records and fields.
#[derive(Debug, Default)]
pub(super) struct Overruled {
    pub delimiter: Option<u8>,
    /// [`NO_QUOTE`] if there is none.
    pub quote: Option<u8>,
    pub escape: Option<Option<u8>>,
    pub comment: Option<Option<u8>>,
}

impl Overruled {
    /// Checks every sign by itself and against the others.
    ///
    /// # Errors
    /// One cannot be what it is said to be, or is two things at once.
    pub fn by(options: &ReadOptions) -> Result<Self, DataError> {
        let sign = |field, mark: Mark, advice| mark.0.map(|letter| byte(field, letter, advice)).transpose();
        const QUOTE: &str = "use \" or ' or another single ASCII sign, or none";
        const ESCAPE: &str = "use \\ or another single ASCII sign, or none (a quote is then written twice)";
        const COMMENT: &str = "use # or another single ASCII sign, or none";
        let quote = options.quote.map(|mark| sign("quote", mark, QUOTE)).transpose()?;
        let escape = options.escape.map(|mark| sign("escape", mark, ESCAPE)).transpose()?;
        let overruled = Self {
            delimiter: options.delimiter.map(delimiter).transpose()?,
            quote: quote.map(|quote| quote.unwrap_or(NO_QUOTE)),
            // A quote that escapes itself is a quote that is doubled.
            escape: escape.map(|escape| escape.filter(|_| escape != quote.flatten())),
            comment: options.comment.map(|mark| sign("comment", mark, COMMENT)).transpose()?,
        };
        overruled.check_different()?;
        Ok(overruled)
    }

    fn check_different(&self) -> Result<(), DataError> {
        let given = [
            ("delimiter", self.delimiter),
            ("quote", self.quote),
            ("escape", self.escape.flatten()),
            ("comment", self.comment.flatten()),
        ];
        for (i, (field, sign)) in given.iter().enumerate() {
            if let Some(sign) = sign
                && given[..i].iter().any(|(_, other)| *other == Some(*sign))
            {
                return Err(DataError::Option {
                    field,
                    value: printable(&char::from(*sign).to_string()),
                    advice: "it is another sign of the dialect already; give each its own",
                });
            }
        }
        Ok(())
    }
}

fn delimiter(letter: char) -> Result<u8, DataError> {
    const ADVICE: &str = "use one of , ; | a tab, a space or another single ASCII sign";
    let sign = byte("delimiter", letter, ADVICE)?;
    if matches!(sign, b'"' | b'.' | b'-' | b'+') {
        return Err(unknown("delimiter", letter, ADVICE));
    }
    Ok(sign)
}

/// The byte of a sign that structures text.
fn byte(field: &'static str, letter: char, advice: &'static str) -> Result<u8, DataError> {
    match u8::try_from(letter) {
        Ok(byte) if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'\n' | b'\r') => Ok(byte),
        _ => Err(unknown(field, letter, advice)),
    }
}

fn unknown(field: &'static str, letter: char, advice: &'static str) -> DataError {
    DataError::Option {
        field,
        value: printable(&letter.to_string()),
        advice,
    }
}

/// How numbers are written: as found, but for what was said.
pub(super) fn numbers(found: NumberFormat, options: &ReadOptions) -> Result<NumberFormat, DataError> {
    let decimal = match options.decimal {
        None => found.decimal,
        Some(decimal @ ('.' | ',')) => decimal,
        Some(other) => return Err(unknown("decimal", other, "use . or ,")),
    };
    // Whoever says that a comma groups thousands says that it is no decimal mark, however that looked.
    let decimal = match options.thousands {
        Some(Mark(Some(','))) if options.decimal.is_none() => '.',
        Some(Mark(Some('.'))) if options.decimal.is_none() => ',',
        _ => decimal,
    };
    // Whoever types a space means any kind of them, and whoever copies one from the file does too.
    let given = options
        .thousands
        .map(|mark| Mark(mark.0.map(|sign| if SPACES.contains(&sign) { ' ' } else { sign })));
    let is_sign = |sign: char| sign.is_ascii() && !sign.is_ascii_alphanumeric() && sign != decimal && !"+-\n\r".contains(sign);
    let thousands = match given {
        None => found.thousands.filter(|&sign| sign != decimal),
        Some(Mark(sign)) if sign.is_none_or(is_sign) => sign,
        Some(Mark(sign)) => {
            let advice = "use , or . (whichever is not the decimal mark), ', a space or another single ASCII sign, or none";
            return Err(unknown("thousands", sign.unwrap_or_default(), advice));
        }
    };
    Ok(NumberFormat { decimal, thousands })
}
