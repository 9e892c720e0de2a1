//! How a file is written: what the reader found out, and what you may overrule.

use super::number::NumberFormat;

/// What to take as given instead of detecting it.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// Between fields: one ASCII character.
    pub delimiter: Option<char>,
    /// A label of the WHATWG encoding standard: `utf-8`, `windows-1252`, `utf-16le`, `shift_jis` ...
    pub encoding: Option<String>,
    /// Whether the first line (after any preamble) holds the names of the columns.
    pub header: Option<bool>,
    /// Decimal mark: `.` or `,`.
    pub decimal: Option<char>,
}

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnd {
    Lf,
    CrLf,
    Cr,
    Mixed,
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
    pub quote: char,
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

impl Default for Dialect {
    /// RFC 4180 in UTF-8 with a header.
    fn default() -> Self {
        Self {
            gzip: false,
            encoding: "UTF-8".to_owned(),
            bom: false,
            delimiter: ',',
            quote: '"',
            escape: None,
            comment: None,
            header: true,
            line_end: LineEnd::Lf,
            numbers: NumberFormat::default(),
            preamble_lines: 0,
        }
    }
}

/// The part of a dialect that cuts text into records and fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    pub delimiter: u8,
    pub quote: u8,
    pub escape: Option<u8>,
    pub comment: Option<u8>,
}
