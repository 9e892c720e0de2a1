//! Sums over samples.

use super::Samples;
use crate::math::simd::{LANES, Simd, Task};

/// For each of m rows of d the sum over all samples (their padding must be 0), as they are: the gradient of the biases. Or multiplied with a
/// feature: a column of the gradient of the weights.
pub struct SampleSums<'a> {
    pub m: usize,
    pub parts: &'a [Samples<'a>],
    /// Which of how many features.
    pub feature: Option<(usize, usize)>,
    /// Whether it is added to what is there.
    pub add: bool,
    pub sums: &'a mut [f64],
    /// From one sum to the next.
    pub stride: usize,
}

impl Task for SampleSums<'_> {
    type Output = ();

    /// Lane by lane over the vectors, then over the lanes as ((0+1)+(2+3))+((4+5)+(6+7)); eight rows at a time, by a transpose.
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        for i in (0..self.m).step_by(LANES) {
            let rows = LANES.min(self.m - i);
            let mut lanes = [simd.splat(0.0); LANES];
            if rows == LANES {
                self.add_rows(simd, i, &mut lanes);
            } else {
                for (r, lane) in lanes.iter_mut().enumerate().take(rows) {
                    self.add_rows(simd, i + r, std::array::from_mut(lane));
                }
            }
            let [a, b, c, d, e, f, g, h] = simd.transpose(lanes);
            let low = simd.add(simd.add(a, b), simd.add(c, d));
            let high = simd.add(simd.add(e, f), simd.add(g, h));
            let sums = self.sums[i * self.stride..].iter_mut().step_by(self.stride).take(rows);
            for (to, sum) in sums.zip(simd.to_array(simd.add(low, high))) {
                *to = if self.add { *to + sum } else { sum };
            }
        }
    }
}

impl SampleSums<'_> {
    /// Adds up R rows from row i on, which stay in registers for that long.
    #[inline(always)]
    fn add_rows<S: Simd, const R: usize>(&self, simd: S, i: usize, sums: &mut [S::V; R]) {
        let mut so_far = *sums;
        for Samples { d, features, chunk, .. } in self.parts {
            assert!(i + R <= self.m && d.len() >= self.m * chunk.padded());
            if let Some((k, of)) = self.feature {
                assert!(k < of && features.len() >= of * chunk.padded());
            }
            for (from, width) in chunk.panels() {
                for at in (0..width).step_by(LANES) {
                    // SAFETY: the asserts above: panels have m rows of d and as many features as there are, of `width` lanes each.
                    unsafe {
                        let d = d.as_ptr().add(from * self.m + i * width + at);
                        let rows: [S::V; R] = std::array::from_fn(|r| simd.load(d.add(r * width)));
                        match self.feature {
                            None => so_far = std::array::from_fn(|r| simd.add(so_far[r], rows[r])),
                            Some((k, of)) => {
                                let feature = simd.load(features.as_ptr().add(from * of + k * width + at));
                                so_far = std::array::from_fn(|r| simd.fma(rows[r], feature, so_far[r]));
                            }
                        }
                    }
                }
            }
        }
        *sums = so_far;
    }
}
