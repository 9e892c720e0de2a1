//! Errands: a model is saved, weights to start from are read, new rows are predicted, results are exported. Each is done on a worker, from a run as it is at a step, and comes
//! back with a sentence.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::job::{End, Job, Notify};
use super::lane::Lane;
use super::pool::{Pool, Priority};
use crate::data::{Progress, ReadOptions, read, write_whole};
use crate::experiment::{LoadedModel, Source};
use crate::model::{Ending, Measurement, ModelCard, Predictions, SavedModel, StartWeights, judge};
use crate::objective::Scratch;
use crate::run::{Keyframe, RunPlan, replay};

/// A run at a step, with all that is needed to get there.
pub(super) struct AtStep {
    /// What it is called.
    name: String,
    plan: RunPlan,
    from: Arc<Keyframe>,
    step: u64,
    curve: Vec<(u64, Measurement)>,
    ending: Ending,
}

impl AtStep {
    pub fn of(lane: &Lane, name: &str, step: u64) -> Option<Self> {
        let trajectory = lane.trajectory();
        let (step, ending) = (trajectory.restored(step), trajectory.ending(step));
        let measured = trajectory.measurements();
        Some(Self {
            name: name.to_owned(),
            plan: lane.plan().clone(),
            from: Arc::clone(trajectory.keyframe_before(step)?),
            step,
            curve: measured[..measured.partition_point(|(at, _)| *at <= step)].to_vec(),
            ending,
        })
    }

    fn params(&self) -> Vec<f64> {
        let state = replay(&self.plan, &self.from, self.step);
        self.plan.whole(&state.walk.x).into_owned()
    }
}

/// What came of an errand.
pub enum Outcome {
    /// It is done; what to tell.
    Told(String),
    /// Rows were predicted, and wait to be written.
    Predicted(Box<Predicted>),
    /// Weights to start from were read.
    Weights(StartWeights),
}

/// Predictions and where they come from.
pub struct Predicted {
    pub predictions: Predictions,
    /// The model, in words.
    pub by: String,
    /// The file that was predicted.
    pub data: PathBuf,
}

/// What is being done, one errand at a time.
#[derive(Default)]
pub struct Errands {
    job: Option<Job<Result<Outcome, String>>>,
    /// What is being done, in words.
    doing: String,
    outcome: Option<Result<Outcome, String>>,
    /// What was predicted last.
    predicted: Option<Arc<Predicted>>,
}

impl Errands {
    /// What is being done, in words, and how far it is.
    pub fn doing(&self) -> Option<(&str, &Progress)> {
        self.job.as_ref().map(|job| (self.doing.as_str(), job.progress()))
    }

    pub(super) fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    pub(super) fn cancel(&mut self) {
        self.job = None;
    }

    pub(super) fn poll(&mut self) -> bool {
        let Some(job) = &self.job else {
            return false;
        };
        let (outcome, end) = job.poll();
        let panicked = match &end {
            Some(End::Panicked(words)) => Some(Err(format!(
                "something went wrong inside Optiscope ({words}); nothing was written"
            ))),
            _ => None,
        };
        if end.is_some() {
            self.job = None;
        }
        let Some(outcome) = outcome.or(panicked) else {
            return false;
        };
        self.outcome = Some(outcome);
        true
    }

    /// What came of the last errand, once.
    pub(super) fn take(&mut self) -> Option<Result<Outcome, String>> {
        self.outcome.take()
    }

    /// Keeps predictions until it is known where to write them.
    pub(super) fn keep(&mut self, predicted: Predicted) {
        self.predicted = Some(Arc::new(predicted));
    }

    fn start(
        &mut self,
        pool: &Pool,
        notify: &Notify,
        doing: String,
        work: impl FnOnce(&Progress) -> Result<Outcome, String> + Send + 'static,
    ) {
        self.doing = doing;
        self.job = Some(Job::once(pool, Priority::Work, notify, move |port| work(port.progress())));
    }

    /// Writes the model of a run as it is at a step.
    pub(super) fn save_model(&mut self, pool: &Pool, notify: &Notify, model: &LoadedModel, run: AtStep, path: PathBuf) {
        let card = ModelCard::of(&model.network, &model.prepared);
        self.start(pool, notify, format!("Saving the model of {}", run.name), move |_| {
            let saved = SavedModel::new(card, run.params());
            saved.and_then(|saved| saved.save(&path)).map_err(|why| why.to_string())?;
            Ok(Outcome::Told(format!(
                "Saved the model of {} at step {}, with its recipe: {}",
                run.name,
                run.step,
                path.display()
            )))
        });
    }

    /// Reads weights to start from.
    pub(super) fn read_weights(&mut self, pool: &Pool, notify: &Notify, path: PathBuf) {
        self.start(pool, notify, format!("Reading {}", path.display()), move |_| {
            let weights = StartWeights::read(&path).map_err(|why| why.to_string())?;
            Ok(Outcome::Weights(weights))
        });
    }

