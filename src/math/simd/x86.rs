//! The two x86-64 paths: AVX-512 (one register a vector) and AVX2 with FMA (two).
//!
//! A value of [`Avx512`] or [`Avx2`] exists only inside `run_avx512` and `run_avx2`, whose callers vouch for the CPU: that is what
//! makes the intrinsics below safe to call.

use std::arch::x86_64::*;

use super::Task;
use super::lanes::{LANES, Simd};

/// # Safety
/// The CPU has AVX-512F.
#[target_feature(enable = "avx512f,avx2,fma")]
pub unsafe fn run_avx512<T: Task>(task: T) -> T::Output {
    task.run(Avx512(()))
}

/// # Safety
/// The CPU has AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub unsafe fn run_avx2<T: Task>(task: T) -> T::Output {
    task.run(Avx2(()))
}

#[derive(Clone, Copy)]
pub struct Avx512(());

#[derive(Clone, Copy)]
pub struct Avx2(());

/// SAFETY of every intrinsic here: see the head of the file. Pointers are the caller's promise.
impl Simd for Avx512 {
    type V = __m512d;
    const TILE_COLUMNS: usize = 4;

    #[inline(always)]
    fn splat(self, x: f64) -> Self::V {
        unsafe { _mm512_set1_pd(x) }
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f64) -> Self::V {
        unsafe { _mm512_loadu_pd(from) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64, v: Self::V) {
        unsafe { _mm512_storeu_pd(to, v) }
    }
    #[inline(always)]
    unsafe fn load_first(self, from: *const f64, n: usize) -> Self::V {
        unsafe { _mm512_maskz_loadu_pd(first(n), from) }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, v: Self::V, n: usize) {
        unsafe { _mm512_mask_storeu_pd(to, first(n), v) }
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        unsafe { _mm512_add_pd(a, b) }
    }
    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        unsafe { _mm512_sub_pd(a, b) }
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        unsafe { _mm512_mul_pd(a, b) }
    }
    #[inline(always)]
    fn div(self, a: Self::V, b: Self::V) -> Self::V {
        unsafe { _mm512_div_pd(a, b) }
    }
    #[inline(always)]
    fn sqrt(self, a: Self::V) -> Self::V {
        unsafe { _mm512_sqrt_pd(a) }
    }
    #[inline(always)]
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        unsafe { _mm512_fmadd_pd(a, b, c) }
    }
    #[inline(always)]
    fn max(self, a: Self::V, b: Self::V) -> Self::V {
        unsafe { _mm512_max_pd(a, b) }
    }
    #[inline(always)]
    fn select_gt(self, a: Self::V, b: Self::V, x: Self::V, y: Self::V) -> Self::V {
        unsafe { _mm512_mask_blend_pd(_mm512_cmp_pd_mask::<_CMP_GT_OQ>(a, b), y, x) }
    }
    #[inline(always)]
    fn select_eq(self, a: Self::V, b: Self::V, x: Self::V, y: Self::V) -> Self::V {
        unsafe { _mm512_mask_blend_pd(_mm512_cmp_pd_mask::<_CMP_EQ_OQ>(a, b), y, x) }
    }
    #[inline(always)]
    fn all_gt(self, a: Self::V, b: Self::V) -> bool {
        unsafe { _mm512_cmp_pd_mask::<_CMP_GT_OQ>(a, b) == 0xFF }
    }
    #[inline(always)]
    fn abs(self, a: Self::V) -> Self::V {
        unsafe { _mm512_abs_pd(a) }
    }
    #[inline(always)]
    fn flip_sign(self, a: Self::V, sign: Self::V) -> Self::V {
        unsafe {
            let sign_bit = _mm512_and_si512(_mm512_castpd_si512(sign), _mm512_set1_epi64(i64::MIN));
            _mm512_castsi512_pd(_mm512_xor_si512(_mm512_castpd_si512(a), sign_bit))
        }
    }
    #[inline(always)]
    fn shift_left<const N: u32>(self, a: Self::V) -> Self::V {
        unsafe { _mm512_castsi512_pd(_mm512_slli_epi64::<N>(_mm512_castpd_si512(a))) }
    }
    #[inline(always)]
    fn with_sign(self, a: Self::V, sign: Self::V) -> Self::V {
        unsafe {
            let sign_bit = _mm512_and_si512(_mm512_castpd_si512(sign), _mm512_set1_epi64(i64::MIN));
            _mm512_castsi512_pd(_mm512_or_si512(_mm512_castpd_si512(a), sign_bit))
        }
    }
    #[inline(always)]
    fn power_of_two(self, n_plus_round: Self::V) -> Self::V {
        unsafe {
            let n = _mm512_slli_epi64::<52>(_mm512_castpd_si512(n_plus_round));
            _mm512_castsi512_pd(_mm512_add_epi64(n, _mm512_castpd_si512(_mm512_set1_pd(1.0))))
        }
    }
    #[inline(always)]
    fn transpose(self, r: [Self::V; LANES]) -> [Self::V; LANES] {
        unsafe {
            // Columns 0, 2, 4, 6 and 1, 3, 5, 7 of two rows each.
            let even = quarters(
                _mm512_unpacklo_pd(r[0], r[1]),
                _mm512_unpacklo_pd(r[2], r[3]),
                _mm512_unpacklo_pd(r[4], r[5]),
                _mm512_unpacklo_pd(r[6], r[7]),
            );
            let odd = quarters(
                _mm512_unpackhi_pd(r[0], r[1]),
                _mm512_unpackhi_pd(r[2], r[3]),
                _mm512_unpackhi_pd(r[4], r[5]),
                _mm512_unpackhi_pd(r[6], r[7]),
            );
            [even[0], odd[0], even[1], odd[1], even[2], odd[2], even[3], odd[3]]
        }
    }
}

