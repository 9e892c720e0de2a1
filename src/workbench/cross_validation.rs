//! Cross-validation: every visible run once for each fold, on a worker, and what became of them together.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::job::{End, Job, Notify, Port};
use super::pool::{Next, Pool, Priority};
use crate::data::{Folds, Progress, Table};
use crate::experiment::{Experiment, LoadedModel, Problem, RunKey};
use crate::model::{FoldMetric, SetMetrics, over_folds};
use crate::objective::Scratch;
use crate::run::{Run, RunPlan, Trajectory};

/// How long a fold may keep a thread before the others get their turn.
const TURN: Duration = Duration::from_millis(5);

/// Metrics over all folds, a list a run of the experiment; none for runs that are hidden.
pub type FoldResults = Vec<Option<Vec<FoldMetric>>>;

/// What the results depend on.
struct Key {
    table: Weak<Table>,
    runs: Vec<Option<RunKey>>,
}

impl Key {
    /// None where there are no folds.
    fn of(experiment: &Experiment, table: &Arc<Table>) -> Option<(Self, Folds)> {
        // Which fold is looked at makes no difference.
        let (experiment, folds) = on_fold(experiment, 0)?;
        let of = |run: &crate::experiment::RunConfig| run.look.visible.then(|| experiment.key(run));
        let runs = experiment.runs.iter().map(of).collect();
        let table = Arc::downgrade(table);
        Some((Self { table, runs }, folds))
    }

    fn is(&self, other: &Self) -> bool {
        Weak::ptr_eq(&self.table, &other.table) && self.runs == other.runs
    }
}

/// The experiment with another fold held out.
fn on_fold(experiment: &Experiment, fold: u32) -> Option<(Experiment, Folds)> {
    let mut experiment = experiment.clone();
    let Problem::Model(problem) = &mut experiment.problem else {
        return None;
    };
    let folds = problem.preparation.folds.as_mut()?;
    folds.fold = fold;
    let folds = *folds;
    Some((experiment, folds))
}

/// The cross-validation that is looked at.
#[derive(Default)]
pub struct CrossValidations {
    job: Option<(Key, Job<Result<FoldResults, String>>)>,
    done: Option<(Key, Result<FoldResults, String>)>,
}

impl CrossValidations {
    /// Carries it out for this experiment, unless that has been done or is being done.
    pub(super) fn follow(&mut self, pool: &Pool, notify: &Notify, experiment: &Experiment, table: &Arc<Table>) {
        let Some((key, folds)) = Key::of(experiment, table) else {
            return;
        };
        let done = self.done.as_ref().is_some_and(|(done, _)| done.is(&key));
        if done || self.job.as_ref().is_some_and(|(doing, _)| doing.is(&key)) {
            return;
        }
        let mut work = Work::new(experiment.clone(), Arc::clone(table), folds);
        let job = Job::start(pool, Priority::Work, notify, move |port| work.turn(port));
        self.job = Some((key, job));
    }

    /// Nobody looks any more: what is not done is given up.
    pub(super) fn stop(&mut self) {
        self.job = None;
    }

    pub(super) fn poll(&mut self) -> bool {
        let Some((_, job)) = &self.job else {
            return false;
        };
        let (result, end) = job.poll();
        let panicked = match end {
            Some(End::Panicked(words)) => Some(Err(format!("something went wrong inside Optiscope ({words})"))),
            _ => None,
        };
        let Some(result) = result.or(panicked) else {
            return false;
        };
        self.done = self.job.take().map(|(key, _)| (key, result));
        true
    }

    /// What came of it, or why nothing did; none while it is not known.
    pub fn results(&self) -> Option<&Result<FoldResults, String>> {
        self.done.as_ref().filter(|_| self.job.is_none()).map(|(_, result)| result)
    }

    /// How far it is, in runs.
    pub fn progress(&self) -> Option<&Progress> {
        self.job.as_ref().map(|(_, job)| job.progress())
    }

