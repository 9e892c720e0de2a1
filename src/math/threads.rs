//! Rows that several threads fill, and how many threads there are to help.

use std::cell::Cell;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;

/// Bundles of rows a thread: rows may differ in cost, and threads in speed.
const BUNDLES: usize = 64;
/// Turns of waiting for others before this thread goes to sleep: some microseconds.
const SPINS: usize = 2000;
/// Rows in a bundle at the most, so that whoever watches is told often.
const MOST_ROWS: usize = 16;

/// Who helps to fill rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Helpers {
    /// Threads of their own, each on a core of its own from the beginning.
    New,
    /// Threads that are there already: for work that is done, or comes again, in less than a millisecond, a tenth of which starting one would
    /// take.
    Waiting,
}

/// Fills rows of `width` on up to `threads` threads, each with working memory of its own: `fill` is told which row it is.
///
/// After every few rows `go_on` is told how many are done; when it says no, the others stay as they are.
pub fn fill_rows<T: Send, W: Clone + Sync>(
    values: &mut [T],
    width: usize,
    (threads, helpers): (usize, Helpers),
    work: &W,
    fill: &(dyn Fn(&mut W, usize, &mut [T]) + Sync),
    go_on: &(dyn Fn(usize) -> bool + Sync),
) {
    if values.is_empty() {
        return;
    }
    // Every thread takes the next bundle that nobody has taken. A cheap row takes no longer than passing a lock from one core to another,
    // hence the bundles.
    let rows = values.len().div_ceil(width);
    let in_bundle = (rows / (BUNDLES * threads.max(1))).clamp(1, MOST_ROWS);
    let bundles: Vec<Mutex<&mut [T]>> = values.chunks_mut(width * in_bundle).map(Mutex::new).collect();
    let (next, done, stopped) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let fill_some = || {
        let mut work = work.clone();
        while !stopped.load(Ordering::Relaxed) {
            let k = next.fetch_add(1, Ordering::Relaxed);
            let Some(Ok(mut bundle)) = bundles.get(k).map(Mutex::try_lock) else {
                return;
            };
            let chunks = bundle.chunks_mut(width);
            let n = chunks.len();
            chunks
                .enumerate()
                .for_each(|(i, row)| fill(&mut work, k * in_bundle + i, row));
            if !go_on(done.fetch_add(n, Ordering::Relaxed) + n) {
                stopped.store(true, Ordering::Relaxed);
            }
        }
    };
    let others = threads.min(bundles.len()).saturating_sub(1);
    if others == 0 {
        fill_some();
        return;
    }
    if helpers == Helpers::New {
        thread::scope(|scope| {
            for _ in 0..others {
                // A system that has no thread to spare does the work in fewer.
                let _ = thread::Builder::new().spawn_scoped(scope, fill_some);
            }
            fill_some();
        });
        return;
    }
    rayon_core::in_place_scope(|scope| {
        for _ in 0..others {
            scope.spawn(|_| fill_some());
        }
        fill_some();
        // The others are at their last bundles: sleeping until they are done would take longer than that.
        for _ in 0..SPINS {
            if stopped.load(Ordering::Relaxed) || done.load(Ordering::Relaxed) >= rows {
                break;
            }
            std::hint::spin_loop();
        }
    });
}

/// Cores that this program may use; asked for once, for the answer takes longer than many a step.
static CORES: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get));
/// How many threads are at work on something large.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Threads that are to work on what this one works on, if that was said.
    static WANTED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Does work of which what is large is shared among `threads` threads, whoever else is at work. The numbers do not change by a bit.
pub fn on_threads<R>(threads: usize, work: impl FnOnce() -> R) -> R {
    struct Before(Option<usize>);
    impl Drop for Before {
        fn drop(&mut self) {
            WANTED.set(self.0);
        }
    }
    let _before = Before(WANTED.replace(Some(threads)));
    work()
}

/// A thread's sign that it is at work on something large, so that others do not ask for help where there is none: several runs side by side
/// keep a core busy each. It settles how soon a result is there, never which.
pub struct AtWork {
    others: usize,
}

impl AtWork {
    pub fn begin() -> Self {
        let others = AT_WORK.fetch_add(1, Ordering::Relaxed);
        Self { others }
    }

    /// Threads that are to work on what this one works on, itself included: as many as there are cores on which nobody works on something
    /// large, unless [`on_threads`] said how many.
    pub fn threads(&self) -> usize {
        let left = || CORES.saturating_sub(self.others);
        WANTED.get().unwrap_or_else(left).max(1)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(1, Ordering::Relaxed);
    }
}
