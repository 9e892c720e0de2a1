//! From a CSV file to what a model trains on.

mod dataset;
mod whole_file;

pub use dataset::{Dataset, Targets};
pub use whole_file::write_whole;
