//! A lane: one run of the experiment as the window sees it, fed by a job.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{End, Job, Notify};
use super::pool::{Next, Pool, Priority};
use crate::experiment::{LoadedModel, RunKey};
use crate::run::{Chunk, Run, RunPlan, Trajectory};

/// How long a run may keep a thread before the others get their turn.
const TURN: Duration = Duration::from_millis(2);

/// One run: what is known of it so far, and the job that finds out more.
pub struct Lane {
    /// Tells runs apart: a run that starts again gets another number.
    number: u64,
    key: RunKey,
    plan: RunPlan,
    trajectory: Trajectory,
    job: Option<Job<Chunk>>,
    /// Rows from before a change, shown until the first rows after it arrive.
    outdated: Option<Trajectory>,
    failure: Option<String>,
    /// Why the rule cannot be used on the problem.
    refusal: Option<String>,
}

impl Lane {
    pub(super) fn start(pool: &Pool, notify: &Notify, number: u64, key: RunKey, plan: RunPlan, before: Option<Self>) -> Self {
        let refusal = plan.refusal();
        let outdated = before
            .filter(|_| refusal.is_none())
            .and_then(|lane| lane.shown().cloned())
            .filter(|shown| shown.trace().kept == Trajectory::new(&plan).trace().kept);
        let job = refusal.is_none().then(|| start_job(pool, notify, plan.clone()));
        Self {
            job,
            trajectory: Trajectory::new(&plan),
            number,
            key,
            plan,
            outdated,
            failure: None,
            refusal,
        }
    }

    /// Whether this is the run with that key, on the model as it is now.
    pub(super) fn is_for(&self, key: &RunKey, model: Option<&LoadedModel>) -> bool {
        self.key == *key && model.is_none_or(|model| Arc::ptr_eq(&model.start, &self.plan.x0))
    }

    pub fn plan(&self) -> &RunPlan {
        &self.plan
    }

    /// Tells runs apart: a run that starts again gets another number.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What is to be shown: the run, or for a moment after a change the run as it was before.
    pub fn shown(&self) -> Option<&Trajectory> {
        if !self.trajectory.trace().is_empty() {
            return Some(&self.trajectory);
        }
        self.outdated.as_ref()
    }

    /// The run itself.
    pub fn trajectory(&self) -> &Trajectory {
        &self.trajectory
    }

    /// Whether more rows are on their way.
    pub fn is_computing(&self) -> bool {
        self.job.is_some()
    }

    /// What went wrong inside the program, if something did.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Why this run is not done, if its rule cannot be used on the problem.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    pub(super) fn poll(&mut self) -> bool {
        let Some(job) = &self.job else {
            return false;
        };
        let (chunk, end) = job.poll();
        let arrived = chunk.is_some();
        if let Some(chunk) = chunk {
            self.trajectory.append(chunk);
            self.outdated = None;
        }
        match end {
            None => {}
            Some(End::Done) => self.job = None,
            Some(End::Panicked(words)) => {
                self.failure = Some(words);
                self.job = None;
            }
        }
        arrived
    }
}

fn start_job(pool: &Pool, notify: &Notify, plan: RunPlan) -> Job<Chunk> {
    let total = plan.steps;
    let mut run: Option<Run> = None;
    let mut steps: u64 = 64;
    Job::start(pool, Priority::Work, notify, move |port| {
        // The state is made on the worker: for a large model even that takes a moment.
        let run = run.get_or_insert_with(|| Run::new(plan.clone()));
        let began = Instant::now();
        let chunk = run.advance(steps);
        let took = began.elapsed();
        port.merge(chunk, Chunk::merge);
        port.report(run.step(), total);
        // Aim at the length of a turn. Only the cutting into chunks depends on the clock, never a result.
        if took * 2 < TURN {
            steps = steps.saturating_mul(2);
        } else if took > TURN * 2 {
            steps = (steps / 2).max(1);
        }
        if run.is_running() { Next::Again } else { Next::Done }
    })
}
