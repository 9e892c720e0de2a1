//! What can be wrong with an experiment, in sentences.

use std::path::PathBuf;

use thiserror::Error;

use crate::data::DataError;
use crate::functions::HeightMapError;
use crate::model::ModelError;
use crate::param::ParamError;

/// Why an experiment cannot be opened, saved or run.
#[derive(Debug, Error)]
pub enum ExperimentError {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{}: {bytes} bytes are too many for an experiment; is this the right file?", path.display())]
    TooLarge { path: PathBuf, bytes: u64 },
    #[error("{file}, line {line}, column {column}: {what}")]
    Json {
        file: String,
        line: usize,
        column: usize,
        what: String,
    },
    #[error("{file}: this is no Optiscope experiment: the field \"version\" is missing or wrong")]
    NoVersion { file: String },
    #[error(
        "{file}: made by a newer Optiscope (format version {found}, this program reads up to {known}); update the program to open it"
    )]
    Newer { file: String, found: u64, known: u32 },
    #[error("{file}: {what}; correct it there")]
    Field { file: String, what: Box<ExperimentError> },
    #[error("{field}: {problem}")]
    Param { field: String, problem: ParamError },
    #[error("{field} = {given} is out of range: it must be {accepted}")]
    OutOfRange { field: String, given: String, accepted: String },
    #[error("{run}: {why}")]
    Refused { run: String, why: String },
    #[error("{file}: {problem}")]
    HeightMap { file: String, problem: HeightMapError },
    #[error("there is no data set \"{0}\"; `optiscope list datasets` names them all")]
    NoSuchDataset(String),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("the data are not loaded yet")]
    NotLoaded,
    #[error(
        "something went wrong inside Optiscope ({0}); what was open is as it was. Please report it with the file that led to it"
    )]
    Internal(String),
}
