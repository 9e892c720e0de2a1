//! A straight line from one factor to another.
//!
//! `LinearLR` of PyTorch.

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::param::{Limit, ParamSpec, Parametric};

/// From one factor to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Linear {
    pub start_factor: f64,
    pub end_factor: f64,
    pub total_iters: u64,
}

impl Default for Linear {
    fn default() -> Self {
        Self {
            start_factor: 1.0 / 3.0,
            end_factor: 1.0,
            total_iters: 5,
        }
    }
}

impl Parametric for Linear {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("start_factor", "Start factor", |s: &mut Self| &mut s.start_factor)
            .linear(0.0, 1.0)
            .limit(Limit::NonNegative)
            .symbol("a")
            .help("Factor at the first step"),
        ParamSpec::number("end_factor", "End factor", |s: &mut Self| &mut s.end_factor)
            .linear(0.0, 1.0)
            .limit(Limit::NonNegative)
            .symbol("b")
            .help("Factor at the end"),
        ParamSpec::integer("total_iters", "Steps", 1, 10000, |s: &mut Self| &mut s.total_iters)
            .limit(Limit::AtLeastOne)
            .symbol("T")
            .help("Steps from one factor to the other"),
    ];
}

impl Schedule for Linear {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Linear",
        formula: "η = η₀ (a + (b − a) min(t, T) / T)",
        source: "torch.optim.lr_scheduler.LinearLR",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        let total = self.total_iters.max(1);
        let share = t.min(total) as f64 / total as f64;
        base * (self.start_factor + (self.end_factor - self.start_factor) * share)
    }
}
