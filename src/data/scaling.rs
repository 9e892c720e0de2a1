//! Mean 0 and standard deviation 1.

use super::dataset::Targets;
use super::moments::moments;

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
    /// Fits to the training rows of `x` (row-major, `n_features` wide).
    pub(super) fn fit(x: &[f64], n_features: usize, train: &[u32], targets: &Targets) -> Self {
        let fit = |values: &[f64], width: usize, column: usize| {
            let (mean, sd) = moments(train.iter().map(|&r| values[r as usize * width + column]));
            // Deviations whose squares underflow cannot be told from rounding.
            (mean, if sd < f64::MIN_POSITIVE.sqrt() { 1.0 } else { sd })
        };
        let (mean, sd) = (0..n_features).map(|c| fit(x, n_features, c)).unzip();
        let target = match targets {
            Targets::Values { columns, values } => Some((0..*columns).map(|c| fit(values, *columns, c)).collect()),
            Targets::Classes { .. } => None,
        };
        Self { mean, sd, target }
    }

    /// Standardises rows of features in place.
    pub fn apply(&self, x: &mut [f64]) {
        if self.mean.is_empty() {
            return;
        }
        for row in x.chunks_exact_mut(self.mean.len()) {
            for (value, (&mean, &sd)) in row.iter_mut().zip(self.mean.iter().zip(&self.sd)) {
                *value = standardized(*value, mean, sd);
            }
        }
    }

    pub(super) fn apply_target(&self, targets: &mut Targets) {
        if let (Targets::Values { columns, values }, Some(target)) = (targets, &self.target) {
            for row in values.chunks_exact_mut(*columns) {
                for (value, &(mean, sd)) in row.iter_mut().zip(target) {
                    *value = standardized(*value, mean, sd);
                }
            }
        }
    }

    /// A standardised prediction of target column `column` in the units of the file.
    pub fn undo_target(&self, column: usize, value: f64) -> f64 {
        match self.target.as_ref().and_then(|t| t.get(column)) {
            Some(&(mean, sd)) => value * sd + mean,
            None => value,
        }
    }

    /// Names the features that do not vary over the training rows.
    pub(super) fn tell_constant(&self, names: &[String], x: &[f64], train: &[u32], notes: &mut Vec<String>) {
        let Some(&first) = train.first() else { return };
        let width = names.len();
        let constant = |c: &usize| {
            let start = x[first as usize * width + c];
            self.sd[*c] == 1.0
                && train
                    .iter()
                    .all(|&r| (x[r as usize * width + c] - start).abs() < f64::MIN_POSITIVE.sqrt())
        };
        for column in (0..width).filter(constant) {
            notes.push(format!(
                "'{}' is constant over the training rows and explains nothing",
                names[column]
            ));
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
