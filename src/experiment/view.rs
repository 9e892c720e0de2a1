//! How an experiment is looked at: nothing here changes a run.

use serde::{Deserialize, Serialize};

use crate::landscape::Normalization;

/// How the landscapes are laid out and played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct View {
    pub layout: Layout,
    /// Playback speed: 1 shows a run in about ten seconds.
    pub speed: f64,
    /// Start over at the end.
    pub looping: bool,
    /// Draw what the rules know over the landscape: arrows, simplex, population ...
    #[serde(skip_serializing_if = "is_shown")]
    pub states: bool,
}

impl Default for View {
    fn default() -> Self {
        Self {
            layout: Layout::SideBySide,
            speed: 1.0,
            looping: true,
            states: true,
        }
    }
}

/// Not written then, so that older files stay as they are.
fn is_shown(states: &bool) -> bool {
    *states
}

/// One picture a run, or one for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    #[default]
    SideBySide,
    Overlay,
}

/// Which plane through the parameter space of a model is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SliceConfig {
    pub directions: Directions,
    /// Seed of random directions.
    pub seed: u64,
    /// Points along each axis.
    pub grid: u32,
}

impl Default for SliceConfig {
    fn default() -> Self {
        Self {
            directions: Directions::Pca,
            seed: 0,
            grid: 51,
        }
    }
}

impl SliceConfig {
    /// Whether nothing was chosen.
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// The two directions that span a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Directions {
    /// Gaussian, scaled as the weights are (Li et al. 2018).
    Random { normalize: Normalization },
    /// The two principal components of the paths of all visible runs.
    Pca,
    /// Two parameters of the model, by their index.
    Parameters { a: usize, b: usize },
}
