//! Optiscope, an oscilloscope for optimizers.
//!
//! The engine: landscapes, optimizers, models, the loop that steps, and the document that describes an experiment. Each module is a
//! floor; a floor uses floors below it only (ARCHITECTURE.md, enforced by `tests/engine/floors.rs`).

pub mod cli;
pub mod data;
pub mod experiment;

#[cfg(feature = "app")]
pub mod app;
pub mod functions;
pub mod landscape;
pub mod math;
pub mod model;
pub mod objective;
pub mod optim;
pub mod param;
pub mod run;
pub mod workbench;
