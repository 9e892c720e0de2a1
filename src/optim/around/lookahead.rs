//! Lookahead: fast weights take k steps with any rule, slow weights then go part of the way after them.
//!
//! Zhang, Lucas, Hinton and Ba 2019, Lookahead Optimizer: k steps forward, 1 step back, Algorithm 1. The fast rule keeps its state
//! when the weights are set back (optax's default; the paper's section 5 compares).

use serde::{Deserialize, Serialize};

use crate::optim::first_order::Adam;
use crate::optim::{Optimizer, OptimizerConfig, OptimizerInfo, Order, Overlay, Sheet, Slot, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Slow weights behind fast ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lookahead {
    /// The rule of the fast weights.
    pub rule: Box<OptimizerConfig>,
    /// Steps of the fast weights between two of the slow ones.
    pub sync_period: u64,
    /// How much of the way the slow weights go.
    pub slow_step_size: f64,
}

impl Default for Lookahead {
    fn default() -> Self {
        Self {
            rule: Box::new(OptimizerConfig::Adam(Adam::default())),
            sync_period: 6,
            slow_step_size: 0.5,
        }
    }
}

impl Parametric for Lookahead {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "rule",
            "Rule",
            OptimizerConfig::IDS,
            |r: &Self| r.rule.id(),
            |r: &mut Self, id| r.rule.become_id(id),
        )
        .help("The rule of the fast weights"),
        ParamSpec::integer("sync_period", "Sync period", 1, 100, |r: &mut Self| &mut r.sync_period)
            .limit(Limit::AtLeastOne)
            .symbol("k")
            .help("Steps of the fast weights before the slow ones follow"),
        ParamSpec::number("slow_step_size", "Slow step size", |r: &mut Self| &mut r.slow_step_size)
            .limit(Limit::UnitClosed)
            .symbol("α")
            .help("How much of the way to the fast weights the slow ones go"),
    ];
}

/// The rule inside and the slow weights.
#[derive(Clone)]
pub struct Slow {
    inner: Box<dyn Slot>,
    slow: Vec<f64>,
    t: u64,
}

impl PartialEq for Slow {
    fn eq(&self, other: &Self) -> bool {
        self.inner.equals(other.inner.as_ref()) && (&self.slow, self.t) == (&other.slow, other.t)
    }
}

impl Optimizer for Lookahead {
    type State = Slow;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Lookahead",
        order: Order::First,
        elementwise: false,
        formula: "x ← rule(x)\nevery k steps: φ ← φ + α (x − φ),   x ← φ",
        source: "Zhang, Lucas, Hinton and Ba 2019, Lookahead Optimizer: k steps forward, 1 step back, Algorithm 1",
        variant: "as in optax: the fast rule keeps its state when it is set back",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Slow {
            inner: self.rule.start(x0),
            slow: x0.to_vec(),
            t: 0,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let event = state.inner.step(x, ctx);
        state.t += 1;
        if state.t.is_multiple_of(self.sync_period.max(1)) {
            for (x, slow) in x.iter_mut().zip(&mut state.slow) {
                *slow += self.slow_step_size * (*x - *slow);
                *x = *slow;
            }
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
        let mut overlays = vec![Overlay::Average(state.slow.clone())];
        overlays.extend(state.inner.overlays());
        overlays
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        state.inner.arithmetic(sheet);
        if sheet.is_blank() || !(state.t + 1).is_multiple_of(self.sync_period.max(1)) {
            return;
        }
        sheet.each("φ", &state.slow).same("α", self.slow_step_size);
        sheet.line("φ", "φ + α (x − φ)").line("x", "φ");
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
