//! A Gaussian process through the values seen so far: what is believed about the function everywhere else.
//!
//! Ordinary kriging as in Jones, Schonlau and Welch 1998, Efficient Global Optimization of Expensive Black-Box Functions: values are
//! μ + Z(x), where Z has variance σ² and a correlation that falls with the distance. μ and σ² are their maximum likelihood estimates
//! (eq. 5 and 6), prediction and its error are eq. 7 and 9. The length of each axis climbs the likelihood that is left (eq. 4) on a grid.
//! The kernels are eq. 4.9 and 4.17 of Rasmussen and Williams 2006, Gaussian Processes for Machine Learning.

use serde::{Deserialize, Serialize};

use super::cholesky::Cholesky;
use crate::math::{ops, vector};

/// The most observations that a surrogate keeps.
pub(super) const ROOM: usize = 300;
/// Added to the diagonal of the correlations, so that close points do not make them singular. The surrogate misses its data by about
/// this share of their spread.
const JITTER: f64 = 1e-8;
/// Lengths tried for all axes alike, in units of the width of the domain.
const LENGTHS: [f64; 6] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6];
/// A step on the grid of lengths of one axis, and how far the grid reaches.
const LENGTH_STEP: f64 = std::f64::consts::SQRT_2;
const LENGTH_RANGE: [f64; 2] = [0.02, 10.0];

/// How correlation falls with the distance d, in units of the length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kernel {
    /// exp(−d²/2): infinitely smooth functions.
    SquaredExponential,
    /// (1 + √5 d + 5d²/3) exp(−√5 d): twice differentiable ones.
    Matern52,
}

impl Kernel {
    fn at(self, squared_distance: f64) -> f64 {
        match self {
            Self::SquaredExponential => ops::exp(-0.5 * squared_distance),
            Self::Matern52 => {
                let d = (5.0 * squared_distance).sqrt();
                (1.0 + d + d * d / 3.0) * ops::exp(-d)
            }
        }
    }
}

/// The process after its observations.
#[derive(Debug, Clone, PartialEq)]
pub struct Surrogate {
    kernel: Kernel,
    /// Distance in each coordinate over which the function changes.
    lengths: Vec<f64>,
    /// Added to the diagonal: variance of noise over σ².
    nugget: f64,
    /// Observed points, one after the other.
    points: Vec<f64>,
    values: Vec<f64>,
    correlations: Cholesky,
    /// R⁻¹ (y − μ)
    weights: Vec<f64>,
    /// R⁻¹ 1
    ones: Vec<f64>,
    /// 1ᵀ R⁻¹ 1
    ones_sum: f64,
    /// μ
    mean: f64,
    /// σ²
    variance: f64,
}

