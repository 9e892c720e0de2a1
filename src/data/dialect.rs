//! How a file is written: what the reader found out, and what you may overrule.

use super::Mark;
use super::number::NumberFormat;

/// What to take as given instead of detecting it.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// Between fields: one ASCII character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Around fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Mark>,
    /// In front of a quote that belongs to the text; with none it is doubled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escape: Option<Mark>,
    /// Lines that begin with it are skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Mark>,
    /// A label of the WHATWG encoding standard: `utf-8`, `windows-1252`, `utf-16le`, `shift_jis` ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// How lines end; another end within a line is read as a space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_end: Option<LineEnd>,
    /// Whether the first line (after any preamble) holds the names of the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// Lines before the header (or, without one, before the data) that are skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preamble: Option<u64>,
    /// Decimal mark: `.` or `,`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// Between groups of three digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<Mark>,
}

impl ReadOptions {
    /// Whether everything is left to be found out.
    pub fn is_detected(&self) -> bool {
        *self == Self::default()
    }
}

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnd {
    Lf,
    CrLf,
    Cr,
    /// Any of them, as it comes.
    Mixed,
}

impl LineEnd {
    pub const ALL: [Self; 4] = [Self::Lf, Self::CrLf, Self::Cr, Self::Mixed];

    /// The usual name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Lf => "LF",
            Self::CrLf => "CRLF",
            Self::Cr => "CR",
            Self::Mixed => "mixed",
        }
    }
}

/// How the file was read.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Dialect {
    /// Whether the file is a gzip around the text.
    pub gzip: bool,
    /// Name of the encoding (WHATWG).
    pub encoding: String,
    /// Whether a byte order mark began the file.
    pub bom: bool,
    /// Between fields; a space stands for any run of spaces.
    pub delimiter: char,
    /// None if quotes are letters like any others.
    pub quote: Option<char>,
    /// How a quote is written inside quotes, if not by doubling it.
    pub escape: Option<char>,
    /// Lines that begin with it are skipped.
    pub comment: Option<char>,
    /// Whether the names of the columns were read from the file.
    pub header: bool,
    pub line_end: LineEnd,
    pub numbers: NumberFormat,
    /// Lines before the header (or, without one, before the data) that were skipped.
    pub preamble_lines: u64,
}

impl std::fmt::Display for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |sign| Mark(sign).shown();
        let parts = [
            self.gzip.then(|| "gzip".to_owned()),
            Some(format!(
                "{}{}",
                self.encoding,
                if self.bom { " with a byte order mark" } else { "" }
            )),
            Some(format!("line ends {}", self.line_end.label())),
            Some(format!("delimiter {}", shown(Some(self.delimiter)))),
            Some(format!("quote {}", shown(self.quote))),
            self.escape.map(|escape| format!("escape {}", shown(Some(escape)))),
            self.comment.map(|comment| format!("comments {}", shown(Some(comment)))),
            (self.preamble_lines > 0).then(|| format!("{} line(s) before the table", self.preamble_lines)),
            Some(if self.header { "with a header" } else { "without a header" }.to_owned()),
            Some(format!("decimal mark {}", shown(Some(self.numbers.decimal)))),
            self.numbers
                .thousands
                .map(|thousands| format!("thousands {}", shown(Some(thousands)))),
        ];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

impl Default for Dialect {
    /// RFC 4180 in UTF-8 with a header.
    fn default() -> Self {
        Self {
            gzip: false,
            encoding: "UTF-8".to_owned(),
            bom: false,
            delimiter: ',',
            quote: Some('"'),
            escape: None,
            comment: None,
            header: true,
            line_end: LineEnd::Lf,
            numbers: NumberFormat::default(),
            preamble_lines: 0,
        }
    }
}

/// Stands for a quote where there is none: a byte that no UTF-8 text contains.
pub(super) const NO_QUOTE: u8 = 0xff;

/// The part of a dialect that cuts text into records and fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    pub delimiter: u8,
    pub quote: u8,
    pub escape: Option<u8>,
    pub comment: Option<u8>,
}
