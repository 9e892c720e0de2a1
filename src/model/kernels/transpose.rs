//! Moving samples between rows and lanes.

use super::Chunk;
use crate::math::simd::{LANES, Simd, Task};

/// Copies rows of a table next to each other, padded with zeros to `stride`.
pub struct GatherRows<'a> {
    /// Rows of `columns` numbers.
    pub table: &'a [f64],
    pub columns: usize,
    /// Which rows; none given: those from `first` on.
    pub rows: Option<&'a [u32]>,
    pub first: usize,
    pub chunk: Chunk,
    pub stride: usize,
    pub to: &'a mut [f64],
}

impl Task for GatherRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self {
            table,
            columns,
            rows,
            first,
            chunk,
            stride,
            to,
        } = self;
        assert!(columns > 0 && stride == columns.next_multiple_of(LANES));
        let full = columns - columns % LANES;
        for (i, to) in to.chunks_exact_mut(stride).take(chunk.n).enumerate() {
            let row = rows.map_or(first + i, |rows| rows[i] as usize);
            let from = &table[row * columns..(row + 1) * columns];
            for at in (0..full).step_by(LANES) {
                // SAFETY: at + LANES <= columns <= the lengths of both.
                unsafe { simd.store(to.as_mut_ptr().add(at), simd.load(from.as_ptr().add(at))) }
            }
            if full < columns {
                // SAFETY: `from` has columns - full numbers left; `to` has LANES, because its stride is a multiple of them.
                unsafe {
                    simd.store(
                        to.as_mut_ptr().add(full),
                        simd.load_first(from.as_ptr().add(full), columns - full),
                    )
                }
            }
        }
    }
}

/// Between rows of samples (`rows`: one row of `units` numbers a sample, padded to `stride`) and panels (`units` x width each).
pub struct Transpose<'a> {
    pub units: usize,
    pub stride: usize,
    pub chunk: Chunk,
    pub way: Way<'a>,
}

/// Which way.
pub enum Way<'a> {
    /// Rows into panels; the lanes of padding become 0.
    ToPanels { rows: &'a [f64], panels: &'a mut [f64] },
    /// Panels into rows; the padding of the stride becomes 0.
    ToRows { panels: &'a [f64], rows: &'a mut [f64] },
}

impl<'a> Transpose<'a> {
    pub fn to_panels(units: usize, rows: &'a [f64], panels: &'a mut [f64], chunk: Chunk) -> Self {
        let stride = units.next_multiple_of(LANES);
        let way = Way::ToPanels { rows, panels };
        Self {
            units,
            stride,
            chunk,
            way,
        }
    }

    pub fn to_rows(units: usize, panels: &'a [f64], rows: &'a mut [f64], chunk: Chunk) -> Self {
        let stride = units.next_multiple_of(LANES);
        let way = Way::ToRows { panels, rows };
        Self {
            units,
            stride,
            chunk,
            way,
        }
    }
}

impl Task for Transpose<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self {
            units,
            stride,
            chunk,
            way,
        } = self;
        match way {
            Way::ToPanels { rows, panels } => {
                assert!(rows.len() >= chunk.n * stride && panels.len() >= units * chunk.padded());
                for (from, width) in chunk.panels() {
                    for sample in (from..from + width).step_by(LANES) {
                        let there = LANES.min(chunk.n - sample);
                        for unit in (0..units).step_by(LANES) {
                            let kept = LANES.min(units - unit);
                            // SAFETY: `there` rows of `stride` numbers, `kept` rows of `width` lanes: the asserts above.
                            unsafe {
                                let source = rows.as_ptr().add(sample * stride + unit);
                                let target = panels.as_mut_ptr().add(from * units + unit * width + (sample - from));
                                block(simd, (source, stride, there), (target, width, kept));
                            }
                        }
                    }
                }
            }
            Way::ToRows { panels, rows } => {
                assert!(rows.len() >= chunk.padded() * stride && panels.len() >= units * chunk.padded());
                for (from, width) in chunk.panels() {
                    for sample in (from..from + width).step_by(LANES) {
                        for unit in (0..units).step_by(LANES) {
                            let there = LANES.min(units - unit);
                            // SAFETY: `there` rows of `width` lanes, LANES rows of `stride` numbers: the asserts above.
                            unsafe {
                                let source = panels.as_ptr().add(from * units + unit * width + (sample - from));
                                let target = rows.as_mut_ptr().add(sample * stride + unit);
                                block(simd, (source, width, there), (target, stride, LANES));
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One 8 x 8 block: `there` rows are read (the others are 0), `kept` rows are written.
///
/// # Safety
/// `there` vectors can be read and `kept` written at the given strides.
#[inline(always)]
unsafe fn block<S: Simd>(
    simd: S,
    (from, from_stride, there): (*const f64, usize, usize),
    (to, to_stride, kept): (*mut f64, usize, usize),
) {
    let mut rows = [simd.splat(0.0); LANES];
    // SAFETY: the caller's.
    unsafe {
        if there == LANES {
            rows = std::array::from_fn(|i| simd.load(from.add(i * from_stride)));
        } else {
            for (i, row) in rows.iter_mut().enumerate().take(there) {
                *row = simd.load(from.add(i * from_stride));
            }
        }
        let columns = simd.transpose(rows);
        if kept == LANES {
            for (i, &column) in columns.iter().enumerate() {
                simd.store(to.add(i * to_stride), column);
            }
        } else {
            for (i, &column) in columns.iter().enumerate().take(kept) {
                simd.store(to.add(i * to_stride), column);
            }
        }
    }
}
