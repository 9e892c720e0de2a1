//! The middle of some numbers, and other quantiles.

/// The middle of the finite values; 0 if there are none.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut present: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
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

/// The quantile `share` (0 to 1) of sorted numbers, interpolated linearly between the two nearest (Hyndman and Fan 1996, type 7, as NumPy
/// and scikit-learn have it); 0 if there are none.
pub(in crate::data) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let place = share * last as f64;
    let (low, rest) = (place as usize, place.fract());
    let (a, b) = (sorted[low.min(last)], sorted[(low + 1).min(last)]);
    // Not a + rest (b - a): the difference of huge values would overflow.
    a * (1.0 - rest) + b * rest
}
