//! What categories have in common with other columns: which of them tell the same, and how much of a number they explain.

use super::examine::{FEWEST, MOST_ROWS, even};
use super::moments::moments;
use super::table::{Column, Values};

/// More levels than this are too many to compare.
const MOST_LEVELS: usize = 100;
/// A level occurs so often on average, or agreement may be chance.
const RECURS: usize = 5;

/// In the place of a level where there is none.
const NONE: u8 = u8::MAX;

/// A column of few different values that recur, by their numbers in an even choice of rows.
pub(super) struct Recurring(Vec<u8>);

impl Recurring {
    /// None of other columns, and of those that nearly always have the same value.
    pub fn of(column: &Column) -> Option<Self> {
        let distinct = column.distinct.filter(|distinct| (2..=MOST_LEVELS).contains(distinct))?;
        let codes: Vec<u8> = match &column.values {
            Values::Codes { codes, .. } => {
                let narrow = |row| u8::try_from(codes.at(row)).unwrap_or(NONE);
                even(codes.len(), MOST_ROWS).map(narrow).collect()
            }
            Values::Numbers(values) => numbered(&even(values.len(), MOST_ROWS).map(|row| values.at(row)).collect::<Vec<_>>()),
            Values::Texts(_) => return None,
        };
        let mut counts = [0_usize; NONE as usize + 1];
        codes.iter().for_each(|&code| counts[code as usize] += 1);
        let present = codes.len() - counts[NONE as usize];
        let usual = counts[..NONE as usize].iter().max()?;
        (present >= distinct * RECURS && present - usual >= RECURS).then_some(Self(codes))
    }

    fn levels(&self) -> usize {
        let present = self.0.iter().filter(|code| **code != NONE);
        present.max().map_or(0, |most| *most as usize + 1)
    }

    /// Cramér's V (1946) with another column of the same table: 1 if one follows from the other, 0 if it says nothing.
    pub fn cramers_v(&self, other: &Self) -> f64 {
        let (height, width) = (self.levels(), other.levels());
        let mut met = vec![0_u32; height * width];
        for (&a, &b) in self.0.iter().zip(&other.0).filter(|(a, b)| **a != NONE && **b != NONE) {
            met[a as usize * width + b as usize] += 1;
        }
        let line = |row: usize| met[row * width..][..width].iter().sum::<u32>();
        let lines: Vec<u32> = (0..height).map(line).collect();
        let sums: Vec<u32> = (0..width).map(|c| met.iter().skip(c).step_by(width).sum()).collect();
        let occur = |sums: &[u32]| sums.iter().filter(|n| **n > 0).count();
        let (n, fewer) = (lines.iter().sum::<u32>(), occur(&lines).min(occur(&sums)));
        if (n as usize) < FEWEST.max(RECURS * occur(&lines).max(occur(&sums))) || fewer < 2 {
            return 0.0;
        }
        let share = |(k, &count): (usize, &u32)| {
            let expected = f64::from(lines[k / width]) * f64::from(sums[k % width]);
            if count == 0 {
                0.0
            } else {
                f64::from(count) * f64::from(count) / expected
            }
        };
        let excess = met.iter().enumerate().map(share).sum::<f64>() - 1.0;
        (excess.max(0.0) / (fewer - 1) as f64).sqrt()
    }

    /// The share of the variance of a number that the levels explain, corrected for how many there are (ε², Kelley 1935); `number` is asked
    /// for rows of the table.
    pub fn explains(&self, rows: usize, number: impl Fn(usize) -> f64) -> f64 {
        let pairs = self
            .0
            .iter()
            .zip(even(rows, MOST_ROWS))
            .map(|(&code, row)| (code, number(row)));
        let known: Vec<(u8, f64)> = pairs.filter(|(code, v)| *code != NONE && v.is_finite()).collect();
        let (mean, sd) = moments(known.iter().map(|(_, v)| *v));
        let mut sums = vec![(0.0, 0.0); self.levels()];
        for &(code, value) in &known {
            let (sum, count) = &mut sums[code as usize];
            *sum += (value - mean) / sd;
            *count += 1.0;
        }
        let occur = sums.iter().filter(|(_, count)| *count > 0.0);
        let (n, levels) = (known.len(), occur.clone().count());
        if n < FEWEST.max(RECURS * levels) || levels < 2 || sd == 0.0 {
            return 0.0;
        }
        let explained = occur.map(|(sum, count)| sum * sum / count).sum::<f64>() / n as f64;
        1.0 - (1.0 - explained) * (n - 1) as f64 / (n - levels) as f64
    }
}

/// The number of each value among the different ones.
fn numbered(values: &[f64]) -> Vec<u8> {
    let mut different: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    different.sort_by(f64::total_cmp);
    different.dedup();
    let place = |v: f64| different.partition_point(|d| *d < v);
    let code = |v: &f64| if v.is_nan() { NONE } else { place(*v) as u8 };
    values.iter().map(code).collect()
}
