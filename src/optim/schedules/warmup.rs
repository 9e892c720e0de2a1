//! A straight rise to the learning rate, then another schedule from its own beginning.
//!
//! Goyal et al. 2017, Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, section 2.2 (gradual warmup). `SequentialLR` of
//! PyTorch with `LinearLR` first.

use serde::{Deserialize, Serialize};

use super::{Cosine, Memory, Schedule, ScheduleConfig, ScheduleInfo};
use crate::param::{Limit, ParamSpec, Parametric};

/// A rise before another schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Warmup {
    pub steps: u64,
    pub start_factor: f64,
    /// What follows.
    pub then: Box<ScheduleConfig>,
}

impl Default for Warmup {
    fn default() -> Self {
        let cosine = Cosine {
            t_max: 1400,
            ..Cosine::default()
        };
        Self {
            steps: 100,
            start_factor: 0.01,
            then: Box::new(ScheduleConfig::Cosine(cosine)),
        }
    }
}

impl Parametric for Warmup {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("steps", "Steps", 1, 1000, |s: &mut Self| &mut s.steps)
            .limit(Limit::AtLeastOne)
            .symbol("w")
            .help("Steps of the rise"),
        ParamSpec::number("start_factor", "Start factor", |s: &mut Self| &mut s.start_factor)
            .limit(Limit::NonNegative)
            .symbol("a")
            .help("Factor at the first step"),
        ParamSpec::choice(
            "then",
            "Then",
            ScheduleConfig::IDS,
            |s: &Self| s.then.id(),
            |s: &mut Self, id| s.then.become_id(id),
        )
        .help("The schedule that follows, from its own first step"),
    ];
}

impl Schedule for Warmup {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Warm-up",
        formula: "η = η₀ (a + (1 − a) t / w) for t < w, then another schedule at t − w",
        source: "Goyal et al. 2017, Accurate, Large Minibatch SGD, section 2.2",
    };

    fn lr(&self, base: f64, t: u64, memory: &Memory) -> f64 {
        match t.checked_sub(self.steps) {
            Some(later) => self.then.lr(base, later, memory),
            None => base * (self.start_factor + (1.0 - self.start_factor) * (t as f64 / self.steps as f64)),
        }
    }

    fn momentum(&self, t: u64) -> Option<f64> {
        self.then.momentum(t.checked_sub(self.steps)?)
    }

    fn observe(&self, base: f64, t: u64, metric: f64, memory: &mut Memory) {
        if let Some(later) = t.checked_sub(self.steps) {
            self.then.observe(base, later, metric, memory);
        }
    }

    fn inner(&self, name: &str) -> Option<&ScheduleConfig> {
        (name == "then").then_some(&self.then)
    }

    fn inner_mut(&mut self, name: &str) -> Option<&mut ScheduleConfig> {
        (name == "then").then_some(&mut self.then)
    }

    fn inner_names(&self) -> &'static [&'static str] {
        &["then"]
    }
}
