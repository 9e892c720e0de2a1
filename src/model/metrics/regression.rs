//! Predicted numbers against true ones. Several columns are row-major; their numbers are averaged with equal weights.

/// Mean of (prediction - y)².
pub fn mse(predictions: &[f64], y: &[f64]) -> f64 {
    mean(predictions, y, |p, y| (p - y) * (p - y))
}

/// √mse, also where the squares overflow.
pub fn rmse(predictions: &[f64], y: &[f64]) -> f64 {
    let plain = mse(predictions, y).sqrt();
    if plain.is_finite() {
        return plain;
    }
    let small = |p: f64, y: f64| p * DOWN - y * DOWN;
    mean(predictions, y, |p, y| small(p, y) * small(p, y)).sqrt() * UP
}

/// Mean of |prediction - y|, also where the sum overflows.
pub fn mae(predictions: &[f64], y: &[f64]) -> f64 {
    let plain = mean(predictions, y, |p, y| (p - y).abs());
    if plain.is_finite() {
        return plain;
    }
    mean(predictions, y, |p, y| (p * DOWN - y * DOWN).abs()) * UP
}

/// 2⁻⁶⁰⁰ and 2⁶⁰⁰, which scale the largest numbers to where sums of squares do not overflow, and back: exact, but for what is too small to
/// count beside them.
const DOWN: f64 = f64::from_bits((1023 - 600) << 52);
const UP: f64 = f64::from_bits((1023 + 600) << 52);

/// Mean of |prediction - y| / |y|, a share and not a percentage; |y| counts as 2⁻⁵² at least.
pub fn mape(predictions: &[f64], y: &[f64]) -> f64 {
    mean(predictions, y, |p, y| (p - y).abs() / y.abs().max(f64::EPSILON))
}

fn mean(predictions: &[f64], y: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    debug_assert_eq!(predictions.len(), y.len());
    let sum: f64 = predictions.iter().zip(y).map(|(&p, &y)| term(p, y)).sum();
    sum / y.len() as f64
}

/// The largest |prediction - y| of all columns; NaN if one is NaN.
pub fn max_error(predictions: &[f64], y: &[f64]) -> f64 {
    let errors = predictions.iter().zip(y).map(|(p, y)| (p - y).abs());
    errors.fold(0.0, |most, e| if e > most || e.is_nan() { e } else { most })
}

/// The median of |prediction - y|; between the two in the middle their mean.
pub fn median_absolute_error(predictions: &[f64], y: &[f64], columns: usize) -> f64 {
    let of_column = |column: usize| {
        let pairs = predictions.iter().zip(y).skip(column).step_by(columns);
        median(pairs.map(|(p, y)| (p - y).abs()).collect())
    };
    (0..columns).map(of_column).sum::<f64>() / columns as f64
}

/// NaN if there is one among them, or nothing.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    match numbers.as_slice() {
        [] => f64::NAN,
        [.., last] if last.is_nan() => f64::NAN,
        sorted if sorted.len() % 2 == 1 => sorted[sorted.len() / 2],
        sorted => 0.5 * sorted[sorted.len() / 2 - 1] + 0.5 * sorted[sorted.len() / 2],
    }
}

/// The coefficient of determination 1 - Σ(y - prediction)² / Σ(y - mean)². A constant column counts 1 if it is predicted exactly, else 0.
pub fn r2(predictions: &[f64], y: &[f64], columns: usize) -> f64 {
    let mut residuals = vec![0.0; columns];
    for (p, y) in predictions.chunks_exact(columns).zip(y.chunks_exact(columns)) {
        for (residual, (p, y)) in residuals.iter_mut().zip(p.iter().zip(y)) {
            *residual += (y - p) * (y - p);
        }
    }
    determination(&residuals, &spread(y, columns))
}

/// 1 - Var(y - prediction) / Var(y): R² of what remains once the mean error is taken away. A constant column as in [`r2`].
pub fn explained_variance(predictions: &[f64], y: &[f64], columns: usize) -> f64 {
    let errors: Vec<f64> = predictions.iter().zip(y).map(|(p, y)| y - p).collect();
    determination(&spread(&errors, columns), &spread(y, columns))
}

/// Σ(y - mean)² of every column.
pub(in super::super) fn spread(y: &[f64], columns: usize) -> Vec<f64> {
    let of_column = |column: usize| {
        let ys = || y.iter().skip(column).step_by(columns);
        let mean = ys().sum::<f64>() / (y.len() / columns) as f64;
        ys().map(|y| (y - mean) * (y - mean)).sum()
    };
    (0..columns).map(of_column).collect()
}

/// R² from Σ(y - prediction)² and Σ(y - mean)² of every column.
pub(in super::super) fn determination(residuals: &[f64], spread: &[f64]) -> f64 {
    let of_column = |(&residual, &total): (&f64, &f64)| match (residual == 0.0, total == 0.0) {
        (true, true) => 1.0,
        (false, true) => 0.0,
        _ => 1.0 - residual / total,
    };
    residuals.iter().zip(spread).map(of_column).sum::<f64>() / residuals.len() as f64
}
