//! The dialect of a text, told from its beginning.

use super::comment;
use super::delimiter::best_delimiter;
use super::dialect::{LineEnd, Syntax};
use super::finding::{Findings, Severity, Topic};
use super::header;
use super::notation::{Mixture, number_format};
use super::number::{self, Cell, NumberFormat};
use super::overruled::{self, Overruled};
use super::padded::are_codes;
use super::quote::{escape, with_quote};
use super::record::MOST_FIELDS;
use super::sample::{Sample, sample, shape, unclosed, without_trailing_delimiter};
use super::top::Top;
use super::{DataError, ReadOptions};

/// What to make of the cells of a column while reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    Number,
    Text,
    /// Not needed (a second reading only wants some columns).
    Skip,
}

/// Everything the beginning of a file tells.
pub(super) struct Sniffed {
    pub syntax: Syntax,
    pub numbers: NumberFormat,
    pub header: bool,
    /// One name a column, none empty, all different.
    pub names: Vec<String>,
    pub plans: Vec<Plan>,
    pub line_end: LineEnd,
    pub preamble_lines: u64,
    /// Byte and line (from 0) where the rows begin.
    pub body: usize,
    pub body_line: u64,
}

/// Finds the dialect of `text`, which is the beginning of the file or (`whole`) all of it.
pub(super) fn sniff(
    file: &str,
    text: &[u8],
    whole: bool,
    options: &ReadOptions,
    findings: &mut Findings,
) -> Result<Sniffed, DataError> {
    let no_data = |why| DataError::NoData {
        file: file.to_owned(),
        why,
    };
    if text.iter().all(|b| b.is_ascii_whitespace()) {
        return Err(no_data("only empty lines"));
    }
    if !text.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
        return Err(no_data("only delimiters, quotes and signs"));
    }
    let mut overruled = Overruled::by(options)?;
    let skipped = options.preamble.unwrap_or(0);
    let (mut top, mut syntax, mut records) = cut(text, &overruled, skipped);
    if overruled.comment.is_none()
        && top.comment.is_none()
        && let Some(sign) = comment::sign(&records).filter(|&sign| sign != syntax.delimiter)
    {
        overruled.comment = Some(Some(sign));
        (top, syntax, records) = cut(text, &overruled, skipped);
    }
    if !whole && records.len() > 2 {
        records.pop();
    }
    if records.is_empty() {
        // An unclosed quote in the very first record, or nothing but comments.
        if let Some((line, column)) = unclosed(&text[top.at..], syntax) {
            return Err(DataError::UnclosedQuote {
                file: file.to_owned(),
                line: line + top.line + 1,
                column: column + 1,
            });
        }
        return Err(no_data("only comments and empty lines"));
    }
    let (mode, start) = match (shape(&records), options.preamble) {
        ((mode, _), Some(_)) => (mode, 0),
        (found, None) => found,
    };
    let preamble = &records[..start];
    let records = &records[start..];
    if let (Some(first), Some(last)) = (preamble.first(), preamble.last()) {
        let lines = match (first.line + 1, last.line + 1) {
            (from, to) if from == to => format!("line {from} has"),
            (from, to) => format!("lines {from} to {to} have"),
        };
        let message = format!(
            "{lines} fewer fields than the {mode} of the rows; skipped as a preamble (if the names are there, complete them)"
        );
        findings.note(Severity::Warning, Topic::Preamble, Some(first.line + 1), message);
    }
    let (found, doubt) = number_format(records, syntax.delimiter, options);
    let numbers = overruled::numbers(found, options)?;

    let commented = top.names(&records[0], syntax, numbers);
    let decision = match (&commented, options.header) {
        (Some(_), None) => header::Decision::Header,
        (_, Some(true)) => header::Decision::Header,
        (_, Some(false)) => header::Decision::Data,
        (None, None) => header::decide(records, numbers),
    };
    let is_header = decision != header::Decision::Data && decision != header::Decision::NumbersOnly;
    header::tell(
        decision,
        &records[0],
        options.header.is_some() || commented.is_some(),
        findings,
    );
    let (raw_names, first_row) = match commented.filter(|_| options.header.is_none()) {
        Some(names) => (Some(names), 0),
        None if is_header => (Some(records[0].cells.clone()), 1),
        None => (None, 0),
    };
    let rows = &records[first_row.min(records.len())..];
    let width = width(raw_names.as_deref(), mode, rows, findings);
    if width >= MOST_FIELDS {
        return Err(DataError::TooLarge {
            file: file.to_owned(),
            limit: MOST_FIELDS as u64 - 1,
            what: "columns",
        });
    }
    let names = header::names(raw_names, width, records[0].line + 1, findings);
    if let Some(doubt) = doubt {
        doubt.tell(&names, findings);
    }
    let plans = (0..width).map(|column| plan(rows, column, numbers)).collect();
    let before = if first_row == 1 { Some(&records[0]) } else { preamble.last() };
    Ok(Sniffed {
        syntax,
        numbers,
        header: is_header,
        names,
        plans,
        line_end: line_end(text),
        preamble_lines: top.line + preamble.last().map_or(0, |r| r.end_line - top.line),
        body: before.map_or(top.at, |r| r.end),
        body_line: before.map_or(top.line, |r| r.end_line),
    })
}

