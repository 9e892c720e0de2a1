//! Loading: from a source to a table, from a table to a model, each on a worker, what was open staying open until then.

use std::path::PathBuf;
use std::sync::Arc;

use super::job::{End, Job, Notify};
use super::pool::{Pool, Priority};
use crate::data::{Progress, Table};
use crate::experiment::{Experiment, ExperimentError, LoadedModel, ModelProblem, Problem, Source};

/// Tables kept for undo and for switching back and forth.
const KEPT_TABLES: usize = 4;

/// What is to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    pub source: Source,
    /// The experiment that names the data, and its file; none if data are opened by themselves.
    pub experiment: Option<(Experiment, PathBuf)>,
}

impl Opened {
    fn folder(&self) -> Option<PathBuf> {
        let (_, file) = self.experiment.as_ref()?;
        file.parent().map(PathBuf::from)
    }
}

type TableResult = Result<Arc<Table>, ExperimentError>;
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
        Some(Self {
            problem,
            seed: experiment.seed,
        })
    }
}

/// Tables and models.
#[derive(Default)]
pub struct Data {
    tables: Vec<(Source, Arc<Table>)>,
    opening: Option<(Opened, Job<TableResult>)>,
    opened: Option<(Opened, TableResult)>,
    fitting: Option<(ModelKey, Job<ModelResult>)>,
    model: Option<(ModelKey, LoadedModel)>,
    /// Why the model of this key cannot be had.
    refused: Option<(ModelKey, String)>,
}

impl Data {
    pub(super) fn open(&mut self, pool: &Pool, notify: &Notify, opened: Opened) {
        let (source, folder) = (opened.source.clone(), opened.folder());
        let job = Job::once(pool, Priority::Work, notify, move |port| {
            source.table(folder.as_deref(), port.progress()).map(Arc::new)
        });
        self.opening = Some((opened, job));
    }

    /// Data that were opened since the last call, or why they were not.
    pub fn take_opened(&mut self) -> Option<(Opened, TableResult)> {
        self.opened.take()
    }

    /// The table of a source, if it has been read.
    pub fn table(&self, source: &Source) -> Option<&Arc<Table>> {
        self.tables.iter().find(|(known, _)| known == source).map(|(_, table)| table)
    }

    pub(super) fn reconcile(&mut self, pool: &Pool, notify: &Notify, experiment: &Experiment) {
        let (Some(key), Problem::Model(problem)) = (ModelKey::of(experiment), &experiment.problem) else {
            self.fitting = None;
            return;
        };
        let known = self.model.as_ref().is_some_and(|(k, _)| *k == key);
        let coming = self.fitting.as_ref().is_some_and(|(k, _)| *k == key);
        let hopeless = self.refused.as_ref().is_some_and(|(k, _)| *k == key);
        if known || coming || hopeless {
            return;
        }
        let Some(table) = self.table(&problem.source).cloned() else {
            if self.opening.is_none() {
                let source = problem.source.clone();
                self.open(
                    pool,
                    notify,
                    Opened {
                        source,
                        experiment: None,
                    },
                );
            }
            return;
        };
        let (problem, seed) = (problem.clone(), experiment.seed);
        let job = Job::once(pool, Priority::Work, notify, move |_| {
            LoadedModel::new(&problem, seed, &table)
        });
        self.fitting = Some((key, job));
    }

    pub(super) fn poll(&mut self) -> bool {
        self.poll_table() | self.poll_model()
    }

    fn poll_table(&mut self) -> bool {
        let Some((opened, job)) = &self.opening else {
            return false;
        };
        let (result, end) = job.poll();
        let result = result.or_else(|| panicked(end));
        let Some(result) = result else {
            return false;
        };
        if let Ok(table) = &result {
            self.tables.retain(|(source, _)| *source != opened.source);
            self.tables.insert(0, (opened.source.clone(), Arc::clone(table)));
            self.tables.truncate(KEPT_TABLES);
            self.refused = None;
        }
        let opened = opened.clone();
        self.opened = Some((opened, result));
        self.opening = None;
        true
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
        let key = ModelKey::of(experiment)?;
        self.refused.as_ref().filter(|(k, _)| *k == key).map(|(_, why)| why.as_str())
    }

    /// What is being opened, and how far it is.
    pub fn opening(&self) -> Option<(&Opened, &Progress)> {
        self.opening.as_ref().map(|(opened, job)| (opened, job.progress()))
    }

    /// Whether a model is being prepared from a table that has been read.
    pub fn is_preparing(&self) -> bool {
        self.fitting.is_some()
    }

    pub(super) fn is_loading(&self) -> bool {
        self.opening.is_some() || self.fitting.is_some()
    }

    pub(super) fn cancel(&mut self) {
        self.opening = None;
    }
}

fn panicked<T>(end: Option<End>) -> Option<Result<T, ExperimentError>> {
    match end {
        Some(End::Panicked(words)) => Some(Err(ExperimentError::Internal(words))),
        _ => None,
    }
}
