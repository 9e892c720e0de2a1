//! Random search: one proposal a step, kept if it is better than all before.
//!
//! Uniform over the domain: Brooks 1958, A Discussion of Random Methods for Seeking Maxima; for hyperparameters Bergstra and Bengio 2012. After
//! n proposals a target of volume share p has been hit with probability 1 − (1 − p)ⁿ, however rough the function and however many its
//! variables. Around the best point: Rastrigin 1963, The Convergence of the Random Search Method in the Extremal Control of a Many
//! Parameter System, here with normal moves instead of moves of a fixed length.

use serde::{Deserialize, Serialize};

use super::latest::Latest;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Proposals without memory but the best point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RandomSearch {
    pub sampling: Sampling,
    pub proposal_scale: f64,
}

/// Where proposals come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// From anywhere in the domain.
    Uniform,
    /// Normally distributed around the best point.
    AroundBest,
}

impl Default for RandomSearch {
    fn default() -> Self {
        Self {
            sampling: Sampling::Uniform,
            proposal_scale: 0.1,
        }
    }
}

impl Parametric for RandomSearch {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "sampling",
            "Sampling",
            &["uniform", "around_best"],
            |r: &Self| match r.sampling {
                Sampling::Uniform => "uniform",
                Sampling::AroundBest => "around_best",
            },
            |r: &mut Self, word| {
                r.sampling = match word {
                    "around_best" => Sampling::AroundBest,
                    _ => Sampling::Uniform,
                }
            },
        )
        .help("Anywhere in the domain, or around the best point; a model has no domain, so there it is always around the best"),
        ParamSpec::number("proposal_scale", "Proposal scale", |r: &mut Self| &mut r.proposal_scale)
            .log(1e-4, 100.0)
            .limit(Limit::NonNegative)
            .symbol("s")
            .help("Standard deviation of a proposal around the best point, in every coordinate"),
    ];
}

/// The best point and the latest proposals.
#[derive(Debug, Clone, PartialEq)]
pub struct Searching {
    proposal: Vec<f64>,
    best: Vec<f64>,
    best_value: f64,
    latest: Latest,
}

impl RandomSearch {
    fn propose(&self, proposal: &mut [f64], x: &[f64], ctx: &StepCtx<'_>) {
        let mut rng = ctx.rng();
        if self.sampling == Sampling::Uniform && ctx.oracle.domain().is_some() {
            ctx.oracle.sample_start(&mut rng, proposal);
        } else {
            for (y, x) in proposal.iter_mut().zip(x) {
                *y = x + self.proposal_scale * rng.normal();
            }
        }
    }
}

impl Optimizer for RandomSearch {
    type State = Searching;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Random search",
        order: Order::Zeroth,
        elementwise: false,
        formula: "y uniform in the domain, or x + s N(0, I)\nx ← y   if f(y) < f(x)\nhits a share p of the domain within n steps: 1 − (1 − p)ⁿ",
        source: "Brooks 1958; Rastrigin 1963; Bergstra and Bengio 2012, Random Search for Hyper-Parameter Optimization",
        variant: "the point stays at the best so far; around it, moves are normal with a constant width",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Searching {
            proposal: x0.to_vec(),
            best: x0.to_vec(),
            best_value: f64::INFINITY,
            latest: Latest::new(x0.len()),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        self.propose(&mut state.proposal, x, ctx);
        let value = ctx.oracle.value(&state.proposal);
        let event = if value < ctx.value {
            x.copy_from_slice(&state.proposal);
            StepEvent::Moved
        } else {
            StepEvent::Rejected
        };
        state.best.copy_from_slice(x);
        state.best_value = if event == StepEvent::Moved { value } else { ctx.value };
        state.latest.push(&state.proposal, event);
        event
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        let best = Overlay::Best {
            x: state.best.clone(),
            value: state.best_value,
        };
        vec![state.latest.overlay(), best]
    }
}
