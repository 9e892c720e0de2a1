//! From scores to classes and probabilities.

use super::super::Loss;
use crate::math::ops;

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

/// The share of rows whose right class is among the `k` with the highest scores, one score a class. Of equals the first counts as the
/// higher, as in [`decide`] (scikit-learn takes the last).
pub fn top_k_accuracy(scores: &[f64], classes: usize, k: usize, labels: &[u32]) -> f64 {
    let place = |scores: &[f64], label: usize| {
        let before = |(class, score): (usize, &f64)| *score > scores[label] || (class < label && *score == scores[label]);
        scores.iter().enumerate().filter(|of| before(*of)).count()
    };
    let rows = scores.chunks_exact(classes.max(1)).zip(labels);
    let right = rows.filter(|(scores, label)| place(scores, **label as usize) < k);
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

/// The name of the one number that is shown: accuracy for classes, R² for numbers.
pub fn headline_name(loss: Loss) -> &'static str {
    if loss.is_for_classes() { "accuracy" } else { "r2" }
}
