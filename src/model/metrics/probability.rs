//! Probabilities against what happened.

use crate::math::ops;

/// Mean of -ln (probability of the right class); probabilities are one number a class and row, and are kept 2^-52 away from 0 and 1.
pub fn log_loss(probabilities: &[f64], classes: usize, labels: &[u32]) -> f64 {
    let rows = probabilities.chunks_exact(classes.max(1)).zip(labels);
    let sum: f64 = rows
        .filter_map(|(p, &label)| p.get(label as usize))
        .map(|p| -ops::ln(p.clamp(f64::EPSILON, 1.0 - f64::EPSILON)))
        .sum();
    sum / labels.len() as f64
}

/// Mean over the rows of the squared distance of the probabilities, one number a class and row, from 1 for the right class and 0 for the
/// others (Brier 1950, eq. 2); for two classes half of it, which is the squared error of the probability of the second.
pub fn brier(probabilities: &[f64], classes: usize, labels: &[u32]) -> f64 {
    let rows = probabilities.chunks_exact(classes.max(1)).zip(labels);
    let of_row = |p: &[f64], label: usize| match p {
        [_, second] => square(second - f64::from(u8::from(label == 1))),
        p => {
            let happened = |class| f64::from(u8::from(class == label));
            p.iter().enumerate().map(|(class, p)| square(p - happened(class))).sum()
        }
    };
    rows.map(|(p, &label)| of_row(p, label as usize)).sum::<f64>() / labels.len() as f64
}

fn square(x: f64) -> f64 {
    x * x
}
