//! exp, sin and cos of eight numbers at once, with the bits that [`ops`] gives for each.
//!
//! They take the steps of `libm` (FreeBSD's msun: `e_exp.c`, `k_sin.c`, `k_cos.c`, `e_rem_pio2.c`) side by side: the same sums and
//! products in the same order, nothing fused. Where an argument would leave the common way (huge, not finite, next to a multiple of
//! π/2) all eight are asked for one by one.

use super::ops;
use super::simd::{ROUND, Simd};

/// Any function, lane by lane.
#[inline(always)]
pub fn each<S: Simd>(simd: S, x: S::V, f: impl Fn(f64) -> f64) -> S::V {
    simd.get(&simd.to_array(x).map(f))
}

/// c0 + x (c1 + x (c2 + ...))
#[inline(always)]
fn horner<S: Simd, const N: usize>(simd: S, x: S::V, coefficients: [f64; N]) -> S::V {
    let mut sum = simd.splat(coefficients[N - 1]);
    for c in coefficients[..N - 1].iter().rev() {
        sum = simd.add(simd.splat(*c), simd.mul(x, sum));
    }
    sum
}

/// A number given by the upper half of its bits.
const fn high(word: u64) -> f64 {
    f64::from_bits(word << 32)
}

/// Below this e^x is 0; between here and -708 it is subnormal.
const VANISHING: f64 = -746.0;

/// e^x
#[inline(always)]
pub fn exp<S: Simd>(simd: S, x: S::V) -> S::V {
    let size = simd.abs(x);
    // The k with x = k ln 2 + r and small r, and how far off it is: half-way between two, libm's choice may be another.
    let wanted = simd.mul(simd.splat(std::f64::consts::LOG2_E), x);
    let k_plus_round = simd.add(wanted, simd.splat(ROUND));
    let k = simd.sub(k_plus_round, simd.splat(ROUND));
    let off = simd.abs(simd.sub(wanted, k));
    let (most, least) = (simd.splat(708.0), simd.splat(high(0x3E30_0001)));
    if !(simd.all_gt(size, least) && simd.all_gt(simd.splat(0.4999), off)) {
        return each(simd, x, ops::exp);
    }
    if simd.all_gt(most, size) {
        return exp_of_parts(simd, x, k, k_plus_round);
    }
    let (vanishing, zero) = (simd.splat(VANISHING), simd.splat(0.0));
    if simd.all_gt(most, simd.select_gt(vanishing, x, zero, size)) {
        simd.select_gt(vanishing, x, zero, exp_of_parts(simd, x, k, k_plus_round))
    } else {
        each(simd, x, ops::exp)
    }
}

/// e^x for x = k ln 2 + r.
#[inline(always)]
fn exp_of_parts<S: Simd>(simd: S, x: S::V, k: S::V, k_plus_round: S::V) -> S::V {
    let hi = simd.sub(x, simd.mul(k, simd.splat(6.931_471_803_691_238e-1)));
    let lo = simd.mul(k, simd.splat(1.908_214_929_270_587_7e-10));
    let r = simd.sub(hi, lo);
    let rr = simd.mul(r, r);
    let series = [
        1.666_666_666_666_660_2e-1,
        -2.777_777_777_701_559_3e-3,
        6.613_756_321_437_934e-5,
        -1.653_390_220_546_525_2e-6,
        4.138_136_797_057_238_5e-8,
    ];
    let c = simd.sub(r, simd.mul(rr, horner(simd, rr, series)));
    let quotient = simd.div(simd.mul(r, c), simd.sub(simd.splat(2.0), c));
    let y = simd.add(simd.splat(1.0), simd.add(simd.sub(quotient, lo), hi));
    simd.mul(y, simd.power_of_two(k_plus_round))
}

/// sin x
#[inline(always)]
pub fn sin<S: Simd>(simd: S, x: S::V) -> S::V {
    match Reduced::of(simd, x) {
        Some(reduced) => reduced.sin(simd),
        None => each(simd, x, ops::sin),
    }
}

