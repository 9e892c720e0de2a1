//! Why a command was not done.

use std::io;
use std::path::PathBuf;

use crate::data::DataError;
use crate::experiment::ExperimentError;
use crate::functions::FormulaError;
use crate::model::ModelError;
use crate::param::ParamError;

/// A refusal: what, where, and what to do. The last two variants are endings rather than errors.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error("{}: there is no such file and no such command; `optiscope help` lists the commands", .0.display())]
    NoSuchFile(PathBuf),
    #[error("there is no {kind} \"{given}\"{hint}; `optiscope list {kind}s` names them all")]
    NoSuch {
        kind: &'static str,
        given: String,
        hint: String,
    },
    #[error("{option} {given}: {problem}")]
    Param {
        option: &'static str,
        given: String,
        problem: ParamError,
    },
    #[error("--formula: {problem}\n    {marked}")]
    Formula { problem: FormulaError, marked: String },
    #[error("{option} {given}: write it as {expected}")]
    Form {
        option: &'static str,
        given: String,
        expected: &'static str,
    },
    #[error("{option} {given}: {accepted}")]
    Value {
        option: &'static str,
        given: String,
        accepted: String,
    },
    #[error(
        "{}: this is not an Optiscope experiment; if it is a CSV file, `optiscope train {} --target COLUMN` trains on it and `optiscope data {}` tells what is in it", .0.display(), .0.display(), .0.display()
    )]
    NotExperiment(PathBuf),
    #[error("{0}")]
    Usage(String),
    #[error("{}: cannot be read ({source}); check that it exists and that you may open it", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{}: cannot be written ({source}); check the folder and the space left", path.display())]
    WriteFile { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Data(DataError),
    #[error(transparent)]
    Experiment(ExperimentError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("cannot write the results: {0}")]
    Write(io::Error),
    #[error("interrupted")]
    Interrupted,
    /// Whoever read our output has seen enough.
    #[error("the reader of the output has gone")]
    ReaderGone,
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Write(error),
        }
    }
}

impl From<DataError> for CliError {
    fn from(error: DataError) -> Self {
        match error {
            DataError::Cancelled => Self::Interrupted,
            other => Self::Data(other),
        }
    }
}

impl From<ExperimentError> for CliError {
    fn from(error: ExperimentError) -> Self {
        match error {
            ExperimentError::Data(error) => error.into(),
            other => Self::Experiment(other),
        }
    }
}
