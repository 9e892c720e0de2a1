//! Matrix products. Every element is one chain of fused multiply-adds in the order of k, so its bits do not depend on how the
//! matrices are tiled.

use std::ops::Range;

use super::Chunk;
use crate::math::simd::{LANES, Simd, Task};

/// A matrix that is read element by element: element (i, k) is `data[i * row + k * column]`.
#[derive(Clone, Copy)]
pub struct Strided<'a> {
    pub data: &'a [f64],
    pub row: usize,
    pub column: usize,
}

/// What a product is added to.
#[derive(Clone, Copy)]
pub enum Start<'a> {
    Zero,
    /// A number for every row.
    Bias(&'a [f64]),
    /// What is there already.
    There,
}

/// For every panel: C (m x width) = start + A (m x k) B (k x width).
pub struct Spread<'a> {
    pub m: usize,
    pub k: usize,
    pub a: Strided<'a>,
    pub b: &'a [f64],
    pub start: Start<'a>,
    pub c: &'a mut [f64],
    pub chunk: Chunk,
}

/// Depth of a product that is done at once, so that the strip of B stays in the first-level cache.
const DEPTH: usize = 128;

impl Task for Spread<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self {
            m,
            k,
            a,
            b,
            start,
            c,
            chunk,
        } = self;
        assert!(m > 0 && k > 0 && a.data.len() > (m - 1) * a.row + (k - 1) * a.column);
        assert!(b.len() >= k * chunk.padded() && c.len() >= m * chunk.padded());
        if let Start::Bias(bias) = start {
            assert!(bias.len() >= m);
        }
        // One panel after the other takes the same part of A, which stays in the second-level cache.
        for k_from in (0..k).step_by(DEPTH) {
            let depth = DEPTH.min(k - k_from);
            for (from, width) in chunk.panels() {
                let strip = Strip {
                    m,
                    k: depth,
                    start: if k_from == 0 { start } else { Start::There },
                    row: a.row,
                    column: a.column,
                    stride: width,
                };
                let mut at = 0;
                while at < width {
                    let vectors = S::TILE_COLUMNS.min((width - at) / LANES);
                    // SAFETY: the asserts above: A has m x k elements, B and C have k and m rows of `width` in this panel.
                    unsafe {
                        let a = a.data.as_ptr().add(k_from * a.column);
                        let b = b.as_ptr().add(from * k + k_from * width + at);
                        let c = c.as_mut_ptr().add(from * m + at);
                        match vectors {
                            1 => strip.run::<S, 1>(simd, a, b, c),
                            2 => strip.run::<S, 2>(simd, a, b, c),
                            3 => strip.run::<S, 3>(simd, a, b, c),
                            _ => strip.run::<S, 4>(simd, a, b, c),
                        }
                    }
                    at += vectors * LANES;
                }
            }
        }
    }
}

/// One strip of columns of a panel.
struct Strip<'a> {
    m: usize,
    k: usize,
    start: Start<'a>,
    row: usize,
    column: usize,
    stride: usize,
}

impl Strip<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd, const V: usize>(&self, simd: S, a: *const f64, b: *const f64, c: *mut f64) {
        let mut i = 0;
        // SAFETY: rows i.. of A and C exist as long as i + (rows of the tile) <= m.
        unsafe {
            while i + 6 <= self.m {
                self.rows::<S, 6, V>(simd, i, a, b, c);
                i += 6;
            }
            if i + 4 <= self.m {
                self.rows::<S, 4, V>(simd, i, a, b, c);
                i += 4;
            }
            if i + 2 <= self.m {
                self.rows::<S, 2, V>(simd, i, a, b, c);
                i += 2;
            }
            if i < self.m {
                self.rows::<S, 1, V>(simd, i, a, b, c);
            }
        }
    }

    #[inline(always)]
    unsafe fn rows<S: Simd, const M: usize, const V: usize>(&self, simd: S, i: usize, a: *const f64, b: *const f64, c: *mut f64) {
        // SAFETY: the caller's: rows i..i + M exist in A and C, V vectors in the rows of B and C.
        unsafe {
            let c = c.add(i * self.stride);
            let mut tile = [[simd.splat(0.0); V]; M];
            match self.start {
                Start::Zero => {}
                Start::Bias(bias) => {
                    for (r, row) in tile.iter_mut().enumerate() {
                        *row = [simd.splat(*bias.get_unchecked(i + r)); V];
                    }
                }
                Start::There => {
                    for (r, row) in tile.iter_mut().enumerate() {
                        for (v, there) in row.iter_mut().enumerate() {
                            *there = simd.load(c.add(r * self.stride + v * LANES));
                        }
                    }
                }
            }
            multiply(
                simd,
                &mut tile,
                self.k,
                (a.add(i * self.row), self.row, self.column),
                (b, self.stride),
            );
            for (r, row) in tile.iter().enumerate() {
                for (v, &there) in row.iter().enumerate() {
                    simd.store(c.add(r * self.stride + v * LANES), there);
                }
            }
        }
    }
}

