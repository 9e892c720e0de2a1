//! Random restarts: any rule, started again from a random point every so many steps; the best point of all is kept.
//!
//! If one start succeeds with probability p, n independent starts do with 1 − (1 − p)ⁿ (Boender and Rinnooy Kan 1987, on multistart).

use serde::{Deserialize, Serialize};

use super::escape::escaped;
use crate::math::{Purpose, Rng};
use crate::optim::first_order::Momentum;
use crate::optim::{Optimizer, OptimizerConfig, OptimizerInfo, Order, Overlay, Slot, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Multistart around another rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RandomRestarts {
    /// The rule that runs between restarts.
    pub rule: Box<OptimizerConfig>,
    /// Steps of the rule from each start.
    pub budget: u64,
}

impl Default for RandomRestarts {
    fn default() -> Self {
        let rule = Momentum {
            lr: 9e-4,
            ..Momentum::default()
        };
        Self {
            rule: Box::new(OptimizerConfig::Momentum(rule)),
            budget: 250,
        }
    }
}

impl Parametric for RandomRestarts {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "rule",
            "Rule",
            OptimizerConfig::IDS,
            |r: &Self| r.rule.id(),
            |r: &mut Self, id| r.rule.become_id(id),
        )
        .help("The rule that runs between restarts"),
        ParamSpec::integer("budget", "Budget", 1, 5000, |r: &mut Self| &mut r.budget)
            .limit(Limit::AtLeastOne)
            .symbol("B")
            .help("Steps from each start; the jump to the next start is one more"),
    ];
}

/// The rule inside, and the best point of all starts.
#[derive(Clone)]
pub struct Restarting {
    inner: Box<dyn Slot>,
    /// Steps taken from this start.
    taken: u64,
    /// Number of restarts so far.
    restarts: u64,
    best: Vec<f64>,
    best_value: f64,
}

impl PartialEq for Restarting {
    fn eq(&self, other: &Self) -> bool {
        // Compared through a reference: `==` on the boxes would move them.
        self.inner.equals(other.inner.as_ref())
            && (self.taken, self.restarts) == (other.taken, other.restarts)
            && (&self.best, self.best_value) == (&other.best, other.best_value)
    }
}

impl RandomRestarts {
    fn restart(&self, state: &mut Restarting, x: &mut [f64], ctx: &StepCtx<'_>) -> StepEvent {
        state.restarts += 1;
        state.taken = 0;
        let mut rng = Rng::stream(ctx.seed, Purpose::Start, state.restarts);
        ctx.oracle.sample_start(&mut rng, x);
        state.inner = self.rule.start(x);
        StepEvent::Restarted
    }
}

impl Optimizer for RandomRestarts {
    type State = Restarting;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Random restarts",
        order: Order::First,
        elementwise: false,
        formula: "x ← rule(x)   B times, then x ← a random start\nsuccess of n starts: 1 − (1 − p)ⁿ",
        source: "Boender and Rinnooy Kan 1987, Bayesian Stopping Rules for Multistart Global Optimization Methods",
        variant: "fixed budget for each start; a start from which the rule escapes to infinity is given up at once",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Restarting {
            inner: self.rule.start(x0),
            taken: 0,
            restarts: 0,
            best: x0.to_vec(),
            best_value: f64::INFINITY,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        if ctx.value < state.best_value {
            state.best_value = ctx.value;
            state.best.copy_from_slice(x);
        }
        if state.taken >= self.budget.max(1) {
            return self.restart(state, x, ctx);
        }
        state.taken += 1;
        let event = state.inner.step(x, ctx);
        if escaped(x, ctx) {
            return self.restart(state, x, ctx);
        }
        event
    }

    fn order(&self) -> Order {
        self.rule.order()
    }

    fn lr(&self) -> Option<f64> {
        self.rule.lr()
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        let mut overlays = state.inner.overlays();
        // The best of all starts, not of the present one.
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
