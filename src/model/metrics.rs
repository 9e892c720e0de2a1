//! How good predictions are, in the words of scikit-learn.

use super::Loss;
use crate::math::ops;

/// Mean of (prediction - y)².
pub fn mse(predictions: &[f64], y: &[f64]) -> f64 {
    mean(predictions, y, |p, y| (p - y) * (p - y))
}

/// √mse
pub fn rmse(predictions: &[f64], y: &[f64]) -> f64 {
    mse(predictions, y).sqrt()
}

/// Mean of |prediction - y|.
pub fn mae(predictions: &[f64], y: &[f64]) -> f64 {
    mean(predictions, y, |p, y| (p - y).abs())
}

fn mean(predictions: &[f64], y: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    debug_assert_eq!(predictions.len(), y.len());
    let sum: f64 = predictions.iter().zip(y).map(|(&p, &y)| term(p, y)).sum();
    sum / y.len() as f64
}

/// The coefficient of determination 1 - Σ(y - prediction)² / Σ(y - mean)²; for several columns the mean of theirs. A constant column counts
/// 1 if it is predicted exactly, else 0.
pub fn r2(predictions: &[f64], y: &[f64], columns: usize) -> f64 {
    let mut residuals = vec![0.0; columns];
    for (p, y) in predictions.chunks_exact(columns).zip(y.chunks_exact(columns)) {
        for (residual, (p, y)) in residuals.iter_mut().zip(p.iter().zip(y)) {
            *residual += (y - p) * (y - p);
        }
    }
    determination(&residuals, &spread(y, columns))
}

/// Σ(y - mean)² of every column.
pub(super) fn spread(y: &[f64], columns: usize) -> Vec<f64> {
    let of_column = |column: usize| {
        let ys = || y.iter().skip(column).step_by(columns);
        let mean = ys().sum::<f64>() / (y.len() / columns) as f64;
        ys().map(|y| (y - mean) * (y - mean)).sum()
    };
    (0..columns).map(of_column).collect()
}

/// R² from Σ(y - prediction)² and Σ(y - mean)² of every column.
pub(super) fn determination(residuals: &[f64], spread: &[f64]) -> f64 {
    let of_column = |(&residual, &total): (&f64, &f64)| match (residual == 0.0, total == 0.0) {
        (true, true) => 1.0,
        (false, true) => 0.0,
        _ => 1.0 - residual / total,
    };
    residuals.iter().zip(spread).map(of_column).sum::<f64>() / residuals.len() as f64
}

/// The class that scores (one output a class, or one output for two classes) decide for; the first of equals.
pub fn decide(scores: &[f64]) -> u32 {
    match scores {
        [log_odds] => u32::from(*log_odds > 0.0),
        _ => {
            let mut best = 0;
            for (class, score) in scores.iter().enumerate() {
                if *score > scores[best] {
                    best = class;
                }
            }
            best as u32
        }
    }
}

/// The share of rows whose scores (`outputs` a row) decide for the right class.
pub fn accuracy(scores: &[f64], outputs: usize, labels: &[u32]) -> f64 {
    let right = scores
        .chunks_exact(outputs.max(1))
        .zip(labels)
        .filter(|(s, label)| decide(s) == **label);
    right.count() as f64 / labels.len() as f64
}

/// Probabilities of the classes from scores: softmax, or sigmoid for one output. `probabilities` has one number a class.
pub fn probabilities(scores: &[f64], probabilities: &mut [f64]) {
    match (scores, probabilities) {
        ([log_odds], [first, second]) => {
            *second = ops::sigmoid(*log_odds);
            *first = ops::sigmoid(-*log_odds);
        }
        (scores, probabilities) => {
            let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut total = 0.0;
            for (p, s) in probabilities.iter_mut().zip(scores) {
                *p = ops::exp(s - largest);
                total += *p;
            }
            for p in probabilities {
                *p /= total;
            }
        }
    }
}

/// Mean of -ln (probability of the right class); probabilities are one number a class and row, and are kept 2^-52 away from 0 and 1.
pub fn log_loss(probabilities: &[f64], classes: usize, labels: &[u32]) -> f64 {
    let rows = probabilities.chunks_exact(classes.max(1)).zip(labels);
    let sum: f64 = rows
        .filter_map(|(p, &label)| p.get(label as usize))
        .map(|p| -ops::ln(p.clamp(f64::EPSILON, 1.0 - f64::EPSILON)))
        .sum();
    sum / labels.len() as f64
}

/// The name of the one number that is shown: accuracy for classes, R² for numbers.
pub fn headline_name(loss: Loss) -> &'static str {
    if loss.is_for_classes() { "accuracy" } else { "r2" }
}
