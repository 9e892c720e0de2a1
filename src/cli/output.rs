//! Results on stdout: rows of named columns as an aligned table, CSV or JSON.

use std::io::{self, BufWriter, StdoutLock, Write};

use clap::ValueEnum;
use serde_json::Value;

use super::{CliError, number};

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// For people: aligned, numbers to seven digits
    #[default]
    Table,
    /// For machines: RFC 4180, numbers in full
    Csv,
    /// For machines: numbers in full, null for what is not finite
    Json,
}

/// The option that every command has.
#[derive(clap::Args)]
pub(super) struct FormatArg {
    /// How results are written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The seed, for commands in which nothing is random: a script may give it to every command alike.
#[derive(clap::Args)]
pub(super) struct UnusedSeed {
    /// Taken for the sake of scripts; nothing is random here
    #[arg(long = "seed", value_name = "SEED", default_value_t = 0, value_parser = number::whole::<u64>(0..=u64::MAX))]
    _seed: u64,
}

/// One value of a result.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Integer(u64),
    Number(f64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl Cell {
    /// In full: the shortest decimal that reads back as the same double.
    fn exact(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => exact(*number),
        }
    }

    /// On one line, which is a row of a table.
    fn readable(&self) -> String {
        match self {
            Self::Number(number) => readable(*number),
            Self::Text(text) => text.replace('\n', "; "),
            other => other.exact(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => (*number).into(),
            // There is no NaN in JSON: it becomes null.
            Self::Number(number) => (*number).into(),
        }
    }
}

/// The shortest decimal that reads back as the same double.
pub(super) fn exact(number: f64) -> String {
    format!("{number:?}")
}

/// Seven significant digits, without trailing zeros.
pub(super) fn readable(number: f64) -> String {
    if !number.is_finite() || number == 0.0 {
        return format!("{number}");
    }
    let rounded = format!("{number:.6e}");
    let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        exponent @ -5..=8 => {
            let fixed = format!("{number:.*}", (6 - exponent).max(0) as usize);
            without_trailing_zeros(&fixed).to_owned()
        }
        exponent => format!("{}e{exponent}", without_trailing_zeros(mantissa)),
    }
}

fn without_trailing_zeros(number: &str) -> &str {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}

/// Writes rows to stdout as they come (a table once it is complete, because its columns are aligned).
pub(super) struct Rows {
    format: Format,
    columns: Vec<String>,
    out: BufWriter<StdoutLock<'static>>,
    /// Rows of a table that wait for the others.
    waiting: Vec<Vec<Cell>>,
    written: u64,
}

impl Rows {
    /// Starts with the names of the columns.
    pub fn new(format: Format, columns: Vec<String>) -> Result<Self, CliError> {
        let mut rows = Self {
            format,
            columns,
            out: BufWriter::new(io::stdout().lock()),
            waiting: Vec::new(),
            written: 0,
        };
        match format {
            Format::Table => {}
            Format::Csv => write_csv_line(&mut rows.out, rows.columns.iter().map(String::as_str))?,
            Format::Json => rows.out.write_all(b"[")?,
        }
        Ok(rows)
    }

    /// The next row: a cell for each column.
    pub fn push(&mut self, row: Vec<Cell>) -> Result<(), CliError> {
        match self.format {
            Format::Table => self.waiting.push(row),
            Format::Csv => write_csv_line(&mut self.out, row.iter().map(Cell::exact))?,
            Format::Json => {
                let separator: &[u8] = if self.written == 0 { b"\n  " } else { b",\n  " };
                self.out.write_all(separator)?;
                let fields: Vec<(&str, Cell)> = self.columns.iter().map(String::as_str).zip(row).collect();
                self.out.write_all(json_object(&fields).as_bytes())?;
            }
        }
        self.written += 1;
        Ok(())
    }

    /// Writes what is still waiting.
    pub fn finish(mut self) -> Result<(), CliError> {
        match self.format {
            Format::Table => write_table(&mut self.out, &self.columns, &self.waiting)?,
            Format::Csv => {}
            Format::Json => self.out.write_all(if self.written == 0 { b"]\n" } else { b"\n]\n" })?,
        }
        self.out.flush()?;
        Ok(())
    }
}

/// Writes one JSON value to stdout.
pub(super) fn print_json(value: &Value) -> Result<(), CliError> {
    print_text(&format!("{value:#}\n"))
}

/// Writes text to stdout.
pub(super) fn print_text(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// A JSON object on one line. Its keys keep their order, which a map's would not.
pub(super) fn json_object(fields: &[(&str, Cell)]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(key, cell)| format!("{}: {}", Value::from(*key), cell.json()))
        .collect();
    format!("{{{}}}", fields.join(", "))
}

/// One line of RFC 4180, but with the line end of the system the program runs on most: a single line feed.
pub(super) fn write_csv_line(out: &mut dyn Write, fields: impl Iterator<Item = impl AsRef<str>>) -> io::Result<()> {
    for (k, field) in fields.enumerate() {
        if k > 0 {
            out.write_all(b",")?;
        }
        let field = field.as_ref();
        if field.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            out.write_all(field.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

/// Aligned columns: numbers to the right, text to the left.
fn write_table(out: &mut impl Write, columns: &[String], rows: &[Vec<Cell>]) -> io::Result<()> {
    let texts: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(Cell::readable).collect()).collect();
    let width = |k: usize| {
        let cells = texts.iter().filter_map(|row| row.get(k)).map(|text| columns_of(text));
        cells.chain([columns_of(&columns[k])]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let to_the_right = |k: usize| !rows.iter().any(|row| matches!(row.get(k), Some(Cell::Text(_))));
    let to_the_right: Vec<bool> = (0..columns.len()).map(to_the_right).collect();
    for row in std::iter::once(columns).chain(texts.iter().map(Vec::as_slice)) {
        let mut line = String::new();
        for ((text, width), right) in row.iter().zip(&widths).zip(&to_the_right) {
            let space = " ".repeat(width - columns_of(text));
            let (before, after) = if *right { (space.as_str(), "") } else { ("", space.as_str()) };
            line.extend([before, text, after, "  "]);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Places that a text takes on a terminal: the hat of m̂ stands over its letter and takes none.
fn columns_of(text: &str) -> usize {
    text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).count()
}

#[cfg(test)]
mod tests {
    use super::{exact, readable};

    #[test]
    fn readable_numbers_have_seven_digits() {
        for (number, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-0.1, "-0.1"),
            (802.0, "802"),
            (1.0 / 3.0, "0.3333333"),
            (123456.789, "123456.8"),
            (99999999.6, "100000000"),
            (1e-7, "1e-7"),
            (-1.23456789e300, "-1.234568e300"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(readable(number), text);
        }
    }

    #[test]
    fn exact_numbers_read_back() {
        for number in [0.1, 1e300, 5e-324, -0.0, f64::MAX, 1.0 / 3.0] {
            assert_eq!(exact(number).parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
        }
    }
}
