//! Two chosen coordinates as the directions of a slice.

/// The unit vectors of coordinates `a` and `b` in Rⁿ; a coordinate that does not exist gives a zero vector.
pub fn axes(n: usize, a: usize, b: usize) -> [Vec<f64>; 2] {
    [a, b].map(|chosen| (0..n).map(|i| f64::from(i == chosen)).collect())
}
