//! R = L Lᵀ for a small symmetric positive definite matrix.

use crate::math::{ops, vector};

/// L, row after row without what is right of the diagonal.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Cholesky {
    n: usize,
    rows: Vec<f64>,
}

impl Cholesky {
    /// Factorises the matrix of n rows with these entries, asked for below and on the diagonal. False if it is not positive definite up to
    /// rounding; the factor means nothing then.
    pub fn factorise(&mut self, n: usize, entry: impl Fn(usize, usize) -> f64) -> bool {
        self.n = n;
        self.rows.resize(n * (n + 1) / 2, 0.0);
        for i in 0..n {
            let (above, row) = self.rows.split_at_mut(start(i));
            for j in 0..i {
                let other = &above[start(j)..=start(j) + j];
                row[j] = (entry(i, j) - vector::dot(&row[..j], &other[..j])) / other[j];
            }
            let pivot = entry(i, i) - vector::dot(&row[..i], &row[..i]);
            if pivot.is_nan() || pivot <= 0.0 {
                return false;
            }
            row[i] = pivot.sqrt();
        }
        true
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.rows[start(i)..=start(i) + i]
    }

    /// v ← L⁻¹ v
    pub fn forward(&self, v: &mut [f64]) {
        for i in 0..self.n {
            let row = self.row(i);
            v[i] = (v[i] - vector::dot(&row[..i], &v[..i])) / row[i];
        }
    }

    /// v ← R⁻¹ v
    pub fn solve(&self, v: &mut [f64]) {
        self.forward(v);
        for i in (0..self.n).rev() {
            let row = self.row(i);
            let (before, from) = v.split_at_mut(i);
            from[0] /= row[i];
            vector::axpy(-from[0], &row[..i], before);
        }
    }

    /// ln det R
    pub fn log_determinant(&self) -> f64 {
        2.0 * (0..self.n).map(|i| ops::ln(self.row(i)[i])).sum::<f64>()
    }
}

/// Where row i begins.
fn start(i: usize) -> usize {
    i * (i + 1) / 2
}
