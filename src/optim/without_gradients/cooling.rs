//! How the temperature of an annealing falls. T₀ is the temperature of the first step, k counts steps from 0.
//!
//! - geometric: T ← c T (Kirkpatrick, Gelatt and Vecchi 1983).
//! - linear: T₀ (1 − k/K), 0 from step K on (compared with the others by Strenski and Kirkpatrick 1991).
//! - logarithmic: T₀ / ln(k + e), which is C / ln(1 + k) of Geman and Geman 1984 shifted so that it begins at T₀. Hajek 1988: the lowest
//!   minimum is certain in the end if T₀ is at least the depth of the deepest other hollow.
//! - fast: T₀ / (1 + k), which goes with Cauchy proposals (Szu and Hartley 1987).
//! - adaptive: T is lowered or raised by a thousandth a step, so that the share of accepted proposals follows a given course. Lam and
//!   Delosme 1988 as simplified by Swartz 1993; constants of Boyan 1998, Learning Evaluation Functions for Global Optimization.

use serde::{Deserialize, Serialize};

use crate::math::ops;

/// The law by which the temperature falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoolingSchedule {
    #[default]
    Geometric,
    Linear,
    Logarithmic,
    Fast,
    Adaptive,
}

impl CoolingSchedule {
    pub(super) const WORDS: &'static [&'static str] = &["geometric", "linear", "logarithmic", "fast", "adaptive"];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Geometric => "geometric",
            Self::Linear => "linear",
            Self::Logarithmic => "logarithmic",
            Self::Fast => "fast",
            Self::Adaptive => "adaptive",
        }
    }

    pub(super) fn from_word(word: &str) -> Self {
        match word {
            "linear" => Self::Linear,
            "logarithmic" => Self::Logarithmic,
            "fast" => Self::Fast,
            "adaptive" => Self::Adaptive,
            _ => Self::Geometric,
        }
    }

    /// Whether the law is told how many steps there are.
    pub(super) fn has_an_end(self) -> bool {
        matches!(self, Self::Linear | Self::Adaptive)
    }
}

/// A law with its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cooling {
    pub schedule: CoolingSchedule,
    /// T₀.
    pub start: f64,
    /// c of the geometric law.
    pub factor: f64,
    /// K of the laws that have an end.
    pub steps: u64,
}

/// The temperature and what it depends on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Thermostat {
    pub temperature: f64,
    /// Steps done.
    step: u64,
    /// Share of accepted proposals, a running mean over about 500.
    acceptance: f64,
}

impl Thermostat {
    pub fn new(start: f64) -> Self {
        Self {
            temperature: start,
            step: 0,
            acceptance: 0.5,
        }
    }

    /// Sets the temperature of the next step.
    pub fn cool(&mut self, cooling: &Cooling, accepted: bool) {
        self.step += 1;
        let k = self.step as f64;
        let share = (k / cooling.steps.max(1) as f64).min(1.0);
        let cooled = match cooling.schedule {
            CoolingSchedule::Geometric => self.temperature * cooling.factor,
            CoolingSchedule::Linear => cooling.start * (1.0 - share),
            CoolingSchedule::Logarithmic => cooling.start / ops::ln(k + std::f64::consts::E),
            CoolingSchedule::Fast => cooling.start / (1.0 + k),
            CoolingSchedule::Adaptive => self.follow(share, accepted),
        };
        // Below the smallest normal number arithmetic is slow and no rise is accepted anyway.
        self.temperature = if cooled < f64::MIN_POSITIVE { 0.0 } else { cooled };
    }

    /// The temperature that brings the share of accepted proposals closer to its course.
    fn follow(&mut self, share: f64, accepted: bool) -> f64 {
        self.acceptance = (499.0 * self.acceptance + f64::from(u8::from(accepted))) / 500.0;
        if self.acceptance > wanted_acceptance(share) {
            self.temperature * 0.999
        } else {
            (self.temperature / 0.999).min(f64::MAX)
        }
    }
}

/// The share of proposals to be accepted when this share of the steps is done: from 1 down to 0.44, there for half of the run, then
/// down to 0.001.
fn wanted_acceptance(share: f64) -> f64 {
    if share < 0.15 {
        0.44 + 0.56 * ops::powf(560.0, -share / 0.15)
    } else if share < 0.65 {
        0.44
    } else {
        0.44 * ops::powf(440.0, -(share - 0.65) / 0.35)
    }
}
