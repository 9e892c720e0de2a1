//! Named streams of random numbers.
//!
//! A draw depends on (seed, purpose, index) only, never on what was drawn before for something else. So every run of an
//! experiment sees the same noise and the same batches at the same step, and a run resumed in the middle draws what it would have drawn.

use rand::Rng as _;
use rand::SeedableRng as _;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::ops;

/// What a stream is for. The numbers are part of the file format: a changed one changes results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Noise added to gradients, one stream a question.
    GradientNoise = 1,
    /// What an update rule draws itself (proposals), one stream a step.
    Rule = 2,
    /// The order of the rows, one stream an epoch.
    Batches = 3,
    /// Starting points, one stream a restart.
    Start = 4,
    /// Which rows are held out.
    Split = 5,
    /// Directions of a slice.
    Directions = 6,
    /// Generated data sets.
    Generate = 7,
    /// Work measured by a bench.
    Bench = 8,
    /// Noise added to values, one stream a question.
    ValueNoise = 9,
    /// Units that are left out, one key a step.
    Dropout = 10,
}

/// A stream of random numbers (xoshiro256++, Blackman and Vigna 2019).
#[derive(Debug, Clone, PartialEq)]
pub struct Rng(Xoshiro256PlusPlus);

impl Rng {
    /// The stream for `purpose` number `index` under `seed`.
    pub fn stream(seed: u64, purpose: Purpose, index: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(Self::key(seed, purpose, index)))
    }

    /// A number that stands for (seed, purpose, index): for hashing where a stream would have to be drawn in order.
    pub fn key(seed: u64, purpose: Purpose, index: u64) -> u64 {
        splitmix(splitmix(splitmix(seed) ^ purpose as u64) ^ index)
    }

    /// Uniform in [0, 1) by hashing: the number `index` of those that `key` stands for, in whatever order they are asked for.
    #[inline]
    pub fn hashed(key: u64, index: u64) -> f64 {
        (splitmix(key ^ splitmix(index)) >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform in [0, 1), 53 bits.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform in [low, high).
    #[inline]
    pub fn uniform_in(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal (Box and Muller 1958, the cosine half).
    #[inline]
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * ops::ln(1.0 - self.uniform())).sqrt();
        radius * ops::cos(std::f64::consts::TAU * self.uniform())
    }

    /// Student's t with `nu` > 0 degrees of freedom (Bailey 1994, Polar Generation of Random Variates with the t-Distribution, the cosine
    /// half): Box and Muller's method with another radius.
    #[inline]
    pub fn student_t(&mut self, nu: f64) -> f64 {
        let spread = ops::powf(1.0 - self.uniform(), -2.0 / nu) - 1.0;
        (nu * spread).sqrt() * ops::cos(std::f64::consts::TAU * self.uniform())
    }

    /// Uniform in 0..n without bias (Lemire 2019). `n` must not be 0.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        debug_assert!(n > 0);
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(n);
            let low = product as u64;
            if low >= n || low >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }

    /// Fisher-Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

/// One round of splitmix64 (Steele, Lea and Flood 2014): neighbouring seeds become unrelated streams.
fn splitmix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
