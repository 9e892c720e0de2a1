//! Figures of a column: range, mean, spread, histogram, how many different values.

use super::levels::{Levels, Texts};
use super::moments::moments;
use super::table::{Figures, Kind};

/// Different values are counted up to here.
const COUNTED: usize = 10_000;
/// Bins of a histogram.
const BINS: usize = 24;
/// Fewer texts than this prove nothing by being all different.
const FEW: usize = 20;

/// How many different numbers there are, if not too many to count.
pub(super) fn distinct(values: &[f64]) -> Option<usize> {
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

/// Range, mean, spread and histogram of the finite values; None if there are none.
pub(super) fn figures(values: &[f64], kind: Kind) -> Option<Figures> {
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    let (min, max) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if min > max {
        return None;
    }
    let (mean, sd) = moments(finite());
    let bins = if min == max {
        1
    } else if kind == Kind::Integer && max - min < BINS as f64 {
        (max - min) as usize + 1
    } else {
        BINS
    };
    let mut histogram = vec![0_u32; bins];
    // Halves, so that the range of huge values does not overflow.
    let (low, range) = (min * 0.5, max * 0.5 - min * 0.5);
    let scale = if kind == Kind::Integer && bins < BINS {
        (bins - 1) as f64
    } else {
        bins as f64
    };
    for value in finite() {
        let bin = ((value * 0.5 - low) / range * scale) as usize;
        histogram[bin.min(bins - 1)] += 1;
    }
    Some(Figures {
        min,
        max,
        mean,
        sd,
        histogram,
    })
}