/// The 4 x 4 transpose of 128-bit quarters.
#[inline(always)]
unsafe fn quarters(a: __m512d, b: __m512d, c: __m512d, d: __m512d) -> [__m512d; 4] {
    // SAFETY: see the head of the file.
    unsafe {
        let ab_low = _mm512_shuffle_f64x2::<0x44>(a, b);
        let ab_high = _mm512_shuffle_f64x2::<0xEE>(a, b);
        let cd_low = _mm512_shuffle_f64x2::<0x44>(c, d);
        let cd_high = _mm512_shuffle_f64x2::<0xEE>(c, d);
        [
            _mm512_shuffle_f64x2::<0x88>(ab_low, cd_low),
            _mm512_shuffle_f64x2::<0xDD>(ab_low, cd_low),
            _mm512_shuffle_f64x2::<0x88>(ab_high, cd_high),
            _mm512_shuffle_f64x2::<0xDD>(ab_high, cd_high),
        ]
    }
}

#[inline(always)]
fn first(n: usize) -> __mmask8 {
    ((1_u32 << n) - 1) as __mmask8
}

type Pair = [__m256d; 2];

/// SAFETY of every intrinsic here: see the head of the file. Pointers are the caller's promise.
impl Simd for Avx2 {
    type V = Pair;
    const TILE_COLUMNS: usize = 1;

