//! How heights become colours and lines.
//!
//! Landscapes span decades: a linear scale shows one deep hole and nothing else. Heights are shown as log10(f - floor + eps), and
//! contour lines lie at quantiles, so that each band between two lines covers the same area.

use crate::math::ops;

/// log10(f - floor + eps), from 0 at the lowest height to 1 at the highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColourScale {
    /// The height from which others are measured.
    pub floor: f64,
    /// What keeps the floor itself finite; below it, heights look alike.
    pub eps: f64,
    /// log10 at positions 0 and 1.
    pub log: [f64; 2],
}

impl ColourScale {
    /// The scale for these heights. `floor` is the lowest height known from elsewhere (a known minimum); heights below it, and
    /// heights if there is none, set it themselves. Heights that are not finite are left out; without any, everything is at 0.
    pub fn of(Ranked(sorted): &Ranked, floor: Option<f64>) -> Self {
        let (Some(&lowest), Some(&highest)) = (sorted.first(), sorted.last()) else {
            return Self {
                floor: 0.0,
                eps: 1.0,
                log: [0.0, 1.0],
            };
        };
        let floor = floor.filter(|f| f.is_finite()).map_or(lowest, |f| f.min(lowest));
        let span = highest - floor;
        if !(span > 0.0 && span.is_finite()) {
            return Self::flat_or_huge(floor, highest);
        }
        // The lowest hundredth of the picture shares the darkest colour, so that one point at the very bottom does not stretch
        // the scale by ten decades.
        let eps = (quantile(sorted, 0.01) - floor).max(1e-12 * span).max(f64::MIN_POSITIVE);
        let low = ops::log10(lowest - floor + eps);
        Self {
            floor,
            eps,
            log: [low, ops::log10(span + eps).max(low + 1e-9)],
        }
    }

    /// All heights equal, or so far apart that their difference overflows.
    fn flat_or_huge(floor: f64, highest: f64) -> Self {
        let top = if highest > floor { ops::log10(f64::MAX) } else { 1.0 };
        Self {
            floor,
            eps: 1.0,
            log: [0.0, top],
        }
    }

    /// Where on the scale a height is: 0 to 1, infinity at 1, NaN stays NaN.
    #[inline]
    pub fn position(&self, value: f64) -> f64 {
        if value.is_nan() {
            return value;
        }
        let [low, high] = self.log;
        let above = (value - self.floor).clamp(0.0, f64::MAX) + self.eps;
        ((ops::log10(above) - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// The height at a position: for the ticks beside a colour bar.
    pub fn value_at(&self, position: f64) -> f64 {
        let [low, high] = self.log;
        self.floor + ops::powf(10.0, low + position * (high - low)) - self.eps
    }
}

/// The finite ones among some heights, rising.
pub struct Ranked(Vec<f64>);

impl Ranked {
    pub fn of(values: &[f64]) -> Self {
        let mut keys: Vec<i64> = values
            .iter()
            .filter(|v| v.is_finite())
            .map(|v| key(v.to_bits() as i64))
            .collect();
        keys.sort_unstable();
        Self(keys.into_iter().map(|k| f64::from_bits(key(k) as u64)).collect())
    }
}

/// The bits of a number as an integer in the order of `f64::total_cmp`, and back: integers are sorted twice as fast.
fn key(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Up to `n` heights that divide the finite ones into bands of equal area; rising, without repetition.
pub fn quantile_levels(Ranked(sorted): &Ranked, n: usize) -> Vec<f64> {
    let mut levels: Vec<f64> = Vec::with_capacity(n);
    for k in 1..=n {
        let level = quantile(sorted, k as f64 / (n + 1) as f64);
        if level.is_finite() && levels.last().is_none_or(|last| level > *last) && Some(&level) != sorted.first() {
            levels.push(level);
        }
    }
    levels
}

/// Quantile of sorted values, linear between neighbours (Hyndman and Fan 1996, type 7); NaN of none.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = q.clamp(0.0, 1.0) * last as f64;
    let below = place as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    let part = place - below as f64;
    low * (1.0 - part) + high * part
}
