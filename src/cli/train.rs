//! `optiscope train`: a model on data, by one optimizer or several side by side.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::execute::execute;
use super::model::ModelArgs;
use super::output::{FormatArg, exact, write_csv_line};
use super::results::{self, RunResult};
use super::rules::{RuleArgs, StageArgs};
use super::run::verdict;
use super::{CliError, interrupt, named, number, output_file};
use crate::data::{Folds, write_whole};
use crate::experiment::{Experiment, LoadedModel, MAX_STEPS, ModelProblem, Problem, RunConfig, VERSION, View};
use crate::model::{Init, Measurement, ModelCard, ModelError, ModelKind, SavedModel, StartWeights, judge};
use crate::objective::Scratch;
use crate::run::{RunPlan, Trajectory};

/// Train a model on a CSV file
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  optiscope train iris --target species\n  \
    optiscope train diabetes --target progression --model linear --batch full \\\n    \
      --steps 500 --optimizer sgd --set lr=0.1\n  \
    optiscope train wine --target cultivar --hidden 8 \\\n    \
      --optimizer momentum --set lr=0.05 --optimizer adam --set lr=0.01\n  \
    optiscope train iris --target species --log steps.csv --save iris.safetensors\n  \
    optiscope train iris --target species --confusion\n  \
    optiscope train penguins --target species --prepare 'impute strategy=mean' \\\n    \
      --prepare one_hot --prepare 'polynomial degree=2 columns=bill_length_mm,bill_depth_mm' \\\n    \
      --prepare min_max\n  \
    optiscope train diabetes --target progression --model linear --folds 5 --repeats 2\n\n\
    The table has the metrics that say most; csv and json have all.")]
pub(super) struct Train {
    #[command(flatten)]
    model: ModelArgs,
    /// Passes over the training rows [default: 50]
    #[arg(long, value_name = "N", conflicts_with = "steps", value_parser = number::whole::<u64>(1..=u64::MAX))]
    epochs: Option<u64>,
    /// Steps, instead of epochs
    #[arg(long, value_name = "N", value_parser = number::whole::<u64>(1..=MAX_STEPS))]
    steps: Option<u64>,
    /// Rows a step, or `full` for all of them
    #[arg(long, value_name = "N|full", default_value = "32", value_parser = batch)]
    batch: Batch,
    /// A new order of the rows in every epoch
    #[arg(long, value_name = "true|false", default_value_t = true, action = clap::ArgAction::Set)]
    shuffle: bool,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    stages: StageArgs,
    /// Stop when the validation loss has not improved for this many epochs, and go back to where it was best
    #[arg(long, value_name = "EPOCHS", value_parser = number::whole::<u64>(1..=u64::MAX))]
    early_stopping: Option<u64>,
    /// Cross-validation: train once for each of this many parts of the rows, which is held out; a row a run with mean and standard
    /// deviation
    #[arg(long, value_name = "K", value_parser = number::whole::<u64>(2..=1000), conflicts_with_all = ["validation", "confusion", "log", "save"])]
    folds: Option<u64>,
    /// Repeat the cross-validation, with the rows divided anew
    #[arg(long, value_name = "R", requires = "folds", value_parser = number::whole::<u64>(1..=1000))]
    repeats: Option<u64>,
    /// Weights to start from; a last layer with other outputs starts fresh
    #[arg(long, value_name = "WEIGHTS.safetensors")]
    init: Option<PathBuf>,
    /// Layers that are not trained, such as layers.0, or single tensors, such as layers.0.bias
    #[arg(long, value_name = "LAYER,LAYER,..", value_delimiter = ',')]
    freeze: Vec<String>,
    /// A linear or logistic model without an intercept: the bias stays 0, and nothing is centred (as with --standardize false)
    #[arg(long, conflicts_with = "init")]
    no_bias: bool,
    /// Write a row for every step: run,step,epoch,loss,lr,grad_norm, the loss being that of the batch before the step
    #[arg(long, value_name = "STEPS.csv")]
    log: Option<PathBuf>,
    /// Write the model at the end: its weights, and all that it takes to predict new rows
    #[arg(long, value_name = "MODEL.safetensors")]
    save: Option<PathBuf>,
    /// Print who is taken for whom instead: a row for each set and class, a column for each predicted class
    #[arg(long)]
    confusion: bool,
    #[command(flatten)]
    format: FormatArg,
}

/// Passes over the training rows if neither epochs nor steps are given.
const DEFAULT_EPOCHS: u64 = 50;

#[derive(Debug, Clone, Copy)]
struct Batch(Option<u64>);

fn batch(text: &str) -> Result<Batch, String> {
    match (text, text.parse()) {
        ("full", _) => Ok(Batch(None)),
        (_, Ok(rows @ 1..)) => Ok(Batch(Some(rows))),
        _ => Err("it must be a whole number above 0, or full".to_owned()),
    }
}

