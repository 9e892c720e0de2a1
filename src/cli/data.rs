//! `optiscope data`: what is in a CSV file.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::output::{Cell, Format, FormatArg, Rows, UnusedSeed, print_json, print_text};
use super::table::TableArgs;
use super::{CliError, interrupt, output_file};
use crate::data::{
    Column, DataError, Effect, Finding, Kind, Preparation, Severity, Table, Topic, Values, examine, outlook, task_for,
};

/// What was read from a CSV file: dialect, columns, warnings
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  optiscope data penguins\n  optiscope data iris --export iris.csv\n  \
    optiscope data iris.csv --format json"
)]
pub(super) struct Data {
    #[command(flatten)]
    table: TableArgs,
    /// The column to predict, for findings about it and for what the preparation does to gradient descent; without it the likely one
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// Also write the table as read: RFC 4180 in UTF-8
    #[arg(long, value_name = "OUT.csv")]
    export: Option<PathBuf>,
    #[command(flatten)]
    _seed: UnusedSeed,
    #[command(flatten)]
    format: FormatArg,
}

impl Data {
    pub fn run(self) -> Result<(), CliError> {
        interrupt::listen();
        let mut table = self.table.table()?;
        let target = self.target(&table)?;
        table.findings.extend(examine(&table, target.as_deref()));
        let effect = target.as_ref().and_then(|target| look_ahead(&mut table, target));
        table.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        if let Some(path) = &self.export {
            export(&table, path)?;
        }
        self.print(&table, effect)?;
        // What was read has been told; that nothing can be done with it is a refusal all the same.
        match table.findings.iter().find(|finding| finding.severity == Severity::Error) {
            Some(finding) => Err(CliError::Usage(format!("{}: {finding}", table.name))),
            None => Ok(()),
        }
    }

    /// The column to predict: the one named, or the one that is likely.
    fn target(&self, table: &Table) -> Result<Option<String>, CliError> {
        match &self.target {
            Some(name) if table.column(name).is_none() => Err(CliError::Value {
                option: "--target",
                given: name.clone(),
                accepted: "no column is called that; `optiscope data` lists the columns".to_owned(),
            }),
            Some(name) => Ok(Some(name.clone())),
            None => Ok(table.suggest_target().map(|column| column.name.clone())),
        }
    }

    fn print(&self, table: &Table, effect: Option<Effect>) -> Result<(), CliError> {
        match self.format.format {
            Format::Json => print_json(&report(table, effect)),
            Format::Csv => print_columns(table, Format::Csv),
            Format::Table => {
                print_text(&heading(table))?;
                print_columns(table, Format::Table)?;
                print_text(&ending(table))?;
                effect.map_or(Ok(()), |effect| print_text(&format!("\n{effect}\n")))
            }
        }
    }
}

fn export(table: &Table, path: &Path) -> Result<(), CliError> {
    table.export(path).map_err(|error| match error {
        DataError::Unwritable { source, .. } => output_file::unwritable(path, source),
        other => other.into(),
    })
}

/// What the usual preparation does to gradient descent; None if the table is not one to train on, which is a finding.
fn look_ahead(table: &mut Table, target: &str) -> Option<Effect> {
    let preparation = Preparation {
        target: target.to_owned(),
        validation: 0.0,
        ..Preparation::default()
    };
    match outlook(table, &preparation) {
        Ok(outlook) => {
            table.findings.extend(outlook.findings);
            outlook.effect
        }
        Err(refusal) => {
            // A table that cannot be used has been told so.
            if table.findings.iter().all(|finding| finding.severity != Severity::Error) {
                table.findings.push(refused(target, &refusal));
            }
            None
        }
    }
}

/// That a target cannot be trained on as things stand.
fn refused(target: &str, refusal: &DataError) -> Finding {
    Finding {
        severity: Severity::Warning,
        topic: Topic::RefusedTarget,
        line: None,
        column: Some(target.to_owned()),
        count: 1,
        message: format!("training with this target would be refused: {refusal}"),
    }
}

/// The column that is likely to be predicted, if training on it would not be refused.
fn suggested(table: &Table) -> Option<&Column> {
    let target = table.suggest_target()?;
    let is_refused = |f: &Finding| f.topic == Topic::RefusedTarget && f.column.as_deref() == Some(&*target.name);
    let is_usable = table.n_rows > 0 && !table.findings.iter().any(is_refused);
    is_usable.then_some(target)
}

fn report(table: &Table, effect: Option<Effect>) -> Value {
    let column = |column: &Column| {
        let [low, high] = range(column);
        json!({
            "name": column.name, "type": column.kind, "missing": column.missing, "distinct": column.distinct,
            "min": low, "max": high,
            "mean": column.figures.as_ref().map(|f| f.mean), "sd": column.figures.as_ref().map(|f| f.sd),
        })
    };
    let target = suggested(table);
    json!({
        "name": table.name,
        "dialect": table.dialect,
        "rows": table.n_rows,
        "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        "warnings": table.findings,
        "suggested_target": target.map(|c| &c.name),
        "suggested_task": target.map(|c| task_for(c).0),
        "gradient_descent": effect,
    })
}

/// Lowest and highest value of numbers; dates as they are written.
fn range(column: &Column) -> [Value; 2] {
    let Some(figures) = &column.figures else {
        return [Value::Null, Value::Null];
    };
    let ends = [figures.min, figures.max];
    match (&column.values, column.kind) {
        (Values::Numbers(_), Kind::Date) => ends.map(|end| Value::from(column.written(end))),
        _ => ends.map(Value::from),
    }
}

fn heading(table: &Table) -> String {
    let (rows, columns) = (table.n_rows, table.columns.len());
    format!("{}: {rows} rows, {columns} columns\n{}\n\n", table.name, table.dialect)
}

fn print_columns(table: &Table, format: Format) -> Result<(), CliError> {
    const COLUMNS: [&str; 6] = ["column", "type", "missing", "distinct", "min", "max"];
    let mut rows = Rows::new(format, COLUMNS.map(str::to_owned).to_vec())?;
    for column in &table.columns {
        let end = |end: Value| match end {
            Value::Number(number) => number.as_f64().into(),
            Value::String(text) => Cell::Text(text),
            _ => Cell::Empty,
        };
        let [low, high] = range(column).map(end);
        rows.push(vec![
            column.name.as_str().into(),
            column.kind.label().into(),
            (column.missing as u64).into(),
            // More than can be counted is told as such.
            column.distinct.map_or_else(|| "many".into(), |d| Cell::from(d as u64)),
            low,
            high,
        ])?;
    }
    rows.finish()
}

fn ending(table: &Table) -> String {
    let mut text = String::new();
    if table.findings.iter().any(|finding| finding.severity != Severity::Error) {
        text.push('\n');
    }
    for finding in &table.findings {
        let severity = match finding.severity {
            Severity::Info => "note",
            Severity::Warning => "warning",
            // The refusal at the end, on stderr.
            Severity::Error => continue,
        };
        text.push_str(&format!("{severity}: {finding}\n"));
    }
    if let Some(target) = suggested(table) {
        let (task, why) = task_for(target);
        text.push_str(&format!("\nsuggested target: {} ({}: {why})\n", target.name, task.label()));
    }
    text
}
