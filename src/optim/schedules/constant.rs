//! A factor for a while, then none.
//!
//! `ConstantLR` of PyTorch.

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::param::{Limit, ParamSpec, Parametric};

/// The learning rate times a factor, for some steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Constant {
    pub factor: f64,
    pub total_iters: u64,
}

impl Default for Constant {
    fn default() -> Self {
        Self {
            factor: 1.0,
            total_iters: 5,
        }
    }
}

impl Parametric for Constant {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("factor", "Factor", |s: &mut Self| &mut s.factor)
            .linear(0.0, 1.0)
            .limit(Limit::NonNegative)
            .symbol("a")
            .help("What the learning rate is multiplied with"),
        ParamSpec::integer("total_iters", "Steps", 0, 10000, |s: &mut Self| &mut s.total_iters)
            .limit(Limit::NonNegative)
            .symbol("T")
            .help("Steps during which the factor holds; after them the learning rate is the rule's own"),
    ];
}

impl Schedule for Constant {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Constant",
        formula: "η = a η₀ for t < T, then η₀",
        source: "torch.optim.lr_scheduler.ConstantLR",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        if t < self.total_iters { base * self.factor } else { base }
    }
}
