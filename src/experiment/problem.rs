//! What is minimised: a function, or the training loss of a model on data.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::Preparation;
use crate::functions::FunctionConfig;
use crate::model::ModelConfig;

/// What is minimised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Problem {
    Function(FunctionProblem),
    Model(ModelProblem),
}

/// A landscape given by a formula.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionProblem {
    pub function: FunctionConfig,
    pub start: [f64; 2],
    /// Standard deviation of Gaussian noise on every coordinate of the gradient.
    #[serde(default)]
    pub noise: f64,
}

impl FunctionProblem {
    /// A function from where a first look at it starts.
    pub fn of(function: FunctionConfig) -> Self {
        Self {
            start: function.start(),
            function,
            noise: 0.0,
        }
    }
}

/// The training loss of a model on data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelProblem {
    pub source: Source,
    pub preparation: Preparation,
    pub model: ModelConfig,
    /// Rows a step; none = all of them.
    #[serde(default)]
    pub batch: Option<u64>,
    /// A new order of the rows every epoch.
    #[serde(default = "yes")]
    pub shuffle: bool,
    #[serde(default)]
    pub slice: super::SliceConfig,
}

fn yes() -> bool {
    true
}

/// Where data come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A CSV file; a relative path is relative to the experiment's folder.
    File { path: PathBuf },
    /// A data set that comes with the program.
    Bundled { id: String },
    /// A data set made from a formula and a seed.
    Generated { id: String, rows: u64, noise: f64, seed: u64 },
}
