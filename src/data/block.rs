//! One block of text into a piece of every column. Runs on any worker; knows nothing of other blocks.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::dialect::Syntax;
use super::finding::Topic;
use super::levels::{Levels, MISSING, Texts};
use super::number::{self, Cell, NumberFormat};
use super::padded::Digits;
use super::record::{Outcome, Scanner};
use super::sniff::Plan;

/// More different texts than this are not worth a number each.
pub(super) const MOST_LEVELS: usize = 4096;

/// What every worker needs to know.
pub(super) struct Layout {
    pub syntax: Syntax,
    pub numbers: NumberFormat,
    pub plans: Vec<Plan>,
    /// Columns that proved to have too many different texts.
    pub wide: Vec<AtomicBool>,
    /// Columns of "numbers" that proved to be texts: no need to keep every broken cell.
    pub hopeless: Vec<AtomicBool>,
}

/// A piece of a column.
pub(super) enum Piece {
    Numbers {
        /// NaN is missing.
        values: Vec<f64>,
        /// Whether any was written with a decimal mark or exponent.
        fractional: bool,
        /// Cells that are no numbers: row and content.
        others: Vec<(u32, String)>,
        /// How many, kept or not.
        n_others: usize,
        /// The first row whose whole number no double is.
        rounded: Option<u32>,
        /// Whether they may be codes.
        digits: Digits,
    },
    Levels {
        codes: Vec<u32>,
        levels: Levels,
    },
    /// Empty is missing.
    Texts(Texts),
    Skipped,
}

/// Something odd at a place.
pub(super) struct Event {
    pub topic: Topic,
    /// From 0, of this block.
    pub line: u64,
    /// Column, or the number of fields for a row that is too short or too long.
    pub number: usize,
}

/// What a block holds.
pub(super) struct Chunk {
    pub rows: usize,
    pub lines: u64,
    /// Rows at which line number minus row number changes, with their lines.
    pub jumps: Vec<(u32, u64)>,
    pub pieces: Vec<Piece>,
    pub events: Vec<Event>,
    pub comments: u64,
    /// Rows that are too long: for each, the row that it stood before.
    pub set_aside: Vec<u32>,
    /// The text ended inside quotes: line and column where they were opened.
    pub unclosed: Option<(u64, usize)>,
}

/// Reads a block.
pub(super) fn read(text: &[u8], layout: &Layout) -> Chunk {
    let width = layout.plans.len();
    let guess = text.len() / (width * 4).max(8);
    let mut chunk = Chunk {
        rows: 0,
        lines: 0,
        jumps: Vec::new(),
        pieces: (0..width).map(|c| Piece::new(layout, c, guess.min(1 << 16))).collect(),
        events: Vec::new(),
        comments: 0,
        set_aside: Vec::new(),
        unclosed: None,
    };
    // Cells are looked at one by one only if there may be something odd in the block.
    // Without a way out of the loop it is done many bytes at a time.
    let controls = text
        .iter()
        .fold(false, |any, &b| any | (b < 0x20) & (b != b'\n') & (b != b'\r') & (b != b'\t'));
    let suspicious = controls || memchr::memmem::find(text, REPLACED).is_some();
    // Checked once, so that not every cell has to be.
    let valid = std::str::from_utf8(text).unwrap_or("");
    let decimal = layout.numbers.decimal as u8;
    let mut scanner = Scanner::new(text, layout.syntax);
    let mut fields = Vec::with_capacity(width + 1);
    let mut expected = u64::MAX;
    loop {
        let line = match scanner.next(&mut fields) {
            Outcome::End => break,
            Outcome::Comment => {
                chunk.comments += 1;
                continue;
            }
            Outcome::Unclosed { line, column } => {
                chunk.unclosed = Some((line, column));
                break;
            }
            // In a table of one column an empty line is a missing cell.
            Outcome::Blank { .. } if width > 1 => continue,
            Outcome::Blank { line } | Outcome::Record { line } => line,
        };
        if fields.len() != width {
            let event = |topic| Event {
                topic,
                line,
                number: fields.len(),
            };
            if fields.len() < width {
                chunk.events.push(event(Topic::ShortRow));
            } else if fields[width..].iter().any(|f| !f.is_blank(text)) {
                // Which of the fields is the surplus one cannot be known: the row would be shifted.
                chunk.events.push(event(Topic::LongRow));
                chunk.set_aside.push(chunk.rows as u32);
                continue;
            }
        }
        if line != expected {
            chunk.jumps.push((chunk.rows as u32, line));
        }
        expected = line + 1;
        for (column, piece) in chunk.pieces.iter_mut().enumerate() {
            let Some(field) = fields.get(column) else {
                piece.push(b"", chunk.rows, layout, column);
                continue;
            };
            if let (
                Piece::Numbers {
                    values,
                    fractional,
                    digits,
                    ..
                },
                Some((start, end)),
            ) = (&mut *piece, field.plain())
                && let Some((value, is_fractional)) = number::parse_plain(text, start, end, decimal)
            {
                *fractional |= is_fractional;
                values.push(value);
                digits.see(&text[start..end]);
                continue;
            }
            if let (Piece::Levels { codes, levels }, false, Some(range)) = (&mut *piece, suspicious, field.plain())
                && levels.texts.len() < MOST_LEVELS
                && let Some(cell) = valid.get(range.0..range.1)
            {
                let missing = number::is_missing(cell.as_bytes().trim_ascii());
                codes.push(if missing { MISSING } else { levels.code(cell) });
                continue;
            }
            let cell: Cow<[u8]> = field.text(text, &layout.syntax);
            if field.is_stray() || suspicious {
                let topic = if field.is_stray() {
                    Some(Topic::StrayQuote)
                } else {
                    oddity(&cell)
                };
                chunk.events.extend(topic.map(|topic| Event {
                    topic,
                    line,
                    number: column,
                }));
            }
            piece.push(&cell, chunk.rows, layout, column);
        }
        chunk.rows += 1;
    }
    chunk.lines = scanner.line;
    chunk
}

