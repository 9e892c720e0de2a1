//! The last experiment, kept where the desktop keeps such things.

use std::path::PathBuf;

use directories::{ProjectDirs, UserDirs};

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

    /// Whether there is a desktop that keeps things.
    pub fn is_of_desktop(&self) -> bool {
        self.file.is_some()
    }

    /// The file of the last experiment, if there is one.
    pub fn last_file(&self) -> Option<PathBuf> {
        self.file.clone().filter(|file| file.exists())
    }

    /// A new file of this name where a user looks for documents: for desktops without a file dialog.
    pub fn document(name: &str, ending: &str) -> Option<PathBuf> {
        let dirs = UserDirs::new()?;
        let folder = dirs.document_dir().unwrap_or(dirs.home_dir()).to_owned();
        let numbered = |n: u32| match n {
            1 => folder.join(format!("{name}.{ending}")),
            _ => folder.join(format!("{name} {n}.{ending}")),
        };
        (1..1000).map(numbered).find(|path| !path.exists())
    }

    /// Keeps an experiment for next time. Failing is no reason to trouble someone who is leaving.
    pub fn keep(&self, doc: &Experiment) {
        // Who only looked at the welcome has nothing to lose, but what was kept before.
        if *doc == Experiment::default() {
            return;
        }
        if let Some(file) = &self.file {
            if let Some(folder) = file.parent() {
                let _ = std::fs::create_dir_all(folder);
            }
            let _ = experiment::save(doc, file);
        }
    }
}
