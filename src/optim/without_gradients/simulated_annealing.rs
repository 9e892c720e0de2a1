//! Simulated annealing: a random walk that always goes down, and goes up with probability exp(−Δ/T) while T falls.
//!
//! The acceptance rule is that of Metropolis, Rosenbluth, Rosenbluth, Teller and Teller 1953, which at constant T visits x with
//! density exp(−f(x)/T)/Z; lowering T is Kirkpatrick, Gelatt and Vecchi 1983. [`super::cooling`] has the laws by which it may fall.
//!
//! Proposals are normal, or Cauchy distributed as in Szu and Hartley 1987, Fast Simulated Annealing: mostly short, now and then very long. In
//! n dimensions that is a normal vector over another standard normal number, the same in all directions. Their width stays what it is
//! (Szu and Hartley let it shrink with T).

use serde::{Deserialize, Serialize};

use super::cooling::{Cooling, CoolingSchedule, Thermostat};
use super::latest::Latest;
use crate::math::{Rng, ops};
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Metropolis walk under cooling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatedAnnealing {
    #[serde(skip_serializing_if = "is_usual")]
    pub proposal: Proposal,
    pub proposal_scale: f64,
    pub start_temperature: f64,
    #[serde(skip_serializing_if = "is_usual")]
    pub cooling_schedule: CoolingSchedule,
    /// The factor of the geometric law.
    pub cooling: f64,
    /// The steps of the laws that have an end.
    #[serde(skip_serializing_if = "is_usual_end")]
    pub cooling_steps: u64,
}

/// Steps until a law with an end is there.
const USUAL_END: u64 = 1500;

/// What is as it always was is not written, so that older files stay as they are.
fn is_usual<T: Default + PartialEq>(choice: &T) -> bool {
    *choice == T::default()
}

fn is_usual_end(steps: &u64) -> bool {
    *steps == USUAL_END
}

/// The distribution of a proposed move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    #[default]
    Gaussian,
    Cauchy,
}

impl Proposal {
    /// Draws a point around `x`.
    fn draw(self, rng: &mut Rng, scale: f64, x: &[f64], y: &mut [f64]) {
        let scale = match self {
            Self::Gaussian => scale,
            Self::Cauchy => scale / rng.normal().abs().max(f64::MIN_POSITIVE),
        };
        for (y, x) in y.iter_mut().zip(x) {
            *y = x + scale * rng.normal();
        }
    }
}

impl Default for SimulatedAnnealing {
    fn default() -> Self {
        Self {
            proposal: Proposal::Gaussian,
            proposal_scale: 0.14,
            start_temperature: 1.0,
            cooling_schedule: CoolingSchedule::Geometric,
            cooling: 0.995,
            cooling_steps: USUAL_END,
        }
    }
}

impl Parametric for SimulatedAnnealing {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "proposal",
            "Proposals",
            &["gaussian", "cauchy"],
            |r: &Self| match r.proposal {
                Proposal::Gaussian => "gaussian",
                Proposal::Cauchy => "cauchy",
            },
            |r: &mut Self, word| {
                r.proposal = match word {
                    "cauchy" => Proposal::Cauchy,
                    _ => Proposal::Gaussian,
                }
            },
        )
        .help("Cauchy's are mostly short, but now and then long enough to leave any hollow"),
        ParamSpec::number("proposal_scale", "Proposal scale", |r: &mut Self| &mut r.proposal_scale)
            .log(1e-4, 100.0)
            .limit(Limit::NonNegative)
            .symbol("s")
            .help("Standard deviation of a Gaussian move in every coordinate; half of the Cauchy moves are shorter there"),
        ParamSpec::number("start_temperature", "Start temperature", |r: &mut Self| {
            &mut r.start_temperature
        })
        .log(1e-4, 1e4)
        .limit(Limit::NonNegative)
        .symbol("T₀")
        .help("A rise of this size is accepted with probability 1/e at the first step"),
        ParamSpec::choice(
            "cooling_schedule",
            "Cooling schedule",
            CoolingSchedule::WORDS,
            |r: &Self| r.cooling_schedule.word(),
            |r: &mut Self, word| r.cooling_schedule = CoolingSchedule::from_word(word),
        )
        .help("The law by which the temperature falls; adaptive steers the share of accepted proposals instead"),
        ParamSpec::number("cooling", "Cooling", |r: &mut Self| &mut r.cooling)
            .near_one(0.99999)
            .limit(Limit::UnitClosed)
            .symbol("c")
            .help("What the temperature is multiplied with after every step; 1 = no cooling"),
        ParamSpec::integer("cooling_steps", "Cooling steps", 10, 20_000, |r: &mut Self| {
            &mut r.cooling_steps
        })
        .limit(Limit::AtLeastOne)
        .symbol("K")
        .help("Steps until it is cold"),
    ];

    fn is_used(&self, name: &str) -> bool {
        match name {
            "cooling" => self.cooling_schedule == CoolingSchedule::Geometric,
            "cooling_steps" => self.cooling_schedule.has_an_end(),
            _ => true,
        }
    }
}

