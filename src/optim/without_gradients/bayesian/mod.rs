//! Bayesian optimisation: a Gaussian process through all values so far says where the next look is worth most.
//!
//! Mockus, Tiesis and Zilinskas 1978; as Efficient Global Optimization: Jones, Schonlau and Welch 1998. A run begins with a Latin hypercube
//! (McKay, Beckman and Conover 1979), then goes where the expected improvement is largest. One step is one value; its work is bounded by
//! the number of observations kept.

mod acquisition;
mod cholesky;
mod surrogate;

pub use acquisition::expected_improvement;
pub use surrogate::{Kernel, Surrogate};

use serde::{Deserialize, Serialize};

use crate::math::{Purpose, Rng};
use crate::objective::{Bounds, Offer};
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};
use acquisition::Acquisition;

/// More variables than this are too many for a surrogate of a few hundred values.
const MOST_VARIABLES: usize = 20;
/// Length of every axis before there is enough to fit it to, as a share of the width of the domain.
const FIRST_LENGTH: f64 = 0.2;
/// Observations from which lengths are fitted.
const ENOUGH: usize = 5;

/// Expected improvement over a Gaussian process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BayesianOptimisation {
    pub kernel: Kernel,
    pub initial_points: u64,
    pub xi: f64,
    pub noise: f64,
    pub memory: u64,
}

impl Default for BayesianOptimisation {
    fn default() -> Self {
        Self {
            kernel: Kernel::Matern52,
            initial_points: 10,
            xi: 0.01,
            noise: 0.0,
            memory: 100,
        }
    }
}

impl Parametric for BayesianOptimisation {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "kernel",
            "Kernel",
            &["matern52", "squared_exponential"],
            |r: &Self| match r.kernel {
                Kernel::Matern52 => "matern52",
                Kernel::SquaredExponential => "squared_exponential",
            },
            |r: &mut Self, word| {
                r.kernel = match word {
                    "squared_exponential" => Kernel::SquaredExponential,
                    _ => Kernel::Matern52,
                }
            },
        )
        .symbol("k")
        .help("How smooth the function is believed to be: Matérn's has two derivatives, the squared exponential all of them"),
        ParamSpec::integer("initial_points", "Initial points", 1, 50, |r: &mut Self| {
            &mut r.initial_points
        })
        .limit(Limit::AtLeastOne)
        .help("Steps of the Latin hypercube at the beginning, spread over the domain"),
        ParamSpec::number("xi", "Margin", |r: &mut Self| &mut r.xi)
            .log(1e-4, 1.0)
            .limit(Limit::NonNegative)
            .symbol("ξ")
            .help("Smaller improvements do not count, in units of the spread of the function: more of it explores more"),
        ParamSpec::number("noise", "Noise", |r: &mut Self| &mut r.noise)
            .log(1e-4, 1.0)
            .limit(Limit::NonNegative)
            .help("Standard deviation of noise in the values, as a share of the spread of the function; 0 = values are exact"),
        ParamSpec::integer("memory", "Memory", 10, surrogate::ROOM as u64, |r: &mut Self| &mut r.memory)
            .limit(Limit::AtLeastOne)
            .help("Observations kept, at the most 300: beyond that the worse of the two closest is forgotten"),
    ];
}

/// The surrogate, and the working memory of the search on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Believing {
    /// Made at the first step, which learns the domain.
    belief: Option<Belief>,
    proposal: Vec<f64>,
    trial: Vec<f64>,
    best: Vec<f64>,
    best_value: f64,
    steps: u64,
}

#[derive(Debug, Clone, PartialEq)]
struct Belief {
    domain: Bounds,
    widths: Vec<f64>,
    /// The Latin hypercube, one point after the other.
    design: Vec<f64>,
    surrogate: Surrogate,
}

impl BayesianOptimisation {
    fn begin(&self, domain: &Bounds, seed: u64) -> Belief {
        let widths: Vec<f64> = domain.high.iter().zip(&domain.low).map(|(high, low)| high - low).collect();
        let lengths: Vec<f64> = widths.iter().map(|width| FIRST_LENGTH * width).collect();
        Belief {
            design: latin_hypercube(domain, self.initial_points.min(1000) as usize, seed),
            surrogate: Surrogate::new(self.kernel, &lengths, self.noise),
            domain: domain.clone(),
            widths,
        }
    }

