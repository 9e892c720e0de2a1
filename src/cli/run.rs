//! `optiscope run`: optimizers on a landscape, or all runs of an experiment.

use std::fs;
use std::path::{Path, PathBuf};

use super::execute::execute;
use super::explain::ExplainArgs;
use super::named::FunctionArgs;
use super::output::{Cell, FormatArg, Rows};
use super::rules::{RuleArgs, StageArgs};
use super::{CliError, interrupt, named, number, table};
use crate::experiment::{Experiment, ExperimentError, LoadedModel, MAX_STEPS, Problem, VERSION, View, load};
use crate::optim::RunStatus;
use crate::run::{RunPlan, Trajectory};

/// The options that describe runs, which an experiment has already.
const DESCRIBED: [&str; 16] = [
    "function",
    "formula",
    "height_map",
    "param",
    "transform",
    "dim",
    "start",
    "steps",
    "noise",
    "optimizer",
    "set",
    "schedule",
    "schedule-set",
    "weight_decay",
    "clip_norm",
    "clip_value",
];

/// Run optimizers on a landscape, or all runs of an experiment
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    optiscope run --function rosenbrock --steps 1000 --record-every 100 \\\n    \
      --start -1.5,2 --optimizer adam --set lr=0.05\n  \
    optiscope run --function beale --start 1,1.5 --steps 500 --summary \\\n    \
      --optimizer momentum --set lr=0.001 --optimizer adam\n  \
    optiscope run --function quadratic_ill --transform rotation=45 --steps 400 \\\n    \
      --optimizer sgd --set lr=0.0198 --summary\n  \
    optiscope run --formula 'x^2 + a*sin(y)' --param a=10 --steps 300 --optimizer adam\n  \
    optiscope run --function rosenbrock --steps 10 --optimizer adam --explain 3\n\n\
    Row 0 is the start; value and grad_norm are at that row's point; lr is that of the step that led there.")]
pub(super) struct Run {
    /// An experiment; its runs, problem and steps are taken as they are
    #[arg(conflicts_with_all = DESCRIBED, required_unless_present_any = ["function", "formula", "height_map"])]
    experiment: Option<PathBuf>,
    #[command(flatten)]
    function: FunctionArgs,
    /// Where every run starts; without it, where a first look at the function starts
    #[arg(long, value_name = "X,Y", allow_hyphen_values = true)]
    start: Option<String>,
    /// Steps of every run
    #[arg(long, value_name = "N", required_unless_present = "experiment", value_parser = number::whole::<u64>(1..=MAX_STEPS))]
    steps: Option<u64>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    stages: StageArgs,
    /// Noise on every gradient a rule is told: its standard deviation, or one of gradient, value, kind (gaussian, student_t), nu, decay
    #[arg(long, value_name = "SD|NAME=VALUE")]
    noise: Vec<String>,
    /// Seed of everything random; without it 0, or the experiment's own
    #[arg(long, value_parser = number::whole::<u64>(0..=u64::MAX))]
    seed: Option<u64>,
    /// Show every K-th step and the last
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = number::whole::<u64>(1..=u64::MAX))]
    record_every: u64,
    /// One row a run instead of one a step
    #[arg(long)]
    summary: bool,
    #[command(flatten)]
    explain: ExplainArgs,
    #[command(flatten)]
    format: FormatArg,
}

impl Run {
    pub fn run(self) -> Result<(), CliError> {
        interrupt::listen();
        let mut experiment = match &self.experiment {
            Some(file) => open(file)?,
            None => self.described()?,
        };
        if let Some(seed) = self.seed {
            experiment.seed = seed;
        }
        let model = self.model(&experiment)?;
        let plan = |run| experiment.plan(run, model.as_ref());
        let mut plans: Vec<RunPlan> = experiment.runs.iter().map(plan).collect::<Result<_, _>>()?;
        self.start_elsewhere(&mut plans)?;
        self.explain.check(experiment.steps)?;
        let trajectories = execute(&plans)?;
        if let Some(step) = self.explain.step() {
            let runs = plans.iter().zip(&trajectories);
            self.explain.print(step, runs, self.format.format)
        } else if self.summary {
            self.print_summary(&experiment, &trajectories)
        } else {
            self.print_steps(&trajectories)
        }
    }

    /// A start with a number of its own for every variable, which a document cannot hold.
    fn start_elsewhere(&self, plans: &mut [RunPlan]) -> Result<(), CliError> {
        let Some(start) = &self.start else {
            return Ok(());
        };
        for plan in plans {
            plan.x0 = named::point_in("--start", start, plan.x0.len())?.into();
        }
        Ok(())
    }

    /// The experiment that the options describe.
    fn described(&self) -> Result<Experiment, CliError> {
        let mut problem = self.function.problem()?;
        if let Some(start) = &self.start {
            let x0 = named::point_in("--start", start, problem.dim)?;
            check_start(start, &x0, problem.domain())?;
            problem.start = [x0[0], x0[1]];
        }
        problem.noise = named::noise(&self.noise)?;
        Ok(Experiment {
            version: VERSION,
            problem: Problem::Function(problem),
            seed: 0,
            steps: self.steps.unwrap_or(0),
            runs: self.stages.runs(&self.rules, None)?,
            view: View::default(),
        })
    }

