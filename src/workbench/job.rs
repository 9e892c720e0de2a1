//! A job: work on the pool with progress, cancel, and a mailbox that the window empties when it likes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, TryLockError};

use super::pool::{Next, Pool, Priority};
use crate::data::Progress;

/// Wakes whoever waits for results (the window asks for a repaint).
pub type Notify = Arc<dyn Fn() + Send + Sync>;

struct Shared<T> {
    progress: Progress,
    mailbox: Mutex<Mailbox<T>>,
}

struct Mailbox<T> {
    letter: Option<T>,
    ended: Option<End>,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    Done,
    /// It panicked; what it said.
    Panicked(String),
}

/// The worker's end of a job.
pub struct Port<T> {
    shared: Arc<Shared<T>>,
    notify: Notify,
}

impl<T> Port<T> {
    pub fn progress(&self) -> &Progress {
        &self.shared.progress
    }

    /// Says how much is done.
    pub fn report(&self, done: u64, total: u64) {
        self.progress().done.store(done, Ordering::Relaxed);
        self.progress().total.store(total, Ordering::Relaxed);
    }

    /// Whether nobody wants the result any more.
    pub fn is_cancelled(&self) -> bool {
        self.shared.progress.is_cancelled()
    }

    /// Leaves a result in the mailbox; one that was not fetched yet is replaced.
    pub fn send(&self, letter: T) {
        self.put(|slot| *slot = Some(letter));
    }

    /// Leaves a result in the mailbox, joined to one that was not fetched yet: the window never misses a part, and the
    /// worker never waits for it.
    pub fn merge(&self, letter: T, join: impl FnOnce(&mut T, T)) {
        self.put(|slot| match slot {
            Some(waiting) => join(waiting, letter),
            None => *slot = Some(letter),
        });
    }

    fn put(&self, change: impl FnOnce(&mut Option<T>)) {
        if let Ok(mut mailbox) = self.shared.mailbox.lock() {
            change(&mut mailbox.letter);
        }
        (self.notify)();
    }

    fn end(&self, end: End) {
        if let Ok(mut mailbox) = self.shared.mailbox.lock() {
            mailbox.ended = Some(end);
        }
        (self.notify)();
    }
}

/// The window's end of a job. Dropping it cancels the job.
pub struct Job<T> {
    shared: Arc<Shared<T>>,
}

impl<T: Send + 'static> Job<T> {
    /// Starts a job. `turn` is called again and again until it says that it is done or the job is cancelled.
    pub fn start(
        pool: &Pool,
        priority: Priority,
        notify: &Notify,
        mut turn: impl FnMut(&Port<T>) -> Next + Send + 'static,
    ) -> Self {
        let shared = Arc::new(Shared {
            progress: Progress::default(),
            mailbox: Mutex::new(Mailbox {
                letter: None,
                ended: None,
            }),
        });
        let port = Port {
            shared: Arc::clone(&shared),
            notify: Arc::clone(notify),
        };
        pool.submit(
            priority,
            Box::new(move || {
                if port.is_cancelled() {
                    return Next::Done;
                }
                // A bug in one job must not take the others, or the window, with it.
                match catch_unwind(AssertUnwindSafe(|| turn(&port))) {
                    Ok(Next::Again) => Next::Again,
                    Ok(Next::Done) => {
                        port.end(End::Done);
                        Next::Done
                    }
                    Err(panic) => {
                        port.end(End::Panicked(words_of(panic.as_ref())));
                        Next::Done
                    }
                }
            }),
        );
        Self { shared }
    }

    /// Starts a job that is done in one turn.
    pub fn once(pool: &Pool, priority: Priority, notify: &Notify, work: impl FnOnce(&Port<T>) -> T + Send + 'static) -> Self {
        let mut work = Some(work);
        Self::start(pool, priority, notify, move |port| {
            if let Some(work) = work.take() {
                port.send(work(port));
            }
            Next::Done
        })
    }

    /// What arrived from the job in `slot` since the last call; a job that has ended is taken out of it.
    pub(super) fn fetch(slot: &mut Option<Self>) -> Option<T> {
        let (letter, end) = slot.as_ref()?.poll();
        if end.is_some() {
            *slot = None;
        }
        letter
    }

    /// What arrived since the last call, and how the job ended, if it did. Never waits: if the worker is just writing, the
    /// next frame will see it.
    pub fn poll(&self) -> (Option<T>, Option<End>) {
        match self.shared.mailbox.try_lock() {
            Ok(mut mailbox) => (mailbox.letter.take(), mailbox.ended.clone()),
            Err(TryLockError::Poisoned(mailbox)) => (mailbox.into_inner().letter.take(), Some(End::Done)),
            Err(TryLockError::WouldBlock) => (None, None),
        }
    }
}

impl<T> Job<T> {
    pub fn progress(&self) -> &Progress {
        &self.shared.progress
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.shared.progress.cancel();
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
