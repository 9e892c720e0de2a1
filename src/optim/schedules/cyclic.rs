//! Up and down between two learning rates.
//!
//! Smith 2017, Cyclical Learning Rates for Training Neural Networks, as `CyclicLR` of PyTorch.

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo, cycled_momentum};
use crate::math::ops;
use crate::param::{Limit, ParamSpec, Parametric};

/// How high each triangle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CyclicMode {
    Triangular,
    Triangular2,
    ExpRange,
}

/// A triangle wave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cyclic {
    pub base_lr: f64,
    pub max_lr: f64,
    pub step_size_up: u64,
    pub step_size_down: u64,
    pub mode: CyclicMode,
    pub gamma: f64,
    pub cycle_momentum: bool,
    pub base_momentum: f64,
    pub max_momentum: f64,
}

impl Default for Cyclic {
    fn default() -> Self {
        Self {
            base_lr: 0.0,
            max_lr: 0.0,
            step_size_up: 200,
            step_size_down: 0,
            mode: CyclicMode::Triangular,
            gamma: 1.0,
            cycle_momentum: true,
            base_momentum: 0.8,
            max_momentum: 0.9,
        }
    }
}

impl Parametric for Cyclic {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("base_lr", "Lower rate", |s: &mut Self| &mut s.base_lr)
            .log(1e-6, 10.0)
            .limit(Limit::NonNegative)
            .symbol("ηlow")
            .help("The learning rate at the bottom; 0 means the rule's own"),
        ParamSpec::number("max_lr", "Upper rate", |s: &mut Self| &mut s.max_lr)
            .log(1e-6, 10.0)
            .limit(Limit::NonNegative)
            .symbol("ηmax")
            .help("The learning rate at the top; 0 means ten times that at the bottom"),
        ParamSpec::integer("step_size_up", "Steps up", 1, 10000, |s: &mut Self| &mut s.step_size_up)
            .limit(Limit::AtLeastOne)
            .symbol("u")
            .help("Steps from the bottom to the top"),
        ParamSpec::integer("step_size_down", "Steps down", 0, 10000, |s: &mut Self| &mut s.step_size_down)
            .limit(Limit::NonNegative)
            .symbol("d")
            .help("Steps from the top to the bottom; 0 means as many as up"),
        ParamSpec::choice(
            "mode",
            "Mode",
            &["triangular", "triangular2", "exp_range"],
            |s: &Self| match s.mode {
                CyclicMode::Triangular => "triangular",
                CyclicMode::Triangular2 => "triangular2",
                CyclicMode::ExpRange => "exp_range",
            },
            |s: &mut Self, word| {
                s.mode = match word {
                    "triangular2" => CyclicMode::Triangular2,
                    "exp_range" => CyclicMode::ExpRange,
                    _ => CyclicMode::Triangular,
                }
            },
        )
        .help("All triangles alike, each half as high as the last, or lower by a factor every step"),
        ParamSpec::number("gamma", "Factor", |s: &mut Self| &mut s.gamma)
            .near_one(0.99999)
            .limit(Limit::NonNegative)
            .symbol("γ")
            .help("What the height is multiplied with after every step, in mode exp_range"),
        cycled_momentum::switch(|s: &mut Self| &mut s.cycle_momentum),
        cycled_momentum::base(|s: &mut Self| &mut s.base_momentum),
        cycled_momentum::max(|s: &mut Self| &mut s.max_momentum),
    ];

    fn is_used(&self, name: &str) -> bool {
        cycled_momentum::is_used(name, self.cycle_momentum)
    }
}

impl Cyclic {
    /// Where on its triangle step `t` is, from 0 to 1, and how high that triangle is.
    fn wave(&self, t: u64) -> (f64, f64) {
        let up = self.step_size_up.max(1);
        let down = if self.step_size_down == 0 { up } else { self.step_size_down };
        let total = up + down;
        let (cycle, within) = (t / total, t % total);
        let triangle = if within <= up {
            within as f64 / up as f64
        } else {
            (total - within) as f64 / down as f64
        };
        let height = match self.mode {
            CyclicMode::Triangular => 1.0,
            CyclicMode::Triangular2 => ops::powf(0.5, cycle as f64),
            CyclicMode::ExpRange => ops::powf(self.gamma, t as f64),
        };
        (triangle, height)
    }
}

impl Schedule for Cyclic {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Cyclic",
        formula: "η = ηlow + h (ηmax − ηlow) · triangle(t),   h = 1, 2^(1 − cycle) or γᵗ\nμ = μmax − h (μmax − μlow) · triangle(t)",
        source: "Smith 2017, Cyclical Learning Rates for Training Neural Networks",
    };

    fn lr(&self, base: f64, t: u64, _memory: &Memory) -> f64 {
        let low = if self.base_lr > 0.0 { self.base_lr } else { base };
        let top = if self.max_lr > 0.0 { self.max_lr } else { 10.0 * low };
        let (triangle, height) = self.wave(t);
        low + (top - low) * triangle * height
    }

    fn momentum(&self, t: u64) -> Option<f64> {
        let (triangle, height) = self.wave(t);
        let momentum = self.max_momentum - (self.max_momentum - self.base_momentum) * triangle * height;
        self.cycle_momentum.then_some(momentum)
    }
}
