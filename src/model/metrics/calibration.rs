//! Whether what is given a probability of 0.7 happens seven times out of ten.

/// The rows whose probability lies in one interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationBin {
    /// Above this (the first interval holds 0 too) ...
    pub from: f64,
    /// ... and up to this, itself included.
    pub to: f64,
    pub rows: usize,
    /// Mean probability of the rows; NaN if there are none.
    pub mean_probability: f64,
    /// The share of the rows that are of the class; NaN if there are none.
    pub share: f64,
}

/// Intervals of equal width (one at least) from 0 to 1 (the reliability diagram of Murphy and Winkler 1977), from each row's probability of the class and
/// whether it is of the class. A probability that is NaN is in no interval.
pub fn calibration(scored: impl Iterator<Item = (f64, bool)>, bins: usize) -> Vec<CalibrationBin> {
    let bins = bins.max(1);
    let edge = |k: usize| k as f64 / bins as f64;
    let mut sums = vec![(0_usize, 0.0, 0_usize); bins];
    for (p, of_class) in scored.filter(|(p, _)| !p.is_nan()) {
        // From a guess, which rounding may have put one off.
        let mut bin = ((p * bins as f64) as usize).min(bins - 1);
        bin -= usize::from(bin > 0 && p <= edge(bin));
        bin += usize::from(bin + 1 < bins && p > edge(bin + 1));
        let (rows, probability, happened) = &mut sums[bin];
        *rows += 1;
        *probability += p;
        *happened += usize::from(of_class);
    }
    let bin = |(k, (rows, probability, happened)): (usize, (usize, f64, usize))| CalibrationBin {
        from: edge(k),
        to: edge(k + 1),
        rows,
        mean_probability: probability / rows as f64,
        share: happened as f64 / rows as f64,
    };
    sums.into_iter().enumerate().map(bin).collect()
}

/// Expected calibration error: the mean distance between probability and share over all rows (Naeini, Cooper and Hauskrecht 2015).
pub fn calibration_error(bins: &[CalibrationBin]) -> f64 {
    let filled = bins.iter().filter(|bin| bin.rows > 0);
    super::weighted_mean(filled.map(|bin| ((bin.mean_probability - bin.share).abs(), bin.rows as f64)))
}
