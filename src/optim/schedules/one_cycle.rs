//! Up from a fraction of the largest learning rate and down to almost nothing, once.
//!
//! Smith and Topin 2019, Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates, as `OneCycleLR` of PyTorch (without
//! its cycle of the momentum).

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::math::ops;
use crate::param::{Limit, ParamSpec, Parametric};

/// The shape of a rise or fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anneal {
    Cos,
    Linear,
}

impl Anneal {
    /// From one value to another, at this share of the way.
    fn between(self, from: f64, to: f64, share: f64) -> f64 {
        match self {
            Self::Cos => to + (from - to) / 2.0 * (1.0 + ops::cos(PI * share)),
            Self::Linear => (to - from) * share + from,
        }
    }
}

/// One rise and one fall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneCycle {
    pub max_lr: f64,
    pub total_steps: u64,
    pub pct_start: f64,
    pub anneal_strategy: Anneal,
    pub three_phase: bool,
    pub div_factor: f64,
    pub final_div_factor: f64,
}

impl Default for OneCycle {
    fn default() -> Self {
        Self {
            max_lr: 0.0,
            total_steps: 1500,
            pct_start: 0.3,
            anneal_strategy: Anneal::Cos,
            three_phase: false,
            div_factor: 25.0,
            final_div_factor: 1e4,
        }
    }
}

impl Parametric for OneCycle {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("max_lr", "Largest rate", |s: &mut Self| &mut s.max_lr)
            .log(1e-6, 10.0)
            .limit(Limit::NonNegative)
            .symbol("ηmax")
            .help("The learning rate at the top; 0 means the rule's own"),
        ParamSpec::integer("total_steps", "Steps", 2, 10000, |s: &mut Self| &mut s.total_steps)
            .limit(Limit::NonNegative)
            .symbol("T")
            .help("Steps of the whole cycle; after it the rate stays"),
        ParamSpec::number("pct_start", "Share of the rise", |s: &mut Self| &mut s.pct_start)
            .linear(0.0, 1.0)
            .limit(Limit::UnitClosed)
            .symbol("p")
            .help("Share of the steps in which the rate rises"),
        ParamSpec::choice(
            "anneal_strategy",
            "Shape",
            &["cos", "linear"],
            |s: &Self| match s.anneal_strategy {
                Anneal::Cos => "cos",
                Anneal::Linear => "linear",
            },
            |s: &mut Self, word| {
                s.anneal_strategy = match word {
                    "linear" => Anneal::Linear,
                    _ => Anneal::Cos,
                }
            },
        )
        .help("Shape of the rise and of the fall"),
        ParamSpec::switch("three_phase", "Three phases", |s: &mut Self| &mut s.three_phase)
            .help("Fall as fast as it rose, then go on to the smallest rate"),
        ParamSpec::number("div_factor", "Start divisor", |s: &mut Self| &mut s.div_factor)
            .log(1.0, 1000.0)
            .limit(Limit::Positive)
            .symbol("d")
            .help("The rate starts at the largest divided by this"),
        ParamSpec::number("final_div_factor", "Final divisor", |s: &mut Self| &mut s.final_div_factor)
            .log(1.0, 1e6)
            .limit(Limit::Positive)
            .symbol("d′")
            .help("The rate ends at that of the start divided by this"),
    ];
}

impl Schedule for OneCycle {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "One cycle",
        formula: "η rises from ηmax / d to ηmax in p T steps, then falls to ηmax / (d d′)",
        source: "Smith and Topin 2019, Super-Convergence",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        let top = if self.max_lr > 0.0 { self.max_lr } else { base };
        let start = top / self.div_factor;
        let end = start / self.final_div_factor;
        let total = self.total_steps as f64;
        let rise = self.pct_start * total - 1.0;
        let phases: &[_] = if self.three_phase {
            &[
                (rise, start, top),
                (2.0 * self.pct_start * total - 2.0, top, start),
                (total - 1.0, start, end),
            ]
        } else {
            &[(rise, start, top), (total - 1.0, top, end)]
        };
        let t = t as f64;
        let mut begun = 0.0;
        for (until, from, to) in phases {
            if t <= *until {
                return self.anneal_strategy.between(*from, *to, (t - begun) / (until - begun));
            }
            begun = *until;
        }
        end
    }
}
