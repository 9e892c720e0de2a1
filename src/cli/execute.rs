//! Carrying out runs, on all cores, with progress on a terminal.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::{CliError, interrupt};
use crate::run::{Run, RunPlan, Trajectory};

/// How long a stretch of steps should take: short enough for Ctrl-C and the progress bar, long enough not to be felt.
const STRETCH: Duration = Duration::from_millis(30);
const FIRST_STRETCH: u64 = 16;

/// Carries out the plans side by side.
///
/// # Errors
/// Ctrl-C was pressed.
pub(super) fn execute(plans: &[RunPlan]) -> Result<Vec<Trajectory>, CliError> {
    let bar = bar(plans.iter().map(|plan| plan.steps).sum(), "steps");
    let done: Vec<Mutex<Option<Trajectory>>> = plans.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let k = next.fetch_add(1, Ordering::Relaxed);
            let (Some(plan), Some(slot)) = (plans.get(k), done.get(k)) else {
                return;
            };
            let trajectory = one(plan, &bar);
            if let Ok(mut slot) = slot.lock() {
                *slot = trajectory;
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 1..cores.min(plans.len()) {
            // A system that has no thread to spare does the work in fewer.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    bar.finish_and_clear();
    let finished = done.into_iter().map(|slot| slot.into_inner().ok().flatten());
    finished.collect::<Option<Vec<_>>>().ok_or(CliError::Interrupted)
}

/// A run to its end; none if interrupted.
fn one(plan: &RunPlan, bar: &ProgressBar) -> Option<Trajectory> {
    let mut run = Run::new(plan.clone());
    let mut trajectory = Trajectory::new(plan);
    let mut stretch = FIRST_STRETCH;
    while run.is_running() {
        if interrupt::pressed() {
            return None;
        }
        let (before, start) = (run.step(), Instant::now());
        trajectory.append(run.advance(stretch));
        bar.inc(run.step() - before);
        if start.elapsed() < STRETCH {
            stretch = stretch.saturating_mul(2);
        } else {
            stretch = (stretch / 2).max(1);
        }
    }
    Some(trajectory)
}

/// A bar on stderr; nothing if that is not a terminal.
pub(super) fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent:>3}% of {len} {msg}, {eta} left");
    let bar = ProgressBar::new(length).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
