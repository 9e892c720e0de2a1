//! Which sign stands around fields, and which before one that belongs to the text.

use super::dialect::Syntax;
use super::number;
use super::record::{Outcome, Scanner};

/// Records looked at.
const SAMPLE: usize = 1000;

/// The syntax with single quotes, if the text has no double ones and single ones in their place.
pub(super) fn with_quote(text: &[u8], syntax: Syntax, given: Option<u8>) -> Syntax {
    let single = Syntax { quote: b'\'', ..syntax };
    let escaped = Syntax {
        escape: Some(b'\\'),
        ..single
    };
    let is_open = given.is_none() && syntax.delimiter != single.quote && syntax.comment != Some(single.quote);
    if is_open && memchr::memchr(b'"', text).is_none() && (is_quoted(text, single) || is_quoted(text, escaped)) {
        single
    } else {
        syntax
    }
}

/// Whether the quote stands where quotes do: around all cells of some column that have anything in them, below the names and at least
/// twice; and never where none belongs. An apostrophe in a word or in front of one does neither.
fn is_quoted(text: &[u8], syntax: Syntax) -> bool {
    if memchr::memchr_iter(syntax.quote, text).take(4).count() < 4 {
        return false;
    }
    let mut scanner = Scanner::new(text, syntax);
    let (mut fields, mut records) = (Vec::new(), 0);
    // Of every column: cells between quotes, and others.
    let mut columns: Vec<(usize, usize)> = Vec::new();
    while records < SAMPLE {
        match scanner.next(&mut fields) {
            Outcome::Record { .. } => {}
            Outcome::Blank { .. } | Outcome::Comment => continue,
            // The text may have been cut within its last line.
            Outcome::Unclosed { .. } if memchr::memchr(b'\n', &text[scanner.at..]).is_none() => break,
            Outcome::Unclosed { .. } => return false,
            Outcome::End => break,
        }
        if fields.iter().any(|field| field.is_stray()) {
            return false;
        }
        records += 1;
        columns.resize(columns.len().max(fields.len()), (0, 0));
        for ((quoted, bare), field) in columns.iter_mut().zip(&fields) {
            let is_quoted = field.is_quoted(text, syntax.quote);
            let is_missing = number::is_missing(field.text(text, &syntax).trim_ascii());
            *quoted += usize::from(is_quoted);
            *bare += usize::from(records > 1 && !is_quoted && !is_missing);
        }
    }
    columns.iter().any(|&(quoted, bare)| quoted > 1 && bare == 0)
}

/// The sign that escapes a quote: a backslash, if fewer quotes are out of place with it than without.
pub(super) fn escape(text: &[u8], syntax: Syntax) -> Option<u8> {
    let is_there = text.windows(2).any(|pair| pair == [b'\\', syntax.quote]);
    let with = |escape| trouble(text, Syntax { escape, ..syntax });
    (is_there && with(Some(b'\\')) < with(None)).then_some(b'\\')
}

/// How many quotes are out of place.
fn trouble(text: &[u8], syntax: Syntax) -> usize {
    let mut scanner = Scanner::new(text, syntax);
    let (mut fields, mut count) = (Vec::new(), 0);
    loop {
        match scanner.next(&mut fields) {
            Outcome::End => return count,
            Outcome::Unclosed { .. } => return count + 1,
            _ => count += fields.iter().filter(|f| f.is_stray()).count(),
        }
    }
}