/// A run that is over.
struct Ended {
    optimizer: &'static str,
    trajectory: Trajectory,
    /// Steps taken.
    steps: u64,
    /// Where the weights are taken from.
    best: u64,
    weights: Vec<f64>,
    /// What the rule has found out about the problem.
    remark: Option<String>,
}

/// Runs that are over, and how many steps an epoch had.
struct Done {
    ended: Vec<Ended>,
    steps_per_epoch: u64,
}

impl Train {
    pub fn run(self) -> Result<(), CliError> {
        interrupt::listen();
        let default = named::optimizer("adam", &["lr=0.01".to_owned()])?;
        let runs = self.stages.runs(&self.rules, Some(default))?;
        if self.save.is_some() && runs.len() > 1 {
            let several = "--save: several runs have several weights; give one --optimizer";
            return Err(CliError::Usage(several.to_owned()));
        }
        for (option, path) in [("--log", &self.log), ("--save", &self.save)] {
            path.as_ref().map_or(Ok(()), |path| output_file::check(option, path))?;
        }
        let mut problem = self.model.problem(self.batch.0, self.shuffle)?;
        problem.early_stopping = self.early_stopping;
        problem.start = self.init.as_deref().map(StartWeights::read).transpose()?;
        problem.frozen.clone_from(&self.freeze);
        if self.no_bias {
            through_the_origin(&mut problem)?;
        }
        if self.folds.is_some() {
            return self.cross_validate(problem, &runs);
        }
        let model = self.model.load(&mut problem)?;
        if self.confusion && !model.network.loss().is_for_classes() {
            let numbers = "--confusion: the target is a number, which is taken for no class; leave the option out";
            return Err(CliError::Usage(numbers.to_owned()));
        }
        if self.early_stopping.is_some() && model.prepared.validation.is_none() {
            let nothing = "--early-stopping: there are no validation rows to watch; give a --validation share above 0";
            return Err(CliError::Usage(nothing.to_owned()));
        }
        let Done { ended, steps_per_epoch } = self.carry_out(problem, &runs, &model)?;
        // Each of the three is done whatever becomes of the others: the training may have taken hours.
        let log = self
            .log
            .as_ref()
            .map_or(Ok(()), |path| write_log(path, &ended, steps_per_epoch));
        let save = match (&self.save, ended.as_slice()) {
            (Some(path), [only]) => save(path, &model, &only.weights),
            _ => Ok(()),
        };
        let results = results(&model, &ended, steps_per_epoch);
        results::tell_absent_classes(&results);
        let printed = if self.confusion {
            results::print_confusion(self.format.format, &results)
        } else {
            results::print_metrics(self.format.format, &results)
        };
        log.and(save).and(printed)
    }

    /// Trains the model by every rule.
    fn carry_out(&self, problem: ModelProblem, runs: &[RunConfig], model: &LoadedModel) -> Result<Done, CliError> {
        let mut experiment = Experiment {
            version: VERSION,
            problem: Problem::Model(problem),
            seed: self.model.seed,
            // Not known before the rows of an epoch are.
            steps: 1,
            runs: runs.to_vec(),
            view: View::default(),
        };
        let steps_per_epoch = self.steps_per_epoch(&experiment, model)?;
        experiment.steps = self.n_steps(steps_per_epoch)?;
        let plan = |run| experiment.plan(run, Some(model));
        let plans: Vec<RunPlan> = experiment.runs.iter().map(plan).collect::<Result<_, _>>()?;
        let runs = experiment.runs.iter().zip(&plans).zip(execute(&plans)?);
        let ended = runs.map(|((run, plan), t)| Ended::new(run.rule.id(), plan, t));
        Ok(Done {
            ended: ended.collect(),
            steps_per_epoch,
        })
    }

    /// Trains every rule once for each fold.
    fn cross_validate(&self, mut problem: ModelProblem, runs: &[RunConfig]) -> Result<(), CliError> {
        let whole = |number: Option<u64>| number.map_or(1, |n| u32::try_from(n).unwrap_or(u32::MAX));
        let (folds, repeats) = (whole(self.folds), whole(self.repeats));
        let table = self.model.table()?;
        let (mut all, mut notes) = (Vec::new(), None);
        for fold in 0..folds * repeats {
            problem.preparation.folds = Some(Folds { folds, repeats, fold });
            let model = self.model.on_table(&mut problem, &table)?;
            // What is said of every fold is said once; the rest is about single folds.
            let told = self.model.notes(&model);
            notes.get_or_insert_with(|| told.clone()).retain(|note| told.contains(note));
            let done = self.carry_out(problem.clone(), runs, &model)?;
            all.push(results(&model, &done.ended, done.steps_per_epoch));
        }
        for note in notes.into_iter().flatten() {
            eprintln!("note: {note}");
        }
        if self.early_stopping.is_some() {
            eprintln!(
                "note: early stopping takes the epoch that is best on the fold that is then scored: the validation columns are a little too \
                 good; the epochs of a run without --early-stopping are chosen beforehand"
            );
        }
        results::print_folds(self.format.format, &all)
    }

