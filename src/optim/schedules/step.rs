//! A factor every so many steps.
//!
//! `StepLR` of PyTorch.

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::math::ops;
use crate::param::{Limit, ParamSpec, Parametric};

/// Stairs of equal width.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    pub step_size: u64,
    pub gamma: f64,
}

impl Default for Step {
    fn default() -> Self {
        Self {
            step_size: 500,
            gamma: 0.1,
        }
    }
}

impl Parametric for Step {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("step_size", "Step size", 1, 10000, |s: &mut Self| &mut s.step_size)
            .limit(Limit::AtLeastOne)
            .symbol("s")
            .help("Steps between two reductions"),
        ParamSpec::number("gamma", "Factor", |s: &mut Self| &mut s.gamma)
            .linear(0.0, 1.0)
            .limit(Limit::NonNegative)
            .symbol("γ")
            .help("What the learning rate is multiplied with at each reduction"),
    ];
}

impl Schedule for Step {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Step",
        formula: "η = η₀ γ^⌊t / s⌋",
        source: "torch.optim.lr_scheduler.StepLR",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        base * ops::powf(self.gamma, (t / self.step_size.max(1)) as f64)
    }
}
