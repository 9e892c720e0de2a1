//! How far a long reading is, and the way to stop it.

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

    /// Asks the work to stop.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}
