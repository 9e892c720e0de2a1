//! A first experiment on a table: what to predict, with which model, and six rules with rates that suit a standardised problem.

use super::document::welcome_runs;
use super::{Experiment, ExperimentError, ModelProblem, Problem, RunConfig, SliceConfig, Source};
use crate::data::{DataError, Preparation, Table, Task, task_for};
use crate::model::{ModelConfig, ModelKind};
use crate::param::Value;

/// Tables with more rows than this are trained on in batches.
const FULL_BATCH_ROWS: usize = 400;
const BATCH: u64 = 32;
/// Budget of a first run, in steps.
const STEPS: u64 = 600;

/// The welcome's rules with the rates that suit a standardised problem, in the same order.
const RATES: [&[(&str, f64)]; 6] = [
    &[("lr", 0.1)],
    &[("lr", 0.05)],
    &[("lr", 0.01)],
    &[("lr", 0.003)],
    &[("proposal_scale", 0.02), ("start_temperature", 0.02)],
    &[],
];
/// Learning rate of the rule inside a rule.
const INNER_LR: f64 = 0.05;

impl ModelProblem {
    /// What a table itself suggests: its likely target, the task that goes with it, a small network.
    ///
    /// # Errors
    /// No column can be predicted.
    pub fn suggested(source: Source, table: &Table) -> Result<Self, ExperimentError> {
        if table.n_rows < 2 {
            return Err(ExperimentError::Data(DataError::NoData {
                file: source.name(),
                why: "fewer than two rows",
            }));
        }
        let target = table.suggest_target().ok_or_else(|| DataError::NoData {
            file: source.name(),
            why: "no column can be predicted from the others",
        })?;
        Ok(Self {
            source,
            preparation: Preparation {
                target: target.name.clone(),
                ..Preparation::default()
            },
            model: ModelConfig {
                hidden: vec![16, 16],
                ..ModelConfig::default()
            },
            batch: (table.n_rows > FULL_BATCH_ROWS).then_some(BATCH),
            shuffle: true,
            early_stopping: None,
            start: None,
            frozen: Vec::new(),
            slice: SliceConfig::default(),
        })
    }

    /// Whether a column is among the features as far as the document says; none named = all that can serve.
    pub fn uses(&self, column: &str) -> bool {
        self.preparation
            .features
            .as_ref()
            .is_none_or(|features| features.iter().any(|f| f == column))
    }

    /// Predicts another column. The task and the loss are found anew.
    pub fn set_target(&mut self, column: &str) {
        column.clone_into(&mut self.preparation.target);
        if let Some(features) = &mut self.preparation.features {
            features.retain(|f| f != column);
        }
        self.preparation.task = None;
        self.model.loss = None;
        self.model.class_weight = None;
    }

    /// Adds a column to the features or takes it out; `usable` are those in use now.
    pub fn toggle_feature(&mut self, column: &str, usable: &[String]) {
        let features = self.preparation.features.get_or_insert_with(|| usable.to_vec());
        if features.iter().any(|f| f == column) {
            features.retain(|f| f != column);
        } else {
            features.push(column.to_owned());
        }
    }

    /// Makes the model one that can do the task.
    pub fn fit_task(&mut self, task: Option<Task>) {
        self.model.loss = None;
        self.model.class_weight = None;
        self.model.kind = match (self.model.kind, task) {
            (ModelKind::Linear, Some(Task::Classification)) => ModelKind::Logistic,
            (ModelKind::Logistic, Some(Task::Regression)) => ModelKind::Linear,
            (kind, _) => kind,
        };
    }

    /// The task: as overruled, or as recognised from the target's column.
    pub fn task(&self, table: &Table) -> Option<Task> {
        let recognised = || table.column(&self.preparation.target).map(|column| task_for(column).0);
        self.preparation.task.or_else(recognised)
    }
}

impl Experiment {
    /// Turns to a model. Runs that were on a function get rules and rates that suit a model; runs on a model stay.
    pub fn show_model(&mut self, problem: ModelProblem) {
        if matches!(self.problem, Problem::Function(_)) {
            self.runs = first_runs();
            self.steps = STEPS;
        }
        self.problem = Problem::Model(problem);
    }
}

fn first_runs() -> Vec<RunConfig> {
    let mut runs = welcome_runs();
    for (run, rates) in runs.iter_mut().zip(RATES) {
        for (name, value) in rates {
            // A name that a rule does not have is a slip of ours, and the tests find it; the rule's default serves.
            let _ = run.rule.set(name, Value::Number(*value));
        }
        for name in run.rule.inner_names() {
            if let Some(inner) = run.rule.inner_mut(name) {
                let _ = inner.set("lr", Value::Number(INNER_LR));
            }
        }
    }
    runs
}
