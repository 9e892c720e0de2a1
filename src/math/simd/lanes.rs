//! Eight lanes of `f64`, whatever the CPU makes of them.

/// Lanes of a vector, the same on every path: it fixes the order of all sums across lanes.
pub const LANES: usize = 8;

/// 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits.
pub const ROUND: f64 = 6_755_399_441_055_744.0;

/// The operations kernels are written with. Each lane obeys IEEE 754 and none depends on another, so that an implementation can
/// differ in speed only. `fma` rounds once, on every path.
pub trait Simd: Copy {
    /// `LANES` numbers.
    type V: Copy;
    /// Vectors side by side in a register tile of a matrix product.
    const TILE_COLUMNS: usize;

    fn splat(self, x: f64) -> Self::V;
    /// # Safety
    /// `LANES` numbers can be read at `from`.
    unsafe fn load(self, from: *const f64) -> Self::V;
    /// # Safety
    /// `LANES` numbers can be written at `to`.
    unsafe fn store(self, to: *mut f64, v: Self::V);
    /// The first `n` lanes from memory, the others 0.
    /// # Safety
    /// `n <= LANES` numbers can be read at `from`.
    unsafe fn load_first(self, from: *const f64, n: usize) -> Self::V;
    /// The first `n` lanes to memory.
    /// # Safety
    /// `n <= LANES` numbers can be written at `to`.
    unsafe fn store_first(self, to: *mut f64, v: Self::V, n: usize);

    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    fn sqrt(self, a: Self::V) -> Self::V;
    /// a b + c, rounded once.
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// a where a > b, else b: with NaN on either side it is b.
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// x where a > b, else y.
    fn select_gt(self, a: Self::V, b: Self::V, x: Self::V, y: Self::V) -> Self::V;
    /// x where a = b, else y.
    fn select_eq(self, a: Self::V, b: Self::V, x: Self::V, y: Self::V) -> Self::V;
    /// Whether a > b in every lane.
    fn all_gt(self, a: Self::V, b: Self::V) -> bool;
    fn abs(self, a: Self::V) -> Self::V;
    /// a with its sign changed where `sign` is negative.
    fn flip_sign(self, a: Self::V, sign: Self::V) -> Self::V;
    /// The bits moved up by N places: what was bit 63 - N is the sign.
    fn shift_left<const N: u32>(self, a: Self::V) -> Self::V;
    /// |a| with the sign of `sign`; a is not negative.
    fn with_sign(self, a: Self::V, sign: Self::V) -> Self::V;
    /// 2^n from n + [`ROUND`], for -1022 <= n <= 1023.
    fn power_of_two(self, n_plus_round: Self::V) -> Self::V;
    /// Rows become columns.
    fn transpose(self, rows: [Self::V; LANES]) -> [Self::V; LANES];

    #[inline(always)]
    fn get(self, from: &[f64; LANES]) -> Self::V {
        // SAFETY: the array has LANES numbers.
        unsafe { self.load(from.as_ptr()) }
    }

    #[inline(always)]
    fn put(self, to: &mut [f64; LANES], v: Self::V) {
        // SAFETY: the array has LANES numbers.
        unsafe { self.store(to.as_mut_ptr(), v) }
    }

    #[inline(always)]
    fn to_array(self, v: Self::V) -> [f64; LANES] {
        let mut array = [0.0; LANES];
        self.put(&mut array, v);
        array
    }
}
