//! Columns into numbers.

use super::MISSING;
use super::table::{Column, Kind, Values, plain};

/// Levels of a category that get a column of their own.
const MOST_LEVELS: usize = 20;

/// How a column becomes features; fitted on the training rows.
pub(super) enum Encoder<'a> {
    /// The number itself; the median for a missing one.
    Number {
        column: &'a Column,
        values: &'a [f64],
        fill: f64,
    },
    /// 0 or 1; the more frequent one for a missing one.
    Boolean {
        column: &'a Column,
        codes: &'a [u32],
        fill: u32,
    },
    /// One column a level, then one for the rest.
    Levels {
        column: &'a Column,
        codes: &'a [u32],
        /// Code of each column.
        kept: Vec<u32>,
        /// Column of each code; the one behind the last if it has none.
        place: Vec<usize>,
        /// Whether the rest has a column.
        other: bool,
        fill: u32,
    },
    /// Text; never chosen, and worth nothing.
    Nothing,
}

impl<'a> Encoder<'a> {
    /// Fits to the training rows; `all` rows are only counted for the notes.
    pub fn fit(column: &'a Column, train: &[u32], all: &[u32], notes: &mut Vec<String>) -> Self {
        let missing = all.iter().filter(|&&r| column.is_missing(r as usize)).count();
        let mut tell = |what: &str, fill: &str| {
            if missing > 0 {
                notes.push(format!(
                    "'{}': {missing} missing, filled with the {what} {fill} of the training rows",
                    column.name
                ));
            }
        };
        match &column.values {
            Values::Numbers(values) => {
                let fill = median(train.iter().map(|&r| values[r as usize]));
                let shown = if column.kind == Kind::Date {
                    super::date::format(fill)
                } else {
                    plain(fill)
                };
                tell("median", &shown);
                Self::Number { column, values, fill }
            }
            Values::Codes { codes, levels } => {
                let mut counts = vec![0_usize; levels.len()];
                for &row in train {
                    if let Some(count) = counts.get_mut(codes[row as usize] as usize) {
                        *count += 1;
                    }
                }
                // The most frequent first, of equals the first by name.
                let mut order: Vec<u32> = (0..levels.len() as u32).filter(|&c| counts[c as usize] > 0).collect();
                order.sort_by_key(|&c| (std::cmp::Reverse(counts[c as usize]), &levels[c as usize]));
                let fill = order.first().copied().unwrap_or(0);
                tell("most frequent value", levels.get(fill as usize).map_or("", String::as_str));
                if column.kind == Kind::Boolean {
                    return Self::Boolean { column, codes, fill };
                }
                let other = order.len() > MOST_LEVELS;
                if other {
                    notes.push(format!(
                        "'{}': the {MOST_LEVELS} most frequent of {} levels kept, the others grouped as 'other'",
                        column.name,
                        order.len()
                    ));
                }
                let mut kept: Vec<u32> = order.into_iter().take(MOST_LEVELS).collect();
                kept.sort_by_key(|&c| &levels[c as usize]);
                let mut place = vec![kept.len(); levels.len()];
                for (i, &code) in kept.iter().enumerate() {
                    place[code as usize] = i;
                }
                Self::Levels {
                    column,
                    codes,
                    kept,
                    place,
                    other,
                    fill,
                }
            }
            Values::Texts(_) => Self::Nothing,
        }
    }

    /// Number of features.
    pub fn width(&self) -> usize {
        match self {
            Self::Number { .. } | Self::Boolean { .. } => 1,
            Self::Levels { kept, other, .. } => kept.len() + usize::from(*other),
            Self::Nothing => 0,
        }
    }

    /// Names of the features.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Number { column, .. } | Self::Boolean { column, .. } => vec![column.name.clone()],
            Self::Levels { column, kept, other, .. } => {
                let Values::Codes { levels, .. } = &column.values else {
                    return Vec::new();
                };
                let own = kept.iter().map(|&c| levels[c as usize].as_str());
                let rest = other.then_some("other");
                own.chain(rest).map(|level| format!("{}={level}", column.name)).collect()
            }
            Self::Nothing => Vec::new(),
        }
    }

    /// Writes the features of these rows into `x` (row-major, `stride` wide), from column `at`.
    fn write(&self, rows: &[u32], x: &mut [f64], stride: usize, at: usize) {
        let cells = rows.iter().zip(x.chunks_exact_mut(stride.max(1)));
        match self {
            Self::Number { values, fill, .. } => {
                for (&row, out) in cells {
                    let value = values[row as usize];
                    out[at] = if value.is_nan() { *fill } else { value };
                }
            }
            Self::Boolean { codes, fill, .. } => {
                for (&row, out) in cells {
                    let code = codes[row as usize];
                    out[at] = f64::from(if code == MISSING { *fill } else { code });
                }
            }
            Self::Levels { codes, place, fill, .. } => {
                let width = self.width();
                for (&row, out) in cells {
                    let code = codes[row as usize];
                    let code = if code == MISSING { *fill } else { code };
                    // A level the training rows do not have is none of them: all zeros, unless there is a column for the rest.
                    if let Some(&column) = place.get(code as usize).filter(|&&p| p < width) {
                        out[at + column] = 1.0;
                    }
                }
            }
            Self::Nothing => {}
        }
    }
}

/// The features of these rows, row-major.
pub(super) fn encode(encoders: &[Encoder], rows: &[u32]) -> Vec<f64> {
    let stride: usize = encoders.iter().map(Encoder::width).sum();
    let mut x = vec![0.0; rows.len() * stride];
    let mut at = 0;
    for encoder in encoders {
        encoder.write(rows, &mut x, stride, at);
        at += encoder.width();
    }
    x
}

/// The middle of the values that are none of them missing; 0 if there are none.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut present: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    if present.is_empty() {
        return 0.0;
    }
    let (count, middle) = (present.len(), present.len() / 2);
    let (below, &mut upper, _) = present.select_nth_unstable_by(middle, f64::total_cmp);
    if count % 2 == 1 {
        return upper;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Halves first: the sum of two huge values would overflow.
    if lower == upper { upper } else { lower * 0.5 + upper * 0.5 }
}
