//! The dialect of a text, told from its beginning.

use super::dialect::{LineEnd, Syntax};
use super::finding::{Findings, Severity, Topic, printable};
use super::header;
use super::number::{self, Cell, NumberFormat};
use super::record::{Field, MOST_FIELDS, Outcome, Scanner};
use super::{DataError, ReadOptions};

/// Records looked at.
const SAMPLE: usize = 1000;
/// Lines that may stand before the table.
const LONGEST_PREAMBLE: usize = 30;

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

/// A record of the sample.
pub(super) struct Sample {
    pub line: u64,
    end: usize,
    end_line: u64,
    pub cells: Vec<String>,
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
    let top = Top::read(text);
    let given = options.delimiter.map(delimiter_byte).transpose()?.or(top.separator);
    let base = Syntax {
        delimiter: given.unwrap_or(b','),
        quote: b'"',
        escape: None,
        comment: top.comment,
    };
    let mut syntax = match given {
        Some(_) => base,
        None => best_delimiter(&text[top.at..], base),
    };
    (syntax.quote, syntax.escape) = quoting(&text[top.at..], syntax);
    let mut records = sample(&text[top.at..], syntax);
    for record in &mut records {
        record.line += top.line;
        record.end += top.at;
        record.end_line += top.line;
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
    let (mode, start) = shape(&records);
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
    let mut numbers = number_format(records, syntax.delimiter, findings);
    if let Some(decimal) = options.decimal {
        if decimal != '.' && decimal != ',' {
            return Err(DataError::Option {
                field: "decimal",
                value: decimal.to_string(),
                advice: "use . or ,",
            });
        }
        numbers = NumberFormat {
            decimal,
            thousands: numbers.thousands.filter(|&t| t != decimal),
        };
    }

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

/// An overruled delimiter, if it can be one.
fn delimiter_byte(delimiter: char) -> Result<u8, DataError> {
    match u8::try_from(delimiter) {
        Ok(byte)
            if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\n' | b'\r' | b'.' | b'-' | b'+') =>
        {
            Ok(byte)
        }
        _ => Err(DataError::Option {
            field: "delimiter",
            value: printable(&delimiter.to_string()),
            advice: "use one of , ; | a tab, a space or another single ASCII sign",
        }),
    }
}

/// What stands above the table: Excel's `sep=` line, comments, empty lines.
struct Top<'a> {
    at: usize,
    line: u64,
    separator: Option<u8>,
    comment: Option<u8>,
    last_comment: Option<&'a [u8]>,
}

impl<'a> Top<'a> {
    fn read(text: &'a [u8]) -> Self {
        let mut top = Self {
            at: 0,
            line: 0,
            separator: None,
            comment: None,
            last_comment: None,
        };
        while top.at < text.len() {
            let rest = &text[top.at..];
            let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            let line = &rest[..length];
            let bare = line.trim_ascii();
            let unquoted = bare.strip_prefix(b"\"").and_then(|l| l.strip_suffix(b"\"")).unwrap_or(bare);
            if top.line == 0 && unquoted.len() == 5 && unquoted[..4].eq_ignore_ascii_case(b"sep=") {
                top.separator = Some(unquoted[4]);
            } else if top.line == 0 && line.eq_ignore_ascii_case(b"sep=\t") {
                top.separator = Some(b'\t');
            } else if line.first() == Some(&b'#') {
                top.comment = Some(b'#');
                top.last_comment = Some(&line[1..]);
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
    fn names(&self, first: &Sample, syntax: Syntax, numbers: NumberFormat) -> Option<Vec<String>> {
        let line = self.last_comment?;
        let is_number = |cell: &String| matches!(number::parse(cell.as_bytes(), numbers), Cell::Number(..));
        let names = sample(line, Syntax { comment: None, ..syntax }).pop()?.cells;
        let fits = first.cells.len() > 1 && names.len() == first.cells.len();
        (fits && first.cells.iter().all(is_number) && !names.iter().any(is_number)).then_some(names)
    }
}

/// The first records, their cells as text.
fn sample(text: &[u8], syntax: Syntax) -> Vec<Sample> {
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

fn unclosed(text: &[u8], syntax: Syntax) -> Option<(u64, usize)> {
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
fn shape(records: &[Sample]) -> (usize, usize) {
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

/// The delimiter under which the records look most like a table.
fn best_delimiter(text: &[u8], base: Syntax) -> Syntax {
    let mut best = (0.0, base);
    for delimiter in [b',', b';', b'\t', b'|', b' '] {
        let syntax = Syntax { delimiter, ..base };
        let records = sample(text, syntax);
        let (mode, start) = shape(&records);
        let body = &records[start..];
        if mode < 2 || body.is_empty() {
            continue;
        }
        let share = body.iter().filter(|r| r.cells.len() == mode).count() as f64 / body.len() as f64;
        let mut cells = (0_usize, 0_usize, 0_usize);
        for cell in body.iter().flat_map(|r| &r.cells).take(5000) {
            cells.0 += 1;
            cells.1 += usize::from(is_clean(cell));
            cells.2 += usize::from(is_numeric(cell));
        }
        let part = |n: usize| n as f64 / cells.0.max(1) as f64;
        let mut score = share * (0.3 + 0.7 * part(cells.1));
        if delimiter == b' ' {
            // Words are no columns: only a regular block of numbers is delimited by spaces.
            let numbers = body.iter().skip(1).flat_map(|r| &r.cells).take(5000).map(|c| is_numeric(c));
            let (count, numeric) = numbers.fold((0_usize, 0_usize), |(n, k), is| (n + 1, k + usize::from(is)));
            let regular = share == 1.0 && count > 0 && numeric * 4 >= count * 3;
            score *= if regular { 0.5 } else { 0.0 };
        }
        if score > best.0 + 1e-9 {
            best = (score, syntax);
        }
    }
    best.1
}

fn is_numeric(cell: &str) -> bool {
    let comma = NumberFormat {
        decimal: ',',
        thousands: Some('.'),
    };
    let point = NumberFormat {
        decimal: '.',
        thousands: Some(','),
    };
    [comma, point]
        .iter()
        .any(|&format| number::parse(cell.as_bytes(), format) != Cell::Other)
}

/// Whether no other delimiter seems to be left inside.
fn is_clean(cell: &str) -> bool {
    !cell.contains([',', ';', '\t', '|']) || is_numeric(cell)
}

/// Which quote, and whether a backslash escapes it.
fn quoting(text: &[u8], syntax: Syntax) -> (u8, Option<u8>) {
    let has_double = memchr::memchr(b'"', text).is_some();
    if !has_double {
        let records = sample(text, syntax);
        let cells = || records.iter().flat_map(|r| &r.cells);
        let single = |c: &&String| c.len() >= 2 && c.starts_with('\'') && c.ends_with('\'');
        if cells().filter(single).count() * 3 > cells().count() {
            return (b'\'', None);
        }
    } else if text.windows(2).any(|w| w == b"\\\"") {
        let trouble = |escape| {
            let syntax = Syntax { escape, ..syntax };
            let mut scanner = Scanner::new(text, syntax);
            let (mut fields, mut count) = (Vec::new(), 0);
            loop {
                match scanner.next(&mut fields) {
                    Outcome::End => break count,
                    Outcome::Unclosed { .. } => break count + 1,
                    _ => count += fields.iter().filter(|f| f.is_stray()).count(),
                }
            }
        };
        if trouble(Some(b'\\')) < trouble(None) {
            return (b'"', Some(b'\\'));
        }
    }
    (b'"', None)
}

/// Decimal mark and thousands separator, from the cells that can only be read one way.
fn number_format(records: &[Sample], delimiter: u8, findings: &mut Findings) -> NumberFormat {
    let (mut point, mut comma, mut thousands, mut ambiguous) = (0, 0, 0, None);
    let (mut point_groups, mut other_groups) = (false, None);
    for (line, cell) in records.iter().flat_map(|r| r.cells.iter().map(|c| (r.line, c))) {
        let cell = cell.trim();
        let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == ',' || c == '.') || digits.len() > 40 {
            continue;
        }
        let read = |decimal, thousands| {
            matches!(
                number::parse(cell.as_bytes(), NumberFormat { decimal, thousands }),
                Cell::Number(..)
            )
        };
        if !digits.contains(',') {
            let grouped = |separator: char| number::grouped(digits.split('.').next().unwrap_or("").as_bytes(), separator as u8);
            if digits.contains('.') && read('.', None) {
                point += 1;
            } else if let Some(separator) = [' ', '\''].into_iter().find(|&s| delimiter != s as u8 && grouped(s)) {
                other_groups = Some(separator);
            } else if digits.matches('.').count() > 1 && number::grouped(digits.as_bytes(), b'.') {
                point_groups = true;
            }
            continue;
        }
        let as_comma = read(',', None) || read(',', Some('.'));
        let as_thousands = read('.', Some(','));
        match (as_comma, as_thousands) {
            (true, true) => ambiguous = ambiguous.or(Some((line, cell.to_owned()))),
            (true, false) => {
                comma += 1;
                point_groups |= digits.contains('.');
            }
            (false, true) => thousands += 1,
            (false, false) => {}
        }
    }
    if comma > 0 && comma >= point && comma > thousands {
        return NumberFormat {
            decimal: ',',
            thousands: if point_groups { Some('.') } else { other_groups },
        };
    }
    let english = NumberFormat {
        decimal: '.',
        thousands: Some(','),
    };
    if thousands > 0 {
        return english;
    }
    if let Some((line, cell)) = ambiguous {
        let decimal_comma = delimiter != b',' && point == 0;
        let (format, meaning) = if decimal_comma {
            let format = NumberFormat {
                decimal: ',',
                thousands: None,
            };
            (format, "a decimal comma")
        } else {
            (english, "thousands")
        };
        let message = format!(
            "numbers like {cell} can be read in two ways; the comma is taken for {meaning} (give the decimal mark if that is wrong)"
        );
        findings.note(Severity::Warning, Topic::NumberFormat, Some(line + 1), message);
        return format;
    }
    NumberFormat {
        decimal: '.',
        thousands: other_groups,
    }
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
    let mut counts = Mixture::default();
    for cell in rows.iter().filter_map(|r| r.cells.get(column)) {
        match number::parse(cell.as_bytes(), numbers) {
            Cell::Missing => {}
            Cell::Number(..) => counts.numbers += 1,
            Cell::Other => counts.other(cell),
        }
    }
    if counts.is_numeric() { Plan::Number } else { Plan::Text }
}

/// Numbers and other cells of a column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mixture {
    pub numbers: usize,
    pub others: usize,
    /// Of the others, how many begin like a number: `0x10`, `1_000`, `10%`.
    pub alike: usize,
}

impl Mixture {
    /// Counts a cell that is no number.
    pub fn other(&mut self, cell: &str) {
        self.others += 1;
        let cell = cell.trim_start();
        self.alike += usize::from(
            cell.trim_start_matches(['+', '-', '$', '.'])
                .starts_with(|c: char| c.is_numeric()),
        );
    }

    /// Whether this is a column of numbers with a few broken cells, and not texts of which some are digits.
    pub fn is_numeric(&self) -> bool {
        let few = self.others <= (self.numbers + self.others).div_euclid(10).max(2);
        self.numbers > 0 && few && (self.numbers >= self.others || self.alike == self.others)
    }
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
