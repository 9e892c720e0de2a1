//! The document: a problem, the runs on it, and how they are looked at. Everything else follows from it.

mod build;
mod document;
mod error;
mod file;
mod height_file;
mod problem;
mod run_config;
mod source;
mod suggest;
mod view;

pub use build::{LoadedModel, RunKey};
pub use document::{Experiment, MAX_RUNS, MAX_STEPS, VERSION};
pub use error::ExperimentError;
pub use file::{from_json, load, save, to_json};
pub use height_file::read_height_map;
pub use problem::{FunctionProblem, ModelProblem, Problem, Source};
pub use run_config::{Look, RunConfig};
pub use view::{Chart, Directions, Layout, ResultsView, Rows, SliceConfig, View};
