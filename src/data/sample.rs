//! The first records of a file, cut with one syntax, to be judged.

use super::dialect::Syntax;
use super::record::{Field, Outcome, Scanner};

/// Records looked at.
const SAMPLE: usize = 1000;
/// Lines that may stand before the table.
const LONGEST_PREAMBLE: usize = 30;

/// A record of the sample.
pub(super) struct Sample {
    pub line: u64,
    /// Byte and line behind it.
    pub end: usize,
    pub end_line: u64,
    pub cells: Vec<String>,
}

/// The first records, their cells as text.
pub(super) fn sample(text: &[u8], syntax: Syntax) -> Vec<Sample> {
    let mut scanner = Scanner::new(text, syntax);
    let mut fields = Vec::new();
    let mut records = Vec::new();
    while records.len() < SAMPLE {
        match scanner.next(&mut fields) {
            Outcome::Record { line } => records.push(Sample {
                line,
                end: scanner.at,
                end_line: scanner.line,
                cells: fields
                    .iter()
                    .map(|f| String::from_utf8_lossy(&f.text(text, &syntax)).into_owned())
                    .collect(),
            }),
            Outcome::Blank { .. } | Outcome::Comment => {}
            Outcome::Unclosed { .. } | Outcome::End => break,
        }
    }
    records
}

/// Below a header `x,y`, rows `1,2,` have two fields and a delimiter too many.
pub(super) fn without_trailing_delimiter(mut records: Vec<Sample>) -> Vec<Sample> {
    let (mode, start) = shape(&records);
    let fits = start > 0 && mode > 1 && records[start - 1].cells.len() == mode - 1;
    let blank = |r: &Sample| r.cells.last().is_some_and(|c| c.is_empty());
    if fits && records.iter().filter(|r| r.cells.len() == mode).all(blank) {
        for record in records.iter_mut().filter(|r| r.cells.len() == mode) {
            record.cells.pop();
        }
    }
    records
}

pub(super) fn unclosed(text: &[u8], syntax: Syntax) -> Option<(u64, usize)> {
    let mut scanner = Scanner::new(text, syntax);
    let mut fields: Vec<Field> = Vec::new();
    loop {
        match scanner.next(&mut fields) {
            Outcome::Unclosed { line, column } => return Some((line, column)),
            Outcome::End => return None,
            _ => {}
        }
    }
}

/// The most frequent number of fields (of two equally frequent ones that of the earlier record) and the first record that has so many.
pub(super) fn shape(records: &[Sample]) -> (usize, usize) {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for record in records {
        let width = record.cells.len();
        match counts.iter_mut().find(|(w, _)| *w == width) {
            Some((_, count)) => *count += 1,
            None => counts.push((width, 1)),
        }
    }
    let mut mode = (1, 0);
    for &(width, count) in &counts {
        if count > mode.1 {
            mode = (width, count);
        }
    }
    let start = records.iter().position(|r| r.cells.len() >= mode.0).unwrap_or(0);
    // One row that is longer than its header is a long row, not a header that is a preamble.
    let start = if start > LONGEST_PREAMBLE || mode.1 < 2 { 0 } else { start };
    (mode.0, start)
}
