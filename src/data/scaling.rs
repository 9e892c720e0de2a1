//! Mean 0 and standard deviation 1.

use super::dataset::{Dataset, Targets};
use super::moments::moments_of_columns;

/// What was subtracted from and divided out of every feature and a regression target.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling {
    /// Per feature, of the training rows.
    pub mean: Vec<f64>,
    /// Per feature; population standard deviation (ddof 0), 1 for a constant feature.
    pub sd: Vec<f64>,
    /// Mean and standard deviation of a regression target, per column.
    pub target: Option<Vec<(f64, f64)>>,
}

impl Scaling {
    /// Fits to the training set.
    pub(super) fn fit(train: &Dataset) -> Self {
        // Deviations whose squares underflow cannot be told from rounding.
        let usable = |(mean, sd): (f64, f64)| (mean, if sd < f64::MIN_POSITIVE.sqrt() { 1.0 } else { sd });
        let fit = |rows: &[f64], width| moments_of_columns(rows, width).into_iter().map(usable);
        let (mean, sd) = fit(&train.x, train.n_features).unzip();
        let target = match &train.targets {
            Targets::Values { columns, values } => Some(fit(values, *columns).collect()),
            Targets::Classes { .. } => None,
        };
        Self { mean, sd, target }
    }

    /// Standardises a set in place.
    pub fn apply(&self, set: &mut Dataset) {
        let features: Vec<(f64, f64)> = self.mean.iter().copied().zip(self.sd.iter().copied()).collect();
        standardize(&mut set.x, &features);
        if let (Targets::Values { values, .. }, Some(target)) = (&mut set.targets, &self.target) {
            standardize(values, target);
        }
    }

    /// A standardised prediction of target column `column` in the units of the file.
    pub fn undo_target(&self, column: usize, value: f64) -> f64 {
        match self.target.as_ref().and_then(|t| t.get(column)) {
            Some(&(mean, sd)) => value * sd + mean,
            None => value,
        }
    }

    /// A note for every feature that does not vary over the training set it was fitted to.
    pub(super) fn constant(&self, train: &Dataset) -> Vec<String> {
        let column = |c: usize| train.x.iter().skip(c).step_by(train.n_features.max(1));
        let is_constant = |&c: &usize| {
            let start = column(c).next().copied().unwrap_or(0.0);
            self.sd[c] == 1.0 && column(c).all(|v| (v - start).abs() < f64::MIN_POSITIVE.sqrt())
        };
        let note = |c: usize| {
            format!(
                "'{}' is constant over the training rows and explains nothing",
                train.feature_names[c]
            )
        };
        (0..train.n_features).filter(is_constant).map(note).collect()
    }
}

/// Standardises rows that are as long as there are (mean, sd).
fn standardize(rows: &mut [f64], scales: &[(f64, f64)]) {
    for row in rows.chunks_exact_mut(scales.len().max(1)) {
        for (value, &(mean, sd)) in row.iter_mut().zip(scales) {
            *value = standardized(*value, mean, sd);
        }
    }
}

/// (value - mean) / sd, also where the difference of huge values overflows.
fn standardized(value: f64, mean: f64, sd: f64) -> f64 {
    let difference = value - mean;
    if difference.is_finite() {
        difference / sd
    } else {
        (value * 0.5 - mean * 0.5) / (sd * 0.5)
    }
}
