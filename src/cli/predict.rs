//! `optiscope predict`: a saved model on new data.

use std::path::PathBuf;

use super::output::{Cell, Format, FormatArg, Rows, UnusedSeed};
use super::table::{self, TableArgs};
use super::{CliError, interrupt, output_file};
use crate::model::{Answer, Predictions, SavedModel};

/// Predict the rows of a CSV file with a saved model
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  optiscope train iris --target species --epochs 20 --save iris.safetensors\n  \
    optiscope predict iris.safetensors iris\n  \
    optiscope predict iris.safetensors iris -o predicted.csv\n\n\
    A row for every row of the data, counted from 1, empty where nothing can be said. Columns that the model has not learnt from may be there or not; if the target is, \
    how right the model is goes to stderr."
)]
pub(super) struct Predict {
    /// A model written by `train --save` or in the window
    #[arg(value_name = "MODEL.safetensors")]
    model: PathBuf,
    #[command(flatten)]
    table: TableArgs,
    /// Write a CSV file instead of printing
    #[arg(short, long, value_name = "OUT.csv")]
    output: Option<PathBuf>,
    #[command(flatten)]
    _seed: UnusedSeed,
    #[command(flatten)]
    format: FormatArg,
}

impl Predict {
    pub fn run(self) -> Result<(), CliError> {
        interrupt::listen();
        if let Some(path) = &self.output {
            output_file::check("--output", path)?;
        }
        let model = SavedModel::load(&self.model)?;
        let table = self.table.table()?;
        table::warn(&table);
        let predictions = model.predict(&table)?;
        match &self.output {
            Some(path) => predictions
                .write(path)
                .map_err(|source| output_file::unwritable(path, source))?,
            None => print(self.format.format, &predictions)?,
        }
        tell(&predictions);
        Ok(())
    }
}

fn print(format: Format, predictions: &Predictions) -> Result<(), CliError> {
    let columns = predictions.columns();
    let width = columns.len();
    let mut rows = Rows::new(format, columns)?;
    for (row, answer) in predictions.all() {
        let mut cells = vec![Cell::from(row as u64 + 1)];
        match answer {
            None => {}
            Some(Answer::Number(value)) => cells.push(value.into()),
            Some(Answer::Class { name, scores }) => {
                cells.push(name.into());
                cells.extend(scores.iter().map(|score| Cell::from(*score)));
            }
        }
        cells.resize(width, Cell::Empty);
        rows.push(cells)?;
    }
    rows.finish()
}

/// What is amiss with the rows, and how right the model is where the truth is known.
fn tell(predictions: &Predictions) {
    for warning in &predictions.warnings {
        eprintln!("warning: {warning}");
    }
    if let Some((report, rows)) = &predictions.report {
        let metrics = report.metrics().into_iter().filter(|metric| metric.main);
        let words: Vec<String> = metrics.map(|metric| format!("{} {:?}", metric.id, metric.value)).collect();
        eprintln!(
            "note: on the {rows} row(s) whose '{}' is known: {}",
            predictions.target,
            words.join(", ")
        );
    }
}
