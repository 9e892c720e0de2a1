//! From the document to plans that can be run.

use std::sync::Arc;

use super::{Experiment, ExperimentError, FunctionProblem, ModelProblem, Problem, RunConfig};
use crate::data::{Dataset, Prepared, Table, prepare};
use crate::landscape::Block;
use crate::math::{Purpose, Rng};
use crate::model::{Evaluator, FreeParams, Network, PartlyFrozen, Report, Tensor};
use crate::objective::{Batches, Objective, Offer, Scratch};
use crate::optim::{Noise, OptimizerConfig, Stages};
use crate::run::RunPlan;

/// Rows that are watched, at the most. A picture has thousands of points, a run hundreds of measurements, and each of them is a loss
/// over these rows; the window says so where they are not all.
const WATCHED_ROWS: usize = 4096;

/// A model on prepared data, with its initial weights: what all runs of an experiment share.
#[derive(Clone)]
pub struct LoadedModel {
    pub prepared: Arc<Prepared>,
    pub network: Arc<Network>,
    /// The same model on the training rows that pictures and readings look at: all of them, or an even choice of many.
    pub watched: Arc<Network>,
    pub evaluator: Arc<Evaluator>,
    /// The initial weights, the same for every run.
    pub x0: Arc<[f64]>,
    /// Those that are trained, if some are frozen.
    pub free: Option<Arc<FreeParams>>,
    /// What is minimised: the network as a function of those.
    pub objective: Arc<dyn Objective>,
    /// Where runs start: the initial weights that are trained.
    pub start: Arc<[f64]>,
}

impl LoadedModel {
    /// Prepares the table and builds the model on it.
    ///
    /// # Errors
    /// The target or features do not fit the data, or the model does not fit the task.
    pub fn new(problem: &ModelProblem, seed: u64, table: &Table) -> Result<Self, ExperimentError> {
        let mut prepared = prepare(table, &problem.preparation)?;
        let network = Arc::new(problem.model.build(Arc::clone(&prepared.train))?);
        let mut x0 = vec![0.0; network.dim()];
        network.sample_start(&mut Rng::stream(seed, Purpose::Start, 0), &mut x0);
        if let Some(weights) = &problem.start
            && weights.fill(network.architecture(), &mut x0)?
        {
            prepared.notes.push(format!(
                "the last layer starts fresh: that of {} has other outputs",
                weights.name()
            ));
        }
        let x0: Arc<[f64]> = x0.into();
        let free = match problem.frozen.as_slice() {
            [] => None,
            frozen => Some(Arc::new(FreeParams::new(network.architecture(), frozen, Arc::clone(&x0))?)),
        };
        let (objective, start): (Arc<dyn Objective>, _) = match &free {
            None => (Arc::clone(&network) as _, Arc::clone(&x0)),
            Some(free) => {
                let mut start = vec![0.0; free.count()];
                free.gather(&x0, &mut start);
                (
                    Arc::new(PartlyFrozen::new(Arc::clone(&network), Arc::clone(free))),
                    start.into(),
                )
            }
        };
        let watched = (*network).clone().with_data(watched_rows(network.data()));
        let held_out = |data: &Option<Arc<Dataset>>| data.as_ref().map(watched_rows);
        let evaluator = Evaluator::new(watched.clone(), held_out(&prepared.validation), held_out(&prepared.test));
        Ok(Self {
            watched: Arc::new(watched),
            prepared: Arc::new(prepared),
            network,
            evaluator: Arc::new(evaluator),
            x0,
            free,
            objective,
            start,
        })
    }

    /// The parameter vector as the normalisation of directions sees it: the matrices and biases that are trained.
    pub fn blocks(&self) -> Vec<Block> {
        let layout = self.network.architecture().layout();
        let is_free = |tensor: &Tensor| self.free.as_ref().is_none_or(|free| free.spans().contains(&tensor.range));
        let block = |tensor: Tensor| Block {
            rows: tensor.is_weight().then(|| tensor.shape[0]),
            range: tensor.range,
        };
        layout.into_iter().filter(is_free).map(block).collect()
    }

    /// How the model stands with these parameters on all rows of each set there is.
    pub fn reports(&self, params: &[f64], scratch: &mut Scratch) -> Vec<(&'static str, Report)> {
        let mut of = |set: &Arc<Dataset>| {
            let network = (*self.network).clone().with_data(Arc::clone(set));
            Report::new(&network, params, self.prepared.scaling.as_ref(), scratch)
        };
        self.prepared.sets().map(|(name, set)| (name, of(set))).collect()
    }

    fn batches(&self, problem: &ModelProblem, seed: u64) -> Batches {
        let batches = self.plain_batches(problem, seed);
        let has_hidden = !self.network.architecture().hidden.is_empty();
        if problem.model.dropout > 0.0 && has_hidden {
            let of = Box::new(batches);
            return Batches::Masked { of, seed };
        }
        batches
    }

