//! The experiment.

use serde::{Deserialize, Serialize};

use super::{ExperimentError, FunctionProblem, Problem, RunConfig, View};
use crate::functions::{FunctionConfig, MAX_DIM};
use crate::optim::{OptimizerConfig, ScheduleConfig};
use crate::param::Parameters;

/// Version of the file format.
pub const VERSION: u32 = 1;
/// Most steps of a run.
pub const MAX_STEPS: u64 = 1_000_000;
/// Most runs of an experiment.
pub const MAX_RUNS: usize = 24;

/// A whole experiment: what is saved, shared, undone. Results are a pure function of it and are never part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    pub version: u32,
    pub problem: Problem,
    /// Seed of everything random but the split of the data: noise, batches, initial weights, proposals, restarts.
    #[serde(default)]
    pub seed: u64,
    /// Budget of every run, in steps.
    pub steps: u64,
    pub runs: Vec<RunConfig>,
    #[serde(default)]
    pub view: View,
}

impl Default for Experiment {
    /// The welcome: Rosenbrock, six rules.
    fn default() -> Self {
        Self {
            version: VERSION,
            problem: Problem::Function(FunctionProblem::of(FunctionConfig::default())),
            seed: 7,
            steps: 1500,
            runs: welcome_runs(),
            view: View::default(),
        }
    }
}

const WELCOME: [(&str, &str); 6] = [
    ("sgd", "SGD"),
    ("momentum", "Momentum"),
    ("adam", "Adam"),
    ("rmsprop", "RMSprop"),
    ("simulated_annealing", "Annealing"),
    ("random_restarts", "Restarts"),
];

/// The six rules of the welcome, with their defaults, in the order of the palette.
pub(super) fn welcome_runs() -> Vec<RunConfig> {
    let run = |((id, name), style): ((&str, &str), u8)| {
        let rule = OptimizerConfig::from_id(id)?;
        Some(RunConfig {
            name: name.to_owned(),
            ..RunConfig::of(rule, style)
        })
    };
    WELCOME.into_iter().zip(0..).filter_map(run).collect()
}

impl Experiment {
    /// Whether every value is one that can be run.
    ///
    /// # Errors
    /// Names the first field that is out of range, and what it must be.
    pub fn check(&self) -> Result<(), ExperimentError> {
        in_range("steps", self.steps as f64, 1.0, MAX_STEPS as f64)?;
        in_range("number of runs", self.runs.len() as f64, 0.0, MAX_RUNS as f64)?;
        in_range("view.speed", self.view.speed, 0.01, 100.0)?;
        match &self.problem {
            Problem::Function(problem) => check_function(problem)?,
            Problem::Model(problem) => check_model(problem)?,
        }
        for (i, run) in self.runs.iter().enumerate() {
            check_rule(&format!("runs[{i}].rule"), &run.rule)?;
            if let Some(schedule) = &run.schedule {
                check_schedule(&format!("runs[{i}].schedule"), schedule)?;
            }
            in_range(&format!("runs[{i}].weight_decay"), run.weight_decay, 0.0, f64::MAX)?;
            for (name, clip) in [("clip_norm", run.clip_norm), ("clip_value", run.clip_value)] {
                if let Some(clip) = clip {
                    in_range(&format!("runs[{i}].{name}"), clip, f64::MIN_POSITIVE, f64::MAX)?;
                }
            }
        }
        Ok(())
    }

    /// A style that no run has yet, or the next one round.
    pub fn free_style(&self) -> u8 {
        let used = |style: &u8| self.runs.iter().any(|run| run.look.style == *style);
        (0..=u8::MAX).find(|style| !used(style)).unwrap_or(0)
    }

    /// `base`, or `base 2`, `base 3` ... if a run of that name is there already.
    pub fn free_name(&self, base: &str) -> String {
        let taken = |name: &str| self.runs.iter().any(|run| run.name == name);
        if !taken(base) {
            return base.to_owned();
        }
        (2..)
            .map(|n| format!("{base} {n}"))
            .find(|name| !taken(name))
            .unwrap_or_default()
    }
}