    /// Predicts the rows of a file, read like those that the model was trained on, by a run as it is at a step.
    pub(super) fn predict(
        &mut self,
        pool: &Pool,
        notify: &Notify,
        (model, source): (&LoadedModel, &Source),
        run: AtStep,
        data: PathBuf,
    ) {
        let dialect = match source {
            Source::File { dialect, .. } => dialect.clone(),
            Source::Bundled { .. } | Source::Generated { .. } => ReadOptions::default(),
        };
        let card = ModelCard::of(&model.network, &model.prepared);
        self.start(pool, notify, format!("Predicting {}", data.display()), move |progress| {
            let saved = SavedModel::new(card, run.params()).map_err(|why| why.to_string())?;
            let by = format!("{} at step {}", run.name, run.step);
            predicted(&saved, by, (data, &dialect), progress)
        });
    }

    /// Predicts the rows of a file by a saved model.
    pub(super) fn predict_with(&mut self, pool: &Pool, notify: &Notify, model: PathBuf, data: PathBuf) {
        self.start(pool, notify, format!("Predicting {}", data.display()), move |progress| {
            let saved = SavedModel::load(&model).map_err(|why| why.to_string())?;
            predicted(&saved, file_name(&model), (data, &ReadOptions::default()), progress)
        });
    }

    /// Writes what was predicted last.
    pub(super) fn write_predictions(&mut self, pool: &Pool, notify: &Notify, path: PathBuf) {
        let Some(predicted) = self.predicted.clone() else {
            return;
        };
        self.start(pool, notify, format!("Writing {}", path.display()), move |_| {
            let refused = |why| format!("cannot write {}: {why}", path.display());
            predicted.predictions.write(&path).map_err(refused)?;
            let rows = predicted.predictions.rows.len();
            Ok(Outcome::Told(format!("Saved {rows} predictions: {}", path.display())))
        });
    }

    /// Writes a row a run with every metric on every set of rows at a step.
    pub(super) fn export(&mut self, pool: &Pool, notify: &Notify, model: LoadedModel, runs: Vec<AtStep>, path: PathBuf) {
        self.start(pool, notify, format!("Writing {}", path.display()), move |_| {
            let rows = results(&model, &runs);
            let written = write_whole(&path, |out| {
                let mut csv = csv::Writer::from_writer(out);
                rows.iter().try_for_each(|row| csv.write_record(row))?;
                csv.flush()
            });
            written.map_err(|why| format!("cannot write {}: {why}", path.display()))?;
            Ok(Outcome::Told(format!(
                "Saved the results of {} runs: {}",
                runs.len(),
                path.display()
            )))
        });
    }
}

fn predicted(
    model: &SavedModel,
    by: String,
    (data, dialect): (PathBuf, &ReadOptions),
    progress: &Progress,
) -> Result<Outcome, String> {
    let table = read(&data, dialect, progress).map_err(|why| why.to_string())?;
    let refused = |why: crate::data::DataError| format!("{}: {why}", file_name(&data));
    let predictions = model.predict(&table).map_err(refused)?;
    Ok(Outcome::Predicted(Box::new(Predicted { predictions, by, data })))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

impl Predicted {
    /// How many rows, by what, and how right where the truth is known.
    pub fn told(&self) -> String {
        let predictions = &self.predictions;
        let mut text = format!(
            "{} rows of {} predicted by {}",
            predictions.rows.len(),
            file_name(&self.data),
            self.by
        );
        for warning in &predictions.warnings {
            text += &format!("; {warning}");
        }
        if let Some((report, rows)) = &predictions.report {
            let main = report
                .metrics()
                .into_iter()
                .filter(|metric| metric.main && metric.id != "loss");
            let words: Vec<String> = main.map(|metric| format!("{} {:.4}", metric.title, metric.value)).collect();
            text += &format!(". On the {rows} whose {} is known: {}", predictions.target, words.join(", "));
        }
        text
    }

    /// What its file may be called, without ending.
    pub fn suggested_name(&self) -> String {
        let stem = self
            .data
            .file_stem()
            .map_or_else(|| "rows".to_owned(), |stem| stem.to_string_lossy().into_owned());
        format!("{} predicted", stem.trim_end_matches(".csv"))
    }
}

/// A header and a row a run, the same columns as `train --format csv` gives where both have them.
fn results(model: &LoadedModel, runs: &[AtStep]) -> Vec<Vec<String>> {
    let mut scratch = Scratch::default();
    let constant = model.watched.loss_of_best_constant();
    let mut header = Vec::new();
    let mut rows = Vec::new();
    for run in runs {
        let mut names = ["run", "optimizer", "steps"].map(str::to_owned).to_vec();
        let mut fields = vec![run.name.clone(), run.plan.rule.id().to_owned(), run.step.to_string()];
        for (set, report) in model.reports(&run.params(), &mut scratch) {
            for metric in report.metrics() {
                names.push(format!("{set}_{}", metric.id));
                fields.push(format!("{:?}", metric.value));
            }
        }
        let verdict = judge(&run.curve, constant, run.ending);
        names.extend(["fit", "evidence"].map(str::to_owned));
        fields.extend([verdict.fit.title().to_owned(), verdict.evidence]);
        header = names;
        rows.push(fields);
    }
    [vec![header], rows].concat()
}
