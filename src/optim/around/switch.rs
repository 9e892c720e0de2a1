//! One rule, then another from where the first has come, with nothing remembered.
//!
//! Keskar and Socher 2017, Improving Generalization Performance by Switching from Adam to SGD (SWATS): there the step is found by a test,
//! here it is given.

use serde::{Deserialize, Serialize};

use crate::optim::first_order::{Adam, Momentum};
use crate::optim::{Optimizer, OptimizerConfig, OptimizerInfo, Order, Overlay, Sheet, Slot, StepCtx, StepEvent};
use crate::param::{ParamSpec, Parametric};

/// Two rules after one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switch {
    pub first: Box<OptimizerConfig>,
    /// Steps of the first rule.
    pub at: u64,
    pub second: Box<OptimizerConfig>,
}

impl Default for Switch {
    fn default() -> Self {
        Self {
            first: Box::new(OptimizerConfig::Adam(Adam::default())),
            at: 200,
            second: Box::new(OptimizerConfig::Momentum(Momentum::default())),
        }
    }
}

impl Parametric for Switch {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "first",
            "First",
            OptimizerConfig::IDS,
            |r: &Self| r.first.id(),
            |r: &mut Self, id| r.first.become_id(id),
        )
        .help("The rule of the first steps"),
        ParamSpec::integer("at", "Switch at", 0, 5000, |r: &mut Self| &mut r.at)
            .symbol("k")
            .help("Steps of the first rule; the second takes all others"),
        ParamSpec::choice(
            "second",
            "Second",
            OptimizerConfig::IDS,
            |r: &Self| r.second.id(),
            |r: &mut Self, id| r.second.become_id(id),
        )
        .help("The rule of all later steps, which starts with nothing remembered"),
    ];
}

/// The rule that takes the next step.
#[derive(Clone)]
pub struct Switching {
    now: Box<dyn Slot>,
    /// Steps so far.
    t: u64,
}

impl PartialEq for Switching {
    fn eq(&self, other: &Self) -> bool {
        self.now.equals(other.now.as_ref()) && self.t == other.t
    }
}

impl Optimizer for Switch {
    type State = Switching;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Switch",
        order: Order::First,
        elementwise: false,
        formula: "x ← first(x)   k times, then x ← second(x)",
        source: "Keskar and Socher 2017, Improving Generalization Performance by Switching from Adam to SGD",
        variant: "at a given step, where the paper finds one; a schedule scales the learning rates of both",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        let rule = if self.at == 0 { &self.second } else { &self.first };
        Switching {
            now: rule.start(x0),
            t: 0,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let event = state.now.step(x, ctx);
        state.t += 1;
        // Made here, not before the next step, so that what is recorded of that step is the second rule's.
        if state.t == self.at {
            state.now = self.second.start(x);
        }
        event
    }

    fn order(&self) -> Order {
        self.first.order().max(self.second.order())
    }

    fn lr(&self) -> Option<f64> {
        self.first.lr().or_else(|| self.second.lr())
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        state.now.overlays()
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        state.now.arithmetic(sheet);
    }

    fn inner(&self, name: &str) -> Option<&OptimizerConfig> {
        match name {
            "first" => Some(&self.first),
            "second" => Some(&self.second),
            _ => None,
        }
    }

    fn inner_mut(&mut self, name: &str) -> Option<&mut OptimizerConfig> {
        match name {
            "first" => Some(&mut self.first),
            "second" => Some(&mut self.second),
            _ => None,
        }
    }

    fn inner_names(&self) -> &'static [&'static str] {
        &["first", "second"]
    }

    fn active<'s>(&self, state: &'s Self::State) -> Option<&'s dyn Slot> {
        Some(state.now.as_ref())
    }
}
