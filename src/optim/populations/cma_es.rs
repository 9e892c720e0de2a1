//! CMA-ES: points are sampled from a normal distribution whose mean, size and shape follow the better half of them.
//!
//! Hansen and Ostermeier 2001, Completely Derandomized Self-Adaptation in Evolution Strategies; Hansen 2016, The CMA Evolution Strategy:
//! A Tutorial.

use serde::{Deserialize, Serialize};

use super::SearchDistribution;
use super::population::members;
use crate::math::ops;
use crate::objective::Offer;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// The most variables: with so many, taking the matrix apart takes a large part of a second.
const MOST_VARIABLES: usize = 500;

/// Covariance matrix adaptation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CmaEs {
    pub sigma: f64,
    pub population: u64,
}

impl Default for CmaEs {
    fn default() -> Self {
        Self {
            sigma: 1.0,
            population: 20,
        }
    }
}

impl Parametric for CmaEs {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("sigma", "Initial step size", |r: &mut Self| &mut r.sigma)
            .log(1e-3, 100.0)
            .limit(Limit::Positive)
            .symbol("σ₀")
            .help("Standard deviation of the first points around the start; the minimum is best within three of it"),
        ParamSpec::integer("population", "Population", 0, 100, |r: &mut Self| &mut r.population)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Points a generation, from 2 to 10000; 0 = Hansen's 4 + ⌊3 ln n⌋ for n variables; more find better minima, and cost more"),
    ];
}

impl CmaEs {
    fn points(&self, n: usize) -> usize {
        match self.population {
            0 => 4 + (3.0 * ops::ln(n.max(1) as f64)) as usize,
            asked => members(asked, 2),
        }
    }
}

impl Optimizer for CmaEs {
    type State = SearchDistribution;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "CMA-ES",
        order: Order::Zeroth,
        elementwise: false,
        formula: "x_k = m + σ √C z_k,   z_k ~ N(0, I)\nm ← Σ wᵢ x_i   over the better half, best first\np_σ ← (1 − c_σ) p_σ + √(c_σ (2 − c_σ) μ) Σ wᵢ z_i\np_c ← (1 − c_c) p_c + h √(c_c (2 − c_c) μ) Δm/σ\nC ← (1 − c₁ − c_μ) C + c₁ p_c p_cᵀ + c_μ Σ wᵢ y_i y_iᵀ\nσ ← σ exp(c_σ (|p_σ|²/n − 1) / 2 d_σ)",
        source: "Hansen and Ostermeier 2001; Hansen 2016, The CMA Evolution Strategy: A Tutorial",
        variant: "as the reference purecma: non-negative weights, symmetric √C, σ by |p_σ|²; the search knows no edges; x is the mean",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        SearchDistribution::new(x0, self.sigma, self.points(x0.len()))
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        state.centre_on(x);
        let mut rng = ctx.rng();
        for z in state.normals_mut() {
            *z = rng.normal();
        }
        state.sample();
        state.ask(&mut ctx.oracle);
        state.learn();
        x.copy_from_slice(state.mean());
        StepEvent::Moved
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        offer.beyond(
            MOST_VARIABLES,
            "takes a matrix apart that has an entry for every pair of variables",
        )
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        state.overlays()
    }
}