impl Surrogate {
    /// Nothing observed yet. `lengths` are in the units of x, one for each coordinate; `noise` is the standard deviation of what is not
    /// the function's in a value, as a share of σ.
    pub fn new(kernel: Kernel, lengths: &[f64], noise: f64) -> Self {
        Self {
            kernel,
            lengths: lengths.to_vec(),
            nugget: noise * noise + JITTER,
            points: Vec::new(),
            values: Vec::new(),
            correlations: Cholesky::default(),
            weights: Vec::new(),
            ones: Vec::new(),
            ones_sum: 0.0,
            mean: 0.0,
            variance: 0.0,
        }
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The observations: points and values.
    pub fn observed(&self) -> impl ExactSizeIterator<Item = (&[f64], f64)> {
        self.points.chunks_exact(self.lengths.len()).zip(self.values.iter().copied())
    }

    /// Distance in each coordinate over which the function changes.
    pub fn lengths(&self) -> &[f64] {
        &self.lengths
    }

    /// What is believed of f(x): mean and standard deviation. Before there is an observation both are 0.
    pub fn at(&self, x: &[f64]) -> [f64; 2] {
        let (mut near, n) = ([0.0; ROOM], self.len());
        let near = &mut near[..n];
        if n == 0 {
            return [0.0, 0.0];
        }
        for (r, (point, _)) in near.iter_mut().zip(self.observed()) {
            *r = self.kernel.at(self.squared_distance(x, point));
        }
        let mean = self.mean + vector::dot(near, &self.weights);
        let of_mean = 1.0 - vector::dot(near, &self.ones);
        self.correlations.forward(near);
        let unknown = 1.0 - vector::dot(near, near) + of_mean * of_mean / self.ones_sum;
        [mean, (self.variance * unknown.max(0.0)).sqrt()]
    }

    /// σ, the spread of the function where nothing is known.
    pub(super) fn spread(&self) -> f64 {
        self.variance.sqrt()
    }

    /// The lowest observed value, and where.
    pub(super) fn best(&self) -> Option<(&[f64], f64)> {
        self.observed().min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn squared_distance(&self, a: &[f64], b: &[f64]) -> f64 {
        let apart = a.iter().zip(b).zip(&self.lengths);
        apart.map(|((a, b), length)| ((a - b) / length) * ((a - b) / length)).sum()
    }

    /// Takes in f(x). A value that is no finite number counts as the worst so far. Beyond `most` observations (at least 2, at most 300)
    /// the worse of the two closest ones is forgotten: it says least.
    pub fn observe(&mut self, x: &[f64], value: f64, most: usize) {
        let value = if value.is_finite() { value } else { self.worst() };
        if self.len() >= most.clamp(2, ROOM) {
            self.replace_least_telling(x, value);
        } else {
            self.points.extend_from_slice(x);
            self.values.push(value);
        }
        self.condition();
    }

    fn worst(&self) -> f64 {
        self.values.iter().copied().reduce(f64::max).unwrap_or(0.0)
    }

    fn replace_least_telling(&mut self, x: &[f64], value: f64) {
        let (mut closest, mut pair) = (f64::INFINITY, (0, 0));
        for (i, (a, _)) in self.observed().enumerate() {
            for (j, (b, _)) in self.observed().enumerate().take(i) {
                let distance = self.squared_distance(a, b);
                if distance < closest {
                    (closest, pair) = (distance, (i, j));
                }
            }
        }
        let (i, j) = pair;
        let place = if self.values[i] > self.values[j] { i } else { j };
        let dim = self.lengths.len();
        self.points[place * dim..][..dim].copy_from_slice(x);
        self.values[place] = value;
    }

    /// Everything that follows from observations and lengths. The nugget grows tenfold for as long as rounding defeats it.
    fn condition(&mut self) {
        let n = self.len();
        let (dim, mut correlations) = (self.lengths.len(), std::mem::take(&mut self.correlations));
        let mut nugget = self.nugget;
        let point = |i: usize| &self.points[i * dim..][..dim];
        let entry = |i: usize, j: usize| self.kernel.at(self.squared_distance(point(i), point(j)));
        while nugget < 1.0 && !correlations.factorise(n, |i, j| entry(i, j) + if i == j { nugget } else { 0.0 }) {
            nugget *= 10.0;
        }
        self.correlations = correlations;
        self.estimate();
    }

    /// μ, σ² and the weights.
    fn estimate(&mut self) {
        let n = self.len();
        self.ones.clear();
        self.ones.resize(n, 1.0);
        self.correlations.solve(&mut self.ones);
        self.ones_sum = self.ones.iter().sum();
        self.mean = vector::dot(&self.ones, &self.values) / self.ones_sum;
        self.weights.clear();
        self.weights.extend(self.values.iter().map(|y| y - self.mean));
        self.correlations.solve(&mut self.weights);
        let misfit: f64 = self.weights.iter().zip(&self.values).map(|(w, y)| w * (y - self.mean)).sum();
        self.variance = (misfit / n as f64).max(0.0);
    }

    /// Twice the negative logarithm of the likelihood of the values, at the best μ and σ² and up to a constant: the less, the better.
    fn implausibility(&mut self, lengths: impl Fn(usize) -> f64) -> f64 {
        for (i, length) in self.lengths.iter_mut().enumerate() {
            *length = lengths(i);
        }
        self.condition();
        self.len() as f64 * ops::ln(self.variance.max(f64::MIN_POSITIVE)) + self.correlations.log_determinant()
    }

    /// Makes the values more plausible by other lengths: the same share of each width if one is better, then a step up or down on every axis
    /// by itself. `current` and `widths` have a number for each coordinate; `current` is overwritten with the lengths.
    pub fn fit_lengths(&mut self, widths: &[f64], current: &mut [f64]) {
        current.copy_from_slice(&self.lengths);
        let mut least = self.implausibility(|i| current[i]);
        for share in LENGTHS {
            let implausibility = self.implausibility(|i| share * widths[i]);
            if implausibility < least {
                least = implausibility;
                current.copy_from_slice(&self.lengths);
            }
        }
        for axis in 0..current.len() {
            for factor in [LENGTH_STEP, 1.0 / LENGTH_STEP] {
                let [low, high] = LENGTH_RANGE.map(|share| share * widths[axis]);
                let tried = (factor * current[axis]).clamp(low, high);
                let implausibility = self.implausibility(|i| if i == axis { tried } else { current[i] });
                if implausibility < least {
                    least = implausibility;
                    current[axis] = tried;
                    break;
                }
            }
        }
        self.implausibility(|i| current[i]);
    }
}
