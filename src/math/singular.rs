//! Largest and smallest singular value of a matrix, also where the squares of its numbers would lose the small among the large.
//!
//! Columns are brought to one length before it is decided which of them follow from others (Householder's triangularisation with column
//! pivoting); the triangle, at its true size, is turned until its columns stand at right angles, which keeps small values as exact as
//! large ones (Hestenes 1958; Demmel and Veselić 1992, Jacobi's Method is More Accurate than QR).

use super::least_squares::{Factors, scale_by_power_of_two};
use super::vector;

/// What a matrix A does to vectors, at the extremes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// A power of two; the values are those of this times A, so that none overflows.
    pub scale: f64,
    pub largest: f64,
    /// Of those that are not 0.
    pub smallest: f64,
    /// How many are not 0, as far as doubles can tell.
    pub rank: usize,
}

/// More sweeps over all pairs than are ever needed: six to ten are usual.
const MOST_SWEEPS: usize = 40;
/// Squares of lengths below this have lost digits.
const TINY: f64 = 1e-290;

impl Extremes {
    /// Of a matrix of finite numbers, column after column.
    pub fn new(mut a: Vec<f64>, rows: usize) -> Self {
        let scales: Vec<f64> = a.chunks_exact_mut(rows).map(scale_by_power_of_two).collect();
        let scale = scales.iter().copied().fold(f64::INFINITY, f64::min);
        let (order, triangle) = Factors::new(a, rows).into_triangle();
        let rank = triangle.len() / order.len().max(1);
        let mut columns = triangle;
        for (column, &k) in columns.chunks_exact_mut(rank.max(1)).zip(&order) {
            vector::scale(scale / scales[k], column);
        }
        let mut length = rank;
        if rank < order.len() {
            // Of the rows there are as many as values that are not 0, so that none of them is rounding.
            columns = transposed(&columns, rank);
            length = order.len();
        }
        let values = singular_values(&mut columns, length);
        Self {
            scale,
            largest: values.iter().copied().fold(0.0, f64::max),
            smallest: values.iter().copied().fold(f64::INFINITY, f64::min),
            rank,
        }
    }
}

fn transposed(columns: &[f64], rows: usize) -> Vec<f64> {
    (0..rows)
        .flat_map(|row| columns.iter().skip(row).step_by(rows).copied())
        .collect()
}

/// Turns pairs of columns until all stand at right angles; their lengths.
fn singular_values(columns: &mut [f64], rows: usize) -> Vec<f64> {
    if rows == 0 {
        return Vec::new();
    }
    let n = columns.len() / rows;
    for _ in 0..MOST_SWEEPS {
        let mut has_turned = false;
        for (p, q) in (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q))) {
            let (before, after) = columns.split_at_mut(q * rows);
            has_turned |= turn(&mut before[p * rows..][..rows], &mut after[..rows]);
        }
        if !has_turned {
            break;
        }
    }
    columns.chunks_exact(rows).map(vector::norm).collect()
}

/// Turns two columns in their plane to a right angle; false if they stand at one.
fn turn(a: &mut [f64], b: &mut [f64]) -> bool {
    let (aa, bb, ab) = (vector::dot(a, a), vector::dot(b, b), vector::dot(a, b));
    let rounding = f64::EPSILON * a.len() as f64;
    if aa < TINY || bb < TINY || ab.abs() <= rounding * aa.sqrt() * bb.sqrt() {
        return false;
    }
    let zeta = (bb - aa) / (2.0 * ab);
    let tangent = 1.0_f64.copysign(zeta) / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let sine = cosine * tangent;
    for (a, b) in a.iter_mut().zip(b) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(ours: f64, want: f64) {
        assert!((ours / want - 1.0).abs() < 1e-9, "{ours} {want}");
    }

    #[test]
    fn columns_of_all_sizes() {
        // At right angles, of lengths 1e100, 2 and 1e-30.
        let of = Extremes::new(vec![1e100, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1e-30], 3);
        assert_eq!(of.rank, 3);
        near(of.largest / of.scale, 1e100);
        near(of.smallest / of.scale, 1e-30);
    }

    #[test]
    fn columns_that_follow_from_others() {
        // a, 2a and a column at a right angle: σ = √5 |a| and 3.
        let of = Extremes::new(vec![1.0, 1.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0, 3.0], 3);
        assert_eq!(of.rank, 2);
        near(of.largest / of.scale, 10.0_f64.sqrt());
        near(of.smallest / of.scale, 3.0);
        assert_eq!(Extremes::new(vec![0.0; 4], 2).rank, 0);
    }

    #[test]
    fn nearly_parallel_columns_are_not_lost() {
        // λ of [1 1; 1 1+2e-10] by determinant and trace.
        let of = Extremes::new(vec![1.0, 1.0, 1.0, 1.0 + 2e-10], 2);
        assert_eq!(of.rank, 2);
        assert!((of.largest / of.smallest / 2e10 - 1.0).abs() < 1e-4, "{of:?}");
    }
}
