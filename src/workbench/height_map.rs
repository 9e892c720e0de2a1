//! A height map on its way from a file.

use std::path::PathBuf;

use super::job::{End, Job, Notify};
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
        let Some(job) = &self.job else {
            return false;
        };
        let (loaded, end) = job.poll();
        let news = loaded.is_some();
        self.loaded = loaded.or(self.loaded.take());
        if let Some(End::Panicked(_) | End::Done) = end {
            self.job = None;
        }
        news
    }

    pub fn take(&mut self) -> Option<Loaded> {
        self.loaded.take()
    }
}
