//! A factor at given steps.
//!
//! `MultiStepLR` of PyTorch; a milestone given twice counts twice.

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::math::ops;
use crate::param::{Limit, List, ParamSpec, Parametric};

/// Stairs of chosen widths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MultiStep {
    pub milestones: List,
    pub gamma: f64,
}

impl Default for MultiStep {
    fn default() -> Self {
        Self {
            milestones: List::of(&[500, 1000]),
            gamma: 0.1,
        }
    }
}

impl Parametric for MultiStep {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::list("milestones", "Milestones", |s: &mut Self| &mut s.milestones)
            .symbol("tᵢ")
            .help("Steps at which the learning rate is reduced"),
        ParamSpec::number("gamma", "Factor", |s: &mut Self| &mut s.gamma)
            .linear(0.0, 1.0)
            .limit(Limit::NonNegative)
            .symbol("γ")
            .help("What the learning rate is multiplied with at each milestone"),
    ];
}

impl Schedule for MultiStep {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Multistep",
        formula: "η = η₀ γ^(number of tᵢ ≤ t)",
        source: "torch.optim.lr_scheduler.MultiStepLR",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        let passed = self.milestones.as_slice().iter().filter(|milestone| **milestone <= t).count();
        base * ops::powf(self.gamma, passed as f64)
    }
}