    #[inline(always)]
    fn splat(self, x: f64) -> Pair {
        unsafe { [_mm256_set1_pd(x); 2] }
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f64) -> Pair {
        unsafe { [_mm256_loadu_pd(from), _mm256_loadu_pd(from.add(4))] }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64, v: Pair) {
        unsafe {
            _mm256_storeu_pd(to, v[0]);
            _mm256_storeu_pd(to.add(4), v[1]);
        }
    }
    #[inline(always)]
    unsafe fn load_first(self, from: *const f64, n: usize) -> Pair {
        unsafe {
            let [low, high] = first_mask(n);
            // `wrapping_add`: with n < 4 the address may lie past the end; nothing is read there.
            [_mm256_maskload_pd(from, low), _mm256_maskload_pd(from.wrapping_add(4), high)]
        }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, v: Pair, n: usize) {
        unsafe {
            let [low, high] = first_mask(n);
            _mm256_maskstore_pd(to, low, v[0]);
            _mm256_maskstore_pd(to.wrapping_add(4), high, v[1]);
        }
    }
    #[inline(always)]
    fn add(self, a: Pair, b: Pair) -> Pair {
        unsafe { [_mm256_add_pd(a[0], b[0]), _mm256_add_pd(a[1], b[1])] }
    }
    #[inline(always)]
    fn sub(self, a: Pair, b: Pair) -> Pair {
        unsafe { [_mm256_sub_pd(a[0], b[0]), _mm256_sub_pd(a[1], b[1])] }
    }
    #[inline(always)]
    fn mul(self, a: Pair, b: Pair) -> Pair {
        unsafe { [_mm256_mul_pd(a[0], b[0]), _mm256_mul_pd(a[1], b[1])] }
    }
    #[inline(always)]
    fn div(self, a: Pair, b: Pair) -> Pair {
        unsafe { [_mm256_div_pd(a[0], b[0]), _mm256_div_pd(a[1], b[1])] }
    }
    #[inline(always)]
    fn sqrt(self, a: Pair) -> Pair {
        unsafe { [_mm256_sqrt_pd(a[0]), _mm256_sqrt_pd(a[1])] }
    }
    #[inline(always)]
    fn fma(self, a: Pair, b: Pair, c: Pair) -> Pair {
        unsafe { [_mm256_fmadd_pd(a[0], b[0], c[0]), _mm256_fmadd_pd(a[1], b[1], c[1])] }
    }
    #[inline(always)]
    fn max(self, a: Pair, b: Pair) -> Pair {
        unsafe { [_mm256_max_pd(a[0], b[0]), _mm256_max_pd(a[1], b[1])] }
    }
    #[inline(always)]
    fn select_gt(self, a: Pair, b: Pair, x: Pair, y: Pair) -> Pair {
        unsafe {
            let mask = [
                _mm256_cmp_pd::<_CMP_GT_OQ>(a[0], b[0]),
                _mm256_cmp_pd::<_CMP_GT_OQ>(a[1], b[1]),
            ];
            [_mm256_blendv_pd(y[0], x[0], mask[0]), _mm256_blendv_pd(y[1], x[1], mask[1])]
        }
    }
    #[inline(always)]
    fn select_eq(self, a: Pair, b: Pair, x: Pair, y: Pair) -> Pair {
        unsafe {
            let mask = [
                _mm256_cmp_pd::<_CMP_EQ_OQ>(a[0], b[0]),
                _mm256_cmp_pd::<_CMP_EQ_OQ>(a[1], b[1]),
            ];
            [_mm256_blendv_pd(y[0], x[0], mask[0]), _mm256_blendv_pd(y[1], x[1], mask[1])]
        }
    }
    #[inline(always)]
    fn all_gt(self, a: Pair, b: Pair) -> bool {
        unsafe {
            let low = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(a[0], b[0]));
            let high = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(a[1], b[1]));
            low & high == 0b1111
        }
    }
    #[inline(always)]
    fn flip_sign(self, a: Pair, sign: Pair) -> Pair {
        unsafe {
            let mask = _mm256_set1_pd(-0.0);
            [
                _mm256_xor_pd(a[0], _mm256_and_pd(sign[0], mask)),
                _mm256_xor_pd(a[1], _mm256_and_pd(sign[1], mask)),
            ]
        }
    }
    #[inline(always)]
    fn shift_left<const N: u32>(self, a: Pair) -> Pair {
        unsafe {
            let count = _mm_cvtsi32_si128(N as i32);
            a.map(|a| _mm256_castsi256_pd(_mm256_sll_epi64(_mm256_castpd_si256(a), count)))
        }
    }
    #[inline(always)]
    fn abs(self, a: Pair) -> Pair {
        unsafe {
            let sign = _mm256_set1_pd(-0.0);
            [_mm256_andnot_pd(sign, a[0]), _mm256_andnot_pd(sign, a[1])]
        }
    }
    #[inline(always)]
    fn with_sign(self, a: Pair, sign: Pair) -> Pair {
        unsafe {
            let mask = _mm256_set1_pd(-0.0);
            [
                _mm256_or_pd(a[0], _mm256_and_pd(sign[0], mask)),
                _mm256_or_pd(a[1], _mm256_and_pd(sign[1], mask)),
            ]
        }
    }
    #[inline(always)]
    fn power_of_two(self, n_plus_round: Pair) -> Pair {
        unsafe {
            let one = _mm256_castpd_si256(_mm256_set1_pd(1.0));
            let low = _mm256_slli_epi64::<52>(_mm256_castpd_si256(n_plus_round[0]));
            let high = _mm256_slli_epi64::<52>(_mm256_castpd_si256(n_plus_round[1]));
            [
                _mm256_castsi256_pd(_mm256_add_epi64(low, one)),
                _mm256_castsi256_pd(_mm256_add_epi64(high, one)),
            ]
        }
    }
    #[inline(always)]
    fn transpose(self, r: [Pair; LANES]) -> [Pair; LANES] {
        // Four 4 x 4 blocks.
        unsafe {
            let [a0, a1, a2, a3] = quarter_block(r[0][0], r[1][0], r[2][0], r[3][0]);
            let [b0, b1, b2, b3] = quarter_block(r[4][0], r[5][0], r[6][0], r[7][0]);
            let [c0, c1, c2, c3] = quarter_block(r[0][1], r[1][1], r[2][1], r[3][1]);
            let [d0, d1, d2, d3] = quarter_block(r[4][1], r[5][1], r[6][1], r[7][1]);
            [[a0, b0], [a1, b1], [a2, b2], [a3, b3], [c0, d0], [c1, d1], [c2, d2], [c3, d3]]
        }
    }
}

/// The 4 x 4 transpose of four registers.
#[inline(always)]
unsafe fn quarter_block(a: __m256d, b: __m256d, c: __m256d, d: __m256d) -> [__m256d; 4] {
    // SAFETY: see the head of the file.
    unsafe {
        let (ab_even, ab_odd) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
        let (cd_even, cd_odd) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
        [
            _mm256_permute2f128_pd::<0x20>(ab_even, cd_even),
            _mm256_permute2f128_pd::<0x20>(ab_odd, cd_odd),
            _mm256_permute2f128_pd::<0x31>(ab_even, cd_even),
            _mm256_permute2f128_pd::<0x31>(ab_odd, cd_odd),
        ]
    }
}

/// All ones in the first n of eight lanes.
#[inline(always)]
unsafe fn first_mask(n: usize) -> [__m256i; 2] {
    // SAFETY: see the head of the file.
    unsafe {
        let n = _mm256_set1_epi64x(n as i64);
        [
            _mm256_cmpgt_epi64(n, _mm256_setr_epi64x(0, 1, 2, 3)),
            _mm256_cmpgt_epi64(n, _mm256_setr_epi64x(4, 5, 6, 7)),
        ]
    }
}
