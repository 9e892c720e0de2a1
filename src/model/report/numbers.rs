//! Predicted numbers.

use super::Metric;
use crate::data::Scaling;
use crate::model::metrics;

/// Predicted numbers beside true ones, in the units of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberReport {
    /// Numbers a row.
    pub columns: usize,
    /// Row-major.
    pub predicted: Vec<f64>,
    /// Row-major.
    pub truth: Vec<f64>,
    /// R² and explained variance have no unit. They are taken from what the model is trained on, whose squares do not overflow.
    r2: f64,
    explained_variance: f64,
}

impl NumberReport {
    pub(super) fn new(mut predicted: Vec<f64>, mut truth: Vec<f64>, columns: usize, scaling: Option<&Scaling>) -> Self {
        // Of a single row there is no spread to explain.
        let shares = if truth.len() < 2 * columns {
            [f64::NAN; 2]
        } else {
            [metrics::r2, metrics::explained_variance].map(|share| share(&predicted, &truth, columns))
        };
        if let Some(scaling) = scaling {
            let back = |(k, v): (usize, &mut f64)| *v = scaling.undo_target(k % columns, *v);
            predicted.iter_mut().enumerate().for_each(back);
            truth.iter_mut().enumerate().for_each(back);
        }
        let [r2, explained_variance] = shares;
        Self {
            columns,
            predicted,
            truth,
            r2,
            explained_variance,
        }
    }

    /// Coefficient of determination; NaN for a single row.
    pub fn r2(&self) -> f64 {
        self.r2
    }

    /// What was missed, truth - predicted, row-major: for the plot of residuals.
    pub fn residuals(&self) -> impl Iterator<Item = f64> {
        self.truth.iter().zip(&self.predicted).map(|(y, p)| y - p)
    }

    pub(super) fn metrics(&self, into: &mut Vec<Metric>) {
        let (p, y) = (self.predicted.as_slice(), self.truth.as_slice());
        into.extend([
            Metric::main("r2", "R²", self.r2),
            Metric::main("rmse", "Root mean squared error", metrics::rmse(p, y)),
            Metric::main("mae", "Mean absolute error", metrics::mae(p, y)),
            Metric::new("mse", "Mean squared error", metrics::mse(p, y)),
            Metric::new(
                "median_ae",
                "Median absolute error",
                metrics::median_absolute_error(p, y, self.columns),
            ),
            Metric::new("max_error", "Largest error", metrics::max_error(p, y)),
            Metric::new("explained_variance", "Explained variance", self.explained_variance),
            Metric::new("mape", "Mean absolute percentage error", metrics::mape(p, y)),
        ]);
    }
}
