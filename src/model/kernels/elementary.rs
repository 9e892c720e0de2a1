//! exp and tanh of eight numbers at once. Within a few ulp, and the same bits on every path: only operations of IEEE 754.
//!
//! x = n ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite 1980), then a polynomial for expm1 in r.

use crate::math::simd::{ROUND, Simd};

/// ln 2 in two parts: n times the first is exact for |n| < 2^11.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEFA_3800);
const LN_2_LOW: f64 = f64::from_bits(0x3D2E_F357_93C7_6730);

/// A polynomial for (e^r - 1 - r) / r², lowest power first: equal to it at the ten Chebyshev nodes of |r| <= ln 2 / 2, worked out in
/// sixty digits. Between them e^r - 1 is off by less than 2^-54 of itself.
const SERIES: [f64; 10] = [
    0.500_000_000_000_000_1,
    0.166_666_666_666_666_69,
    0.041_666_666_666_624_13,
    0.008_333_333_333_330_062,
    0.001_388_888_891_721_371_7,
    0.000_198_412_698_630_536_18,
    2.480_152_129_595_437_6e-5,
    2.755_726_845_999_706_4e-6,
    2.762_008_844_540_974_6e-7,
    2.510_038_549_551_032e-8,
];

/// Below this, e^x is taken as exactly 0: what is made from smaller numbers would soon be subnormal, which is slow.
const EXP_IS_ZERO: f64 = -600.0;

/// (e^r - 1, 2^n) for -700 <= x <= 0; NaN stays NaN.
#[inline(always)]
fn reduced<S: Simd>(simd: S, x: S::V) -> (S::V, S::V) {
    let round = simd.splat(ROUND);
    let n_plus_round = simd.fma(x, simd.splat(std::f64::consts::LOG2_E), round);
    let n = simd.sub(n_plus_round, round);
    let r = simd.fma(n, simd.splat(-LN_2_HIGH), x);
    let r = simd.fma(n, simd.splat(-LN_2_LOW), r);
    let [c2, c3, c4, c5, c6, c7, c8, c9, c10, c11] = SERIES.map(|c| simd.splat(c));
    // Estrin's scheme: short chains, so that one vector's work overlaps with itself.
    let r2 = simd.mul(r, r);
    let r4 = simd.mul(r2, r2);
    let r8 = simd.mul(r4, r4);
    let low = simd.fma(simd.fma(c5, r, c4), r2, simd.fma(c3, r, c2));
    let middle = simd.fma(simd.fma(c9, r, c8), r2, simd.fma(c7, r, c6));
    let high = simd.fma(c11, r, c10);
    let series = simd.fma(high, r8, simd.fma(middle, r4, low));
    (simd.fma(series, r2, r), simd.power_of_two(n_plus_round))
}

/// e^x for x <= 0; exactly 0 below -600.
#[inline(always)]
pub fn exp_of_negative<S: Simd>(simd: S, x: S::V) -> S::V {
    let (em1, scale) = reduced(simd, simd.max(simd.splat(-700.0), x));
    let exp = simd.fma(em1, scale, scale);
    simd.select_gt(simd.splat(EXP_IS_ZERO), x, simd.splat(0.0), exp)
}

/// e^x - 1 for x <= 0, accurate near 0.
#[inline(always)]
pub fn expm1_of_negative<S: Simd>(simd: S, x: S::V) -> S::V {
    let (em1, scale) = reduced(simd, simd.max(simd.splat(-80.0), x));
    simd.fma(em1, scale, simd.sub(scale, simd.splat(1.0)))
}

/// A polynomial for (g coth g - 1) / g² in g², lowest power first: equal to it at the five Chebyshev nodes of |g| <= ln 2 / 4, worked out in
/// sixty digits. Between them g coth g is off by less than 2^-57 of itself.
const COTH: [f64; 5] = [
    0.333_333_333_333_333_2,
    -0.022_222_222_222_051_59,
    0.002_116_402_070_932_914_4,
    -0.000_211_635_969_278_862_33,
    2.121_609_944_594_371_6e-5,
];

/// Above this tanh is 1, and with NaN there.
const TANH_IS_ONE: f64 = 40.0;

