//! The activations of all hidden layers.

use serde::{Deserialize, Serialize};

use super::{Activation, ModelError};

/// One activation for all hidden layers, or one a layer. In files a name, or a list of names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Activations {
    All(Activation),
    Each(Vec<Activation>),
}

impl Default for Activations {
    fn default() -> Self {
        Self::All(Activation::default())
    }
}

impl From<Activation> for Activations {
    fn from(activation: Activation) -> Self {
        Self::All(activation)
    }
}

impl Activations {
    /// One for each of `layers` hidden layers.
    ///
    /// # Errors
    /// There is another number of them.
    pub fn of_layers(&self, layers: usize) -> Result<Vec<Activation>, ModelError> {
        match self {
            Self::All(activation) => Ok(vec![*activation; layers]),
            Self::Each(each) if each.len() == layers => Ok(each.clone()),
            Self::Each(each) => Err(ModelError::Activations {
                given: each.len(),
                layers,
            }),
        }
    }

    /// As many as there are layers, the last one again where there are too few: for a list of layers that is being edited.
    pub fn fitted(&self, layers: usize) -> Vec<Activation> {
        let of = |k: usize| match self {
            Self::All(activation) => *activation,
            Self::Each(each) => each.get(k).or(each.last()).copied().unwrap_or_default(),
        };
        (0..layers).map(of).collect()
    }
}
