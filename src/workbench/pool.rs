//! A few worker threads and a queue. Work is cut into short turns, so that all of it goes on side by side.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What a task says at the end of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It wants another turn, after everyone else of its priority.
    Again,
    Done,
}

/// What goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Finer pictures.
    Refine,
    /// Runs and data.
    Work,
    /// What the user waits for this very moment: a first picture, the point under the playhead.
    Glance,
}

type Task = Box<dyn FnMut() -> Next + Send>;

struct Entry {
    priority: Priority,
    /// Order of arrival, earlier first.
    number: u64,
    task: Task,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.priority, other.number).cmp(&(other.priority, self.number))
    }
}

#[derive(Default)]
struct Queue {
    waiting: BinaryHeap<Entry>,
    arrivals: u64,
    closed: bool,
}

impl Queue {
    fn push(&mut self, priority: Priority, task: Task) {
        self.arrivals += 1;
        let number = self.arrivals;
        self.waiting.push(Entry { priority, number, task });
    }
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    arrived: Condvar,
}

impl Shared {
    /// A panic in a task is caught before it can poison the queue, and the queue is sound between any two statements.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn submit(&self, priority: Priority, task: Task) {
        self.lock().push(priority, task);
        self.arrived.notify_one();
    }

    fn work(&self) {
        loop {
            let mut queue = self.lock();
            let entry = loop {
                if queue.closed {
                    return;
                }
                match queue.waiting.pop() {
                    Some(entry) => break entry,
                    None => queue = self.arrived.wait(queue).unwrap_or_else(PoisonError::into_inner),
                }
            };
            drop(queue);
            self.turn(entry);
        }
    }

    fn turn(&self, mut entry: Entry) {
        if (entry.task)() == Next::Again {
            self.submit(entry.priority, entry.task);
        }
    }
}

/// Worker threads. Dropping the pool ends them after their current turn, without waiting.
pub struct Pool {
    shared: Arc<Shared>,
    inline: bool,
}

impl Pool {
    /// As many threads as the machine has cores, two at least, so that loading a file does not hold up the runs.
    pub fn threaded() -> Self {
        let shared = Arc::<Shared>::default();
        let threads = thread::available_parallelism().map_or(2, |n| n.get().max(2));
        for i in 0..threads {
            let shared = Arc::clone(&shared);
            let spawned = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn(move || shared.work());
            if let Err(error) = spawned {
                eprintln!("optiscope: cannot start worker thread {i}: {error}");
            }
        }
        Self { shared, inline: false }
    }

    /// No threads: everything is done by [`run_inline`](Self::run_inline), in one fixed order.
    pub fn inline() -> Self {
        Self {
            shared: Arc::default(),
            inline: true,
        }
    }

    pub(super) fn submit(&self, priority: Priority, task: Task) {
        self.shared.submit(priority, task);
    }

    /// In a pool without threads, does all that waits. Otherwise nothing: the threads do it.
    pub fn run_inline(&self) {
        if !self.inline {
            return;
        }
        // The lock is let go before the turn, in which more work may be handed in.
        let next = || self.shared.lock().waiting.pop();
        while let Some(entry) = next() {
            self.shared.turn(entry);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.arrived.notify_all();
    }
}
