//! A factor whenever the metric has not got better for a while.
//!
//! `ReduceLROnPlateau` of PyTorch. The metric is the loss of the step, or over mini-batches its mean over an epoch.

use serde::{Deserialize, Serialize};

use super::{Memory, Schedule, ScheduleInfo};
use crate::param::{Limit, ParamSpec, Parametric};

/// Which metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlateauMode {
    Min,
    Max,
}

/// What a threshold is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdMode {
    Rel,
    Abs,
}

/// Reductions when progress stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReduceOnPlateau {
    pub mode: PlateauMode,
    pub factor: f64,
    pub patience: u64,
    pub threshold: f64,
    pub threshold_mode: ThresholdMode,
    pub cooldown: u64,
    pub min_lr: f64,
    pub eps: f64,
}

impl Default for ReduceOnPlateau {
    fn default() -> Self {
        Self {
            mode: PlateauMode::Min,
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            threshold_mode: ThresholdMode::Rel,
            cooldown: 0,
            min_lr: 0.0,
            eps: 1e-8,
        }
    }
}

impl Parametric for ReduceOnPlateau {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "mode",
            "Better is",
            &["min", "max"],
            |s: &Self| match s.mode {
                PlateauMode::Min => "min",
                PlateauMode::Max => "max",
            },
            |s: &mut Self, word| {
                s.mode = match word {
                    "max" => PlateauMode::Max,
                    _ => PlateauMode::Min,
                }
            },
        )
        .help("Whether a smaller or a larger metric is better"),
        ParamSpec::number("factor", "Factor", |s: &mut Self| &mut s.factor)
            .linear(0.0, 1.0)
            .limit(Limit::UnitOpen)
            .symbol("a")
            .help("What the learning rate is multiplied with"),
        ParamSpec::integer("patience", "Patience", 0, 1000, |s: &mut Self| &mut s.patience)
            .limit(Limit::NonNegative)
            .symbol("")
            .help("Looks at the metric without progress that are waited for"),
        ParamSpec::number("threshold", "Threshold", |s: &mut Self| &mut s.threshold)
            .log(1e-8, 1.0)
            .limit(Limit::NonNegative)
            .symbol("δ")
            .help("By how much the metric must get better to count"),
        ParamSpec::choice(
            "threshold_mode",
            "Threshold is",
            &["rel", "abs"],
            |s: &Self| match s.threshold_mode {
                ThresholdMode::Rel => "rel",
                ThresholdMode::Abs => "abs",
            },
            |s: &mut Self, word| {
                s.threshold_mode = match word {
                    "abs" => ThresholdMode::Abs,
                    _ => ThresholdMode::Rel,
                }
            },
        )
        .help("A share of the best metric, or an amount"),
        ParamSpec::integer("cooldown", "Cooldown", 0, 1000, |s: &mut Self| &mut s.cooldown)
            .limit(Limit::NonNegative)
            .symbol("")
            .help("Looks after a reduction that do not count"),
        ParamSpec::number("min_lr", "Smallest rate", |s: &mut Self| &mut s.min_lr)
            .log(1e-8, 1.0)
            .limit(Limit::NonNegative)
            .symbol("ηmin")
            .help("The learning rate goes no lower"),
        ParamSpec::number("eps", "Epsilon", |s: &mut Self| &mut s.eps)
            .log(1e-12, 1e-2)
            .limit(Limit::NonNegative)
            .symbol("ε")
            .help("A reduction by less is not made"),
    ];
}

impl ReduceOnPlateau {
    fn is_better(&self, metric: f64, best: f64) -> bool {
        match (self.mode, self.threshold_mode) {
            (PlateauMode::Min, ThresholdMode::Rel) => metric < best * (1.0 - self.threshold),
            (PlateauMode::Min, ThresholdMode::Abs) => metric < best - self.threshold,
            (PlateauMode::Max, ThresholdMode::Rel) => metric > best * (1.0 + self.threshold),
            (PlateauMode::Max, ThresholdMode::Abs) => metric > best + self.threshold,
        }
    }
}

impl Schedule for ReduceOnPlateau {
    const INFO: ScheduleInfo = ScheduleInfo {
        name: "Reduce on plateau",
        formula: "η ← max(a η, ηmin) when the metric has not got better for more than `patience` looks",
        source: "torch.optim.lr_scheduler.ReduceLROnPlateau",
    };

    fn lr(&self, base: f64, _t: u64, memory: &Memory) -> f64 {
        memory.lr.unwrap_or(base)
    }

    fn observe(&self, base: f64, _t: u64, metric: f64, memory: &mut Memory) {
        if memory.best.is_none_or(|best| self.is_better(metric, best)) {
            memory.best = Some(metric);
            memory.bad = 0;
        } else {
            memory.bad += 1;
        }
        if memory.cooldown > 0 {
            memory.cooldown -= 1;
            memory.bad = 0;
        }
        if memory.bad > self.patience {
            let lr = memory.lr.unwrap_or(base);
            let reduced = (lr * self.factor).max(self.min_lr);
            if lr - reduced > self.eps {
                memory.lr = Some(reduced);
            }
            memory.cooldown = self.cooldown;
            memory.bad = 0;
        }
    }
}
