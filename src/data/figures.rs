//! Figures of a column: range, mean, spread, histogram, how many different values.

use super::Numbers;
use super::levels::{Levels, Texts};
use super::moments::{is_ordinary, moments, spread};
use super::numbers::BLOCK;
use super::table::{Figures, Kind};

/// Different values are counted up to here.
const COUNTED: usize = 10_000;
/// Bins of a histogram.
pub(super) const BINS: usize = 24;
/// Fewer texts than this prove nothing by being all different.
const FEW: usize = 20;

/// How many different numbers there are, if not too many to count.
pub(super) fn distinct(values: &Numbers) -> Option<usize> {
    const SLOTS: usize = 1 << 15;
    const FREE: u64 = u64::MAX;
    let mut slots = vec![FREE; SLOTS];
    let mut count = 0;
    for value in values.iter().filter(|v| !v.is_nan()) {
        // -0 and 0 are the same number. No number has the bits of FREE, which are those of a NaN.
        let bits = (value + 0.0).to_bits();
        let mut slot = (bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 49) as usize;
        loop {
            if slots[slot] == bits {
                break;
            }
            if slots[slot] == FREE {
                slots[slot] = bits;
                count += 1;
                if count > COUNTED {
                    return None;
                }
                break;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
    }
    Some(count)
}

/// How many different texts there are, and whether no two (of those looked at) are the same.
pub(super) fn distinct_texts(texts: &Texts) -> (Option<usize>, bool) {
    let mut levels = Levels::default();
    let mut present = 0;
    for text in texts.iter().filter(|t| !t.is_empty()) {
        present += 1;
        levels.code(text);
        if levels.texts.len() > COUNTED {
            return (None, present == levels.texts.len());
        }
    }
    (Some(levels.texts.len()), present == levels.texts.len() && present >= FEW)
}

/// What one pass over the numbers of a column tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    pub missing: usize,
    pub infinite: usize,
    finite: usize,
    sum: f64,
    min: f64,
    max: f64,
}

impl Tally {
    pub fn of(values: &Numbers) -> Self {
        let mut tally = Self {
            missing: 0,
            infinite: 0,
            finite: 0,
            sum: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        };
        let mut buffer = [0.0; BLOCK];
        for k in 0..values.n_blocks() {
            tally = tally.with(values.block(k, &mut buffer));
        }
        tally
    }

    /// In variables of its own, so that the sums of the loop stay in registers.
    #[inline(never)]
    fn with(self, values: &[f64]) -> Self {
        let (mut sum, mut min, mut max) = (self.sum, self.min, self.max);
        let (mut finite, mut missing) = (0, 0);
        for &value in values {
            if value.is_finite() {
                finite += 1;
                sum += value;
                min = if value < min { value } else { min };
                max = if value > max { value } else { max };
            } else {
                missing += usize::from(value.is_nan());
            }
        }
        Self {
            missing: self.missing + missing,
            infinite: self.infinite + values.len() - finite - missing,
            finite: self.finite + finite,
            sum,
            min,
            max,
        }
    }

    /// Mean, spread and histogram of the finite values, in one more pass; None if there are none.
    pub fn figures(&self, values: &Numbers, kind: Kind) -> Option<Figures> {
        let Self { min, max, finite, .. } = *self;
        if finite == 0 {
            return None;
        }
        let whole = kind == Kind::Integer && max - min < BINS as f64;
        let bins = match (min == max, whole) {
            (true, _) => 1,
            (false, true) => (max - min) as usize + 1,
            (false, false) => BINS,
        };
        let mut histogram = vec![0_u32; bins];
        let steps = if whole { bins - 1 } else { bins } as f64;
        let largest = max.max(-min);
        let (mean, sd) = if is_ordinary(largest) && steps / (max - min) < f64::MAX {
            let (n, scale) = (finite as f64, steps / (max - min));
            let mean = self.sum / n;
            let (mut spreads, mut buffer) = ((0.0, 0.0), [0.0; BLOCK]);
            for k in 0..values.n_blocks() {
                let block = values.block(k, &mut buffer);
                spreads = spread_of(block, spreads, mean, |value| {
                    histogram[(((value - min) * scale) as usize).min(bins - 1)] += 1;
                });
            }
            let (squares, rest) = spreads;
            (mean, spread(squares, rest, n))
        } else {
            // Halves, so that the range of huge values does not overflow.
            let (low, range) = (min * 0.5, max * 0.5 - min * 0.5);
            for value in values.iter().filter(|v| v.is_finite()) {
                let bin = ((value * 0.5 - low) / range * steps) as usize;
                histogram[bin.min(bins - 1)] += 1;
            }
            moments(values.iter())
        };
        Some(Figures {
            min,
            max,
            mean,
            sd,
            histogram,
        })
    }
}

/// Sums of squares and of distances from the mean, those of these values added; each finite one is handed to `also`. As
/// [`Tally::with`], in variables of its own.
#[inline(never)]
fn spread_of(values: &[f64], sums: (f64, f64), mean: f64, mut also: impl FnMut(f64)) -> (f64, f64) {
    let (mut squares, mut rest) = sums;
    for &value in values.iter().filter(|v| v.is_finite()) {
        let d = value - mean;
        squares += d * d;
        rest += d;
        also(value);
    }
    (squares, rest)
}
