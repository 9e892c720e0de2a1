//! Whose formula is meant where frameworks differ.

use serde::{Deserialize, Serialize};

use crate::param::ParamSpec;

/// A framework whose variant of a rule is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framework {
    #[default]
    #[serde(rename = "pytorch")]
    PyTorch,
    /// Keras, and TensorFlow before it.
    Keras,
}

impl Framework {
    /// Not written then, so that older files stay as they are.
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// What the learning rate multiplies: the gradient that enters a velocity, and the velocity that moves x.
    #[inline]
    pub(super) fn rates(self, lr: f64) -> (f64, f64) {
        match self {
            Self::PyTorch => (1.0, lr),
            Self::Keras => (lr, 1.0),
        }
    }

    /// The ε that is added under the root, and the one beside it.
    #[inline]
    pub(super) fn epsilons(self, eps: f64) -> (f64, f64) {
        match self {
            Self::PyTorch => (0.0, eps),
            Self::Keras => (eps, 0.0),
        }
    }

    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::PyTorch => "pytorch",
            Self::Keras => "keras",
        }
    }

    pub(super) fn from_id(id: &str) -> Self {
        if id == "keras" { Self::Keras } else { Self::PyTorch }
    }
}

/// The choice of a convention; a rule says in its help what differs.
pub(super) const fn convention<T>(get: fn(&T) -> &'static str, set: fn(&mut T, &'static str)) -> ParamSpec<T> {
    ParamSpec::choice("convention", "Convention", &["pytorch", "keras"], get, set)
}
