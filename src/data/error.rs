//! Why a file or a preparation was refused.

/// A refusal: what is wrong, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("{file}: cannot be read ({source}); check that it exists and that you may open it")]
    Unreadable { file: String, source: std::io::Error },
    #[error("{file}: is {what}, not a CSV file; {advice}")]
    NotCsv {
        file: String,
        what: String,
        advice: &'static str,
    },
    #[error("{file}: is written in UTF-32, which is not read here; save it as UTF-8")]
    Utf32 { file: String },
    #[error("{file}: is a gzip that is damaged ({why}); copy or download it again")]
    Damaged { file: String, why: String },
    #[error(
        "{file}: holds more than {times} bytes of text in every byte of gzip, which no table does; unpack it where there is room and look what it is"
    )]
    Bomb { file: String, times: u64 },
    #[error("{file}: is empty (0 bytes); choose a file with a header line and rows of data")]
    Empty { file: String },
    #[error("{file}: has no data ({why}); choose a file with a header line and rows of data")]
    NoData { file: String, why: &'static str },
    #[error(
        "{file}, line {line}, column {column}: the quote opened here is never closed; close it, or double it if it belongs to the text"
    )]
    UnclosedQuote { file: String, line: u64, column: usize },
    #[error("{file}: changed while it was being read; read it again once it is complete")]
    Changed { file: String },
    #[error("{file}: has more than {limit} {what}; split it into smaller files")]
    TooLarge { file: String, limit: u64, what: &'static str },
    #[error("{file}: is a picture that cannot be read ({why}); save it as PNG, smaller if it is large")]
    Picture { file: String, why: String },
    #[error(
        "{file}, line {line}, column {column}: '{given}' is no finite number; a grid of heights has a number in every cell and no header"
    )]
    NoNumber {
        file: String,
        line: u64,
        column: usize,
        given: String,
    },
    #[error("option {field}: '{value}' is unknown; {advice}")]
    Option {
        field: &'static str,
        value: String,
        advice: &'static str,
    },
    #[error("reading was cancelled")]
    Cancelled,
    #[error("{file}: cannot be written ({source}); check the folder and the space left")]
    Unwritable { file: String, source: std::io::Error },

    #[error("no column is called '{name}'; {near}")]
    NoSuchColumn { name: String, near: String },
    #[error("column '{column}' cannot be the target of {task}: {why}")]
    Target {
        column: String,
        task: &'static str,
        why: String,
    },
    #[error("column '{column}' cannot be a feature: {why}")]
    Feature { column: String, why: String },
    #[error("the rows cannot be split in this way: {why}")]
    Split { why: String },
    #[error("step {step} of the recipe: {why}")]
    Step { step: &'static str, why: String },
    #[error("no feature is left to learn from: {why}")]
    NoFeature { why: String },
    #[error("too few rows, {rows} usable of {all}: {why}")]
    TooFewRows { rows: usize, all: usize, why: String },
    #[error("field {field}: {value} is out of range; {advice}")]
    Share {
        field: &'static str,
        value: f64,
        advice: &'static str,
    },
}
