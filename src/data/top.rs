//! What stands above a table.

use super::dialect::Syntax;
use super::number::{self, Cell, NumberFormat};
use super::sample::{Sample, sample};

/// What stands above the table: Excel's `sep=` line, comments, empty lines.
pub(super) struct Top<'a> {
    /// Byte and line (from 0) behind it.
    pub at: usize,
    pub line: u64,
    /// The delimiter a `sep=` line gives.
    pub separator: Option<u8>,
    pub comment: Option<u8>,
    last_comment: Option<&'a [u8]>,
}

impl<'a> Top<'a> {
    /// Reads it. The comment character is `#` unless another one or none was given; `skipped` lines are passed over whatever they are.
    pub fn read(text: &'a [u8], comment: Option<Option<u8>>, skipped: u64) -> Self {
        let sign = comment.unwrap_or(Some(b'#'));
        let mut top = Self {
            at: 0,
            line: 0,
            separator: None,
            // Without a comment at the top, a line that begins with # is a row; unless it was said what it is.
            comment: comment.flatten(),
            last_comment: None,
        };
        while top.at < text.len() {
            let rest = &text[top.at..];
            let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            let line = &rest[..length];
            let bare = line.trim_ascii();
            let unquoted = bare.strip_prefix(b"\"").and_then(|l| l.strip_suffix(b"\"")).unwrap_or(bare);
            if top.line < skipped {
                // Said to be no part of the table.
            } else if top.line == 0 && unquoted.len() == 5 && unquoted[..4].eq_ignore_ascii_case(b"sep=") {
                top.separator = Some(unquoted[4]);
            } else if top.line == 0 && line.eq_ignore_ascii_case(b"sep=\t") {
                top.separator = Some(b'\t');
            } else if sign.is_some() && line.first().copied() == sign {
                top.comment = sign;
                top.last_comment = Some(&line[1..]);
            } else if comment.is_none() && line.starts_with(b"//") && !is_column_of_paths(&rest[length..]) {
                top.last_comment = Some(&line[2..]);
            } else if !bare.is_empty() {
                break;
            }
            let end = if rest[length..].starts_with(b"\r\n") {
                length + 2
            } else {
                length + 1
            };
            top.at = (top.at + end).min(text.len());
            top.line += 1;
        }
        top
    }

    /// The names in the last comment line, if it names as many columns as the all-number row below it has: `# x,y`.
    pub fn names(&self, first: &Sample, syntax: Syntax, numbers: NumberFormat) -> Option<Vec<String>> {
        let line = self.last_comment?;
        let is_number = |cell: &String| matches!(number::parse(cell.as_bytes(), numbers), Cell::Number(..));
        let names = sample(line, Syntax { comment: None, ..syntax }).pop()?.cells;
        let fits = first.cells.len() > 1 && names.len() == first.cells.len();
        (fits && first.cells.iter().all(is_number) && !names.iter().any(is_number)).then_some(names)
    }
}

/// Whether every line of these begins with slashes too: addresses without a scheme, and no comments.
fn is_column_of_paths(lines: &[u8]) -> bool {
    let mut lines = lines.split(|&b| b == b'\n' || b == b'\r').filter(|line| !line.is_empty());
    lines.all(|line| line.starts_with(b"//"))
}
