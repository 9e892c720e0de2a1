//! Up from a fraction of the largest learning rate and down to almost nothing, once.
//!
//! Smith and Topin 2019, Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates, as `OneCycleLR` of PyTorch.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo, cycled_momentum};
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
    pub cycle_momentum: bool,
    pub base_momentum: f64,
    pub max_momentum: f64,
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
            cycle_momentum: true,
            base_momentum: 0.85,
            max_momentum: 0.95,
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
        cycled_momentum::switch(|s: &mut Self| &mut s.cycle_momentum),
        cycled_momentum::base(|s: &mut Self| &mut s.base_momentum),
        cycled_momentum::max(|s: &mut Self| &mut s.max_momentum),
    ];

    fn is_used(&self, name: &str) -> bool {
        cycled_momentum::is_used(name, self.cycle_momentum)
    }
}

impl OneCycle {
    /// The last step of each phase.
    fn ends(&self) -> [f64; 3] {
        let total = self.total_steps as f64;
        let rise = self.pct_start * total - 1.0;
        if self.three_phase {
            [rise, 2.0 * self.pct_start * total - 2.0, total - 1.0]
        } else {
            [rise, total - 1.0, total - 1.0]
        }
    }

    /// What goes from one of the values to the next in each phase is at step `t`; after the cycle it stays.
    fn through(&self, t: u64, turns: &[f64]) -> f64 {
        let (t, mut begun) = (t as f64, 0.0);
        for (until, pair) in self.ends().into_iter().zip(turns.windows(2)) {
            if t <= until {
                return self.anneal_strategy.between(pair[0], pair[1], (t - begun) / (until - begun));
            }
            begun = until;
        }
        turns.last().copied().unwrap_or(0.0)
    }
}

impl Schedule for OneCycle {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "One cycle",
        formula: "η rises from ηmax / d to ηmax in p T steps, then falls to ηmax / (d d′)\nμ goes against it: μmax, μlow, μmax",
        source: "Smith and Topin 2019, Super-Convergence",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        let top = if self.max_lr > 0.0 { self.max_lr } else { base };
        let start = top / self.div_factor;
        let end = start / self.final_div_factor;
        if self.three_phase {
            self.through(t, &[start, top, start, end])
        } else {
            self.through(t, &[start, top, end])
        }
    }

    fn momentum(&self, t: u64) -> Option<f64> {
        let (low, high) = (self.base_momentum, self.max_momentum);
        // In the last of three phases it stays.
        let turns: &[f64] = if self.three_phase {
            &[high, low, high, high]
        } else {
            &[high, low, high]
        };
        self.cycle_momentum.then(|| self.through(t, turns))
    }
}
