//! Basin hopping: any rule goes down to a minimum, a Metropolis step decides whether the walk moves there, then a random hop leaves it.
//!
//! Wales and Doye 1997, Global Optimization by Basin-Hopping and the Lowest Energy Structures of Lennard-Jones Clusters: the walk is an
//! annealing at constant temperature over the landscape in which every point has the value of the minimum below it. As there, a hop moves
//! every coordinate by up to s, uniformly. Here the way down is a fixed number of steps, and the width of the hops stays the same.

use serde::{Deserialize, Serialize};

use super::escape::escaped;
use crate::math::ops;
use crate::optim::second_order::Lbfgs;
use crate::optim::{Optimizer, OptimizerConfig, OptimizerInfo, Order, Overlay, Slot, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// A Metropolis walk from minimum to minimum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BasinHopping {
    /// The rule that goes down.
    pub rule: Box<OptimizerConfig>,
    /// Steps of the rule to a minimum.
    pub budget: u64,
    pub temperature: f64,
    /// The furthest that a hop moves a coordinate.
    pub stepsize: f64,
}

impl Default for BasinHopping {
    fn default() -> Self {
        Self {
            rule: Box::new(OptimizerConfig::Lbfgs(Lbfgs::default())),
            budget: 40,
            temperature: 1.0,
            stepsize: 1.0,
        }
    }
}

impl Parametric for BasinHopping {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "rule",
            "Rule",
            OptimizerConfig::IDS,
            |r: &Self| r.rule.id(),
            |r: &mut Self, id| r.rule.become_id(id),
        )
        .help("The rule that goes down to a minimum"),
        ParamSpec::integer("budget", "Budget", 1, 1000, |r: &mut Self| &mut r.budget)
            .limit(Limit::AtLeastOne)
            .symbol("B")
            .help("Steps on the way down; the verdict and the hop are one more each"),
        ParamSpec::number("temperature", "Temperature", |r: &mut Self| &mut r.temperature)
            .log(1e-3, 1e3)
            .limit(Limit::NonNegative)
            .symbol("T")
            .help("A minimum that is worse by this much is accepted with probability 1/e"),
        ParamSpec::number("stepsize", "Hop size", |r: &mut Self| &mut r.stepsize)
            .log(1e-3, 100.0)
            .limit(Limit::Positive)
            .symbol("s")
            .help("The furthest that a hop moves a coordinate: about the distance between minima"),
    ];
}

/// What the next step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Another step of the rule; so many are done.
    Down(u64),
    /// Decides about the minimum that was reached.
    Judge,
    /// Leaves the minimum where the walk is.
    Hop,
}

/// The rule inside, the minimum where the walk is, and the best point of all.
#[derive(Clone)]
pub struct Hopping {
    inner: Box<dyn Slot>,
    phase: Phase,
    minimum: Vec<f64>,
    minimum_value: f64,
    best: Vec<f64>,
    best_value: f64,
}

impl PartialEq for Hopping {
    fn eq(&self, other: &Self) -> bool {
        // Compared through a reference: `==` on the boxes would move them.
        self.inner.equals(other.inner.as_ref())
            && self.phase == other.phase
            && (&self.minimum, self.minimum_value) == (&other.minimum, other.minimum_value)
            && (&self.best, self.best_value) == (&other.best, other.best_value)
    }
}

impl BasinHopping {
    fn descend(&self, state: &mut Hopping, done: u64, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let event = state.inner.step(x, ctx);
        if escaped(x, ctx) {
            return self.hop(state, x, ctx);
        }
        state.phase = if done + 1 < self.budget {
            Phase::Down(done + 1)
        } else {
            Phase::Judge
        };
        event
    }

    /// Metropolis over minima. The point stands still, so that the mark is where the minimum is.
    fn judge(&self, state: &mut Hopping, x: &[f64], ctx: &StepCtx<'_>) -> StepEvent {
        state.phase = Phase::Hop;
        let rise = ctx.value - state.minimum_value;
        let accepted = rise <= 0.0 || ctx.rng().uniform() < ops::exp(-rise / self.temperature);
        if !accepted {
            return StepEvent::Rejected;
        }
        state.minimum.copy_from_slice(x);
        state.minimum_value = ctx.value;
        if rise > 0.0 { StepEvent::Uphill } else { StepEvent::Moved }
    }

    fn hop(&self, state: &mut Hopping, x: &mut [f64], ctx: &StepCtx<'_>) -> StepEvent {
        let mut rng = ctx.rng();
        for (x, minimum) in x.iter_mut().zip(&state.minimum) {
            *x = minimum + rng.uniform_in(-self.stepsize, self.stepsize);
        }
        state.inner = self.rule.start(x);
        state.phase = Phase::Down(0);
        StepEvent::Restarted
    }
}

impl Optimizer for BasinHopping {
    type State = Hopping;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Basin hopping",
        order: Order::First,
        elementwise: false,
        formula: "y ← rule(y)   B times,   Δ = f(y) − f(x)\nx ← y   if Δ ≤ 0, else with probability exp(−Δ/T)\ny = x + uniform in [−s, s]ⁿ",
        source: "Wales and Doye 1997, Global Optimization by Basin-Hopping; Li and Scheraga 1987",
        variant: "a fixed number of steps down, hops of constant width; a descent that escapes to infinity counts as rejected",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Hopping {
            inner: self.rule.start(x0),
            phase: Phase::Down(0),
            minimum: x0.to_vec(),
            minimum_value: f64::INFINITY,
            best: x0.to_vec(),
            best_value: f64::INFINITY,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        if ctx.value < state.best_value {
            state.best_value = ctx.value;
            state.best.copy_from_slice(x);
        }
        match state.phase {
            Phase::Down(done) => self.descend(state, done, x, ctx),
            Phase::Judge => self.judge(state, x, ctx),
            Phase::Hop => self.hop(state, x, ctx),
        }
    }

    fn order(&self) -> Order {
        self.rule.order()
    }

    fn lr(&self) -> Option<f64> {
        self.rule.lr()
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        let mut overlays = state.inner.overlays();
        // The best of all descents, not of the present one.
        overlays.retain(|overlay| overlay.best().is_none());
        overlays.push(Overlay::Best {
            x: state.best.clone(),
            value: state.best_value,
        });
        overlays
    }

    fn inner(&self, name: &str) -> Option<&OptimizerConfig> {
        (name == "rule").then_some(&self.rule)
    }

    fn inner_mut(&mut self, name: &str) -> Option<&mut OptimizerConfig> {
        (name == "rule").then_some(&mut self.rule)
    }

    fn inner_names(&self) -> &'static [&'static str] {
        &["rule"]
    }

    fn active<'s>(&self, state: &'s Self::State) -> Option<&'s dyn Slot> {
        Some(state.inner.as_ref())
    }
}
