//! The normal distribution that CMA-ES samples from and learns.
//!
//! Hansen 2016, The CMA Evolution Strategy: A Tutorial, equations 38 to 47, with non-negative weights, the symmetric root of C, the stall
//! test h_σ and the change of σ by |p_σ|² of the reference purecma.

use super::population::Population;
use crate::math::symmetric::SymmetricEigen;
use crate::math::{ops, vector};
use crate::objective::Oracle;
use crate::optim::Overlay;

/// A principal axis is never shorter than this share of the longest.
const SHORTEST_AXIS: f64 = 1e-7;

/// Weights and rates: they follow from the number of variables and of points.
#[derive(Debug, Clone, PartialEq)]
struct Rates {
    /// Weights of the better half, best first; their sum is 1.
    weights: Vec<f64>,
    /// 1 / Σ wᵢ²
    mu_eff: f64,
    /// c_c
    path_c: f64,
    /// c_σ
    path_sigma: f64,
    /// c₁
    rank_one: f64,
    /// c_μ
    rank_mu: f64,
    /// d_σ
    damping: f64,
}

impl Rates {
    /// For λ points of n coordinates.
    fn new(n: usize, lambda: usize) -> Self {
        let (dim, points) = (n as f64, lambda as f64);
        let raw = |i: usize| ops::ln(0.5 * points + 0.5) - ops::ln(i as f64 + 1.0);
        let sum: f64 = (0..lambda / 2).map(raw).sum();
        let weights: Vec<f64> = (0..lambda / 2).map(|i| raw(i) / sum).collect();
        let mu_eff = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
        let path_sigma = (mu_eff + 2.0) / (dim + mu_eff + 5.0);
        let rank_one = 2.0 / ((dim + 1.3) * (dim + 1.3) + mu_eff);
        let rank_mu = 2.0 * (mu_eff - 2.0 + 1.0 / mu_eff) / ((dim + 2.0) * (dim + 2.0) + mu_eff);
        Self {
            weights,
            mu_eff,
            path_c: (4.0 + mu_eff / dim) / (dim + 4.0 + 2.0 * mu_eff / dim),
            path_sigma,
            rank_one,
            rank_mu: rank_mu.min(1.0 - rank_one),
            damping: 2.0 * mu_eff / points + 0.3 + path_sigma,
        }
    }
}

/// N(m, σ² C), its evolution paths, and the points last sampled from it.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchDistribution {
    rates: Rates,
    mean: Vec<f64>,
    sigma: f64,
    /// C, row by row.
    covariance: Vec<f64>,
    path_sigma: Vec<f64>,
    path_c: Vec<f64>,
    /// √C, row by row, as of generation `rooted`.
    root: Vec<f64>,
    eigen: SymmetricEigen,
    rooted: u64,
    generation: u64,
    sampled: Population,
    /// The z of every point, then its √C z.
    normals: Vec<f64>,
    steps: Vec<f64>,
    order: Vec<usize>,
    /// Weighted means of z and √C z.
    mean_normal: Vec<f64>,
    mean_step: Vec<f64>,
}

impl SearchDistribution {
    /// N(x0, σ² I), to be sampled `lambda` points at a time, two or more.
    pub fn new(x0: &[f64], sigma: f64, lambda: usize) -> Self {
        let (n, lambda) = (x0.len(), lambda.max(2));
        let mut identity = vec![0.0; n * n];
        for k in 0..n {
            identity[k * n + k] = 1.0;
        }
        Self {
            rates: Rates::new(n, lambda),
            mean: x0.to_vec(),
            sigma,
            root: identity.clone(),
            covariance: identity,
            path_sigma: vec![0.0; n],
            path_c: vec![0.0; n],
            eigen: SymmetricEigen::identity(n),
            rooted: 0,
            generation: 0,
            sampled: Population::at(x0, lambda),
            normals: vec![0.0; lambda * n],
            steps: vec![0.0; lambda * n],
            order: (0..lambda).collect(),
            mean_normal: vec![0.0; n],
            mean_step: vec![0.0; n],
        }
    }

    /// m
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// σ
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// C, row by row.
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    /// p_σ, which tells whether steps are too short or too long.
    pub fn path_sigma(&self) -> &[f64] {
        &self.path_sigma
    }

    /// p_c, the direction of late.
    pub fn path_c(&self) -> &[f64] {
        &self.path_c
    }

    /// The points last sampled, with their values.
    pub fn sampled(&self) -> &Population {
        &self.sampled
    }

    /// Moves the mean, as a rule around this one may do.
    pub(super) fn centre_on(&mut self, x: &[f64]) {
        self.mean.copy_from_slice(x);
    }

    /// Where the next λ·n independent standard normal numbers go: the z of [`Self::sample`].
    pub fn normals_mut(&mut self) -> &mut [f64] {
        &mut self.normals
    }

    /// Places the points x = m + σ √C z, one for each z.
    pub fn sample(&mut self) {
        let n = self.mean.len();
        for k in 0..self.sampled.len() {
            let z = &self.normals[k * n..(k + 1) * n];
            let step = &mut self.steps[k * n..(k + 1) * n];
            for ((row, y), (x, m)) in step
                .iter_mut()
                .enumerate()
                .zip(self.sampled.point_mut(k).iter_mut().zip(&self.mean))
            {
                *y = vector::dot(&self.root[row * n..(row + 1) * n], z);
                *x = m + self.sigma * *y;
            }
        }
    }

