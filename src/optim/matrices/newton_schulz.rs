//! The nearest orthogonal matrix, roughly, by products only.

use crate::math::vector;
use crate::objective::Scratch;

/// Jordan 2024: chosen for a steep start, not for convergence: singular values end between about 0.7 and 1.2.
const A: f64 = 3.4445;
const B: f64 = -4.7750;
const C: f64 = 2.0315;

/// A matrix, row after row, with at most as many rows as columns.
pub(super) struct Wide<'a> {
    pub entries: &'a mut [f64],
    pub rows: usize,
}

impl Wide<'_> {
    /// Moves all singular values towards 1: `steps` times X ← a X + (b S + c S²) X with S = X Xᵀ. They must be at most 1 at the start.
    pub fn orthogonalise(&mut self, steps: u64, scratch: &mut Scratch) {
        let (n, squares) = (self.rows, self.rows * self.rows);
        let columns = self.entries.len() / n.max(1);
        let (square, rest) = scratch.floats(2 * squares + self.entries.len()).split_at_mut(squares);
        let (polynomial, next) = rest.split_at_mut(squares);
        for _ in 0..steps {
            products_of_rows(self.entries, n, square);
            // S is symmetric: its rows are its columns.
            products_of_rows(square, n, polynomial);
            for (p, s) in polynomial.iter_mut().zip(square.iter()) {
                *p = B * s + C * *p;
            }
            for (i, next) in next.chunks_exact_mut(columns).enumerate() {
                for (next, x) in next.iter_mut().zip(&self.entries[i * columns..]) {
                    *next = A * x;
                }
                for (p, row) in polynomial[i * n..][..n].iter().zip(self.entries.chunks_exact(columns)) {
                    vector::axpy(*p, row, next);
                }
            }
            self.entries.copy_from_slice(next);
        }
    }
}

/// M Mᵀ of a matrix of n rows.
fn products_of_rows(m: &[f64], n: usize, out: &mut [f64]) {
    let columns = m.len() / n.max(1);
    let row = |i: usize| &m[i * columns..(i + 1) * columns];
    for i in 0..n {
        for j in 0..=i {
            let product = vector::dot(row(i), row(j));
            (out[i * n + j], out[j * n + i]) = (product, product);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Purpose, Rng};

    #[test]
    fn rows_become_nearly_orthonormal() {
        let (rows, columns) = (6, 17);
        let mut rng = Rng::stream(1, Purpose::Bench, 0);
        let mut entries: Vec<f64> = (0..rows * columns).map(|_| rng.normal()).collect();
        let norm = vector::norm(&entries);
        vector::scale(1.0 / norm, &mut entries);
        let mut wide = Wide {
            entries: &mut entries,
            rows,
        };
        wide.orthogonalise(5, &mut Scratch::default());
        // Every singular value squared is an eigenvalue of X Xᵀ: all in [0.4, 1.6], so the matrix is that near to the identity.
        let mut square = vec![0.0; rows * rows];
        products_of_rows(&entries, rows, &mut square);
        let off: f64 = (0..rows * rows)
            .map(|k| square[k] - f64::from(k % (rows + 1) == 0))
            .map(|d| d * d)
            .sum();
        assert!(off < rows as f64 * 0.36, "{square:?}");
        for i in 0..rows {
            assert!((0.4..1.6).contains(&square[i * rows + i]), "{square:?}");
        }
    }
}
