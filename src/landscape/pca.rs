//! Principal components of the paths of runs.
//!
//! Pearson 1901; for training runs Li et al. 2018, section 7. As in scikit-learn: the rows are centred on their mean, variances
//! are divided by n - 1, and the entry with the largest absolute value of a component is positive.

use super::lanczos::leading_eigenpairs;
use crate::math::vector;

/// The leading principal components of some points.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    /// Mean of the points.
    pub mean: Vec<f64>,
    /// Orthonormal. Where the points span fewer dimensions the rest are unit vectors that make the set orthonormal.
    pub directions: Vec<Vec<f64>>,
    /// Variance of the points along each direction.
    pub explained_variance: Vec<f64>,
    /// The same as a share of the whole variance; 0 if there is none.
    pub explained_variance_ratio: Vec<f64>,
}

/// Residual of a component relative to its variance.
const TOLERANCE: f64 = 1e-14;

/// The first `count` principal components of `points` (a point each, all of the same length n). Points that are not finite are
/// left out.
///
/// Neither the covariance matrix nor that of the inner products between points is ever formed: Lanczos multiplies with the points
/// themselves, a few dozen times, whether they are two of a million variables or a thousand of two. Each component is found after
/// the ones before it have been taken out of the points: small variances keep their digits beside large ones.
pub fn pca(points: &[&[f64]], count: usize) -> Pca {
    let n = points.first().map_or(0, |p| p.len());
    let mut rows: Vec<Vec<f64>> = (points.iter())
        .filter(|p| p.len() == n && p.iter().all(|v| v.is_finite()))
        .map(|p| p.to_vec())
        .collect();
    let mean = centre(&mut rows, n);
    // Squares of anything below 1e150 are finite.
    let largest = rows.iter().flatten().fold(0.0_f64, |m, v| m.max(v.abs()));
    let unit = if largest > 0.0 && largest.is_finite() { largest } else { 1.0 };
    rows.iter_mut().for_each(|row| vector::scale(1.0 / unit, row));

    let total: f64 = rows.iter().map(|row| vector::dot(row, row)).sum();
    let degrees = rows.len().saturating_sub(1).max(1) as f64;
    let mut found = Pca {
        mean,
        directions: Vec::new(),
        explained_variance: Vec::new(),
        explained_variance_ratio: Vec::new(),
    };
    for _ in 0..count.min(n) {
        let direction = leading_direction(&rows, total)
            .map(|d| orthonormal(d, &found.directions))
            .unwrap_or_else(|| any_orthonormal(n, &found.directions));
        let mut squares = 0.0;
        for row in &mut rows {
            let score = vector::dot(row, &direction);
            squares += score * score;
            vector::axpy(-score, &direction, row);
        }
        found.directions.push(direction);
        found.explained_variance.push(squares / degrees * unit * unit);
        found
            .explained_variance_ratio
            .push(if total > 0.0 { squares / total } else { 0.0 });
    }
    found
}

/// The share of the variance that the k-th component (from 1) of a random walk in very many dimensions explains: 6 / (π k)².
///
/// Antognini and Sohl-Dickstein 2018, PCA of High Dimensional Random Walks, equation 10. A path explained no better than this
/// has no direction.
pub fn random_walk_ratio(k: u32) -> f64 {
    let pi_k = std::f64::consts::PI * f64::from(k.max(1));
    6.0 / (pi_k * pi_k)
}

/// Subtracts the mean of the rows from each of them and returns it.
fn centre(rows: &mut [Vec<f64>], n: usize) -> Vec<f64> {
    let mut mean = vec![0.0; n];
    let share = 1.0 / rows.len().max(1) as f64;
    for row in rows.iter() {
        vector::axpy(share, row, &mut mean);
    }
    for row in rows.iter_mut() {
        vector::axpy(-1.0, &mean, row);
    }
    mean
}

/// The direction of the largest variance of centred rows; none if only rounding errors are left of `total`.
fn leading_direction(rows: &[Vec<f64>], total: f64) -> Option<Vec<f64>> {
    let n = rows.first()?.len();
    let left: f64 = rows.iter().map(|row| vector::dot(row, row)).sum();
    if left.is_nan() || left <= 1e-28 * total {
        return None;
    }
    let scores = |direction: &[f64]| -> Vec<f64> { rows.iter().map(|row| vector::dot(row, direction)).collect() };
    // In the smaller of the two spaces: weights of the points, or directions.
    let by_weights = |weights: &[f64], out: &mut [f64]| out.copy_from_slice(&scores(&combine(rows, weights)));
    let by_direction = |direction: &[f64], out: &mut [f64]| out.copy_from_slice(&combine(rows, &scores(direction)));
    let mut direction = if rows.len() < n {
        let leading = leading_eigenpairs(rows.len(), 1, TOLERANCE, by_weights);
        combine(rows, &leading.first()?.vector)
    } else {
        leading_eigenpairs(n, 1, TOLERANCE, by_direction).pop()?.vector
    };
    // One more turn of power iteration costs little and removes most of what is left of the other components.
    direction = combine(rows, &scores(&direction));
    let norm = vector::norm(&direction);
    if !(norm.is_finite() && norm > 0.0) {
        return None;
    }
    vector::scale(1.0 / norm, &mut direction);
    Some(direction)
}

/// The sum of the rows with these weights.
fn combine(rows: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; rows.first().map_or(0, Vec::len)];
    for (row, weight) in rows.iter().zip(weights) {
        vector::axpy(*weight, row, &mut sum);
    }
    sum
}

/// `d` without its parts along `others`, of unit length, its largest entry positive.
fn orthonormal(mut d: Vec<f64>, others: &[Vec<f64>]) -> Vec<f64> {
    // Twice is enough (Kahan; Parlett 1980): the first pass may leave rounding errors as large as what is left.
    for other in others.iter().chain(others) {
        let along = vector::dot(&d, other);
        vector::axpy(-along, other, &mut d);
    }
    let norm = vector::norm(&d);
    let largest = d.iter().fold(0.0_f64, |m, v| if v.abs() > m.abs() { *v } else { m });
    vector::scale(f64::copysign(1.0, largest) / norm, &mut d);
    d
}

/// A unit vector orthogonal to `others`, of which there are fewer than n: made from the axis that they cover least.
fn any_orthonormal(n: usize, others: &[Vec<f64>]) -> Vec<f64> {
    let covered = |i: usize| others.iter().map(|o| o[i] * o[i]).sum::<f64>();
    let least = (0..n).min_by(|&i, &j| covered(i).total_cmp(&covered(j))).unwrap_or(0);
    orthonormal((0..n).map(|i| f64::from(i == least)).collect(), others)
}
