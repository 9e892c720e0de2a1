//! Models from tables, prepared on a worker, what was open staying open until then.

use std::sync::Arc;

use super::conditioning::Conditionings;
use super::examination::Examination;
use super::job::{Job, Notify};
use super::pool::{Pool, Priority};
use super::tables::{Incoming, Opened, TableResult, Tables, panicked};
use crate::data::{Effect, Finding, Table};
use crate::experiment::{Experiment, ExperimentError, LoadedModel, ModelProblem, Problem, Source};

type ModelResult = Result<LoadedModel, ExperimentError>;

/// What determines a model: its problem without the slice, and the seed.
#[derive(Debug, Clone, PartialEq)]
struct ModelKey {
    problem: ModelProblem,
    seed: u64,
}

impl ModelKey {
    fn of(experiment: &Experiment) -> Option<Self> {
        let Problem::Model(problem) = &experiment.problem else {
            return None;
        };
        let mut problem = problem.clone();
        problem.slice = crate::experiment::SliceConfig::default();
        problem.batch = None;
        problem.shuffle = true;
        problem.early_stopping = None;
        Some(Self {
            problem,
            seed: experiment.seed,
        })
    }
}

/// Tables and models.
#[derive(Default)]
pub struct Data {
    tables: Tables,
    examination: Examination,
    conditionings: Conditionings,
    fitting: Option<(ModelKey, Job<ModelResult>)>,
    model: Option<(ModelKey, LoadedModel)>,
    /// Why the model of this key cannot be had.
    refused: Option<(ModelKey, String)>,
}

impl Data {
    pub(super) fn open(&mut self, pool: &Pool, notify: &Notify, opened: Opened) {
        self.tables.open(pool, notify, opened);
    }

    /// Data that were opened since the last call, or why they were not.
    pub fn take_opened(&mut self) -> Option<(Opened, TableResult)> {
        self.tables.take_opened()
    }

    /// The table of a source, if it has been read.
    pub fn table(&self, source: &Source) -> Option<&Arc<Table>> {
        self.tables.get(source)
    }

    pub(super) fn reconcile(&mut self, pool: &Pool, notify: &Notify, experiment: &Experiment) {
        let (Some(key), Problem::Model(problem)) = (ModelKey::of(experiment), &experiment.problem) else {
            self.fitting = None;
            return;
        };
        let known = self.model.as_ref().is_some_and(|(k, _)| *k == key);
        let coming = self.fitting.as_ref().is_some_and(|(k, _)| *k == key);
        let hopeless = self.refused.as_ref().is_some_and(|(k, _)| *k == key);
        let Some(table) = self.tables.get(&problem.source).cloned() else {
            if !(known || coming || hopeless) {
                self.tables.want(pool, notify, &problem.source);
            }
            return;
        };
        self.examination.follow(pool, notify, &table, &problem.preparation.target);
        self.conditionings.follow(pool, notify, &table, &problem.preparation);
        if known || coming || hopeless {
            return;
        }
        let (problem, seed) = (problem.clone(), experiment.seed);
        let job = Job::once(pool, Priority::Work, notify, move |_| {
            LoadedModel::new(&problem, seed, &table)
        });
        self.fitting = Some((key, job));
    }

    pub(super) fn poll(&mut self) -> bool {
        let read = self.tables.poll();
        if read {
            self.refused = None;
        }
        read | self.examination.poll() | self.conditionings.poll() | self.poll_model()
    }

    fn poll_model(&mut self) -> bool {
        let Some((key, job)) = &self.fitting else {
            return false;
        };
        let (result, end) = job.poll();
        let Some(result) = result.or_else(|| panicked(end)) else {
            return false;
        };
        match result {
            Ok(model) => {
                self.refused = None;
                self.model = Some((key.clone(), model));
            }
            Err(error) => self.refused = Some((key.clone(), error.to_string())),
        }
        self.fitting = None;
        true
    }

    /// The model of this experiment, if it is ready.
    pub fn model_for(&self, experiment: &Experiment) -> Option<LoadedModel> {
        let key = ModelKey::of(experiment)?;
        self.model.as_ref().filter(|(k, _)| *k == key).map(|(_, model)| model.clone())
    }

    /// The last model that was ready, while the next is being prepared.
    pub fn model(&self) -> Option<&LoadedModel> {
        self.model.as_ref().map(|(_, model)| model)
    }

    /// Why the model of this experiment cannot be had.
    pub fn refusal(&self, experiment: &Experiment) -> Option<&str> {
        let Problem::Model(problem) = &experiment.problem else {
            return None;
        };
        self.tables.refusal(&problem.source).or_else(|| {
            let key = ModelKey::of(experiment)?;
            self.refused.as_ref().filter(|(k, _)| *k == key).map(|(_, why)| why.as_str())
        })
    }

    /// What is being read, how far it is, and its first rows.
    pub fn incoming(&self) -> Option<&Incoming> {
        self.tables.incoming()
    }

    /// What was found in the table of this experiment beyond what reading it told; none while it is being looked for.
    pub fn examined(&self, experiment: &Experiment) -> Option<&[Finding]> {
        match &experiment.problem {
            Problem::Model(problem) => {
                let table = self.tables.get(&problem.source)?;
                self.examination.of(table, &problem.preparation.target)
            }
            Problem::Function(_) => None,
        }
    }

    /// What the recipe of this experiment does to gradient descent; none while that is being worked out.
    pub fn effect(&self, experiment: &Experiment) -> Option<Effect> {
        match &experiment.problem {
            Problem::Model(problem) => {
                let table = self.tables.get(&problem.source)?;
                self.conditionings.of(table, &problem.preparation)
            }
            Problem::Function(_) => None,
        }
    }

    /// Whether a model is being prepared from a table that has been read.
    pub fn is_preparing(&self) -> bool {
        self.fitting.is_some()
    }

    pub(super) fn is_loading(&self) -> bool {
        self.tables.incoming().is_some() || self.fitting.is_some()
    }

    pub(super) fn is_examining(&self) -> bool {
        self.examination.is_busy() || self.conditionings.is_busy()
    }

    pub(super) fn cancel(&mut self) {
        self.tables.cancel();
    }
}