fn check_function(problem: &FunctionProblem) -> Result<(), ExperimentError> {
    Parameters::check(&*problem.function).map_err(|problem| ExperimentError::Param {
        field: "problem.function".to_owned(),
        problem,
    })?;
    let most = if problem.function.any_dim() { MAX_DIM } else { 2 };
    in_range("problem.dim", problem.dim as f64, 2.0, most as f64)?;
    in_range("problem.slice.grid", f64::from(problem.slice.grid), 5.0, 501.0)?;
    Parameters::check(&problem.transform).map_err(|problem| ExperimentError::Param {
        field: "problem.transform".to_owned(),
        problem,
    })?;
    for (i, [low, high]) in problem.domain().into_iter().enumerate() {
        in_range(&format!("problem.start[{i}]"), problem.start[i], low, high)?;
    }
    Parameters::check(&problem.noise).map_err(|problem| ExperimentError::Param {
        field: "problem.noise".to_owned(),
        problem,
    })
}

fn check_model(problem: &super::ModelProblem) -> Result<(), ExperimentError> {
    in_range("problem.preparation.validation", problem.preparation.validation, 0.0, 0.9)?;
    in_range("problem.preparation.test", problem.preparation.test, 0.0, 0.9)?;
    if let Some(folds) = problem.preparation.folds {
        in_range("problem.preparation.folds.folds", f64::from(folds.folds), 2.0, 1000.0)?;
        in_range("problem.preparation.folds.repeats", f64::from(folds.repeats), 1.0, 1000.0)?;
        let last = f64::from(folds.folds * folds.repeats - 1);
        in_range("problem.preparation.folds.fold", f64::from(folds.fold), 0.0, last)?;
    }
    for (i, step) in problem.preparation.recipe.iter().flatten().enumerate() {
        Parameters::check(&*step.step).map_err(|problem| ExperimentError::Param {
            field: format!("problem.preparation.recipe[{i}].step"),
            problem,
        })?;
    }
    in_range("problem.slice.grid", f64::from(problem.slice.grid), 5.0, 501.0)?;
    if let Some(epochs) = problem.early_stopping {
        in_range("problem.early_stopping", epochs as f64, 1.0, MAX_STEPS as f64)?;
    }
    if let Some(batch) = problem.batch {
        in_range("problem.batch", batch as f64, 1.0, f64::from(u32::MAX))?;
    }
    if let super::Source::Generated { rows, noise, .. } = &problem.source {
        in_range("problem.source.rows", *rows as f64, 4.0, 1e6)?;
        in_range("problem.source.noise", *noise, 0.0, 100.0)?;
    }
    Ok(())
}

fn check_rule(field: &str, rule: &OptimizerConfig) -> Result<(), ExperimentError> {
    Parameters::check(&**rule).map_err(|problem| ExperimentError::Param {
        field: field.to_owned(),
        problem,
    })?;
    let inner = rule.inner_names().iter();
    inner
        .filter_map(|name| rule.inner(name).map(|inner| (name, inner)))
        .try_for_each(|(name, inner)| check_rule(&format!("{field}.{name}"), inner))
}

fn check_schedule(field: &str, schedule: &ScheduleConfig) -> Result<(), ExperimentError> {
    Parameters::check(&**schedule).map_err(|problem| ExperimentError::Param {
        field: field.to_owned(),
        problem,
    })?;
    let inner = schedule.inner_names().iter();
    inner
        .filter_map(|name| schedule.inner(name).map(|inner| (name, inner)))
        .try_for_each(|(name, inner)| check_schedule(&format!("{field}.{name}"), inner))
}

fn in_range(field: &str, given: f64, low: f64, high: f64) -> Result<(), ExperimentError> {
    if given >= low && given <= high {
        return Ok(());
    }
    let accepted = if high == f64::MAX {
        format!("a finite number, at least {low}")
    } else {
        format!("from {low} to {high}")
    };
    Err(ExperimentError::OutOfRange {
        field: field.to_owned(),
        given: given.to_string(),
        accepted,
    })
}
