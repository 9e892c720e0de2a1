//! Simulated annealing: a random walk that always goes down, and goes up with probability exp(−Δ/T) while T falls.
//!
//! The acceptance rule is that of Metropolis, Rosenbluth, Rosenbluth, Teller and Teller 1953, which at constant T visits x with
//! density exp(−f(x)/T)/Z; cooling it geometrically is Kirkpatrick, Gelatt and Vecchi 1983.

use serde::{Deserialize, Serialize};

use crate::math::ops;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Metropolis walk with Gaussian proposals under geometric cooling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatedAnnealing {
    pub proposal_scale: f64,
    pub start_temperature: f64,
    pub cooling: f64,
}

impl Default for SimulatedAnnealing {
    fn default() -> Self {
        Self {
            proposal_scale: 0.14,
            start_temperature: 1.0,
            cooling: 0.995,
        }
    }
}

impl Parametric for SimulatedAnnealing {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("proposal_scale", "Proposal scale", |r: &mut Self| &mut r.proposal_scale)
            .log(1e-4, 100.0)
            .limit(Limit::NonNegative)
            .symbol("s")
            .help("Standard deviation of a proposed move, in every coordinate"),
        ParamSpec::number("start_temperature", "Start temperature", |r: &mut Self| {
            &mut r.start_temperature
        })
        .log(1e-4, 1e4)
        .limit(Limit::NonNegative)
        .symbol("T₀")
        .help("A rise of this size is accepted with probability 1/e at the first step"),
        ParamSpec::number("cooling", "Cooling", |r: &mut Self| &mut r.cooling)
            .near_one(0.99999)
            .limit(Limit::UnitClosed)
            .symbol("c")
            .help("What the temperature is multiplied with after every step; 1 = no cooling"),
    ];
}

/// Temperature and the best point seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Annealing {
    temperature: f64,
    proposal: Vec<f64>,
    best: Vec<f64>,
    best_value: f64,
}

impl Optimizer for SimulatedAnnealing {
    type State = Annealing;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Simulated annealing",
        order: Order::Zeroth,
        elementwise: false,
        formula: "y = x + s 𝒩(0, I),   Δ = f(y) − f(x)\nx ← y   if Δ ≤ 0, else with probability exp(−Δ/T)\nT ← c T",
        source: "Metropolis et al. 1953; Kirkpatrick, Gelatt and Vecchi 1983, Optimization by Simulated Annealing",
        variant: "Gaussian proposals of constant width, geometric cooling a step; the best point is kept",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Annealing {
            temperature: self.start_temperature,
            proposal: x0.to_vec(),
            best: x0.to_vec(),
            best_value: f64::INFINITY,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let mut rng = ctx.rng();
        for (y, x) in state.proposal.iter_mut().zip(x.iter()) {
            *y = x + self.proposal_scale * rng.normal();
        }
        if ctx.value < state.best_value {
            state.best_value = ctx.value;
            state.best.copy_from_slice(x);
        }
        let value = ctx.oracle.value(&state.proposal);
        let rise = value - ctx.value;
        // Drawn in any case, so that what a step draws does not depend on what it finds. A rise of NaN is turned down.
        let chance = rng.uniform();
        let accepted = rise <= 0.0 || chance < ops::exp(-rise / state.temperature);
        let cooled = state.temperature * self.cooling;
        // Below the smallest normal number arithmetic is slow and no rise is accepted anyway.
        state.temperature = if cooled < f64::MIN_POSITIVE { 0.0 } else { cooled };
        if !accepted {
            return StepEvent::Rejected;
        }
        x.copy_from_slice(&state.proposal);
        if value < state.best_value {
            state.best_value = value;
            state.best.copy_from_slice(x);
        }
        if rise > 0.0 { StepEvent::Uphill } else { StepEvent::Moved }
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![Overlay::Best {
            x: state.best.clone(),
            value: state.best_value,
        }]
    }
}
