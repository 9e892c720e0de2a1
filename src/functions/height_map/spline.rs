//! The bicubic spline through a grid of samples.
//!
//! A tensor product of uniform cubic B-splines (de Boor 1978, A Practical Guide to Splines, chapters IX and XVII) with not-a-knot ends: it
//! passes through every sample, is twice continuously differentiable, and is the polynomial itself if the samples are of one of degree 3
//! in x and in y.

use crate::math::Real;

/// Fewest samples along a side: a cubic needs four.
pub(super) const FEWEST: usize = 4;

/// Beyond the edge a place comes to rest within this part of a cell: 1 / 4. A whole cell would be far for a cubic to go on.
const REST: f64 = 4.0;

/// Coefficients of B-splines, solved for once.
#[derive(Debug)]
pub(super) struct Spline {
    columns: usize,
    rows: usize,
    /// (columns + 2) x (rows + 2), row after row.
    coefficients: Vec<f64>,
}

impl Spline {
    /// The spline through `heights`, row after row, at least [`FEWEST`] each way.
    pub fn through(columns: usize, heights: &[f64]) -> Self {
        let rows = heights.len() / columns;
        let width = columns + 2;
        let mut by_row = vec![0.0; width * rows];
        for (samples, solved) in heights.chunks_exact(columns).zip(by_row.chunks_exact_mut(width)) {
            solve(samples, solved);
        }
        let mut coefficients = vec![0.0; width * (rows + 2)];
        let (mut samples, mut solved) = (vec![0.0; rows], vec![0.0; rows + 2]);
        for column in 0..width {
            for (sample, row) in samples.iter_mut().zip(by_row.chunks_exact(width)) {
                *sample = row[column];
            }
            solve(&samples, &mut solved);
            for (solved, row) in solved.iter().zip(coefficients.chunks_exact_mut(width)) {
                row[column] = *solved;
            }
        }
        Self {
            columns,
            rows,
            coefficients,
        }
    }

    /// The height at a place counted in samples from the first one: `u` along a row, `v` down the rows.
    #[inline]
    pub fn eval<T: Real>(&self, u: T, v: T) -> T {
        let (column, by_column) = weights(u, self.columns);
        let (row, by_row) = weights(v, self.rows);
        let width = self.columns + 2;
        let mut height = T::constant(0.0);
        for (k, weight) in by_row.into_iter().enumerate() {
            let first = (row + k) * width + column;
            let c = &self.coefficients[first..first + 4];
            let along = by_column[0] * c[0] + by_column[1] * c[1] + by_column[2] * c[2] + by_column[3] * c[3];
            height = height + weight * along;
        }
        height
    }
}

/// The cell of a place among `n` samples, and the weights of the four B-splines there. Beyond the first and the last sample the place
/// comes to rest: tanh has slope 1 and no curvature at 0, so the height levels off and stays C2.
#[inline]
fn weights<T: Real>(u: T, n: usize) -> (usize, [T; 4]) {
    let last = (n - 1) as f64;
    let u = if u.value() < 0.0 {
        (u * REST).tanh() / REST
    } else if u.value() > last {
        ((u - last) * REST).tanh() / REST + last
    } else {
        u
    };
    let cell = (u.value() as usize).min(n - 2);
    let t = u - cell as f64;
    let s = -t + 1.0;
    let outer = |t: T| t.square() * t / 6.0;
    let inner = |t: T| (t.square() * (t * 3.0 - 6.0) + 4.0) / 6.0;
    (cell, [outer(s), inner(t), inner(s), outer(t)])
}

/// The n + 2 coefficients of the cubic spline through n samples: (c₋₁ + 4 c₀ + c₁) / 6 = f₀ and so on. That the third derivative does not
/// jump at the second sample (nor at the last but one) gives c₁ = (8 f₁ − f₀ − f₂) / 6, and the rest is tridiagonal.
fn solve(f: &[f64], c: &mut [f64]) {
    let n = f.len();
    let knot = |k: usize| (8.0 * f[k] - f[k - 1] - f[k + 1]) / 6.0;
    // Coefficient k stands at c[k + 1].
    c[2] = knot(1);
    c[n - 1] = knot(n - 2);
    // Elimination from the left, then substitution from the right; `slope` is what is left of the element right of the diagonal.
    let mut slopes = vec![0.0; n];
    for k in 2..n - 2 {
        let (before, slope) = if k == 2 { (c[2], 0.0) } else { (c[k], slopes[k - 1]) };
        slopes[k] = 1.0 / (4.0 - slope);
        c[k + 1] = (6.0 * f[k] - before) * slopes[k];
    }
    for k in (2..n - 2).rev() {
        c[k + 1] -= slopes[k] * c[k + 2];
    }
    c[1] = 6.0 * f[1] - 4.0 * c[2] - c[3];
    c[0] = 6.0 * f[0] - 4.0 * c[1] - c[2];
    c[n] = 6.0 * f[n - 2] - 4.0 * c[n - 1] - c[n - 2];
    c[n + 1] = 6.0 * f[n - 1] - 4.0 * c[n] - c[n - 1];
}
