//! A factor every step.
//!
//! `ExponentialLR` of PyTorch.

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::math::ops;
use crate::param::{Limit, ParamSpec, Parametric};

/// Geometric decay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exponential {
    pub gamma: f64,
}

impl Default for Exponential {
    fn default() -> Self {
        Self { gamma: 0.999 }
    }
}

impl Parametric for Exponential {
    const PARAMS: &'static [ParamSpec<Self>] = &[ParamSpec::number("gamma", "Factor", |s: &mut Self| &mut s.gamma)
        .near_one(0.99999)
        .limit(Limit::NonNegative)
        .symbol("γ")
        .help("What the learning rate is multiplied with after every step")];
}

impl Schedule for Exponential {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Exponential",
        formula: "η = η₀ γᵗ",
        source: "torch.optim.lr_scheduler.ExponentialLR",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        base * ops::powf(self.gamma, t as f64)
    }
}
