//! Getting at the data an experiment names.

use std::path::{Path, PathBuf};

use super::{ExperimentError, Source};
use crate::data::{BUNDLED, Bundled, Generated, Progress, ReadOptions, Table, read, read_head};

impl Default for Source {
    /// The first data set that comes with the program.
    fn default() -> Self {
        Self::Bundled {
            id: BUNDLED.first().map(|set| set.id.to_owned()).unwrap_or_default(),
        }
    }
}

impl Source {
    /// A file whose dialect is found out.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File {
            path: path.into(),
            dialect: ReadOptions::default(),
        }
    }

    /// What it is called on the screen.
    pub fn name(&self) -> String {
        match self {
            Self::File { path, .. } => path
                .file_name()
                .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned()),
            Self::Bundled { id } => Bundled::from_id(id).map_or_else(|| id.clone(), |set| set.title.to_owned()),
            Self::Generated { id, .. } => Generated::from_id(id).map_or_else(|| id.clone(), |set| set.title.to_owned()),
        }
    }

    /// The first rows of a file, for a look at them while it is being read; none of what is there at once, or cannot be read.
    pub fn head(&self, folder: Option<&Path>, progress: &Progress) -> Option<Table> {
        match self {
            Self::File { path, dialect } => read_head(&located(path, folder), dialect, progress).ok(),
            Self::Bundled { .. } | Self::Generated { .. } => None,
        }
    }

    /// Reads or makes the table. Relative paths are looked up in `folder`, where the experiment's file lies.
    ///
    /// # Errors
    /// There is no such data set, or the file cannot be read; cancelling is an error too.
    pub fn table(&self, folder: Option<&Path>, progress: &Progress) -> Result<Table, ExperimentError> {
        let unknown = |id: &String| ExperimentError::NoSuchDataset(id.clone());
        match self {
            Self::File { path, dialect } => Ok(read(&located(path, folder), dialect, progress)?),
            Self::Bundled { id } => Ok(Bundled::from_id(id).ok_or_else(|| unknown(id))?.table()?),
            Self::Generated { id, rows, noise, seed } => {
                let set = Generated::from_id(id).ok_or_else(|| unknown(id))?;
                Ok(set.table(*rows as usize, *noise, *seed))
            }
        }
    }
}

fn located(path: &Path, folder: Option<&Path>) -> PathBuf {
    folder.map_or_else(|| path.to_owned(), |folder| folder.join(path))
}