/// cos x
#[inline(always)]
pub fn cos<S: Simd>(simd: S, x: S::V) -> S::V {
    match Reduced::of(simd, x) {
        Some(reduced) => reduced.cos(simd),
        None => each(simd, x, ops::cos),
    }
}

/// Up to here no multiple of π/2 is taken away.
const QUARTER_PI: f64 = high(0x3FE9_21FC);

/// x = n π/2 + y0 + y1, and sine and cosine of y0 + y1.
struct Reduced<V> {
    n_plus_round: V,
    sine: V,
    cosine: V,
}

impl<V: Copy> Reduced<V> {
    /// None where one of the eight does not go the common way.
    #[inline(always)]
    fn of<S: Simd<V = V>>(simd: S, x: V) -> Option<Self> {
        let (size, limit, round) = (simd.abs(x), simd.splat(QUARTER_PI), simd.splat(ROUND));
        if !simd.all_gt(simd.splat(high(0x4139_21FB)), size) {
            return None;
        }
        let nearest = simd.add(simd.mul(x, simd.splat(std::f64::consts::FRAC_2_PI)), round);
        let n_plus_round = simd.select_gt(limit, size, round, nearest);
        let n = simd.sub(n_plus_round, round);
        let r = simd.sub(x, simd.mul(n, simd.splat(1.570_796_326_734_125_6)));
        let w = simd.mul(n, simd.splat(6.077_100_506_506_192e-11));
        let y0 = simd.sub(r, w);
        let y1 = simd.sub(simd.sub(r, y0), w);
        // Close to a multiple of π/2 more of π is needed; half-way between two, the choice of n is another for small x.
        let left = simd.select_gt(limit, size, simd.splat(0.5), simd.abs(y0));
        let enough = simd.mul(size, simd.splat(1.0 / 65_536.0));
        if !(simd.all_gt(left, enough) && simd.all_gt(simd.splat(std::f64::consts::FRAC_PI_4 - 1e-5), left)) {
            return None;
        }
        let (sine, cosine) = (kernel_sin(simd, x, size, y0, y1), kernel_cos(simd, y0, y1));
        Some(Self {
            n_plus_round,
            sine,
            cosine,
        })
    }

    /// -1 where n is odd.
    #[inline(always)]
    fn parity<S: Simd<V = V>>(&self, simd: S) -> V {
        simd.with_sign(simd.splat(1.0), simd.shift_left::<63>(self.n_plus_round))
    }

    #[inline(always)]
    fn sin<S: Simd<V = V>>(&self, simd: S) -> V {
        let value = simd.select_gt(simd.splat(0.0), self.parity(simd), self.cosine, self.sine);
        simd.flip_sign(value, simd.shift_left::<62>(self.n_plus_round))
    }

    #[inline(always)]
    fn cos<S: Simd<V = V>>(&self, simd: S) -> V {
        let value = simd.select_gt(simd.splat(0.0), self.parity(simd), self.sine, self.cosine);
        let next = simd.add(self.n_plus_round, simd.splat(1.0));
        simd.flip_sign(value, simd.shift_left::<62>(next))
    }
}

/// sin(x + y) for |x + y| < π/4; `whole` is the argument before anything was taken away, `size` its size.
#[inline(always)]
fn kernel_sin<S: Simd>(simd: S, whole: S::V, size: S::V, x: S::V, y: S::V) -> S::V {
    let s1 = simd.splat(-1.666_666_666_666_663_2e-1);
    let z = simd.mul(x, x);
    let low = horner(
        simd,
        z,
        [8.333_333_333_322_49e-3, -1.984_126_982_985_795e-4, 2.755_731_370_707_006_8e-6],
    );
    let high = horner(simd, z, [-2.505_076_025_340_686_3e-8, 1.589_690_995_211_55e-10]);
    let r = simd.add(low, simd.mul(simd.mul(z, simd.mul(z, z)), high));
    let v = simd.mul(z, x);
    let alone = simd.add(x, simd.mul(v, simd.add(s1, simd.mul(z, r))));
    let half = simd.sub(simd.mul(simd.splat(0.5), y), simd.mul(v, r));
    let correction = simd.sub(simd.sub(simd.mul(z, half), y), simd.mul(v, s1));
    let sine = simd.select_gt(simd.splat(QUARTER_PI), size, alone, simd.sub(x, correction));
    // So small that it is its own sine: -0 stays -0.
    simd.select_gt(simd.splat(1.0 / 67_108_864.0), size, whole, sine)
}

