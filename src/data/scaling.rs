//! Mean 0 and standard deviation 1 for what is to be predicted.

use super::dataset::Targets;
use super::moments::moments_of_columns;
use super::recipe::{scaled, usable};

/// What was subtracted from and divided out of a regression target; of classes nothing.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Scaling {
    /// Mean and population standard deviation (ddof 0; 1 for a constant) of the training rows, per column.
    pub target: Option<Vec<(f64, f64)>>,
}

impl Scaling {
    /// Fits to the targets of the training rows.
    pub(super) fn fit(train: &Targets) -> Self {
        // Deviations whose squares underflow cannot be told from rounding.
        let fit = |(mean, sd)| (mean, usable(sd));
        let target = match train {
            Targets::Values { columns, values } => Some(moments_of_columns(values, *columns).into_iter().map(fit).collect()),
            Targets::Classes { .. } => None,
        };
        Self { target }
    }

    /// Standardises targets in place.
    pub fn apply(&self, targets: &mut Targets) {
        if let (Targets::Values { values, .. }, Some(scales)) = (targets, &self.target) {
            for row in values.chunks_exact_mut(scales.len().max(1)) {
                for (value, &(mean, sd)) in row.iter_mut().zip(scales) {
                    *value = scaled(*value, mean, sd);
                }
            }
        }
    }

    /// A standardised prediction of target column `column` in the units of the file.
    pub fn undo_target(&self, column: usize, value: f64) -> f64 {
        match self.target.as_ref().and_then(|t| t.get(column)) {
            Some(&(mean, sd)) => {
                let plain = value * sd + mean;
                // In halves what is between does not overflow if the whole does not.
                let halves = value * (0.5 * sd) + 0.5 * mean;
                if plain.is_finite() { plain } else { 2.0 * halves }
            }
            None => value,
        }
    }
}
