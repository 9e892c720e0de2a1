//! Half a cosine wave from the learning rate down to the smallest.
//!
//! Loshchilov and Hutter 2017, SGDR: Stochastic Gradient Descent with Warm Restarts, eq. 5, without restarts. As `CosineAnnealingLR` of
//! PyTorch it rises again after `t_max`.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::math::ops;
use crate::param::{Limit, ParamSpec, Parametric};

/// Half a cosine wave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cosine {
    pub t_max: u64,
    pub eta_min: f64,
}

impl Default for Cosine {
    fn default() -> Self {
        Self {
            t_max: 1500,
            eta_min: 0.0,
        }
    }
}

impl Parametric for Cosine {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("t_max", "Half period", 1, 10000, |s: &mut Self| &mut s.t_max)
            .limit(Limit::AtLeastOne)
            .symbol("T")
            .help("Steps from the top to the bottom"),
        ParamSpec::number("eta_min", "Smallest rate", |s: &mut Self| &mut s.eta_min)
            .log(1e-8, 1.0)
            .limit(Limit::NonNegative)
            .symbol("ηmin")
            .help("The learning rate at the bottom of the curve"),
    ];
}

impl Schedule for Cosine {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Cosine",
        formula: "η = ηmin + (η₀ − ηmin) (1 + cos(π t / T)) / 2",
        source: "Loshchilov and Hutter 2017, SGDR, eq. 5",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        self.eta_min + (base - self.eta_min) * (1.0 + ops::cos(PI * t as f64 / self.t_max.max(1) as f64)) / 2.0
    }
}
