//! How far a long reading is, and the way to stop it.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared between the worker that reads and whoever watches it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes read so far.
    pub done: AtomicU64,
    /// Bytes to read; 0 while unknown (a pipe).
    pub total: AtomicU64,
    /// Rows of the table so far.
    pub rows: AtomicU64,
    /// Whether somebody works beside it on the same machine: then a core is left to them.
    pub shares: AtomicBool,
    /// Set by the watcher: the work ends with [`DataError::Cancelled`](super::DataError::Cancelled) at the next block.
    pub cancel: AtomicBool,
}

impl Progress {
    /// The part that is done, 0 to 1.
    pub fn fraction(&self) -> f64 {
        let total = self.total.load(Ordering::Relaxed);
        if total == 0 {
            return 0.0;
        }
        (self.done.load(Ordering::Relaxed) as f64 / total as f64).min(1.0)
    }

    /// Threads that the work may take, of at most `most`.
    pub(super) fn threads(&self, most: usize) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let left = usize::from(self.shares.load(Ordering::Relaxed));
        (cores - left.min(cores - 1)).min(most)
    }

    /// Asks the work to stop.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}