    pub(super) fn is_busy(&self) -> bool {
        self.job.is_some()
    }
}

/// One run on one fold.
struct Trial {
    plan: RunPlan,
    run: Run,
    trajectory: Trajectory,
}

struct Work {
    experiment: Experiment,
    table: Arc<Table>,
    n_folds: u32,
    fold: u32,
    model: Option<LoadedModel>,
    /// The run that is next, or is being carried out.
    i: usize,
    trial: Option<Trial>,
    /// For each run its metrics, fold by fold.
    metrics: Vec<Vec<SetMetrics>>,
    scratch: Scratch,
}

impl Work {
    fn new(experiment: Experiment, table: Arc<Table>, folds: Folds) -> Self {
        Self {
            metrics: vec![Vec::new(); experiment.runs.len()],
            experiment,
            table,
            n_folds: folds.folds.saturating_mul(folds.repeats),
            fold: 0,
            model: None,
            i: 0,
            trial: None,
            scratch: Scratch::default(),
        }
    }

    fn turn(&mut self, port: &Port<Result<FoldResults, String>>) -> Next {
        let began = Instant::now();
        while began.elapsed() < TURN {
            match self.go_on() {
                Ok(true) => {}
                Ok(false) => {
                    let of = |metrics: &Vec<SetMetrics>| (!metrics.is_empty()).then(|| over_folds(metrics));
                    port.send(Ok(self.metrics.iter().map(of).collect()));
                    return Next::Done;
                }
                Err(why) => {
                    port.send(Err(why));
                    return Next::Done;
                }
            }
        }
        let runs = self.experiment.runs.len() as u64;
        port.report(u64::from(self.fold) * runs + self.i as u64, u64::from(self.n_folds) * runs);
        Next::Again
    }

    /// A little more of it; false when there is no more.
    fn go_on(&mut self) -> Result<bool, String> {
        if let Some(trial) = &mut self.trial {
            if trial.run.is_running() {
                trial.trajectory.append(trial.run.advance(8));
            } else {
                self.judge();
            }
            return Ok(true);
        }
        if self.i == self.experiment.runs.len() {
            (self.i, self.model, self.fold) = (0, None, self.fold + 1);
        }
        if self.fold >= self.n_folds {
            return Ok(false);
        }
        self.start()?;
        Ok(true)
    }

    /// Starts the next run that is not hidden and whose rule can be used.
    fn start(&mut self) -> Result<(), String> {
        let Some((experiment, _)) = on_fold(&self.experiment, self.fold) else {
            return Ok(());
        };
        if self.model.is_none()
            && let Problem::Model(problem) = &experiment.problem
        {
            let model = LoadedModel::new(problem, experiment.seed, &self.table);
            self.model = Some(model.map_err(|why| format!("fold {}: {why}", self.fold + 1))?);
        }
        let run = experiment.runs.get(self.i).filter(|run| run.look.visible);
        let plan = run.and_then(|run| experiment.plan(run, self.model.as_ref()).ok());
        match plan {
            Some(plan) => {
                self.trial = Some(Trial {
                    run: Run::new(plan.clone()),
                    trajectory: Trajectory::new(&plan),
                    plan,
                });
            }
            None => self.i += 1,
        }
        Ok(())
    }

    /// How good the run has become, at its end or where its best weights are.
    fn judge(&mut self) {
        let (Some(Trial { plan, trajectory, .. }), Some(model)) = (self.trial.take(), &self.model) else {
            return;
        };
        let step = trajectory.restored(trajectory.last_step());
        if let (Some(state), Some(metrics)) = (trajectory.state_at(&plan, step), self.metrics.get_mut(self.i)) {
            let reports = model.reports(&plan.whole(&state.walk.x), &mut self.scratch);
            metrics.push(reports.into_iter().map(|(set, report)| (set, report.metrics())).collect());
        }
        self.i += 1;
    }
}
