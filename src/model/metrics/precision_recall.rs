//! Precision against recall.

use super::ranking::steps;
use super::roc::area;

/// Precision and recall as the threshold rises: a point for every different score, and at the end precision 1 at recall 0. Empty without
/// rows, or if a score is NaN.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrecisionRecallCurve {
    /// Of the rows taken for the class, the share that is of it.
    pub precision: Vec<f64>,
    /// Of the rows of the class, the share taken for it. NaN if there are none.
    pub recall: Vec<f64>,
    /// A row is taken for the class if its score is this or more; one fewer than points, as the last takes none.
    pub thresholds: Vec<f64>,
}

impl PrecisionRecallCurve {
    /// From each row's score and whether it is of the class.
    pub fn new(scored: impl Iterator<Item = (f64, bool)>) -> Self {
        let Some(steps) = steps(scored) else {
            return Self::default();
        };
        let hits = steps.last().map_or(0, |last| last.hits);
        let rising = || steps.iter().rev();
        let precision = rising().map(|s| s.hits as f64 / (s.hits + s.false_alarms) as f64);
        let recall = rising().map(|s| s.hits as f64 / hits as f64);
        Self {
            precision: precision.chain([1.0]).collect(),
            recall: recall.chain([0.0]).collect(),
            thresholds: rising().map(|s| s.threshold).collect(),
        }
    }

    /// Σ (Rₙ - Rₙ₋₁) Pₙ: the precision at every row of the class, on average. Unlike an area by trapezoids it is not too hopeful (Davis and
    /// Goadrich 2006). NaN without rows of the class.
    pub fn average_precision(&self) -> f64 {
        if self.thresholds.is_empty() {
            return f64::NAN;
        }
        let steps = self.recall.windows(2).zip(&self.precision);
        steps.map(|(recall, precision)| (recall[0] - recall[1]) * precision).sum()
    }

    /// The area below the line from point to point, for comparison with programs that give that. NaN without rows of the class.
    pub fn trapezoid_area(&self) -> f64 {
        if self.thresholds.is_empty() {
            return f64::NAN;
        }
        area(&self.recall, &self.precision)
    }
}
