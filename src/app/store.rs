//! The last experiment, kept where the desktop keeps such things.

use std::path::PathBuf;

use directories::ProjectDirs;

use crate::experiment::{self, Experiment};

/// Where the last experiment is kept; nowhere in tests.
#[derive(Debug, Clone, Default)]
pub struct Store {
    file: Option<PathBuf>,
}

impl Store {
    /// The desktop's own place for it.
    pub fn of_desktop() -> Self {
        let dirs = ProjectDirs::from("", "", "optiscope");
        Self {
            file: dirs.map(|dirs| dirs.data_local_dir().join("last.optiscope")),
        }
    }

    /// The file of the last experiment, if there is one.
    pub fn last_file(&self) -> Option<PathBuf> {
        self.file.clone().filter(|file| file.exists())
    }

    /// Keeps an experiment for next time. Failing is no reason to trouble someone who is leaving.
    pub fn keep(&self, doc: &Experiment) {
        if let Some(file) = &self.file {
            if let Some(folder) = file.parent() {
                let _ = std::fs::create_dir_all(folder);
            }
            let _ = experiment::save(doc, file);
        }
    }
}
