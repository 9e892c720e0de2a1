//! A height map from a file.

use std::path::Path;

use super::ExperimentError;
use crate::data::read_grid;
use crate::functions::HeightMap;

/// The height map in a file: a CSV grid of numbers without a header, or a grey PNG picture (black 0, white 1), the first row at the top.
/// More than [`HeightMap::MOST`] samples along a side are averaged down to as many.
///
/// # Errors
/// The file cannot be read, or is no grid of at least 4 x 4 numbers.
pub fn read_height_map(path: &Path) -> Result<HeightMap, ExperimentError> {
    let rows = read_grid(path)?;
    HeightMap::new(&rows).map_err(|problem| ExperimentError::HeightMap {
        file: path.display().to_string(),
        problem,
    })
}
