//! Sums over samples.

use super::Samples;
use crate::math::simd::{LANES, Simd, Task};

/// For each of m rows of d the sum over all samples (their padding must be 0): the gradient of the biases.
pub struct SampleSums<'a> {
    pub m: usize,
    pub parts: &'a [Samples<'a>],
    /// Whether it is added to what is there.
    pub add: bool,
    pub sums: &'a mut [f64],
}

impl Task for SampleSums<'_> {
    type Output = ();

    /// Lane by lane over the vectors, then over the lanes as ((0+1)+(2+3))+((4+5)+(6+7)); eight rows at a time, by a transpose.
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { m, parts, add, sums } = self;
        assert!(sums.len() >= m);
        for i in (0..m).step_by(LANES) {
            let rows = LANES.min(m - i);
            let mut lanes = [simd.splat(0.0); LANES];
            for Samples { d, chunk, .. } in parts {
                assert!(d.len() >= m * chunk.padded());
                for (from, width) in chunk.panels() {
                    // SAFETY: rows i.. of this panel, of which there are m, have `width` lanes.
                    unsafe {
                        let d = d.as_ptr().add(from * m + i * width);
                        if rows == LANES {
                            add_rows(simd, &mut lanes, d, width);
                        } else {
                            for (r, lane) in lanes.iter_mut().enumerate().take(rows) {
                                add_rows(simd, std::array::from_mut(lane), d.add(r * width), width);
                            }
                        }
                    }
                }
            }
            let [a, b, c, d, e, f, g, h] = simd.transpose(lanes);
            let low = simd.add(simd.add(a, b), simd.add(c, d));
            let high = simd.add(simd.add(e, f), simd.add(g, h));
            let mut sum = simd.add(low, high);
            // SAFETY: `rows` numbers of `sums` from i on.
            unsafe {
                let to = sums.as_mut_ptr().add(i);
                if add {
                    sum = simd.add(simd.load_first(to, rows), sum);
                }
                simd.store_first(to, sum, rows);
            }
        }
    }
}

/// Adds the vectors of some rows of a panel to `sums`, which stay in registers for that long.
///
/// # Safety
/// `d` has R rows of `width` numbers, whole vectors.
#[inline(always)]
unsafe fn add_rows<S: Simd, const R: usize>(simd: S, sums: &mut [S::V; R], d: *const f64, width: usize) {
    let mut so_far = *sums;
    for at in (0..width).step_by(LANES) {
        for (r, sum) in so_far.iter_mut().enumerate() {
            // SAFETY: the caller's.
            *sum = simd.add(*sum, unsafe { simd.load(d.add(r * width + at)) });
        }
    }
    *sums = so_far;
}