/// cos(x + y) for |x + y| < π/4.
#[inline(always)]
fn kernel_cos<S: Simd>(simd: S, x: S::V, y: S::V) -> S::V {
    let z = simd.mul(x, x);
    let w = simd.mul(z, z);
    let low = horner(
        simd,
        z,
        [4.166_666_666_666_66e-2, -1.388_888_888_887_411e-3, 2.480_158_728_947_673e-5],
    );
    let high = horner(
        simd,
        z,
        [
            -2.755_731_435_139_066_3e-7,
            2.087_572_321_298_175e-9,
            -1.135_964_755_778_819_5e-11,
        ],
    );
    let r = simd.add(simd.mul(z, low), simd.mul(simd.mul(w, w), high));
    let one = simd.splat(1.0);
    let half = simd.mul(simd.splat(0.5), z);
    let rest = simd.sub(one, half);
    let lost = simd.sub(simd.sub(one, rest), half);
    let small = simd.sub(simd.mul(z, r), simd.mul(x, y));
    simd.add(rest, simd.add(lost, small))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::simd::{LANES, Path, Task};
    use crate::math::{Purpose, Rng};

    struct Each<'a>(&'a [f64; LANES]);

    impl Task for Each<'_> {
        type Output = [[f64; LANES]; 3];

        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> Self::Output {
            let x = simd.get(self.0);
            [exp(simd, x), sin(simd, x), cos(simd, x)].map(|r| simd.to_array(r))
        }
    }

    fn check(x: &[f64; LANES]) {
        let expected = [x.map(ops::exp), x.map(ops::sin), x.map(ops::cos)];
        for path in Path::available() {
            let got = path.run(Each(x));
            for ((got, expected), name) in got.iter().flatten().zip(expected.iter().flatten()).zip(0..) {
                let same = got.to_bits() == expected.to_bits() || (got.is_nan() && expected.is_nan());
                assert!(same, "{}: number {name} of {x:?}: {got} not {expected}", path.name());
            }
        }
    }

    #[test]
    fn the_bits_are_those_of_one_at_a_time() {
        let mut rng = Rng::stream(1, Purpose::Bench, 0);
        for spread in [1e-9, 1e-3, 0.5, 1.0, 3.0, 10.0, 100.0, 720.0, 1e5] {
            for _ in 0..4000 {
                check(&std::array::from_fn(|_| rng.uniform_in(-spread, spread)));
            }
        }
    }

    #[test]
    fn also_where_the_ways_part() {
        let borders = [
            0.0,
            -0.0,
            f64::from_bits(1),
            -746.5,
            -745.1,
            -1e300,
            709.0,
            710.0,
            2e6,
            1e22,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
        ];
        for border in borders {
            check(&std::array::from_fn(|i| if i == 3 { border } else { i as f64 }));
        }
        let words = [
            0x3E30_0000_u64,
            0x3E46_A09E,
            0x3E50_0000,
            0x3FD6_2E42,
            0x3FE9_21FB,
            0x3FF0_A2B2,
            0x4002_D97C,
            0x400F_6A7A,
        ];
        for word in words {
            for low in [0, 1, 0x7F33_21D2, 0xFFFF_FFFF] {
                let x = f64::from_bits((word << 32) | low);
                check(&[x, -x, x.next_up(), x.next_down(), 2.0 * x, -3.0 * x, 0.25 * x, 1.0 - x]);
            }
        }
        for n in -40..40 {
            let x = f64::from(n) * std::f64::consts::FRAC_PI_4;
            check(&[
                x,
                x.next_up(),
                x.next_down(),
                x + 1e-7,
                x - 1e-7,
                x + 1e-5,
                x - 1e-5,
                x + 0.01,
            ]);
        }
    }
}