/// The text below its top cut into records, with the syntax that suits it best.
fn cut<'a>(text: &'a [u8], overruled: &Overruled, skipped: u64) -> (Top<'a>, Syntax, Vec<Sample>) {
    let top = Top::read(text, overruled.comment, skipped);
    let table = &text[top.at..];
    let given = overruled.delimiter.or(top.separator);
    let base = Syntax {
        delimiter: given.unwrap_or(b','),
        quote: overruled.quote.unwrap_or(b'"'),
        escape: overruled.escape.flatten(),
        comment: top.comment,
    };
    let mut syntax = match given {
        Some(_) => with_quote(table, base, overruled.quote),
        None => best_delimiter(table, base, overruled.quote),
    };
    syntax.escape = overruled.escape.unwrap_or_else(|| escape(table, syntax));
    let mut records = without_trailing_delimiter(sample(table, syntax));
    for record in &mut records {
        record.line += top.line;
        record.end += top.at;
        record.end_line += top.line;
    }
    (top, syntax, records)
}

/// How many columns there are: as many as names, or as most rows have fields; one that is nothing but a trailing delimiter is none.
fn width(names: Option<&[String]>, mode: usize, rows: &[Sample], findings: &mut Findings) -> usize {
    let width = names.map_or(mode, <[String]>::len);
    let empty = |i: usize| rows.iter().all(|r| r.cells.get(i).is_none_or(|c| c.trim().is_empty()));
    let named = names.and_then(|n| n.last()).is_some_and(|n| !n.trim().is_empty());
    if width > 1 && !named && empty(width - 1) && !rows.is_empty() {
        let message = format!("every line ends with a delimiter; the empty column {width} is left out");
        findings.note(Severity::Info, Topic::TrailingDelimiter, None, message);
        return width - 1;
    }
    width
}

/// Whether a column looks like numbers.
fn plan(rows: &[Sample], column: usize, numbers: NumberFormat) -> Plan {
    let cells = || rows.iter().filter_map(|r| r.cells.get(column));
    if are_codes(cells().map(String::as_str)) {
        return Plan::Text;
    }
    let mut counts = Mixture::default();
    for cell in cells() {
        match number::parse(cell.as_bytes(), numbers) {
            Cell::Missing => {}
            Cell::Number(..) => counts.numbers += 1,
            Cell::Other => counts.other(cell),
        }
    }
    if counts.is_numeric() { Plan::Number } else { Plan::Text }
}

fn line_end(text: &[u8]) -> LineEnd {
    let crlf = memchr::memmem::find_iter(text, b"\r\n").count();
    let lf = memchr::memchr_iter(b'\n', text).count() - crlf;
    let cr = memchr::memchr_iter(b'\r', text).count() - crlf;
    match (lf > 0, crlf > 0, cr > 0) {
        (false, true, false) => LineEnd::CrLf,
        (false, false, true) => LineEnd::Cr,
        (_, false, false) => LineEnd::Lf,
        _ => LineEnd::Mixed,
    }
}
