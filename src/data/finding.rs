//! What was noticed while a file was read.

use std::collections::BTreeMap;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A decision the reader made, which you may overrule.
    Info,
    /// Data that is not what it seems, or that was set aside.
    Warning,
    /// The table cannot be used as it is.
    Error,
}

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Encoding,
    InvalidBytes,
    ControlCharacter,
    Preamble,
    Comment,
    Header,
    DuplicateName,
    EmptyName,
    TrailingDelimiter,
    NumberFormat,
    ShortRow,
    LongRow,
    StrayQuote,
    NoRows,
    MixedTypes,
    Infinite,
    Rounded,
    AllMissing,
    Constant,
    Identifier,
    SimilarLevels,
    NumberInDisguise,
    AmbiguousDate,
    NearlyConstant,
    DuplicateRows,
    Outliers,
    Collinear,
    Imbalance,
    Giveaway,
    HugeNumbers,
    MoreFeaturesThanRows,
    RefusedTarget,
}

/// One thing worth knowing, with its place.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Finding {
    pub severity: Severity,
    pub topic: Topic,
    /// Line of the file, from 1.
    pub line: Option<u64>,
    /// Name of the column.
    pub column: Option<String>,
    /// How often it occurs (1, unless this entry stands for several).
    pub count: u64,
    /// What it is and what to do.
    pub message: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.line, &self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column '{}': ", printable(column))?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, Some(column)) => write!(f, "column '{}': ", printable(column))?,
            (None, None) => {}
        }
        f.write_str(&self.message)
    }
}

/// How many of a kind are told one by one; the rest is a number.
const TOLD: u64 = 5;

/// Collects findings; of those that repeat, the first few are kept and the rest counted.
#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Finding>,
    repeated: BTreeMap<Topic, u64>,
}

impl Findings {
    /// Adds a finding that occurs once (or whose `count` says how often).
    pub fn add(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// Adds one about the table as a whole.
    pub fn note(&mut self, severity: Severity, topic: Topic, line: Option<u64>, message: impl Into<String>) {
        self.add(Finding {
            severity,
            topic,
            line,
            column: None,
            count: 1,
            message: message.into(),
        });
    }

    /// Adds one about a column.
    pub fn column(&mut self, severity: Severity, topic: Topic, line: Option<u64>, column: &str, message: impl Into<String>) {
        self.add(Finding {
            severity,
            topic,
            line,
            column: Some(column.to_owned()),
            count: 1,
            message: message.into(),
        });
    }

    /// Adds a warning of a kind that may repeat a million times: the message is made for the first few only.
    pub fn repeated(&mut self, topic: Topic, line: u64, column: Option<&str>, message: impl FnOnce() -> String) {
        let seen = self.repeated.entry(topic).or_insert(0);
        *seen += 1;
        if *seen <= TOLD {
            let finding = Finding {
                severity: Severity::Warning,
                topic,
                line: Some(line),
                column: column.map(str::to_owned),
                count: 1,
                message: message(),
            };
            self.add(finding);
        }
    }

    /// Everything, the worst first, then by line.
    pub fn finish(mut self) -> Vec<Finding> {
        for (topic, seen) in std::mem::take(&mut self.repeated) {
            if seen > TOLD {
                let what = match topic {
                    Topic::ShortRow => "rows with too few fields",
                    Topic::LongRow => "rows with too many fields, set aside",
                    Topic::StrayQuote => "stray quotes",
                    Topic::InvalidBytes => "lines with bytes that are not text",
                    Topic::ControlCharacter => "lines with control characters",
                    _ => "of the same kind",
                };
                self.add(Finding {
                    severity: Severity::Warning,
                    topic,
                    line: None,
                    column: None,
                    count: seen - TOLD,
                    message: format!("and {} more {what} ({seen} in all)", seen - TOLD),
                });
            }
        }
        self.list
            .sort_by_key(|f| (std::cmp::Reverse(f.severity), f.topic, f.line.unwrap_or(u64::MAX)));
        self.list
    }
}

/// The text with control characters made visible and cut to a readable length: a cell may hold terminal escapes or a novel.
pub(super) fn printable(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut out: String = text
        .chars()
        .take(LONGEST)
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
