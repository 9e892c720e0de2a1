//! Receiver operating characteristic (Fawcett 2006, An Introduction to ROC Analysis, Algorithms 1 and 2).

use super::ranking::{against_rest, steps};
use super::weighted_mean;

/// Which rows are taken for the class as the threshold falls: a point for every different score, none dropped, after a first one that takes
/// none. Empty without rows, or if a score is NaN.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RocCurve {
    /// Of the rows that are not of the class, the share taken for it. NaN if there are none.
    pub false_positive_rate: Vec<f64>,
    /// Of the rows of the class, the share taken for it. NaN if there are none.
    pub true_positive_rate: Vec<f64>,
    /// A row is taken for the class if its score is this or more; the first is infinite.
    pub thresholds: Vec<f64>,
}

impl RocCurve {
    /// From each row's score and whether it is of the class.
    pub fn new(scored: impl Iterator<Item = (f64, bool)>) -> Self {
        let Some(steps) = steps(scored) else {
            return Self::default();
        };
        let (hits, others) = steps.last().map_or((0, 0), |last| (last.hits, last.false_alarms));
        let shares = |counts: &mut dyn Iterator<Item = u64>, all: u64| {
            let counts = std::iter::once(0).chain(counts);
            counts.map(|count| count as f64 / all as f64).collect()
        };
        Self {
            false_positive_rate: shares(&mut steps.iter().map(|s| s.false_alarms), others),
            true_positive_rate: shares(&mut steps.iter().map(|s| s.hits), hits),
            thresholds: std::iter::once(f64::INFINITY)
                .chain(steps.iter().map(|s| s.threshold))
                .collect(),
        }
    }

    /// The area below, by trapezoids: the chance that a row of the class scores higher than another row, ties counting half. NaN unless
    /// there are both.
    pub fn auc(&self) -> f64 {
        if self.thresholds.is_empty() {
            return f64::NAN;
        }
        area(&self.false_positive_rate, &self.true_positive_rate)
    }
}

/// The area under a line from point to point, x rising or falling.
pub(super) fn area(x: &[f64], y: &[f64]) -> f64 {
    let pieces = x.windows(2).zip(y.windows(2));
    pieces.map(|(x, y)| (x[1] - x[0]) * (y[0] + y[1]) / 2.0).sum::<f64>().abs()
}

/// The mean area of each class against all others (Fawcett 2006, section 9.2), `weighted` by their numbers of rows or not. Scores are one
/// number a class and row. NaN unless every class has rows.
pub fn roc_auc_one_vs_rest(scores: &[f64], classes: usize, labels: &[u32], weighted: bool) -> f64 {
    weighted_mean((0..classes).map(|class| {
        let auc = RocCurve::new(against_rest(scores, classes, class, labels)).auc();
        let rows = labels.iter().filter(|&&label| label as usize == class).count();
        (auc, if weighted { rows as f64 } else { 1.0 })
    }))
}

/// The mean area of each class against each other one, once by the score of the one and once by that of the other (Hand and Till 2001,
/// eq. 7), `weighted` by their numbers of rows or not. NaN unless every class has rows.
pub fn roc_auc_one_vs_one(scores: &[f64], classes: usize, labels: &[u32], weighted: bool) -> f64 {
    let pairs = (0..classes).flat_map(|a| (a + 1..classes).map(move |b| (a, b)));
    weighted_mean(pairs.map(|(a, b)| {
        let of_both = || {
            let rows = scores.chunks_exact(classes).zip(labels);
            rows.filter(move |(_, label)| [a, b].contains(&(**label as usize)))
        };
        let by = |class: usize| RocCurve::new(of_both().map(|(scores, label)| (scores[class], *label as usize == class))).auc();
        let weight = if weighted { of_both().count() as f64 } else { 1.0 };
        (f64::midpoint(by(a), by(b)), weight)
    }))
}
