//! One run: a rule with its hyperparameters, the stages around it, and how it looks.

use serde::{Deserialize, Serialize};

use crate::optim::{Noise, OptimizerConfig, ScheduleConfig, Stages};

/// One run of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunConfig {
    pub name: String,
    pub rule: OptimizerConfig,
    /// Coupled (L2) weight decay, for every rule alike.
    #[serde(default)]
    pub weight_decay: f64,
    /// Largest norm of the gradient; none = no clipping.
    #[serde(default)]
    pub clip_norm: Option<f64>,
    /// Largest absolute value of a coordinate of the gradient.
    #[serde(default)]
    pub clip_value: Option<f64>,
    /// The learning rate over time; none = constant, and then not written, so that older files stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleConfig>,
    #[serde(default)]
    pub look: Look,
}

/// How a run looks. Changing it never restarts the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// Which hue, dash and marker: an index into the palette, counted round.
    pub style: u8,
    pub visible: bool,
    /// Whether its card shows all hyperparameters.
    pub open: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            style: 0,
            visible: true,
            open: false,
        }
    }
}

impl RunConfig {
    /// A run of this rule, named after it.
    pub fn of(rule: OptimizerConfig, style: u8) -> Self {
        Self {
            name: rule.info().name.to_owned(),
            rule,
            weight_decay: 0.0,
            clip_norm: None,
            clip_value: None,
            schedule: None,
            look: Look {
                style,
                ..Look::default()
            },
        }
    }

    /// The stages around the rule, given the noise of the problem.
    pub fn stages(&self, noise: Noise) -> Stages {
        Stages {
            noise,
            clip_norm: self.clip_norm,
            clip_value: self.clip_value,
            weight_decay: self.weight_decay,
            schedule: self.schedule.clone(),
        }
    }
}
