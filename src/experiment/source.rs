//! Getting at the data an experiment names.

use std::path::Path;

use super::{ExperimentError, Source};
use crate::data::{Progress, ReadOptions, Table, bundled, generated, read_file};

impl Source {
    /// Reads or makes the table. Relative paths are looked up in `folder`, where the experiment's file lies.
    ///
    /// # Errors
    /// There is no such data set, or the file cannot be read; cancelling is an error too.
    pub fn table(&self, folder: Option<&Path>, progress: &Progress) -> Result<Table, ExperimentError> {
        match self {
            Self::File { path } => {
                let path = folder.map_or_else(|| path.clone(), |folder| folder.join(path));
                Ok(read_file(&path, &ReadOptions::default(), progress)?)
            }
            Self::Bundled { id } => {
                let set = bundled::find(id).ok_or_else(|| ExperimentError::NoSuchDataset(id.clone()))?;
                Ok(set.table(progress)?)
            }
            Self::Generated { id, rows, noise, seed } => {
                let set = generated::find(id).ok_or_else(|| ExperimentError::NoSuchDataset(id.clone()))?;
                Ok(set.table(*rows as usize, *noise, *seed))
            }
        }
    }
}
