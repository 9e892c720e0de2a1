//! Metrics over the folds of a cross-validation.

use super::Metric;
use crate::data::moments;

/// A metric on one set of rows, over the folds where it is defined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoldMetric {
    /// `train`, `validation` or `test`.
    pub set: &'static str,
    /// Its value is the mean; NaN if it is defined in no fold.
    pub metric: Metric,
    /// Standard deviation between folds (n - 1); 0 of a single one.
    pub sd: f64,
}

/// The metrics of a model on every set of rows.
pub type SetMetrics = Vec<(&'static str, Vec<Metric>)>;

/// Mean and standard deviation of every metric; which ones there are is the same in all folds.
pub fn over_folds(folds: &[SetMetrics]) -> Vec<FoldMetric> {
    let Some(first) = folds.first() else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (s, (set, metrics)) in first.iter().enumerate() {
        for (k, metric) in metrics.iter().enumerate() {
            let of_fold = |fold: &SetMetrics| fold.get(s).and_then(|(_, metrics)| Some(metrics.get(k)?.value));
            let values = folds.iter().filter_map(of_fold).filter(|value| value.is_finite());
            let n = values.clone().count() as f64;
            let (mean, sd) = moments(values);
            all.push(FoldMetric {
                set,
                metric: Metric {
                    value: if n > 0.0 { mean } else { f64::NAN },
                    ..*metric
                },
                sd: if n > 0.0 {
                    sd * (n / (n - 1.0).max(1.0)).sqrt()
                } else {
                    f64::NAN
                },
            });
        }
    }
    all
}
