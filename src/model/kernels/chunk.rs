//! How a chunk of samples is cut into panels.

use crate::math::simd::LANES;

/// Samples in a panel: four vectors.
pub const PANEL: usize = 4 * LANES;

/// A number of samples that are worked on together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chunk {
    /// Samples.
    pub n: usize,
}

impl Chunk {
    /// Samples including the padding of the last panel: the length of a row through all panels.
    #[inline(always)]
    pub fn padded(self) -> usize {
        self.n.next_multiple_of(LANES)
    }

    /// The panels as (first sample, width).
    #[inline(always)]
    pub fn panels(self) -> impl Iterator<Item = (usize, usize)> {
        let padded = self.padded();
        (0..padded).step_by(PANEL).map(move |from| (from, PANEL.min(padded - from)))
    }
}
