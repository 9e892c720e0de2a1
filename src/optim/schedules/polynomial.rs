//! Down to 0 as a power of the time that is left.
//!
//! `PolynomialLR` of PyTorch.

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::math::ops;
use crate::param::{Limit, ParamSpec, Parametric};

/// A power of the time left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Polynomial {
    pub total_iters: u64,
    pub power: f64,
}

impl Default for Polynomial {
    fn default() -> Self {
        Self {
            total_iters: 1500,
            power: 1.0,
        }
    }
}

impl Parametric for Polynomial {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("total_iters", "Steps", 1, 10000, |s: &mut Self| &mut s.total_iters)
            .limit(Limit::AtLeastOne)
            .symbol("T")
            .help("Steps until the learning rate is 0"),
        ParamSpec::number("power", "Power", |s: &mut Self| &mut s.power)
            .linear(0.5, 4.0)
            .limit(Limit::NonNegative)
            .symbol("p")
            .help("1 is a straight line; more is steeper at first"),
    ];
}

impl Schedule for Polynomial {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Polynomial",
        formula: "η = η₀ (1 − min(t, T) / T)ᵖ",
        source: "torch.optim.lr_scheduler.PolynomialLR",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        let total = self.total_iters.max(1);
        let left = 1.0 - t.min(total) as f64 / total as f64;
        base * ops::powf(left, self.power)
    }
}
