//! What training came to, printed: a row for each run, or the confusion of its classes.

use super::CliError;
use super::output::{Cell, Format, Rows};
use crate::model::{FitVerdict, FoldMetric, Report, SetMetrics, TaskReport, over_folds};

/// A run that is over, on every set of rows there is.
pub(super) struct RunResult {
    pub optimizer: &'static str,
    pub steps: u64,
    pub epochs: f64,
    /// In a word, and in a sentence.
    pub verdict: (&'static str, String),
    /// Whether it learnt too little, too much or about right.
    pub fit: FitVerdict,
    /// `train`, `validation` and `test`, as far as there are such rows. The same for every run.
    pub reports: Vec<(&'static str, Report)>,
}

/// A row a run with the metrics of its task: the main ones for people, all of them for machines.
pub(super) fn print_metrics(format: Format, results: &[RunResult]) -> Result<(), CliError> {
    let metrics = results.first().map(|result| shown(format, result)).unwrap_or_default();
    let mut columns = ["run", "optimizer", "steps", "epochs"].map(str::to_owned).to_vec();
    columns.extend(metrics.into_iter().map(|(name, _)| name));
    columns.extend(["fit", "evidence", "verdict", "detail"].map(str::to_owned));
    let mut rows = Rows::new(format, columns)?;
    for (run, result) in (0_u64..).zip(results) {
        let mut row: Vec<Cell> = vec![run.into(), result.optimizer.into(), result.steps.into(), result.epochs.into()];
        row.extend(shown(format, result).into_iter().map(|(_, value)| Cell::from(value)));
        let (verdict, detail) = &result.verdict;
        row.extend([Cell::from(result.fit.fit.title()), Cell::from(result.fit.evidence.as_str())]);
        row.extend([Cell::from(*verdict), Cell::from(detail.as_str())]);
        rows.push(row)?;
    }
    rows.finish()
}

/// Tells on stderr where the area under the ROC curve cannot be said: a class that no row of a set is of.
pub(super) fn tell_absent_classes(results: &[RunResult]) {
    // The rows of a set are the same for every run.
    for (set, report) in results.first().iter().flat_map(|result| &result.reports) {
        let TaskReport::Classes(classes) = &report.task else {
            continue;
        };
        let absent = classes.names.iter().enumerate();
        let absent = absent.filter(|(class, _)| classes.confusion.support(*class) == 0);
        let absent: Vec<&str> = absent.map(|(_, name)| name.as_str()).collect();
        if !absent.is_empty() {
            eprintln!(
                "note: no {set} row is of the class {}: {set}_roc_auc is not defined (NaN); hold out more rows, or give --split stratified",
                absent.join(", ")
            );
        }
    }
}

/// The metrics of a run, with their names: the main ones for people, all of them for machines.
fn shown(format: Format, result: &RunResult) -> Vec<(String, f64)> {
    let of_set = |(set, report): &(&str, Report)| {
        let metrics = report.metrics().into_iter();
        let metrics = metrics.filter(|metric| metric.main || format != Format::Table);
        metrics
            .map(|metric| (format!("{set}_{}", metric.id), metric.value))
            .collect::<Vec<_>>()
    };
    result.reports.iter().flat_map(of_set).collect()
}

/// Cross-validation: a row a run, with the mean of every metric over the folds and its standard deviation (n - 1).
pub(super) fn print_folds(format: Format, folds: &[Vec<RunResult>]) -> Result<(), CliError> {
    let Some(first) = folds.first() else { return Ok(()) };
    let of_run = |run: usize| {
        let of_fold = |result: &RunResult| -> SetMetrics {
            let reports = result.reports.iter();
            reports.map(|(set, report)| (*set, report.metrics())).collect()
        };
        let folds: Vec<SetMetrics> = folds.iter().filter_map(|fold| fold.get(run)).map(of_fold).collect();
        let mut metrics = over_folds(&folds);
        metrics.retain(|metric| metric.metric.main || format != Format::Table);
        metrics
    };
    let mut columns = ["run", "optimizer", "folds"].map(str::to_owned).to_vec();
    for FoldMetric { set, metric, .. } in of_run(0) {
        columns.extend(["mean", "sd"].map(|part| format!("{set}_{}_{part}", metric.id)));
    }
    let mut rows = Rows::new(format, columns)?;
    for (run, result) in first.iter().enumerate() {
        let mut row: Vec<Cell> = vec![(run as u64).into(), result.optimizer.into(), (folds.len() as u64).into()];
        let cells = of_run(run).into_iter().flat_map(|metric| [metric.metric.value, metric.sd]);
        row.extend(cells.map(Cell::from));
        rows.push(row)?;
    }
    rows.finish()
}

/// A row for each run, set and true class; a column for each predicted class, called after it.
pub(super) fn print_confusion(format: Format, results: &[RunResult]) -> Result<(), CliError> {
    let tables: Vec<_> = (0_u64..)
        .zip(results)
        .flat_map(|(run, result)| {
            result
                .reports
                .iter()
                .map(move |(set, report)| (run, result.optimizer, *set, report))
        })
        .filter_map(|(run, optimizer, set, report)| match &report.task {
            TaskReport::Classes(classes) => Some((run, optimizer, set, classes)),
            TaskReport::Numbers(_) => None,
        })
        .collect();
    let names = tables.first().map_or(&[][..], |(.., classes)| classes.names.as_slice());
    let mut columns = ["run", "optimizer", "set", "class"].map(str::to_owned).to_vec();
    columns.extend(names.iter().map(|name| format!("as_{name}")));
    let mut rows = Rows::new(format, columns)?;
    for (run, optimizer, set, classes) in &tables {
        for (label, name) in classes.names.iter().enumerate() {
            let mut row: Vec<Cell> = vec![(*run).into(), (*optimizer).into(), (*set).into(), name.as_str().into()];
            let counts = (0..classes.names.len()).map(|predicted| classes.confusion.count(label, predicted));
            row.extend(counts.map(Cell::from));
            rows.push(row)?;
        }
    }
    rows.finish()
}