    /// How many steps the runs have.
    fn n_steps(&self, steps_per_epoch: u64) -> Result<u64, CliError> {
        if let Some(steps) = self.steps {
            return Ok(steps);
        }
        let epochs = self.epochs.unwrap_or(DEFAULT_EPOCHS);
        let steps = epochs.saturating_mul(steps_per_epoch);
        if steps <= MAX_STEPS {
            return Ok(steps);
        }
        Err(CliError::Value {
            option: "--epochs",
            given: epochs.to_string(),
            accepted: format!(
                "too many: a run has at most {MAX_STEPS} steps, which are {} epochs of {steps_per_epoch} steps; \
                 give fewer epochs or a larger --batch",
                MAX_STEPS / steps_per_epoch
            ),
        })
    }

    fn steps_per_epoch(&self, experiment: &Experiment, model: &LoadedModel) -> Result<u64, CliError> {
        match experiment.runs.first() {
            Some(run) => Ok(experiment.plan(run, Some(model))?.batches.steps_per_epoch()),
            None => Ok(1),
        }
    }
}

/// Keeps the bias of a model without hidden layers at 0. A centred feature or target would bring an intercept back.
fn through_the_origin(problem: &mut ModelProblem) -> Result<(), CliError> {
    if problem.model.kind == ModelKind::Mlp {
        let layers = "--no-bias: an mlp has a bias in every layer; take --model linear or --model logistic";
        return Err(CliError::Usage(layers.to_owned()));
    }
    problem.preparation.standardize = false;
    // Its biases start at 0.
    problem.model.init = Init::Xavier;
    problem.frozen.push("layers.0.bias".to_owned());
    Ok(())
}

/// What the runs came to on every set of rows.
fn results(model: &LoadedModel, ended: &[Ended], steps_per_epoch: u64) -> Vec<RunResult> {
    let mut scratch = Scratch::default();
    let constant = model.watched.loss_of_best_constant();
    let result = |ended: &Ended| RunResult {
        optimizer: ended.optimizer,
        steps: ended.steps,
        epochs: ended.steps as f64 / steps_per_epoch as f64,
        verdict: ended.verdict(),
        fit: judge(ended.curve(), constant, ended.trajectory.ending(ended.steps)),
        reports: model.reports(&ended.weights, &mut scratch),
    };
    ended.iter().map(result).collect()
}

impl Ended {
    fn new(optimizer: &'static str, plan: &RunPlan, trajectory: Trajectory) -> Self {
        let steps = trajectory.last_step();
        let best = trajectory.restored(steps);
        let state = trajectory.state_at(plan, best);
        Self {
            optimizer,
            steps,
            best,
            remark: state.as_ref().and_then(|state| state.slot.remark()),
            weights: plan
                .whole(state.as_ref().map_or(&plan.x0, |state| &state.walk.x))
                .into_owned(),
            trajectory,
        }
    }

    /// What was measured up to the weights that are taken.
    fn curve(&self) -> &[(u64, Measurement)] {
        let all = self.trajectory.measurements();
        &all[..all.partition_point(|(step, _)| *step <= self.best)]
    }

    fn verdict(&self) -> (&'static str, String) {
        let (verdict, detail) = verdict(&self.trajectory);
        let detail = [detail].into_iter().filter(|text| !text.is_empty());
        (verdict, detail.chain(self.remark.clone()).collect::<Vec<_>>().join("; "))
    }
}

/// The log of a training loop: what the step saw before it moved.
fn write_log(path: &Path, ended: &[Ended], steps_per_epoch: u64) -> Result<(), CliError> {
    let line = |out: &mut dyn Write, run: usize, step: u64, ended: &Ended| {
        let (trace, row) = (ended.trajectory.trace(), step as usize);
        let lr = trace.lr.get(row).filter(|lr| !lr.is_nan());
        let number = |column: &[f64]| column.get(row).map_or_else(String::new, |v| exact(*v));
        let fields = [
            run.to_string(),
            step.to_string(),
            (step / steps_per_epoch).to_string(),
            number(&trace.value),
            lr.map_or_else(String::new, |lr| exact(*lr)),
            number(&trace.grad_norm),
        ];
        write_csv_line(out, fields.iter())
    };
    let written = write_whole(path, |out| {
        write_csv_line(out, ["run", "step", "epoch", "loss", "lr", "grad_norm"].iter())?;
        for (run, ended) in ended.iter().enumerate() {
            (0..ended.steps).try_for_each(|step| line(out, run, step, ended))?;
        }
        Ok(())
    });
    written.map_err(|source| output_file::unwritable(path, source))
}

fn save(path: &Path, model: &LoadedModel, params: &[f64]) -> Result<(), CliError> {
    let saved = SavedModel::new(ModelCard::of(&model.network, &model.prepared), params.to_vec());
    saved.and_then(|saved| saved.save(path)).map_err(|error| match error {
        ModelError::Io { path, source } => output_file::unwritable(&path, source),
        other => other.into(),
    })
}
