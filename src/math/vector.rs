//! Vectors are slices of `f64`; these are the few things done to them everywhere.

/// The inner product, summed in index order.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The Euclidean norm. Finite whenever the true norm is: overflow and underflow of the squares are scaled away.
#[inline]
pub fn norm(a: &[f64]) -> f64 {
    let sum = dot(a, a);
    if sum.is_finite() && sum >= f64::MIN_POSITIVE {
        sum.sqrt()
    } else {
        scaled_norm(a)
    }
}

#[cold]
fn scaled_norm(a: &[f64]) -> f64 {
    if a.iter().any(|v| v.is_nan()) {
        return f64::NAN;
    }
    let largest = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 || largest.is_infinite() {
        return largest;
    }
    largest * a.iter().map(|v| (v / largest) * (v / largest)).sum::<f64>().sqrt()
}

/// y += a x
#[inline]
pub fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    debug_assert_eq!(x.len(), y.len());
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

/// x *= a
#[inline]
pub fn scale(a: f64, x: &mut [f64]) {
    for x in x {
        *x *= a;
    }
}
