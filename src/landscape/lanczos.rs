//! Leading eigenpairs of a symmetric matrix that is known by its products only.
//!
//! Lanczos 1950, with full reorthogonalisation (Parlett 1980, chapter 13). An eigenpair (λ, v) is accepted when |A v - λ v|, which
//! Lanczos gives for free, is small enough.

use nalgebra::{DMatrix, SymmetricEigen};

use crate::math::{Purpose, Rng, vector};

/// An eigenvalue with its unit eigenvector, the largest entry of which is positive.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigenpair {
    pub value: f64,
    pub vector: Vec<f64>,
}

/// Products after which whatever has been found must do.
const MAX_PRODUCTS: usize = 300;

/// The `count` largest eigenvalues of an n x n matrix, in falling order, each right to `tolerance` times the largest in absolute
/// value unless 300 products do not suffice. `multiply` writes A v, given v. None come back if a product is not finite.
pub(super) fn leading_eigenpairs(
    n: usize,
    count: usize,
    tolerance: f64,
    mut multiply: impl FnMut(&[f64], &mut [f64]),
) -> Vec<Eigenpair> {
    let mut rng = Rng::stream(0, Purpose::Directions, u64::MAX);
    let mut lanczos = Lanczos::default();
    let mut left = vec![0.0; n];
    for k in 0..MAX_PRODUCTS.min(n) {
        let Some(q) = lanczos.next_vector(left, &mut rng) else { break };
        let mut w = vec![0.0; n];
        multiply(&q, &mut w);
        if w.iter().any(|v| !v.is_finite()) {
            return Vec::new();
        }
        left = lanczos.extend(q, w);
        // The small eigenproblem grows too: it is looked at less and less often.
        if (k < 16 || k.is_multiple_of(8)) && lanczos.converged(count, tolerance) {
            break;
        }
    }
    lanczos.pairs(count)
}

/// The matrix on the subspace seen so far: a tridiagonal matrix in an orthonormal basis.
#[derive(Default)]
struct Lanczos {
    basis: Vec<Vec<f64>>,
    diagonal: Vec<f64>,
    /// `beside[k]` stands between k and k + 1; the last one is the norm of what the last product left over.
    beside: Vec<f64>,
}

impl Lanczos {
    /// The next vector of the basis: what the last product left over or, where that is nothing, a random one.
    fn next_vector(&self, left: Vec<f64>, rng: &mut Rng) -> Option<Vec<f64>> {
        let mut q = left;
        if self.beside.last().is_none_or(|norm| *norm == 0.0) {
            q.iter_mut().for_each(|q| *q = rng.normal());
        }
        let norm = vector::norm(&q);
        vector::scale(1.0 / norm, &mut q);
        self.remove_basis_from(&mut q);
        let norm = vector::norm(&q);
        vector::scale(1.0 / norm, &mut q);
        q.iter().all(|v| v.is_finite()).then_some(q)
    }

    /// Adds `q` with the product `w` = A q; returns what is left of the product outside the basis.
    fn extend(&mut self, q: Vec<f64>, mut w: Vec<f64>) -> Vec<f64> {
        self.diagonal.push(vector::dot(&w, &q));
        self.basis.push(q);
        self.remove_basis_from(&mut w);
        self.beside.push(vector::norm(&w));
        w
    }

    fn remove_basis_from(&self, w: &mut [f64]) {
        for q in self.basis.iter().chain(&self.basis) {
            let along = vector::dot(w, q);
            vector::axpy(-along, q, w);
        }
    }

    /// Eigenvalues of the tridiagonal matrix with their eigenvectors, largest first.
    fn eigen(&self) -> Vec<(f64, Vec<f64>)> {
        let k = self.diagonal.len();
        let matrix = DMatrix::from_fn(k, k, |i, j| match i.abs_diff(j) {
            0 => self.diagonal[i],
            1 => self.beside[i.min(j)],
            _ => 0.0,
        });
        let Some(eigen) = SymmetricEigen::try_new(matrix, f64::EPSILON, 1000 + 100 * k) else {
            return Vec::new();
        };
        let mut pairs: Vec<(f64, Vec<f64>)> = (eigen.eigenvalues.iter().copied())
            .zip(eigen.eigenvectors.column_iter().map(|c| c.iter().copied().collect()))
            .collect();
        pairs.sort_by(|p, q| q.0.total_cmp(&p.0));
        pairs
    }

    /// Whether the residuals of the leading pairs are small beside the largest eigenvalue.
    fn converged(&self, count: usize, tolerance: f64) -> bool {
        let pairs = self.eigen();
        let largest = pairs.iter().fold(0.0_f64, |m, (value, _)| m.max(value.abs()));
        let left = self.beside.last().copied().unwrap_or(0.0);
        let residual = |vector: &[f64]| left * vector.last().map_or(0.0, |v| v.abs());
        pairs.len() >= count
            && pairs
                .iter()
                .take(count)
                .all(|(_, vector)| residual(vector) <= tolerance * largest)
    }

    fn pairs(&self, count: usize) -> Vec<Eigenpair> {
        let leading = self.eigen().into_iter().take(count);
        leading
            .map(|(value, weights)| Eigenpair {
                value,
                vector: self.combine(&weights),
            })
            .collect()
    }

    /// The unit vector with these weights in the basis, its largest entry positive.
    fn combine(&self, weights: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.basis.first().map_or(0, Vec::len)];
        for (q, weight) in self.basis.iter().zip(weights) {
            vector::axpy(*weight, q, &mut sum);
        }
        let largest = sum.iter().fold(0.0_f64, |m, v| if v.abs() > m.abs() { *v } else { m });
        let norm = vector::norm(&sum);
        vector::scale(f64::copysign(1.0, largest) / norm, &mut sum);
        sum
    }
}
