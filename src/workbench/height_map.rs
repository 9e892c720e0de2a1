//! A height map on its way from a file.

use std::path::PathBuf;

use super::job::{Job, Notify};
use super::pool::{Pool, Priority};
use crate::experiment::{ExperimentError, read_height_map};
use crate::functions::HeightMap;

/// What comes of a file.
pub type Loaded = Result<HeightMap, ExperimentError>;

/// The file that is being read, if there is one.
#[derive(Default)]
pub(super) struct HeightMaps {
    job: Option<Job<Loaded>>,
    loaded: Option<Loaded>,
}

impl HeightMaps {
    /// Starts to read a file; one that is still being read is forgotten.
    pub fn read(&mut self, pool: &Pool, notify: &Notify, path: PathBuf) {
        self.job = Some(Job::once(pool, Priority::Work, notify, move |_| read_height_map(&path)));
    }

    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    pub fn cancel(&mut self) {
        self.job = None;
    }

    pub fn poll(&mut self) -> bool {
        let loaded = Job::fetch(&mut self.job);
        let news = loaded.is_some();
        self.loaded = loaded.or_else(|| self.loaded.take());
        news
    }

    pub fn take(&mut self) -> Option<Loaded> {
        self.loaded.take()
    }
}
