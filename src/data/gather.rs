//! The pieces of all blocks, in order, into whole columns.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::block::{Chunk, Layout, MOST_LEVELS, Piece, spelled_out};
use super::finding::{Findings, Topic};
use super::levels::{Levels, MISSING, Texts};
use super::notation::Mixture;
use super::padded::Digits;
use super::sniff::Plan;
use super::table::Lines;
use super::{Codes, DataError, NumberFormat, Numbers};

/// A column that grows.
pub(super) enum Growing {
    Numbers {
        values: Numbers,
        fractional: bool,
        others: Vec<(u32, String)>,
        n_others: usize,
        rounded: Option<u32>,
        digits: Digits,
    },
    Levels {
        codes: Codes,
        levels: Levels,
    },
    Texts(Texts),
    Skipped,
}

impl Growing {
    fn new(plan: Plan, rows: usize) -> Self {
        match plan {
            Plan::Number => Self::Numbers {
                values: Numbers::with_capacity(rows),
                fractional: false,
                others: Vec::new(),
                n_others: 0,
                rounded: None,
                digits: Digits::default(),
            },
            Plan::Text => Self::Levels {
                codes: Codes::with_capacity(rows),
                levels: Levels::default(),
            },
            Plan::Skip => Self::Skipped,
        }
    }

    fn append(&mut self, piece: Piece, base: usize) {
        match (&mut *self, piece) {
            (
                Self::Numbers {
                    values,
                    fractional,
                    others,
                    n_others,
                    rounded,
                    digits,
                },
                Piece::Numbers {
                    values: new,
                    fractional: any,
                    others: odd,
                    n_others: n,
                    rounded: row,
                    digits: seen,
                },
            ) => {
                digits.join(seen);
                *rounded = rounded.or(row.map(|row| row + base as u32));
                values.append(&new);
                *fractional |= any;
                *n_others += n;
                others.extend(odd.into_iter().map(|(row, text)| (row + base as u32, text)));
            }
            (
                Self::Levels { codes, levels },
                Piece::Levels {
                    codes: new,
                    levels: local,
                },
            ) => {
                let map: Vec<u32> = local.texts.iter().map(|t| levels.code(t)).collect();
                codes.extend(new.iter().map(|&c| map.get(c as usize).copied().unwrap_or(MISSING)));
                if levels.texts.len() > MOST_LEVELS {
                    *self = Self::Texts(spelled_out(codes.iter(), codes.capacity(), levels));
                }
            }
            (Self::Levels { codes, levels }, Piece::Texts(new)) => {
                let mut texts = spelled_out(codes.iter(), codes.capacity(), levels);
                texts.append(&new);
                *self = Self::Texts(texts);
            }
            (Self::Texts(texts), Piece::Levels { codes, levels }) => {
                texts.append(&spelled_out(codes.iter().copied(), codes.len(), &levels))
            }
            (Self::Texts(texts), Piece::Texts(new)) => texts.append(&new),
            // A column and its pieces follow one plan; a skipped one has nothing to add.
            _ => {}
        }
    }
}

/// Takes chunks in any order and adds them in theirs.
pub(super) struct Gather {
    file: String,
    pub columns: Vec<Growing>,
    pub rows: usize,
    pub lines: Lines,
    /// Lines before the next chunk.
    line: u64,
    next: usize,
    waiting: BTreeMap<usize, Chunk>,
    pub findings: Findings,
    pub comments: u64,
    /// Rows that are too long: for each, the row that it stood before.
    pub set_aside: Vec<u32>,
}

impl Gather {
    pub fn new(file: String, plans: &[Plan], expected_rows: usize, first_line: u64, findings: Findings) -> Self {
        Self {
            file,
            columns: plans.iter().map(|&p| Growing::new(p, expected_rows)).collect(),
            rows: 0,
            lines: Lines::default(),
            line: first_line,
            next: 0,
            waiting: BTreeMap::new(),
            findings,
            comments: 0,
            set_aside: Vec::new(),
        }
    }

    /// Adds block number `number`.
    pub fn add(&mut self, number: usize, chunk: Chunk, names: &[String], layout: &Layout) -> Result<(), DataError> {
        self.waiting.insert(number, chunk);
        while let Some(chunk) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.append(chunk, names)?;
        }
        for (column, hopeless) in self.columns.iter().zip(&layout.hopeless) {
            if let Growing::Numbers { values, n_others, .. } = column
                && *n_others > 1000
                && *n_others * 5 > values.len()
            {
                hopeless.store(true, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    fn append(&mut self, chunk: Chunk, names: &[String]) -> Result<(), DataError> {
        for event in &chunk.events {
            self.tell(event.topic, self.line + event.line + 1, event.number, names);
        }
        if let Some((line, column)) = chunk.unclosed {
            return Err(DataError::UnclosedQuote {
                file: self.file.clone(),
                line: self.line + line + 1,
                column: column + 1,
            });
        }
        if self.rows + chunk.rows >= MISSING as usize {
            return Err(DataError::TooLarge {
                file: self.file.clone(),
                limit: u64::from(MISSING - 1),
                what: "rows",
            });
        }
        for &(row, line) in &chunk.jumps {
            self.lines.jump(self.rows as u32 + row, self.line + line + 1);
        }
        self.set_aside
            .extend(chunk.set_aside.iter().map(|row| self.rows as u32 + row));
        for (column, piece) in self.columns.iter_mut().zip(chunk.pieces) {
            column.append(piece, self.rows);
        }
        self.rows += chunk.rows;
        self.line += chunk.lines;
        self.comments += chunk.comments;
        Ok(())
    }

    fn tell(&mut self, topic: Topic, line: u64, number: usize, names: &[String]) {
        let column = names.get(number).map(String::as_str);
        let width = names.len();
        match topic {
            Topic::ShortRow => self.findings.repeated(topic, line, None, || {
                format!("{number} field(s), expected {width}; the rest of the row is taken as missing")
            }),
            Topic::LongRow => self.findings.repeated(topic, line, None, || {
                format!("{number} fields, expected {width}; the row is set aside (quote the field that contains the delimiter)")
            }),
            Topic::StrayQuote => self.findings.repeated(topic, line, column, || {
                "a quote where none belongs, kept as it stands; put the whole field in quotes and double those inside".to_owned()
            }),
            Topic::ControlCharacter => self.findings.repeated(topic, line, column, || {
                "the cell holds control characters; remove them".to_owned()
            }),
            _ => self.findings.repeated(topic, line, column, || {
                "the cell holds bytes that are no text in this encoding; give the right encoding".to_owned()
            }),
        }
    }
}

/// Whether a column that was read as numbers is one.
pub(super) fn is_numeric(values: &Numbers, n_others: usize, others: &[(u32, String)]) -> bool {
    if n_others == 0 {
        return true;
    }
    let mut mixture = Mixture {
        numbers: values.iter().filter(|v| !v.is_nan()).count(),
        ..Mixture::default()
    };
    for (_, text) in others {
        mixture.other(text);
    }
    mixture.others = n_others;
    mixture.is_numeric()
}

/// What a text says if it is a number after all.
pub(super) fn as_number(text: &str, numbers: NumberFormat) -> Option<(f64, bool)> {
    match super::number::parse(text.as_bytes(), numbers) {
        super::number::Cell::Number(value, fractional) => Some((value, fractional)),
        _ => None,
    }
}
