//! Vectors are slices of `f64`; these are the few things done to them everywhere.

use super::simd::{self, LANES, Simd, Task};
use super::threads::{AtWork, Helpers, fill_rows};

/// Partial sums of a long inner product: enough to keep wide instructions busy.
const PARTS: usize = 4 * LANES;

/// The inner product: summed in index order if it is short, else as `PARTS` interleaved sums that are then added in pairs.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len());
    if a.len() < 2 * PARTS {
        short_dot(a, b)
    } else {
        long_dot(a, b)
    }
}

#[inline(always)]
fn short_dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn long_dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<PARTS>(), b.as_chunks::<PARTS>());
    simd::Path::detect().run(Parts { a, b }) + short_dot(a_rest, b_rest)
}

/// The partial sums of an inner product, added in pairs.
struct Parts<'a> {
    a: &'a [[f64; PARTS]],
    b: &'a [[f64; PARTS]],
}

impl Task for Parts<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        let mut sums = [simd.splat(0.0); PARTS / LANES];
        for (a, b) in self.a.iter().zip(self.b) {
            let vectors = a.as_chunks().0.iter().zip(b.as_chunks().0);
            for (sum, (a, b)) in sums.iter_mut().zip(vectors) {
                *sum = simd.fma(simd.get(a), simd.get(b), *sum);
            }
        }
        let [a, b, c, d] = sums;
        let [a, b, c, d, e, f, g, h] = simd.to_array(simd.add(simd.add(a, b), simd.add(c, d)));
        ((a + b) + (c + d)) + ((e + f) + (g + h))
    }
}

/// The Euclidean norm. Finite whenever the true norm is: overflow and underflow of the squares are scaled away.
#[inline]
pub fn norm(a: &[f64]) -> f64 {
    let sum = if a.len() < LARGE { dot(a, a) } else { large_square(a) };
    if sum.is_finite() && sum >= f64::MIN_POSITIVE {
        sum.sqrt()
    } else {
        scaled_norm(a)
    }
}

/// Numbers from which on threads share them, and how many one squares at a time.
const LARGE: usize = 4 * BLOCK;
const BLOCK: usize = 8192;

/// The sum of squares, block by block on any number of threads.
#[inline(never)]
fn large_square(a: &[f64]) -> f64 {
    let at_work = AtWork::begin();
    let mut squares = vec![0.0; a.len().div_ceil(BLOCK)];
    let fill = |(): &mut (), k: usize, square: &mut [f64]| {
        let block = &a[k * BLOCK..a.len().min((k + 1) * BLOCK)];
        square.fill(dot(block, block));
    };
    fill_rows(&mut squares, 1, (at_work.threads(), Helpers::Waiting), &(), &fill, &|_| true);
    squares.iter().sum()
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
    simd::wide(
        y.len(),
        #[inline(always)]
        || {
            for (y, x) in y.iter_mut().zip(x) {
                *y += a * x;
            }
        },
    );
}

/// x *= a
#[inline]
pub fn scale(a: f64, x: &mut [f64]) {
    for x in x {
        *x *= a;
    }
}
