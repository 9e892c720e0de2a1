//! An evolution strategy that descends the slope of the mean of f over a cloud of Gaussian perturbations, seen through values alone.
//!
//! Salimans, Ho, Chen, Sidor and Sutskever 2017, Evolution Strategies as a Scalable Alternative to Reinforcement Learning, Algorithm 1 with
//! the antithetic pairs and the rank shaping of section 2.1. As in Algorithm 2, perturbations are not kept but drawn again from their seed.

use serde::{Deserialize, Serialize};

use super::population::members;
use crate::math::{Rng, vector};
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// No ellipse is shown beyond: its axes are a matrix.
const MOST_AXES: usize = 1000;

/// OpenAI's evolution strategy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvolutionStrategy {
    pub lr: f64,
    pub sigma: f64,
    pub pairs: u64,
    pub shaping: Shaping,
}

impl Default for EvolutionStrategy {
    fn default() -> Self {
        Self {
            lr: 0.002,
            sigma: 0.02,
            pairs: 10,
            shaping: Shaping::Ranks,
        }
    }
}

/// What stands for the value of a perturbation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shaping {
    /// Its rank, from −1/2 (best) to 1/2 (worst).
    Ranks,
    /// The value itself.
    Values,
}

impl Parametric for EvolutionStrategy {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        ParamSpec::number("sigma", "Perturbation", |r: &mut Self| &mut r.sigma)
            .log(1e-4, 10.0)
            .limit(Limit::Positive)
            .symbol("σ")
            .help("Standard deviation of the perturbations: what is narrower than this is not seen"),
        ParamSpec::integer("pairs", "Pairs", 1, 100, |r: &mut Self| &mut r.pairs)
            .limit(Limit::AtLeastOne)
            .symbol("n")
            .help("Perturbations a generation, up to 10000, each tried forwards and backwards: two values"),
        ParamSpec::choice(
            "shaping",
            "Shaping",
            &["ranks", "values"],
            |r: &Self| match r.shaping {
                Shaping::Ranks => "ranks",
                Shaping::Values => "values",
            },
            |r: &mut Self, name| r.shaping = if name == "values" { Shaping::Values } else { Shaping::Ranks },
        )
        .help("By ranks the scale of f does not matter; by values the step is the slope of the smoothed f itself"),
    ];
}

/// What a generation was worth, and room to work in.
#[derive(Debug, Clone, PartialEq)]
pub struct Perturbations {
    /// Forwards, backwards, forwards ...
    values: Vec<f64>,
    order: Vec<usize>,
    probe: Vec<f64>,
    slope: Vec<f64>,
    /// Where the cloud is.
    centre: Vec<f64>,
}

impl EvolutionStrategy {
    /// Asks for the values of all pairs.
    fn look(&self, state: &mut Perturbations, x: &[f64], mut rng: Rng, ctx: &mut StepCtx<'_>) {
        let Perturbations {
            values, probe, slope, ..
        } = state;
        for pair in values.chunks_exact_mut(2) {
            draw(slope, &mut rng);
            for (value, sign) in pair.iter_mut().zip([self.sigma, -self.sigma]) {
                probe.copy_from_slice(x);
                vector::axpy(sign, slope, probe);
                *value = ctx.oracle.value(probe);
            }
        }
    }

    /// Puts the slope of the smoothed f in `slope`: 1/(2nσ) Σ (u⁺ − u⁻) ε
    fn estimate(&self, state: &mut Perturbations, mut rng: Rng) {
        let Perturbations {
            values, probe, slope, ..
        } = state;
        let scale = 1.0 / (values.len() as f64 * self.sigma);
        slope.fill(0.0);
        for pair in values.chunks_exact(2) {
            draw(probe, &mut rng);
            let difference = pair[0] - pair[1];
            // A pair that fell off the edge of the numbers tells nothing.
            if difference.is_finite() {
                vector::axpy(scale * difference, probe, slope);
            }
        }
    }
}

fn draw(direction: &mut [f64], rng: &mut Rng) {
    for v in direction {
        *v = rng.normal();
    }
}

/// Puts ranks in the place of values, from −1/2 (best) to 1/2 (worst); of equals the earlier is better, and what is not a number is worst.
fn shape(values: &mut [f64], order: &mut [usize]) {
    order.sort_unstable_by(|a, b| {
        let (x, y) = (values[*a], values[*b]);
        let by_value = x.partial_cmp(&y).unwrap_or_else(|| x.is_nan().cmp(&y.is_nan()));
        by_value.then(a.cmp(b))
    });
    let last = (order.len() - 1) as f64;
    for (rank, k) in order.iter().enumerate() {
        values[*k] = rank as f64 / last - 0.5;
    }
}

impl Optimizer for EvolutionStrategy {
    type State = Perturbations;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Evolution strategy",
        order: Order::Zeroth,
        elementwise: false,
        formula: "ε_k ~ N(0, I),   u⁺, u⁻ = f(x ± σ ε_k)   or their ranks\nx ← x − η/(2nσ) Σ (u⁺ − u⁻) ε_k",
        source: "Salimans et al. 2017, Evolution Strategies as a Scalable Alternative to Reinforcement Learning, Algorithm 1",
        variant: "antithetic pairs, ranks in the place of values unless told otherwise, plain descent; the search knows no edges; x is the mean",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        let n = 2 * members(self.pairs, 1);
        Perturbations {
            values: vec![0.0; n],
            order: (0..n).collect(),
            probe: x0.to_vec(),
            slope: x0.to_vec(),
            centre: x0.to_vec(),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let rng = ctx.rng();
        self.look(state, x, rng.clone(), ctx);
        if self.shaping == Shaping::Ranks {
            shape(&mut state.values, &mut state.order);
        }
        self.estimate(state, rng);
        vector::axpy(-self.lr * ctx.lr_scale, &state.slope, x);
        state.centre.copy_from_slice(x);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        let n = state.centre.len();
        if n > MOST_AXES {
            return Vec::new();
        }
        let axis = |k: usize| {
            let mut axis = vec![0.0; n];
            axis[k] = self.sigma;
            axis
        };
        vec![Overlay::Ellipse {
            centre: state.centre.clone(),
            axes: (0..n).map(axis).collect(),
        }]
    }
}