/// Adds A (M x k) B (k x V vectors) to a tile held in registers.
///
/// # Safety
/// A has M rows of k elements at the given strides, B has k rows of V vectors at the given stride.
#[inline(always)]
unsafe fn multiply<S: Simd, const M: usize, const V: usize>(
    simd: S,
    tile: &mut [[S::V; V]; M],
    k: usize,
    (a, row, column): (*const f64, usize, usize),
    (b, stride): (*const f64, usize),
) {
    let mut sums = *tile;
    for k in 0..k {
        // SAFETY: the caller's.
        unsafe {
            let b = b.add(k * stride);
            let columns: [S::V; V] = std::array::from_fn(|v| simd.load(b.add(v * LANES)));
            for (r, sums) in sums.iter_mut().enumerate() {
                let factor = simd.splat(*a.add(r * row + k * column));
                for (sum, &column) in sums.iter_mut().zip(&columns) {
                    *sum = simd.fma(factor, column, *sum);
                }
            }
        }
    }
    *tile = sums;
}

/// Samples with what an outer product takes of them.
#[derive(Clone, Copy, Default)]
pub struct Samples<'a> {
    /// In panels.
    pub d: &'a [f64],
    /// A row for every sample.
    pub rows: &'a [f64],
    /// Features of the model in panels, where `rows` are features.
    pub features: &'a [f64],
    pub chunk: Chunk,
}

/// Some rows of C (m x n, dense) = start + sum over the samples s of d_s r_sᵀ, `d` in panels of m rows. However the samples are cut into
/// parts, the sum takes them one after the other.
pub struct Outer<'a> {
    pub m: usize,
    /// Which rows of C.
    pub of: Range<usize>,
    pub n: usize,
    pub parts: &'a [Samples<'a>],
    /// From one row of a sample, of at least n numbers, to the next: a multiple of `LANES`.
    pub stride: usize,
    /// Whether it is added to what is there.
    pub add: bool,
    /// These rows of C.
    pub c: &'a mut [f64],
}

impl Task for Outer<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        assert!(self.stride >= self.n && self.stride.is_multiple_of(LANES));
        assert!(self.of.end <= self.m && self.c.len() >= self.of.len() * self.n);
        let mut at = 0;
        while at < self.n {
            let vectors = S::TILE_COLUMNS.min((self.n - at).div_ceil(LANES));
            // SAFETY: the asserts above; `columns` masks what lies beyond column n of C.
            unsafe {
                match vectors {
                    1 => self.columns::<S, 1>(simd, at),
                    2 => self.columns::<S, 2>(simd, at),
                    3 => self.columns::<S, 3>(simd, at),
                    _ => self.columns::<S, 4>(simd, at),
                }
            }
            at += vectors * LANES;
        }
    }
}

impl Outer<'_> {
    #[inline(always)]
    unsafe fn columns<S: Simd, const V: usize>(&mut self, simd: S, at: usize) {
        let (mut i, m) = (0, self.of.len());
        // SAFETY: rows i.. of C, and of.start + i.. of D, exist as long as i + (rows of the tile) <= m.
        unsafe {
            while i + 6 <= m {
                self.tile::<S, 6, V>(simd, i, at);
                i += 6;
            }
            if i + 4 <= m {
                self.tile::<S, 4, V>(simd, i, at);
                i += 4;
            }
            if i + 2 <= m {
                self.tile::<S, 2, V>(simd, i, at);
                i += 2;
            }
            if i < m {
                self.tile::<S, 1, V>(simd, i, at);
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<S: Simd, const M: usize, const V: usize>(&mut self, simd: S, i: usize, at: usize) {
        // Only the last vector can be cut.
        let last = (self.n - at - (V - 1) * LANES).min(LANES);
        // SAFETY: the caller's: rows i..i + M exist; samples and their rows as asserted; C's last vector is masked.
        unsafe {
            let c = self.c.as_mut_ptr().add(i * self.n + at);
            let mut tile = [[simd.splat(0.0); V]; M];
            if self.add {
                for (r, row) in tile.iter_mut().enumerate() {
                    for (v, there) in row.iter_mut().enumerate() {
                        let from = c.add(r * self.n + v * LANES);
                        *there = if v + 1 < V {
                            simd.load(from)
                        } else {
                            simd.load_first(from, last)
                        };
                    }
                }
            }
            for Samples { d, rows, chunk, .. } in self.parts {
                assert!(d.len() >= self.m * chunk.padded() && rows.len() >= chunk.n * self.stride);
                for (from, width) in chunk.panels() {
                    let samples = width.min(chunk.n - from);
                    let d = d.as_ptr().add(from * self.m + (self.of.start + i) * width);
                    let rows = rows.as_ptr().add(from * self.stride + at);
                    multiply(simd, &mut tile, samples, (d, width, 1), (rows, self.stride));
                }
            }
            for (r, row) in tile.iter().enumerate() {
                for (v, &sum) in row.iter().enumerate() {
                    let to = c.add(r * self.n + v * LANES);
                    if v + 1 < V {
                        simd.store(to, sum)
                    } else {
                        simd.store_first(to, sum, last)
                    }
                }
            }
        }
    }
}
