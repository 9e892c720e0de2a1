//! One schedule, then another from its own beginning.
//!
//! `SequentialLR` of PyTorch with one milestone; more are made by putting one into another.

use serde::{Deserialize, Serialize};

use super::{Constant, Cosine, Memory, Schedule, ScheduleConfig, ScheduleInfo};
use crate::param::{ParamSpec, Parametric};

/// Two schedules after one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sequential {
    pub first: Box<ScheduleConfig>,
    pub milestone: u64,
    pub then: Box<ScheduleConfig>,
}

impl Default for Sequential {
    fn default() -> Self {
        Self {
            first: Box::new(ScheduleConfig::Constant(Constant::default())),
            milestone: 500,
            then: Box::new(ScheduleConfig::Cosine(Cosine::default())),
        }
    }
}

impl Parametric for Sequential {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "first",
            "First",
            ScheduleConfig::IDS,
            |s: &Self| s.first.id(),
            |s: &mut Self, id| s.first.become_id(id),
        )
        .help("The schedule until the milestone"),
        ParamSpec::integer("milestone", "Milestone", 0, 10_000, |s: &mut Self| &mut s.milestone)
            .symbol("w")
            .help("Step from which the second schedule holds"),
        ParamSpec::choice(
            "then",
            "Then",
            ScheduleConfig::IDS,
            |s: &Self| s.then.id(),
            |s: &mut Self, id| s.then.become_id(id),
        )
        .help("The schedule from the milestone on, from its own first step"),
    ];
}

impl Schedule for Sequential {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Sequential",
        formula: "the first schedule at t for t < w, then the second at t − w",
        source: "torch.optim.lr_scheduler.SequentialLR",
    };

    fn lr(&self, base: f64, t: u64, memory: &Memory) -> f64 {
        match t.checked_sub(self.milestone) {
            Some(later) => self.then.lr(base, later, memory),
            None => self.first.lr(base, t, memory),
        }
    }

    fn momentum(&self, t: u64) -> Option<f64> {
        match t.checked_sub(self.milestone) {
            Some(later) => self.then.momentum(later),
            None => self.first.momentum(t),
        }
    }

    fn observe(&self, base: f64, t: u64, metric: f64, memory: &mut Memory) {
        match t.checked_sub(self.milestone) {
            Some(later) => self.then.observe(base, later, metric, memory),
            None => self.first.observe(base, t, metric, memory),
        }
        // The second schedule begins with nothing remembered.
        if t + 1 == self.milestone {
            *memory = Memory::default();
        }
    }

    fn inner(&self, name: &str) -> Option<&ScheduleConfig> {
        match name {
            "first" => Some(&self.first),
            "then" => Some(&self.then),
            _ => None,
        }
    }

    fn inner_mut(&mut self, name: &str) -> Option<&mut ScheduleConfig> {
        match name {
            "first" => Some(&mut self.first),
            "then" => Some(&mut self.then),
            _ => None,
        }
    }

    fn inner_names(&self) -> &'static [&'static str] {
        &["first", "then"]
    }
}