    /// The model that the experiment trains, if it does.
    fn model(&self, experiment: &Experiment) -> Result<Option<LoadedModel>, CliError> {
        let Problem::Model(problem) = &experiment.problem else {
            return Ok(None);
        };
        let folder = self.experiment.as_ref().and_then(|file| file.parent());
        let table = table::watch(|progress| problem.source.table(folder, progress))??;
        Ok(Some(LoadedModel::new(problem, experiment.seed, &table)?))
    }

    fn print_steps(&self, trajectories: &[Trajectory]) -> Result<(), CliError> {
        let kept = trajectories.iter().map(|t| t.trace().kept).max().unwrap_or(0);
        let coordinates = (0..kept).map(|i| format!("x{i}"));
        let named = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let columns = named(&["run", "step"])
            .into_iter()
            .chain(coordinates)
            .chain(named(&["value", "grad_norm", "lr"]));
        let mut rows = Rows::new(self.format.format, columns.collect())?;
        for (run, trajectory) in (0_u64..).zip(trajectories) {
            let trace = trajectory.trace();
            for step in 0..trace.len() {
                let last = step + 1 == trace.len();
                if !(last || (step as u64).is_multiple_of(self.record_every)) {
                    continue;
                }
                let mut row: Vec<Cell> = vec![run.into(), (step as u64).into()];
                row.extend(trace.point(step).into_iter().flatten().map(|x| Cell::from(*x)));
                row.push(trace.value[step].into());
                row.push(trace.grad_norm[step].into());
                // The trace keeps the rate of the step that starts at a point; here it stands at the point the step led to.
                let lr = step.checked_sub(1).map(|before| trace.lr[before]);
                row.push(lr.filter(|lr| !lr.is_nan()).into());
                rows.push(row)?;
            }
            interrupt::check()?;
        }
        rows.finish()
    }

    fn print_summary(&self, experiment: &Experiment, trajectories: &[Trajectory]) -> Result<(), CliError> {
        const COLUMNS: [&str; 11] = [
            "run",
            "optimizer",
            "steps",
            "value",
            "grad_norm",
            "values",
            "grads",
            "hess_vecs",
            "verdict",
            "detail",
            "best_value",
        ];
        let mut rows = Rows::new(self.format.format, COLUMNS.map(str::to_owned).to_vec())?;
        for ((run, config), trajectory) in (0_u64..).zip(&experiment.runs).zip(trajectories) {
            let (trace, counts) = (trajectory.trace(), trajectory.counts());
            let (verdict, detail) = verdict(trajectory);
            rows.push(vec![
                run.into(),
                config.rule.id().into(),
                trajectory.last_step().into(),
                trace.value.last().copied().into(),
                trace.grad_norm.last().copied().into(),
                counts.values.into(),
                counts.grads.into(),
                counts.hess_vecs.into(),
                verdict.into(),
                detail.into(),
                best(&trace.value).into(),
            ])?;
        }
        rows.finish()
    }
}

/// An experiment from its file. A file of another kind is told as such, not as an error of JSON in its first line.
fn open(path: &Path) -> Result<Experiment, CliError> {
    load(path).map_err(|refusal| match refusal {
        ExperimentError::Json { .. } if !starts_as_experiment(path) => CliError::NotExperiment(path.to_owned()),
        other => other.into(),
    })
}

/// An experiment is a JSON object.
fn starts_as_experiment(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    text.trim_ascii_start().first() == Some(&b'{')
}

/// A start must lie where the function is studied; said in the words of the command line.
fn check_start(given: &str, start: &[f64], domain: [[f64; 2]; 2]) -> Result<(), CliError> {
    let inside = start
        .iter()
        .zip(domain.into_iter().cycle())
        .all(|(x, [low, high])| (low..=high).contains(x));
    if inside {
        return Ok(());
    }
    let [[x_low, x_high], [y_low, y_high]] = domain;
    Err(CliError::Value {
        option: "--start",
        given: given.to_owned(),
        accepted: format!("outside the domain; x must be from {x_low} to {x_high} and y from {y_low} to {y_high}"),
    })
}

/// The lowest value seen on a path, for rules that do not stay where they were best; none if none was finite.
fn best(values: &[f64]) -> Option<f64> {
    values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .min_by(f64::total_cmp)
}

/// How a run ended, in a word and a sentence.
pub(super) fn verdict(trajectory: &Trajectory) -> (&'static str, String) {
    match trajectory.status() {
        RunStatus::Diverged { step } if trajectory.trace().is_empty() => {
            ("diverged", format!("not finite at step {step}, the start"))
        }
        RunStatus::Diverged { step } => (
            "diverged",
            format!(
                "not finite at step {step}; the last finite point is that of step {}",
                trajectory.last_step()
            ),
        ),
        RunStatus::Running => ("stopped", format!("stopped after step {}", trajectory.last_step())),
        RunStatus::StoppedEarly { best } => (
            "stopped early",
            format!("the validation loss was best after step {best}: those weights are taken"),
        ),
        RunStatus::Finished => ("finished", String::new()),
    }
}
