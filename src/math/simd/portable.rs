//! Lanes as an array: what every CPU can run, and what the other paths are compared with.

use std::array::from_fn;

use super::lanes::{LANES, Simd};

const SIGN: u64 = 1 << 63;

#[derive(Clone, Copy)]
pub struct Portable;

#[inline(always)]
fn zip(a: [f64; LANES], b: [f64; LANES], f: impl Fn(f64, f64) -> f64) -> [f64; LANES] {
    from_fn(|i| f(a[i], b[i]))
}

impl Simd for Portable {
    type V = [f64; LANES];
    const TILE_COLUMNS: usize = 1;

    #[inline(always)]
    fn splat(self, x: f64) -> Self::V {
        [x; LANES]
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f64) -> Self::V {
        // SAFETY: the caller guarantees LANES readable numbers; they are aligned as f64 are.
        unsafe { from.cast::<[f64; LANES]>().read() }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64, v: Self::V) {
        // SAFETY: the caller guarantees LANES writable numbers; they are aligned as f64 are.
        unsafe { to.cast::<[f64; LANES]>().write(v) }
    }
    #[inline(always)]
    unsafe fn load_first(self, from: *const f64, n: usize) -> Self::V {
        // SAFETY: the caller guarantees n readable numbers.
        from_fn(|i| if i < n { unsafe { from.add(i).read() } } else { 0.0 })
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, v: Self::V, n: usize) {
        for (i, v) in v.into_iter().enumerate().take(n) {
            // SAFETY: the caller guarantees n writable numbers.
            unsafe { to.add(i).write(v) }
        }
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn div(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a / b)
    }
    #[inline(always)]
    fn sqrt(self, a: Self::V) -> Self::V {
        a.map(f64::sqrt)
    }
    #[inline(always)]
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        from_fn(|i| a[i].mul_add(b[i], c[i]))
    }
    #[inline(always)]
    fn max(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    fn select_gt(self, a: Self::V, b: Self::V, x: Self::V, y: Self::V) -> Self::V {
        from_fn(|i| if a[i] > b[i] { x[i] } else { y[i] })
    }
    #[inline(always)]
    fn select_eq(self, a: Self::V, b: Self::V, x: Self::V, y: Self::V) -> Self::V {
        from_fn(|i| if a[i] == b[i] { x[i] } else { y[i] })
    }
    #[inline(always)]
    fn all_gt(self, a: Self::V, b: Self::V) -> bool {
        a.iter().zip(&b).fold(true, |all, (a, b)| all & (a > b))
    }
    #[inline(always)]
    fn abs(self, a: Self::V) -> Self::V {
        a.map(f64::abs)
    }
    #[inline(always)]
    fn flip_sign(self, a: Self::V, sign: Self::V) -> Self::V {
        zip(a, sign, |a, sign| f64::from_bits(a.to_bits() ^ (sign.to_bits() & SIGN)))
    }
    #[inline(always)]
    fn shift_left<const N: u32>(self, a: Self::V) -> Self::V {
        a.map(|a| f64::from_bits(a.to_bits() << N))
    }
    #[inline(always)]
    fn with_sign(self, a: Self::V, sign: Self::V) -> Self::V {
        zip(a, sign, f64::copysign)
    }
    #[inline(always)]
    fn power_of_two(self, n_plus_round: Self::V) -> Self::V {
        n_plus_round.map(|n| f64::from_bits((n.to_bits() << 52).wrapping_add(1.0_f64.to_bits())))
    }
    #[inline(always)]
    fn transpose(self, rows: [Self::V; LANES]) -> [Self::V; LANES] {
        from_fn(|i| from_fn(|j| rows[j][i]))
    }
}