/// Temperature, the best point seen, and the latest proposals.
#[derive(Debug, Clone, PartialEq)]
pub struct Annealing {
    thermostat: Thermostat,
    proposal: Vec<f64>,
    best: Vec<f64>,
    best_value: f64,
    latest: Latest,
}

impl Annealing {
    /// T of the next step.
    pub fn temperature(&self) -> f64 {
        self.thermostat.temperature
    }

    fn keep_best(&mut self, x: &[f64], value: f64) {
        if value < self.best_value {
            self.best_value = value;
            self.best.copy_from_slice(x);
        }
    }
}

impl SimulatedAnnealing {
    fn cooling(&self) -> Cooling {
        Cooling {
            schedule: self.cooling_schedule,
            start: self.start_temperature,
            factor: self.cooling,
            steps: self.cooling_steps,
        }
    }
}

impl Optimizer for SimulatedAnnealing {
    type State = Annealing;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Simulated annealing",
        order: Order::Zeroth,
        elementwise: false,
        formula: "y = x + s N(0, I),   Δ = f(y) − f(x)\nx ← y   if Δ ≤ 0, else with probability exp(−Δ/T)\ngeometric: T ← c T\nlinear: T = T₀ (1 − k/K)\nlogarithmic: T = T₀ / ln(k + e)\nfast: T = T₀ / (1 + k)\nadaptive: T ← 0.999 T if more are accepted than wanted, else T / 0.999",
        source: "Metropolis et al. 1953; Kirkpatrick, Gelatt and Vecchi 1983; Geman and Geman 1984; Szu and Hartley 1987; Lam and Delosme 1988",
        variant: "proposals of constant width, one a temperature; adaptive is Swartz's modification with Boyan's constants; the best point is kept",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Annealing {
            thermostat: Thermostat::new(self.start_temperature),
            proposal: x0.to_vec(),
            best: x0.to_vec(),
            best_value: f64::INFINITY,
            latest: Latest::new(x0.len()),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let mut rng = ctx.rng();
        self.proposal.draw(&mut rng, self.proposal_scale, x, &mut state.proposal);
        state.keep_best(x, ctx.value);
        let value = ctx.oracle.value(&state.proposal);
        let rise = value - ctx.value;
        // Drawn in any case, so that what a step draws does not depend on what it finds. A rise of NaN is turned down.
        let chance = rng.uniform();
        let accepted = rise <= 0.0 || chance < ops::exp(-rise / state.temperature());
        state.thermostat.cool(&self.cooling(), accepted);
        let event = match accepted {
            false => StepEvent::Rejected,
            true if rise > 0.0 => StepEvent::Uphill,
            true => StepEvent::Moved,
        };
        state.latest.push(&state.proposal, event);
        if accepted {
            x.copy_from_slice(&state.proposal);
            state.keep_best(x, value);
        }
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
