//! Eigenvalues and eigenvectors of a symmetric matrix, in memory that is kept and with the same bits everywhere.
//!
//! Householder's reduction to tridiagonal form, then QR steps with Wilkinson's shift: Golub and Van Loan 2013, Matrix Computations,
//! sections 8.3.1 to 8.3.3.

use super::vector;

/// The most QR steps, in multiples of the dimension: two or three are usual.
const MOST_STEPS: usize = 40;

/// A = Σ λ_k v_k v_kᵀ, in no particular order.
#[derive(Debug, Clone, PartialEq)]
pub struct SymmetricEigen {
    n: usize,
    /// λ, and while it is being found the diagonal of the tridiagonal matrix.
    values: Vec<f64>,
    /// v_k is row k.
    vectors: Vec<f64>,
    off_diagonal: Vec<f64>,
    rest: Vec<f64>,
    reflector: Vec<f64>,
    product: Vec<f64>,
}

impl SymmetricEigen {
    /// Of the identity.
    pub fn identity(n: usize) -> Self {
        let mut eigen = Self {
            n,
            values: vec![1.0; n],
            vectors: vec![0.0; n * n],
            off_diagonal: vec![0.0; n],
            rest: vec![0.0; n * n],
            reflector: vec![0.0; n],
            product: vec![0.0; n],
        };
        eigen.reset_vectors();
        eigen
    }

    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The eigenvector of value `k`, of length 1.
    pub fn vector(&self, k: usize) -> &[f64] {
        &self.vectors[k * self.n..(k + 1) * self.n]
    }

    /// Takes a matrix apart, row by row; it must be symmetric. Where an entry is not finite, all values are NaN.
    pub fn decompose(&mut self, matrix: &[f64]) {
        debug_assert_eq!(matrix.len(), self.n * self.n);
        self.reset_vectors();
        let finite = matrix.iter().all(|a| a.is_finite());
        let largest = matrix.iter().fold(0.0_f64, |m, a| m.max(a.abs()));
        if !finite || largest == 0.0 {
            self.values.fill(if finite { 0.0 } else { f64::NAN });
            return;
        }
        // Scaled, so that no square overflows or vanishes.
        for (to, from) in self.rest.iter_mut().zip(matrix) {
            *to = from / largest;
        }
        self.reduce();
        self.iterate();
        vector::scale(largest, &mut self.values);
    }

    fn reset_vectors(&mut self) {
        self.vectors.fill(0.0);
        for k in 0..self.n {
            self.vectors[k * self.n + k] = 1.0;
        }
    }

    /// Q A Qᵀ = T, tridiagonal; the rows of `vectors` become those of Q.
    fn reduce(&mut self) {
        let n = self.n;
        for k in 0..n {
            self.values[k] = self.rest[k * n + k];
            if k + 1 < n {
                self.off_diagonal[k] = self.reflect(k);
            }
        }
    }

    /// Makes row k zero beyond its second entry by a reflection I − β v vᵀ of what follows, and returns that entry.
    fn reflect(&mut self, k: usize) -> f64 {
        let (n, next) = (self.n, k + 1);
        let v = &mut self.reflector[next..];
        v.copy_from_slice(&self.rest[k * n + next..(k + 1) * n]);
        let head = v[0];
        if v[1..].iter().all(|a| *a == 0.0) {
            return head;
        }
        let entry = -vector::norm(v).copysign(head);
        v[0] -= entry;
        let beta = 2.0 / vector::dot(v, v);
        // B ← B − v wᵀ − w vᵀ with p = β B v, w = p − (β pᵀv / 2) v.
        let p = &mut self.product[next..];
        for (row, p) in (next..n).zip(p.iter_mut()) {
            *p = beta * vector::dot(&self.rest[row * n + next..(row + 1) * n], v);
        }
        let half = 0.5 * beta * vector::dot(p, v);
        vector::axpy(-half, v, p);
        for row in next..n {
            let target = &mut self.rest[row * n + next..(row + 1) * n];
            vector::axpy(-v[row - next], p, target);
            vector::axpy(-p[row - next], v, target);
        }
        // Q ← (I − β v vᵀ) Q
        self.product.fill(0.0);
        for (row, v) in (next..n).zip(v.iter()) {
            vector::axpy(*v, &self.vectors[row * n..(row + 1) * n], &mut self.product);
        }
        for (row, v) in (next..n).zip(v.iter()) {
            vector::axpy(-beta * v, &self.product, &mut self.vectors[row * n..(row + 1) * n]);
        }
        entry
    }

