//! Rows that repeat others.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo};
use super::frame::{Feature, Frame};
use crate::data::Kind;
use crate::data::dataset::Targets;
use crate::data::table::Values;
use crate::param::{ParamSpec, Parametric};

/// Keeps the first of the rows that are alike in the named columns (or all) and in the target. A held-out row that repeats a training row
/// goes too: it would judge what was learnt by heart. Rows of new data all stay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DropDuplicates {}

impl Parametric for DropDuplicates {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

/// The training rows, as what is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Met {
    columns: Vec<usize>,
    /// Not kept with a saved model: new data lose no row.
    #[serde(skip)]
    rows: HashSet<Vec<u8>>,
}

impl Step for DropDuplicates {
    const INFO: StepInfo = StepInfo {
        name: "Drop duplicate rows",
        about: "Keeps the first of rows that are alike, target included; held-out rows that repeat a training row go too",
    };
    type Fitted = Met;

    fn can(&self, _kind: Kind) -> Result<(), &'static str> {
        Ok(())
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Met, String> {
        let rows = (0..train.n_rows).map(|row| identity(train, columns, row)).collect();
        let columns = columns.to_vec();
        Ok(Met { columns, rows })
    }
}

impl Met {
    /// The rows that stay.
    fn first(&self, frame: &Frame) -> Vec<u32> {
        let mut met = HashSet::new();
        let new = |row: &u32| {
            let identity = identity(frame, &self.columns, *row as usize);
            !(frame.held_out && self.rows.contains(&identity)) && met.insert(identity)
        };
        (0..frame.n_rows as u32).filter(new).collect()
    }
}

impl Replay for Met {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        if frame.targets.is_none() {
            return Ok(());
        }
        let kept = self.first(frame);
        if kept.is_empty() {
            return Err("every held-out row repeats a training row; leave this step out, or hold out more rows".to_owned());
        }
        if kept.len() < frame.n_rows {
            frame.keep(&kept);
        }
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.columns.clone()
    }

    fn notes(&self, parts: &[&Frame]) -> Vec<String> {
        let dropped: usize = parts.iter().map(|part| part.n_rows - self.first(part).len()).sum();
        match dropped {
            0 => Vec::new(),
            _ => vec![format!("{dropped} duplicate row(s) left out")],
        }
    }
}

/// What makes a row the same as another.
fn identity(frame: &Frame, columns: &[usize], row: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 * columns.len() + 8);
    for &column in columns {
        cell(&frame.columns[column], row, &mut bytes);
    }
    match &frame.targets {
        Some(Targets::Values { columns, values }) => {
            let values = values[row * columns..(row + 1) * columns].iter();
            values.for_each(|v| bytes.extend((v + 0.0).to_bits().to_le_bytes()));
        }
        Some(Targets::Classes { labels, .. }) => bytes.extend(labels[row].to_le_bytes()),
        None => {}
    }
    bytes
}

fn cell(feature: &Feature, row: usize, bytes: &mut Vec<u8>) {
    match &feature.values {
        // -0 and 0 are the same number, and one missing value is like another.
        Values::Numbers(values) if values[row].is_nan() => bytes.extend([0xff; 8]),
        Values::Numbers(values) => bytes.extend((values[row] + 0.0).to_bits().to_le_bytes()),
        // The number of a level depends on which rows come first in the file.
        Values::Codes { codes, levels } => {
            bytes.extend(levels.get(codes[row] as usize).map_or("", String::as_str).as_bytes());
            bytes.push(0);
        }
        Values::Texts(texts) => bytes.extend(texts.get(row).as_bytes()),
    }
}
