//! From a CSV file to what a model trains on.

mod dataset;

pub use dataset::{Dataset, Targets};