    /// Whether the entry beside the diagonal in row k is nothing but rounding.
    fn is_split(&self, k: usize) -> bool {
        let scale = self.values[k].abs() + self.values[k + 1].abs();
        self.off_diagonal[k].abs() <= f64::EPSILON * scale
    }

    fn iterate(&mut self) {
        let mut last = self.n.saturating_sub(1);
        for _ in 0..MOST_STEPS * self.n {
            while last > 0 && self.is_split(last - 1) {
                last -= 1;
            }
            if last == 0 {
                return;
            }
            let mut first = last - 1;
            while first > 0 && !self.is_split(first - 1) {
                first -= 1;
            }
            self.qr_step(first, last);
        }
    }

    /// One QR step on the block from `first` to `last`, with the eigenvalue of its last 2×2 block that is nearer to its end as shift.
    fn qr_step(&mut self, first: usize, last: usize) {
        let n = self.n;
        let (d, e) = (&mut self.values, &mut self.off_diagonal);
        let (half, side) = (0.5 * (d[last - 1] - d[last]), e[last - 1]);
        let shift = d[last] - side * side / (half + (half * half + side * side).sqrt().copysign(half));
        let (mut x, mut z) = (d[first] - shift, e[first]);
        for k in first..last {
            let length = (x * x + z * z).sqrt();
            let (c, s) = if length == 0.0 { (1.0, 0.0) } else { (x / length, z / length) };
            if k > first {
                e[k - 1] = length;
            }
            let (a, b, g) = (d[k], e[k], d[k + 1]);
            d[k] = c * c * a + 2.0 * c * s * b + s * s * g;
            d[k + 1] = s * s * a - 2.0 * c * s * b + c * c * g;
            e[k] = (c * c - s * s) * b + c * s * (g - a);
            x = e[k];
            if k + 1 < last {
                z = s * e[k + 1];
                e[k + 1] *= c;
            }
            rotate(&mut self.vectors[k * n..(k + 2) * n], n, c, s);
        }
    }
}

/// Turns two rows into each other.
fn rotate(rows: &mut [f64], n: usize, c: f64, s: f64) {
    let (upper, lower) = rows.split_at_mut(n);
    for (u, l) in upper.iter_mut().zip(lower) {
        (*u, *l) = (c * *u + s * *l, c * *l - s * *u);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Purpose, Rng};

    /// Whether Σ λ_k v_k v_kᵀ is the matrix, and the vectors are orthonormal.
    #[track_caller]
    fn check(n: usize, matrix: &[f64]) {
        let mut eigen = SymmetricEigen::identity(n);
        eigen.decompose(matrix);
        let scale = matrix.iter().fold(f64::MIN_POSITIVE, |m, a| m.max(a.abs()));
        for i in 0..n {
            for j in 0..n {
                let sum: f64 = (0..n)
                    .map(|k| eigen.values()[k] * eigen.vector(k)[i] * eigen.vector(k)[j])
                    .sum();
                assert!(
                    (sum - matrix[i * n + j]).abs() <= 1e-14 * scale * n as f64,
                    "{n}: entry {i}, {j}: {sum}"
                );
                let inner = vector::dot(eigen.vector(i), eigen.vector(j)) - f64::from(i == j);
                assert!(inner.abs() <= 1e-14 * n as f64, "{n}: vectors {i}, {j}: {inner}");
            }
        }
    }

    #[test]
    fn a_matrix_is_the_sum_of_its_parts() {
        let mut rng = Rng::stream(1, Purpose::Rule, 0);
        for n in [0, 1, 2, 3, 5, 20, 40] {
            for exponent in [-300, -8, 0, 8, 290] {
                let mut matrix = vec![0.0; n * n];
                for i in 0..n {
                    for j in 0..=i {
                        // Some entries are 0, some rows long.
                        let entry = rng.normal().max(-0.3) * 10.0_f64.powi(exponent - (i % 5) as i32);
                        (matrix[i * n + j], matrix[j * n + i]) = (entry, entry);
                    }
                }
                check(n, &matrix);
            }
        }
        check(3, &[2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 2.0]);
        check(3, &[0.0; 9]);
        check(3, &[1.0; 9]);
    }

    #[test]
    fn entries_that_are_no_numbers_end_in_values_that_are_none() {
        for bad in [f64::NAN, f64::INFINITY] {
            let mut eigen = SymmetricEigen::identity(3);
            eigen.decompose(&[1.0, bad, 0.0, bad, 1.0, 0.0, 0.0, 0.0, 1.0]);
            assert!(eigen.values().iter().all(|v| v.is_nan()));
        }
    }
}