    fn plain_batches(&self, problem: &ModelProblem, seed: u64) -> Batches {
        let n = self.network.n_samples();
        match problem.batch {
            Some(size) if (size as usize) < n => Batches::Mini {
                n,
                size: size as usize,
                shuffle: problem.shuffle,
                seed,
            },
            _ => Batches::Full,
        }
    }
}

/// Everything that changes the numbers of a run, and nothing else: runs with equal keys have equal results.
#[derive(Debug, Clone, PartialEq)]
pub struct RunKey {
    problem: Problem,
    seed: u64,
    steps: u64,
    rule: OptimizerConfig,
    stages: Stages,
}

impl Experiment {
    /// The key of a run of this experiment.
    pub fn key(&self, run: &RunConfig) -> RunKey {
        // Taken apart field by field, so that whoever adds a field must say here whether it changes numbers.
        let Self {
            version: _,
            problem,
            seed,
            steps,
            runs: _,
            view: _,
        } = self;
        let RunConfig {
            name: _,
            rule,
            weight_decay: _,
            clip_norm: _,
            clip_value: _,
            schedule: _,
            look: _,
        } = run;
        RunKey {
            problem: problem.numbers(),
            seed: *seed,
            steps: *steps,
            rule: rule.clone(),
            stages: run.stages(problem.noise()),
        }
    }

    /// The plan of a run. `model` is what the problem's data were loaded into, if the problem is a model.
    ///
    /// # Errors
    /// A field is out of range, the data are not there yet, or the rule cannot be used on this problem.
    pub fn plan(&self, run: &RunConfig, model: Option<&LoadedModel>) -> Result<RunPlan, ExperimentError> {
        let plan = self.draft(run, model)?;
        match plan.refusal() {
            Some(why) => Err(ExperimentError::Refused {
                run: run.name.clone(),
                why,
            }),
            None => Ok(plan),
        }
    }

    /// The plan of a run whose rule is not asked whether it can be used on this problem: for showing a run that will not start.
    ///
    /// # Errors
    /// A field is out of range, or the data are not there yet.
    pub fn draft(&self, run: &RunConfig, model: Option<&LoadedModel>) -> Result<RunPlan, ExperimentError> {
        self.check()?;
        let plan = match &self.problem {
            Problem::Function(problem) => self.function_plan(run, problem),
            Problem::Model(problem) => self.model_plan(run, problem, model.ok_or(ExperimentError::NotLoaded)?),
        };
        Ok(plan)
    }

    /// What the problem offers to rules, so that [`AnyOptimizer::refusal`](crate::optim::AnyOptimizer::refusal) tells of any rule whether
    /// it can be used; nothing while the data of a model are not loaded.
    pub fn offer(&self, model: Option<&LoadedModel>) -> Option<Offer> {
        match &self.problem {
            Problem::Function(problem) => Some(Offer::of(problem.objective().as_ref(), &Batches::Full)),
            Problem::Model(problem) => model.map(|model| Offer::of(model.objective.as_ref(), &model.batches(problem, self.seed))),
        }
    }

    fn function_plan(&self, run: &RunConfig, problem: &FunctionProblem) -> RunPlan {
        RunPlan {
            objective: problem.objective(),
            rule: run.rule.clone(),
            stages: run.stages(problem.noise),
            batches: Batches::Full,
            seed: self.seed,
            x0: problem.x0().into(),
            free: None,
            steps: self.steps,
            patience: None,
            evaluator: None,
        }
    }

    fn model_plan(&self, run: &RunConfig, problem: &ModelProblem, model: &LoadedModel) -> RunPlan {
        let batches = model.batches(problem, self.seed);
        let epoch = batches.steps_per_epoch();
        RunPlan {
            objective: Arc::clone(&model.objective),
            rule: run.rule.clone(),
            stages: run.stages(Noise::default()),
            patience: problem.early_stopping.map(|epochs| epochs.saturating_mul(epoch)),
            batches,
            seed: self.seed,
            x0: Arc::clone(&model.start),
            free: model.free.clone(),
            steps: self.steps,
            evaluator: Some(Arc::clone(&model.evaluator)),
        }
    }
}

impl Problem {
    /// The noise on what rules are told.
    pub fn noise(&self) -> Noise {
        match self {
            Self::Function(problem) => problem.noise,
            Self::Model(_) => Noise::default(),
        }
    }

    /// The problem without what only changes how it is looked at.
    fn numbers(&self) -> Self {
        let mut numbers = self.clone();
        match &mut numbers {
            Self::Function(problem) => problem.slice = super::SliceConfig::default(),
            Self::Model(problem) => problem.slice = super::SliceConfig::default(),
        }
        numbers
    }
}

/// The data themselves, or an even choice of their rows if they are many.
fn watched_rows(data: &Arc<Dataset>) -> Arc<Dataset> {
    if data.n_rows <= WATCHED_ROWS {
        return Arc::clone(data);
    }
    let chosen: Vec<u32> = (0..WATCHED_ROWS).map(|k| (k * data.n_rows / WATCHED_ROWS) as u32).collect();
    Arc::new(data.rows(&chosen))
}