/// U+FFFD: what stands for bytes that are no text.
const REPLACED: &[u8] = "\u{fffd}".as_bytes();

fn oddity(cell: &[u8]) -> Option<Topic> {
    if cell.iter().any(|&b| b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t')) {
        Some(Topic::ControlCharacter)
    } else {
        memchr::memmem::find(cell, REPLACED).map(|_| Topic::InvalidBytes)
    }
}

impl Piece {
    fn new(layout: &Layout, column: usize, rows: usize) -> Self {
        match layout.plans[column] {
            Plan::Number => Self::Numbers {
                values: Vec::with_capacity(rows),
                fractional: false,
                others: Vec::new(),
                n_others: 0,
                rounded: None,
                digits: Digits::default(),
            },
            Plan::Text if layout.wide[column].load(Ordering::Relaxed) => Self::Texts(Texts::default()),
            Plan::Text => Self::Levels {
                codes: Vec::with_capacity(rows),
                levels: Levels::default(),
            },
            Plan::Skip => Self::Skipped,
        }
    }

    #[inline]
    fn push(&mut self, cell: &[u8], row: usize, layout: &Layout, column: usize) {
        match self {
            Self::Numbers {
                values,
                fractional,
                others,
                n_others,
                rounded,
                digits,
            } => {
                digits.see(cell);
                match number::parse(cell, layout.numbers) {
                    Cell::Number(value, is_fractional) => {
                        *fractional |= is_fractional;
                        if rounded.is_none() && number::is_rounded(cell, value, is_fractional) {
                            *rounded = Some(row as u32);
                        }
                        values.push(value);
                    }
                    Cell::Missing => values.push(f64::NAN),
                    Cell::Other => {
                        values.push(f64::NAN);
                        *n_others += 1;
                        if !layout.hopeless[column].load(Ordering::Relaxed) {
                            others.push((row as u32, String::from_utf8_lossy(cell).into_owned()));
                        }
                    }
                }
            }
            Self::Levels { codes, levels } => {
                codes.push(match present(cell) {
                    Some(text) => levels.code(&text),
                    None => MISSING,
                });
                if levels.texts.len() > MOST_LEVELS {
                    layout.wide[column].store(true, Ordering::Relaxed);
                    *self = Self::Texts(spelled_out(codes.iter().copied(), codes.capacity(), levels));
                }
            }
            Self::Texts(texts) => texts.push(present(cell).as_deref().unwrap_or("")),
            Self::Skipped => {}
        }
    }
}

/// The cell as text, unless it stands for "missing".
#[inline]
fn present(cell: &[u8]) -> Option<Cow<'_, str>> {
    (!number::is_missing(cell.trim_ascii())).then(|| String::from_utf8_lossy(cell))
}

/// Codes back into texts, with room for `count`.
pub(super) fn spelled_out(codes: impl Iterator<Item = u32>, count: usize, levels: &Levels) -> Texts {
    let mut texts = Texts::default();
    texts.reserve(count);
    for code in codes {
        texts.push(if code == MISSING {
            ""
        } else {
            levels.texts.get(code as usize)
        });
    }
    texts
}
