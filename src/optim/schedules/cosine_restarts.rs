//! Half a cosine wave, again and again, each longer than the last.
//!
//! Loshchilov and Hutter 2017, SGDR: Stochastic Gradient Descent with Warm Restarts, eq. 5.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::math::ops;
use crate::param::{Limit, ParamSpec, Parametric};

/// Cosine with warm restarts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CosineRestarts {
    pub t_0: u64,
    pub t_mult: u64,
    pub eta_min: f64,
}

impl Default for CosineRestarts {
    fn default() -> Self {
        Self {
            t_0: 250,
            t_mult: 1,
            eta_min: 0.0,
        }
    }
}

impl Parametric for CosineRestarts {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("t_0", "First period", 1, 10000, |s: &mut Self| &mut s.t_0)
            .limit(Limit::AtLeastOne)
            .symbol("T₀")
            .help("Steps until the first restart"),
        ParamSpec::integer("t_mult", "Growth", 1, 10, |s: &mut Self| &mut s.t_mult)
            .limit(Limit::AtLeastOne)
            .symbol("m")
            .help("How many times longer each period is than the one before"),
        ParamSpec::number("eta_min", "Smallest rate", |s: &mut Self| &mut s.eta_min)
            .log(1e-8, 1.0)
            .limit(Limit::NonNegative)
            .symbol("ηmin")
            .help("The learning rate at the bottom of the curve"),
    ];
}

impl Schedule for CosineRestarts {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Cosine with restarts",
        formula: "η = ηmin + (η₀ − ηmin) (1 + cos(π s / Tᵢ)) / 2,   s steps since the last restart,   Tᵢ₊₁ = m Tᵢ",
        source: "Loshchilov and Hutter 2017, SGDR, eq. 5",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        let (mut since, mut period) = (t, self.t_0.max(1));
        if self.t_mult <= 1 {
            since %= period;
        }
        while since >= period {
            since -= period;
            period = period.saturating_mul(self.t_mult);
        }
        self.eta_min + (base - self.eta_min) * (1.0 + ops::cos(PI * since as f64 / period as f64)) / 2.0
    }
}
