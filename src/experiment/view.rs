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
    /// What is shown of how good the models are. Not written where nothing was chosen.
    #[serde(skip_serializing_if = "ResultsView::is_usual")]
    pub results: ResultsView,
}

impl Default for View {
    fn default() -> Self {
        Self {
            layout: Layout::SideBySide,
            speed: 1.0,
            looping: true,
            states: true,
            results: ResultsView::default(),
        }
    }
}

/// Not written then, so that older files stay as they are.
fn is_shown(states: &bool) -> bool {
    *states
}

/// What stands in the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One picture of the landscape a run.
    #[default]
    SideBySide,
    /// One picture of the landscape for all.
    Overlay,
    /// How good the models are: a chart a run, and their metrics. A function has none; it is shown side by side.
    Results,
}

/// What is shown of how good the models are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResultsView {
    pub chart: Chart,
    /// The rows that charts and metrics are about.
    pub rows: Rows,
    /// The class that curves are about; none = the last.
    pub class: Option<usize>,
    /// The features over which answers are drawn; none = the only two, or two principal components.
    pub features: Option<[usize; 2]>,
    /// The table is over all folds of a cross-validation, not of the one that is held out now.
    #[serde(skip_serializing_if = "is_false")]
    pub all_folds: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(b: &bool) -> bool {
    !*b
}

impl ResultsView {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// A chart of how good a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chart {
    /// What the model answers over two features or two principal components.
    #[default]
    Boundary,
    /// Loss on training and validation rows over the steps.
    Learning,
    Confusion,
    Roc,
    PrecisionRecall,
    Calibration,
    /// Predicted against true numbers.
    Predicted,
    Residuals,
}

/// A set of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    Train,
    /// The training rows where none are held out.
    #[default]
    Validation,
    Test,
}

impl Rows {
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// The name of the set in tables of results.
    pub fn id(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
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
