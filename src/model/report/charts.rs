//! What is drawn of a report: no more points than an eye can tell apart, however many rows there are.

use super::{ClassReport, NumberReport, Report, TaskReport};
use crate::model::metrics::{CalibrationBin, Confusion};

/// Intervals of probability in a calibration plot.
const BINS: usize = 10;
/// A point of a curve is left out where it is nearer than this to the last one kept, in shares of the square that the curve lies in.
const NEAREST: f64 = 1.0 / 400.0;
/// Rows that are drawn as a point each, at the most: an even choice.
const MOST_ROWS: usize = 2000;
/// Bars of a histogram.
const BARS: usize = 24;

/// The plots that people expect of a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Charts {
    Classes(ClassCharts),
    Numbers(NumberCharts),
}

/// One class against the rest, and who is taken for whom.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassCharts {
    /// The classes, in order.
    pub names: Vec<String>,
    pub confusion: Confusion,
    /// The class that the curves are about.
    pub class: usize,
    /// (false positive rate, true positive rate); empty where it is not defined.
    pub roc: Vec<[f64; 2]>,
    pub roc_auc: f64,
    /// (recall, precision).
    pub precision_recall: Vec<[f64; 2]>,
    pub average_precision: f64,
    /// The share of rows that are of the class: the precision of a guess.
    pub share: f64,
    /// None if the model knows no probabilities.
    pub calibration: Option<Vec<CalibrationBin>>,
}

/// Predicted numbers, of the first target column.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberCharts {
    /// (true, predicted), in the units of the file; rows that are not finite are left out.
    pub pairs: Vec<[f64; 2]>,
    /// How often a residual (true - predicted) lies in each of some intervals of equal width, of all rows.
    pub residuals: Histogram,
}

/// Counts in intervals of equal width.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    pub from: f64,
    pub to: f64,
    pub counts: Vec<u64>,
}

impl Report {
    /// What is drawn of it; `class` is the one that the curves are about, the last where there is no such class.
    pub fn charts(&self, class: usize) -> Charts {
        match &self.task {
            TaskReport::Classes(classes) => Charts::Classes(ClassCharts::of(classes, class)),
            TaskReport::Numbers(numbers) => Charts::Numbers(NumberCharts::of(numbers)),
        }
    }
}

impl ClassCharts {
    fn of(report: &ClassReport, class: usize) -> Self {
        let class = class.min(report.names.len().saturating_sub(1));
        let (roc, precision_recall) = (report.roc(class), report.precision_recall(class));
        let curve = |x: &[f64], y: &[f64]| thinned(x.iter().zip(y).map(|(x, y)| [*x, *y]));
        Self {
            names: report.names.clone(),
            class,
            roc: curve(&roc.false_positive_rate, &roc.true_positive_rate),
            roc_auc: roc.auc(),
            precision_recall: curve(&precision_recall.recall, &precision_recall.precision),
            average_precision: precision_recall.average_precision(),
            share: report.confusion.support(class) as f64 / report.confusion.total() as f64,
            calibration: report.calibration(class, BINS),
            confusion: report.confusion.clone(),
        }
    }
}

impl NumberCharts {
    fn of(report: &NumberReport) -> Self {
        let columns = report.columns.max(1);
        let first = |values: &[f64]| values.iter().step_by(columns).copied().collect::<Vec<f64>>();
        let (truth, predicted) = (first(&report.truth), first(&report.predicted));
        let stride = truth.len().div_ceil(MOST_ROWS).max(1);
        let pairs = truth.iter().zip(&predicted).step_by(stride).map(|(y, p)| [*y, *p]);
        Self {
            pairs: pairs.filter(|pair| pair.iter().all(|v| v.is_finite())).collect(),
            residuals: Histogram::of(truth.iter().zip(&predicted).map(|(y, p)| y - p)),
        }
    }
}

impl Histogram {
    /// Of the finite values; empty if there are none.
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let finite = || values.clone().filter(|v| v.is_finite());
        let from = finite().fold(f64::INFINITY, f64::min);
        let to = finite().fold(f64::NEG_INFINITY, f64::max);
        let width = (to - from) / BARS as f64;
        if !(width.is_finite() && width > 0.0) {
            let counts = if from.is_finite() {
                vec![finite().count() as u64]
            } else {
                Vec::new()
            };
            return Self { from, to, counts };
        }
        let mut counts = vec![0; BARS];
        for value in finite() {
            counts[(((value - from) / width) as usize).min(BARS - 1)] += 1;
        }
        Self { from, to, counts }
    }
}

/// A curve without the points that lie next to the one before; its ends stay. Empty if a point is not finite.
fn thinned(points: impl Iterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    let mut last = None;
    for point in points {
        if !point.iter().all(|v| v.is_finite()) {
            return Vec::new();
        }
        let is_far = kept
            .last()
            .is_none_or(|k| (k[0] - point[0]).abs().max((k[1] - point[1]).abs()) >= NEAREST);
        if is_far {
            // The corner before a jump belongs to the curve.
            kept.extend(last.take());
            kept.push(point);
        } else {
            last = Some(point);
        }
    }
    kept.extend(last);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_curve_keeps_its_ends_and_comes_by_its_corners() {
        let up = (0..=10_000).map(|k| [0.0, k as f64 / 10_000.0]);
        let along = (0..=10_000).map(|k| [k as f64 / 10_000.0, 1.0]);
        let curve = thinned(up.chain(along));
        assert!(curve.len() < 2000, "{}", curve.len());
        assert_eq!((curve.first(), curve.last()), (Some(&[0.0, 0.0]), Some(&[1.0, 1.0])));
        let to_corner = curve.iter().map(|[x, y]| x.max(1.0 - y)).fold(1.0, f64::min);
        assert!(to_corner <= NEAREST, "{to_corner}");
        assert!(thinned([[0.0, f64::NAN]].into_iter()).is_empty());
    }

    #[test]
    fn a_histogram_counts_every_finite_value_once() {
        let values = [-1.0, 0.0, 0.5, 1.0, f64::NAN, f64::INFINITY];
        let histogram = Histogram::of(values.into_iter());
        assert_eq!(histogram.counts.iter().sum::<u64>(), 4);
        assert_eq!((histogram.from, histogram.to), (-1.0, 1.0));
        assert_eq!(Histogram::of([3.0, 3.0].into_iter()).counts, [2]);
        assert!(Histogram::of([f64::NAN].into_iter()).counts.is_empty());
    }
}
