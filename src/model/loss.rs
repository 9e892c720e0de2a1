//! What a model is trained to make small.

use serde::{Deserialize, Serialize};

use super::ModelError;
use crate::data::Targets;

/// A mean over the samples (over all elements for several targets), as in PyTorch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// (z - y)², without a factor 1/2.
    Mse,
    /// |z - y|
    Mae,
    /// (z - y)² / 2 within 1 of the target, |z - y| - 1/2 beyond (Huber 1964, δ = 1).
    Huber,
    /// -ln softmax(z) of the right class: one output a class.
    CrossEntropy,
    /// Logistic loss of two classes: one output, the log-odds of the second class.
    Bce,
    /// max(0, 1 - t z) with t = ±1 and one output for two classes; for more, the mean over the classes of max(0, 1 + z - z of the right
    /// class), as PyTorch's `MultiMarginLoss` has it.
    Hinge,
}

impl Loss {
    pub const ALL: [Self; 6] = [Self::Mse, Self::Mae, Self::Huber, Self::CrossEntropy, Self::Bce, Self::Hinge];

    /// The name in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Mse => "mse",
            Self::Mae => "mae",
            Self::Huber => "huber",
            Self::CrossEntropy => "cross_entropy",
            Self::Bce => "bce",
            Self::Hinge => "hinge",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.id() == id)
    }

    /// The loss taken if none is named.
    pub fn for_targets(targets: &Targets) -> Self {
        match targets {
            Targets::Values { .. } => Self::Mse,
            Targets::Classes { .. } => Self::CrossEntropy,
        }
    }

    /// Whether it is for classes; the others are for numbers.
    pub fn is_for_classes(self) -> bool {
        matches!(self, Self::CrossEntropy | Self::Bce | Self::Hinge)
    }

    /// The number of outputs that a model needs for these targets.
    pub fn outputs(self, targets: &Targets) -> Result<usize, ModelError> {
        match targets {
            Targets::Values { columns, .. } if !self.is_for_classes() => Ok(*columns),
            Targets::Values { .. } => Err(ModelError::LossNeedsClasses { loss: self.id() }),
            Targets::Classes { .. } if !self.is_for_classes() => Err(ModelError::LossNeedsNumbers { loss: self.id() }),
            Targets::Classes { names, .. } if names.len() < 2 => Err(ModelError::TooFewClasses { classes: names.len() }),
            Targets::Classes { names, .. } => match self {
                Self::Bce if names.len() != 2 => Err(ModelError::BceNeedsTwoClasses { classes: names.len() }),
                Self::Bce => Ok(1),
                Self::Hinge if names.len() == 2 => Ok(1),
                _ => Ok(names.len()),
            },
        }
    }

    /// Whether the targets of a model with this many outputs are class numbers that pick an output, rather than a number an output.
    pub(super) fn by_class(self, outputs: usize) -> bool {
        self == Self::CrossEntropy || (self == Self::Hinge && outputs > 1)
    }

    /// The number of terms a sample contributes to the mean.
    pub(super) fn terms(self, outputs: usize) -> usize {
        if self == Self::CrossEntropy { 1 } else { outputs }
    }
}
