//! What training came to, printed: a row for each run, or the confusion of its classes.

use super::CliError;
use super::output::{Cell, Format, Rows};
use crate::model::{Report, TaskReport};

/// A run that is over, on every set of rows there is.
pub(super) struct RunResult<'a> {
    pub optimizer: &'a str,
    pub steps: u64,
    pub epochs: f64,
    /// In a word, and in a sentence.
    pub verdict: (&'static str, String),
    /// `train`, `validation` and `test`, as far as there are such rows. The same for every run.
    pub reports: Vec<(&'static str, Report)>,
}

/// A row a run with the metrics of its task: the main ones for people, all of them for machines.
pub(super) fn print_metrics(format: Format, results: &[RunResult<'_>]) -> Result<(), CliError> {
    let shown = |result: &RunResult<'_>| -> Vec<(String, f64)> {
        let of_set = |(set, report): &(&str, Report)| {
            let metrics = report.metrics().into_iter();
            let metrics = metrics.filter(|metric| metric.main || format != Format::Table);
            metrics
                .map(|metric| (format!("{set}_{}", metric.id), metric.value))
                .collect::<Vec<_>>()
        };
        result.reports.iter().flat_map(of_set).collect()
    };
    let metrics = results.first().map(shown).unwrap_or_default();
    let mut columns = ["run", "optimizer", "steps", "epochs"].map(str::to_owned).to_vec();
    columns.extend(metrics.into_iter().map(|(name, _)| name));
    columns.extend(["verdict", "detail"].map(str::to_owned));
    let mut rows = Rows::new(format, columns)?;
    for (run, result) in (0_u64..).zip(results) {
        let mut row: Vec<Cell> = vec![run.into(), result.optimizer.into(), result.steps.into(), result.epochs.into()];
        row.extend(shown(result).into_iter().map(|(_, value)| Cell::from(value)));
        let (verdict, detail) = &result.verdict;
        row.extend([Cell::from(*verdict), Cell::from(detail.as_str())]);
        rows.push(row)?;
    }
    rows.finish()
}

/// A row for each run, set and true class; a column for each predicted class, called after it.
pub(super) fn print_confusion(format: Format, results: &[RunResult<'_>]) -> Result<(), CliError> {
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
