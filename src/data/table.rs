//! A file as typed columns.

use super::gather::Growing;
use super::levels::{MISSING, Texts};
use super::{Codes, Dialect, Finding, NumberFormat, Numbers};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Number,
    /// Whole numbers, written without a decimal mark.
    Integer,
    /// true/false, yes/no, t/f, y/n.
    Boolean,
    /// Texts that recur.
    Category,
    /// Dates, with or without a time of day.
    Date,
    /// Texts of any kind.
    Text,
    /// A different value in every row: a name, not a measurement.
    Identifier,
}

impl Kind {
    /// The word for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Category => "category",
            Self::Date => "date",
            Self::Text => "text",
            Self::Identifier => "identifier",
        }
    }
}

/// The cells of a column. Numbers and codes are packed in a table, and plain on their way to a model.
#[derive(Debug, Clone)]
pub enum Values<N = Numbers, C = Codes> {
    /// Numbers, or dates as days since 1970-01-01. NaN is missing.
    Numbers(N),
    /// Number of the level in `levels`, [`MISSING`] if missing.
    Codes { codes: C, levels: Vec<String> },
    /// Empty is missing.
    Texts(Texts),
}

/// Figures of a column of numbers or dates; infinities do not count.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Figures {
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// Population standard deviation (ddof 0).
    pub sd: f64,
    /// Counts of equally wide bins from `min` to `max`, at most 24.
    pub histogram: Vec<u32>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    pub values: Values,
    /// Cells without a value (those that are no number in a column of numbers included).
    pub missing: usize,
    /// How many different values; None if there are more than 10,000.
    pub distinct: Option<usize>,
    /// For numbers, integers and dates with at least one value.
    pub figures: Option<Figures>,
    /// Rows of each of the most frequent levels of a category or of yes and no, the most frequent first, at most 24.
    pub frequent: Vec<u32>,
    /// Cells of a column of numbers or dates that are none: row and what stands there.
    pub others: Vec<(u32, String)>,
}

impl Column {
    /// The cell of row `i` as text, as it is shown and exported; None if missing.
    pub fn text(&self, i: usize) -> Option<String> {
        match &self.values {
            Values::Numbers(values) => {
                let value = values.get(i)?;
                if value.is_nan() {
                    let found = self.others.binary_search_by_key(&(i as u32), |(row, _)| *row).ok()?;
                    return Some(self.others[found].1.clone());
                }
                Some(self.written(value))
            }
            Values::Codes { codes, levels } => levels.get(codes.at(i) as usize).cloned(),
            Values::Texts(texts) => Some(texts.get(i)).filter(|t| !t.is_empty()).map(str::to_owned),
        }
    }

    /// A number of this column as text, as its cells are shown.
    pub fn written(&self, value: f64) -> String {
        match self.kind {
            Kind::Date => super::date::format(value),
            _ => plain(value),
        }
    }

    /// What a small histogram shows: rows in equally wide bins, or rows of the most frequent levels; nothing of texts.
    pub fn bars(&self) -> &[u32] {
        self.figures.as_ref().map_or(&self.frequent, |figures| &figures.histogram)
    }

    /// Whether the text of row `i` is a number or a date, and not words.
    pub(super) fn is_number(&self, i: usize) -> bool {
        matches!(&self.values, Values::Numbers(values) if values.get(i).is_some_and(|v| !v.is_nan()))
    }

    /// How many cells.
    pub fn n_rows(&self) -> usize {
        match &self.values {
            Values::Numbers(values) => values.len(),
            Values::Codes { codes, .. } => codes.len(),
            Values::Texts(texts) => texts.len(),
        }
    }

    /// Whether row `i` has no value a model could use.
    pub fn is_missing(&self, i: usize) -> bool {
        match &self.values {
            Values::Numbers(values) => values.get(i).is_none_or(|v| v.is_nan()),
            Values::Codes { codes, .. } => codes.at(i) == MISSING,
            Values::Texts(texts) => texts.get(i).is_empty(),
        }
    }
}

/// The shortest text that reads back as the same double; ordinary magnitudes without an exponent.
pub(super) fn plain(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-5..1e17).contains(&magnitude) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

/// On which line of the file a row stands.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// Rows where the distance between row and line changes, with the line of that row.
    jumps: Vec<(u32, u64)>,
}

impl Lines {
    /// Row `row` and those that follow stand on `line` and the lines that follow.
    pub(super) fn jump(&mut self, row: u32, line: u64) {
        if self.jumps.last().is_none_or(|&(r, l)| l + u64::from(row - r) != line) {
            self.jumps.push((row, line));
        }
    }

    /// The line (from 1) of row `row` (from 0).
    pub fn of(&self, row: u32) -> u64 {
        let after = self.jumps.partition_point(|&(r, _)| r <= row);
        match after.checked_sub(1).and_then(|i| self.jumps.get(i)) {
            Some(&(r, line)) => line + u64::from(row - r),
            None => u64::from(row) + 1,
        }
    }
}

/// What was read from a file.
#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    pub dialect: Dialect,
    pub columns: Vec<Column>,
    pub n_rows: usize,
    /// The worst first.
    pub findings: Vec<Finding>,
    pub lines: Lines,
    /// Rows of the file that had too many fields: for each, the row that it stood before.
    pub set_aside: Vec<u32>,
}

impl Table {
    /// A table that comes from no file.
    pub(super) fn of(name: &str, n_rows: usize, columns: Vec<(&str, Growing)>) -> Self {
        let lines = Lines::default();
        let finish = |(name, growing)| super::kinds::finish(name, growing, NumberFormat::default(), &lines);
        let (columns, findings): (Vec<_>, Vec<_>) = columns.into_iter().map(finish).unzip();
        Self {
            name: name.to_owned(),
            dialect: Dialect::default(),
            columns,
            n_rows,
            findings: findings.concat(),
            lines,
            set_aside: Vec::new(),
        }
    }

    /// Which row of the file row `row` is, each counted from 0: those that were set aside count too.
    pub fn in_file(&self, row: u32) -> u32 {
        row + self.set_aside.partition_point(|before| *before <= row) as u32
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}