    fn observe(&self, belief: &mut Belief, x: &[f64], value: f64, work: &mut [f64]) {
        belief.surrogate.observe(x, value, self.memory as usize);
        // Ever more rarely: the more is known, the less a new value changes the lengths, and the more it costs to ask.
        let n = belief.surrogate.len();
        if n >= ENOUGH && (n as u64).is_multiple_of(1 + n as u64 / 8) {
            belief.surrogate.fit_lengths(&belief.widths, work);
        }
    }

    fn propose(&self, belief: &Belief, step: u64, rng: &mut Rng, proposal: &mut [f64], trial: &mut [f64]) {
        let place = step as usize * proposal.len();
        if let Some(point) = belief.design.get(place..place + proposal.len()) {
            proposal.copy_from_slice(point);
            return;
        }
        let surrogate = &belief.surrogate;
        let lowest = surrogate.best().map_or(0.0, |(_, value)| value);
        let search = Acquisition {
            surrogate,
            best: lowest - self.xi * surrogate.spread(),
            domain: &belief.domain,
        };
        search.maximise(rng, proposal, trial);
    }
}

/// So many points of which every axis has one in each of as many equal stretches.
fn latin_hypercube(domain: &Bounds, points: usize, seed: u64) -> Vec<f64> {
    let dim = domain.low.len();
    let mut design = vec![0.0; points * dim];
    let mut strata: Vec<usize> = (0..points).collect();
    for (axis, (low, high)) in domain.low.iter().zip(&domain.high).enumerate() {
        let mut rng = Rng::stream(seed, Purpose::Start, axis as u64);
        rng.shuffle(&mut strata);
        for (point, stratum) in design.chunks_exact_mut(dim).zip(&strata) {
            point[axis] = low + (high - low) * (*stratum as f64 + rng.uniform()) / points as f64;
        }
    }
    design
}

impl Optimizer for BayesianOptimisation {
    type State = Believing;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Bayesian optimisation",
        order: Order::Zeroth,
        elementwise: false,
        formula: "f ~ Gaussian process with mean μ and variance σ² k(x, x′)\nz = (best − ξσ − m(x)) / s(x)\ny = argmax s(x) (z Φ(z) + φ(z))\nx ← y   if f(y) < f(x)",
        source: "Mockus, Tiesis and Zilinskas 1978; Jones, Schonlau and Welch 1998, Efficient Global Optimization, eq. 4-9 and 15",
        variant: "starts with a Latin hypercube; lengths by maximum likelihood on a grid; the point stays at the best so far",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Believing {
            belief: None,
            proposal: x0.to_vec(),
            trial: x0.to_vec(),
            best: x0.to_vec(),
            best_value: f64::INFINITY,
            steps: 0,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Some(domain) = ctx.oracle.domain() else {
            return StepEvent::Rejected;
        };
        let belief = state.belief.get_or_insert_with(|| self.begin(domain, ctx.seed));
        if belief.surrogate.is_empty() {
            self.observe(belief, x, ctx.value, &mut state.trial);
        }
        let mut rng = ctx.rng();
        self.propose(belief, state.steps, &mut rng, &mut state.proposal, &mut state.trial);
        let value = ctx.oracle.value(&state.proposal);
        self.observe(belief, &state.proposal, value, &mut state.trial);
        state.steps += 1;
        let better = value < ctx.value;
        if better {
            x.copy_from_slice(&state.proposal);
        }
        state.best.copy_from_slice(x);
        state.best_value = if better { value } else { ctx.value };
        if better { StepEvent::Moved } else { StepEvent::Rejected }
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        if !offer.domain {
            return Some("looks for the minimum in a box, and a model's weights have none".to_owned());
        }
        let refusal = offer.beyond(MOST_VARIABLES, "fills the space between a few hundred values")?;
        Some(format!("{refusal}. Random search has no limit"))
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        let surrogate = state.belief.iter().map(|belief| Overlay::Surrogate(belief.surrogate.clone()));
        let best = Overlay::Best {
            x: state.best.clone(),
            value: state.best_value,
        };
        surrogate.chain([best]).collect()
    }
}