/// tanh x = (1 - q) / (1 + q) with q = e^(-2|x|), with the sign of x.
///
/// -2|x| = n ln 2 - 2g, and e^(2g) = (k + g) / (k - g) with k = g coth g. So with s = 2^n one division is enough:
/// tanh |x| = (k (1 - s) + g (1 + s)) / (k (1 + s) + g (1 - s)), and near 0, where s = 1, it is g / k, exact to the last digits.
#[inline(always)]
pub fn tanh<S: Simd>(simd: S, x: S::V) -> S::V {
    let (size, one) = (simd.abs(x), simd.splat(1.0));
    let limit = simd.splat(TANH_IS_ONE);
    let y = simd.select_gt(size, limit, limit, size);
    let round = simd.splat(ROUND);
    let n_plus_round = simd.fma(y, simd.splat(-2.0 * std::f64::consts::LOG2_E), round);
    let n = simd.sub(n_plus_round, round);
    let g = simd.fma(n, simd.splat(LN_2_HIGH / 2.0), y);
    let g = simd.fma(n, simd.splat(LN_2_LOW / 2.0), g);
    let [c0, c1, c2, c3, c4] = COTH.map(|c| simd.splat(c));
    let z = simd.mul(g, g);
    let high = simd.fma(c4, simd.mul(z, z), simd.fma(c3, z, c2));
    let k = simd.fma(simd.fma(high, simd.mul(z, z), simd.fma(c1, z, c0)), z, one);
    let s = simd.power_of_two(n_plus_round);
    let (less, more) = (simd.sub(one, s), simd.add(one, s));
    let above = simd.fma(k, less, simd.mul(g, more));
    let below = simd.fma(k, more, simd.mul(g, less));
    simd.with_sign(simd.div(above, below), x)
}

/// 1 / (1 + e^-x)
#[inline(always)]
pub fn sigmoid<S: Simd>(simd: S, x: S::V) -> S::V {
    let one = simd.splat(1.0);
    let zero = simd.splat(0.0);
    let e = exp_of_negative(simd, simd.sub(zero, simd.abs(x)));
    simd.div(simd.select_gt(zero, x, e, one), simd.add(one, e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::ops;
    use crate::math::simd::{LANES, Path, Task};

    struct Each<'a>(&'a [f64; LANES]);

    impl Task for Each<'_> {
        type Output = [[f64; LANES]; 4];

        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> Self::Output {
            let x = simd.get(self.0);
            let negative = simd.sub(simd.splat(0.0), simd.abs(x));
            let results = [
                exp_of_negative(simd, negative),
                expm1_of_negative(simd, negative),
                tanh(simd, x),
                sigmoid(simd, x),
            ];
            results.map(|r| simd.to_array(r))
        }
    }

    fn check(x: f64) {
        for path in Path::available() {
            let got = path.run(Each(&[x; LANES]));
            let exp = if x.abs() > 600.0 { 0.0 } else { ops::exp(-x.abs()) };
            let expected = [exp, ops::expm1(-x.abs()), ops::tanh(x), ops::sigmoid(x)];
            for ((got, expected), name) in got.iter().zip(expected).zip(["exp", "expm1", "tanh", "sigmoid"]) {
                let off = (got[0] - expected).abs();
                // sigmoid far in its tail is e^x, which is cut to 0 there.
                let cut = name == "sigmoid" && x < -600.0;
                assert!(
                    off <= 4.0 * f64::EPSILON * expected.abs() || cut,
                    "{}: {name}({x}) = {}, {expected}",
                    path.name(),
                    got[0]
                );
            }
        }
    }

    #[test]
    fn within_a_few_ulp_of_libm_everywhere() {
        for i in -4000..4000 {
            let x = f64::from(i) * 0.173;
            check(x);
            check(x * 1e-3);
            check(x * 1e-9);
        }
        check(0.0);
        check(-0.0);
        check(f64::INFINITY);
        check(f64::NEG_INFINITY);
    }

    #[test]
    fn not_a_number_stays_so() {
        for path in Path::available() {
            assert!(
                path.run(Each(&[f64::NAN; LANES])).iter().flatten().all(|r| r.is_nan()),
                "{}",
                path.name()
            );
        }
    }
}
