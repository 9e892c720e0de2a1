//! Why a grid is no height map.

use thiserror::Error;

use super::spline::FEWEST;

/// A refused grid, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeightMapError {
    #[error("a height map has at least {FEWEST} rows and {FEWEST} columns of numbers; here are {rows} and {columns}")]
    TooSmall { columns: usize, rows: usize },
    #[error("row {row} has {given} numbers and the first row has {expected}; all rows must be as long")]
    Ragged { row: usize, given: usize, expected: usize },
    #[error("row {row}, column {column}: \"{given}\" is no height; every cell must be a number between -1e100 and 1e100")]
    NoHeight { row: usize, column: usize, given: String },
}