    /// Asks for the values of the points.
    pub(super) fn ask(&mut self, oracle: &mut Oracle<'_>) {
        self.sampled.ask_all(oracle);
    }

    /// Tells the values of the points, in their order: for whoever asks for them himself.
    pub fn tell(&mut self, values: &[f64]) {
        self.sampled.set_values(values);
    }

    /// Learns from the values of the points.
    pub fn learn(&mut self) {
        self.generation += 1;
        self.move_mean();
        let moving = self.extend_paths();
        self.adapt_covariance(moving);
        let excess = vector::dot(&self.path_sigma, &self.path_sigma) / self.mean.len() as f64 - 1.0;
        let growth = 0.5 * self.rates.path_sigma / self.rates.damping * excess;
        self.sigma *= ops::exp(growth.min(1.0));
        if self.is_stale() {
            self.take_root();
        }
    }

    /// m ← m + σ Σ wᵢ yᵢ over the better half, best first.
    fn move_mean(&mut self) {
        let n = self.mean.len();
        self.sampled.rank(&mut self.order);
        self.mean_normal.fill(0.0);
        self.mean_step.fill(0.0);
        for (k, w) in self.order.iter().zip(&self.rates.weights) {
            vector::axpy(*w, &self.normals[k * n..(k + 1) * n], &mut self.mean_normal);
            vector::axpy(*w, &self.steps[k * n..(k + 1) * n], &mut self.mean_step);
        }
        vector::axpy(self.sigma, &self.mean_step, &mut self.mean);
    }

    /// Equations 43 and 45. Returns whether p_c took the step: not while p_σ is long, when σ is about to grow (h_σ).
    fn extend_paths(&mut self) -> bool {
        let Rates {
            mu_eff,
            path_c,
            path_sigma,
            ..
        } = self.rates;
        vector::scale(1.0 - path_sigma, &mut self.path_sigma);
        let share = (path_sigma * (2.0 - path_sigma) * mu_eff).sqrt();
        vector::axpy(share, &self.mean_normal, &mut self.path_sigma);

        let n = self.mean.len() as f64;
        // Beyond so many generations the power is 0.
        let doubled = (2 * self.generation).min(100_000) as i32;
        let started = 1.0 - ops::powi(1.0 - path_sigma, doubled);
        let length = vector::dot(&self.path_sigma, &self.path_sigma) / n / started;
        let moving = length < 2.0 + 4.0 / (n + 1.0);
        vector::scale(1.0 - path_c, &mut self.path_c);
        if moving {
            let share = (path_c * (2.0 - path_c) * mu_eff).sqrt();
            vector::axpy(share, &self.mean_step, &mut self.path_c);
        }
        moving
    }

    /// Equation 47: C ← (1 − c₁ − c_μ) C + c₁ p_c p_cᵀ + c_μ Σ wᵢ yᵢ yᵢᵀ
    fn adapt_covariance(&mut self, moving: bool) {
        let Rates {
            path_c,
            rank_one,
            rank_mu,
            ..
        } = self.rates;
        // A path that stood still has lost variance, which C keeps instead.
        let lost = if moving { 0.0 } else { path_c * (2.0 - path_c) };
        vector::scale(1.0 - rank_one * (1.0 - lost) - rank_mu, &mut self.covariance);
        add_outer(rank_one, &self.path_c, &mut self.covariance);
        let n = self.mean.len();
        for (k, w) in self.order.iter().zip(&self.rates.weights) {
            add_outer(rank_mu * w, &self.steps[k * n..(k + 1) * n], &mut self.covariance);
        }
    }

    /// Whether C has changed enough to be taken apart again: every generation up to a hundred variables or so, then less often, as the
    /// tutorial says in its appendix B.2.
    fn is_stale(&self) -> bool {
        let pace = (self.rates.rank_one + self.rates.rank_mu) * 10.0 * self.mean.len() as f64;
        (self.generation - self.rooted) as f64 * pace >= 1.0
    }

    /// √C = Σ √λ_k v_k v_kᵀ
    fn take_root(&mut self) {
        self.rooted = self.generation;
        self.eigen.decompose(&self.covariance);
        let longest = self.axis(0).max((1..self.mean.len()).fold(0.0, |m, k| self.axis(k).max(m)));
        self.root.fill(0.0);
        for k in 0..self.mean.len() {
            let length = self.axis(k).max(SHORTEST_AXIS * longest);
            add_outer(length, self.eigen.vector(k), &mut self.root);
        }
    }

    /// √λ_k; rounding may leave a short axis below 0.
    fn axis(&self, k: usize) -> f64 {
        self.eigen.values().get(k).map_or(0.0, |value| value.max(0.0).sqrt())
    }

    /// The points last sampled, and the distribution that they made.
    pub(super) fn overlays(&self) -> Vec<Overlay> {
        let axis = |k: usize| {
            let mut axis = self.eigen.vector(k).to_vec();
            vector::scale(self.sigma * self.axis(k), &mut axis);
            axis
        };
        let ellipse = Overlay::Ellipse {
            centre: self.mean.clone(),
            axes: (0..self.mean.len()).map(axis).collect(),
        };
        if self.generation == 0 {
            return vec![ellipse];
        }
        vec![ellipse, self.sampled.overlay()]
    }
}

/// A ← A + a v vᵀ
fn add_outer(a: f64, v: &[f64], matrix: &mut [f64]) {
    for (row, first) in matrix.chunks_exact_mut(v.len().max(1)).zip(v) {
        vector::axpy(a * first, v, row);
    }
}
