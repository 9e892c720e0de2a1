//! The Hessian as a matrix, and linear equations with it.

use crate::math::vector;
use crate::objective::Oracle;

/// A symmetric matrix and what is needed to solve with it. Rows after one another.
#[derive(Debug)]
pub(super) struct Matrix {
    n: usize,
    pub entries: Vec<f64>,
    factor: Vec<f64>,
    unit: Vec<f64>,
}

impl Clone for Matrix {
    /// Empty: it is filled in anew at every step, so a checkpoint need not carry it.
    fn clone(&self) -> Self {
        Self::new(self.n)
    }
}

impl PartialEq for Matrix {
    fn eq(&self, other: &Self) -> bool {
        self.n == other.n
    }
}

impl Matrix {
    pub fn new(n: usize) -> Self {
        Self {
            n,
            entries: Vec::new(),
            factor: Vec::new(),
            unit: vec![0.0; n],
        }
    }

    /// Fills in ∇²f(x), a product a row.
    pub fn ask(&mut self, x: &[f64], oracle: &mut Oracle<'_>) {
        self.fill(|unit, row| oracle.hess_vec(x, unit, row));
    }

    /// Fills in the Gauss-Newton matrix at x, a product a row.
    pub fn ask_gauss_newton(&mut self, x: &[f64], oracle: &mut Oracle<'_>) {
        self.fill(|unit, row| oracle.gauss_newton_vec(x, unit, row));
    }

    fn fill(&mut self, mut product: impl FnMut(&[f64], &mut [f64])) {
        // The memory is taken at the first step only.
        self.entries.resize(self.n * self.n, 0.0);
        self.factor.resize(self.n * self.n, 0.0);
        for (i, row) in self.entries.chunks_exact_mut(self.n).enumerate() {
            self.unit[i] = 1.0;
            product(&self.unit, row);
            self.unit[i] = 0.0;
        }
    }

    pub fn diagonal(&self) -> impl Iterator<Item = f64> {
        self.entries.iter().step_by(self.n + 1).copied()
    }

    /// The sum of the absolute values in a row, at most: no eigenvalue is larger.
    pub fn bound(&self) -> f64 {
        let sum = |row: &[f64]| row.iter().map(|v| v.abs()).sum();
        self.entries.chunks_exact(self.n.max(1)).map(sum).fold(0.0, f64::max)
    }

    /// Solves A x = b, the diagonal of A changed by `damped`, by Cholesky's factorisation; false if that matrix is not positive definite.
    pub fn solve_damped(&mut self, damped: impl Fn(f64) -> f64, b: &[f64], x: &mut [f64]) -> bool {
        let n = self.n;
        let (a, l) = (&self.entries, &mut self.factor);
        for i in 0..n {
            for j in 0..=i {
                let known = vector::dot(&l[i * n..i * n + j], &l[j * n..j * n + j]);
                if i == j {
                    let square = damped(a[i * n + i]) - known;
                    // NaN is not positive either.
                    if square.is_nan() || square <= 0.0 {
                        return false;
                    }
                    l[i * n + i] = square.sqrt();
                } else {
                    l[i * n + j] = (a[i * n + j] - known) / l[j * n + j];
                }
            }
        }
        for i in 0..n {
            let known: f64 = (0..i).map(|k| l[i * n + k] * x[k]).sum();
            x[i] = (b[i] - known) / l[i * n + i];
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).map(|k| l[k * n + i] * x[k]).sum();
            x[i] = (x[i] - known) / l[i * n + i];
        }
        true
    }

    /// Solves A x = b by elimination with row exchanges, whatever the signs of A's eigenvalues; false if A is singular.
    pub fn solve(&mut self, b: &[f64], x: &mut [f64]) -> bool {
        let n = self.n;
        let m = &mut self.factor;
        m.copy_from_slice(&self.entries);
        x.copy_from_slice(b);
        for column in 0..n {
            let size = |row: usize| m[row * n + column].abs();
            let pivot = (column..n).fold(column, |best, row| if size(row) > size(best) { row } else { best });
            if size(pivot) == 0.0 || size(pivot).is_nan() {
                return false;
            }
            if pivot != column {
                for k in 0..n {
                    m.swap(column * n + k, pivot * n + k);
                }
                x.swap(column, pivot);
            }
            for row in column + 1..n {
                let factor = m[row * n + column] / m[column * n + column];
                for k in column..n {
                    m[row * n + k] -= factor * m[column * n + k];
                }
                x[row] -= factor * x[column];
            }
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).map(|k| m[i * n + k] * x[k]).sum();
            x[i] = (x[i] - known) / m[i * n + i];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(entries: [f64; 9]) -> Matrix {
        Matrix {
            entries: entries.to_vec(),
            factor: vec![0.0; 9],
            ..Matrix::new(3)
        }
    }

    #[test]
    fn both_ways_solve_what_they_can() {
        let mut x = [0.0; 3];
        let mut definite = matrix([4.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 2.0]);
        for shifted in [true, false] {
            let b = [6.0, 10.0, 8.0];
            assert!(if shifted {
                definite.solve_damped(|a| a, &b, &mut x)
            } else {
                definite.solve(&b, &mut x)
            });
            for (got, want) in x.iter().zip([1.0, 2.0, 3.0]) {
                assert!((got - want).abs() < 1e-14, "{x:?}");
            }
        }
        let mut indefinite = matrix([0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, -1.0]);
        assert!(!indefinite.solve_damped(|a| a, &[1.0; 3], &mut x));
        assert!(indefinite.solve_damped(|a| a + 2.0, &[1.0; 3], &mut x));
        assert!(indefinite.solve(&[2.0, 1.0, -3.0], &mut x));
        assert_eq!(x, [1.0, 2.0, 3.0]);
        let mut singular = matrix([1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        assert!(!singular.solve(&[1.0; 3], &mut x) && !singular.solve_damped(|a| a, &[1.0; 3], &mut x));
    }
}
