//! How good predictions are, in the words and conventions of scikit-learn. Where a number is not defined (the area under a ROC curve with one
//! class only) it is NaN; a share of nothing is 0, as with `zero_division=0`.

mod calibration;
mod confusion;
mod decisions;
mod precision_recall;
mod probability;
mod ranking;
mod regression;
mod roc;

pub use calibration::{CalibrationBin, calibration, calibration_error};
pub use confusion::{Average, Confusion, Scores};
pub use decisions::{accuracy, decide, headline_name, probabilities, top_k_accuracy};
pub use precision_recall::PrecisionRecallCurve;
pub use probability::{brier, log_loss};
pub use ranking::against_rest;
pub use regression::{explained_variance, mae, mape, max_error, median_absolute_error, mse, r2, rmse};
pub use roc::{RocCurve, roc_auc_one_vs_one, roc_auc_one_vs_rest};

pub(super) use regression::{determination, spread};

/// The mean of the numbers with these weights; NaN without any weight.
fn weighted_mean(numbers: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, weights) = numbers.fold((0.0, 0.0), |(sum, weights), (number, weight)| {
        (sum + number * weight, weights + weight)
    });
    sum / weights
}
