//! Subtract and divide: what most scalings come to.

use serde::{Deserialize, Serialize};

use super::contract::Replay;
use super::frame::Frame;

/// (x - centre) / scale in each of some columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    pub(super) columns: Vec<usize>,
    /// Centre and scale of each.
    pub(super) by: Vec<(f64, f64)>,
    /// Names of those that do not vary over the training rows.
    pub(super) constant: Vec<String>,
}

impl Scale {
    /// Learns centre and scale of every column from its numbers that are not missing.
    pub(super) fn fit(train: &Frame, columns: &[usize], of: impl Fn(&[f64]) -> (f64, f64)) -> Self {
        let by = columns.iter().map(|&c| of(train.columns[c].numbers())).collect();
        let constant = columns.iter().filter(|&&c| is_constant(train.columns[c].numbers()));
        Self {
            constant: constant.map(|&c| train.columns[c].name.clone()).collect(),
            columns: columns.to_vec(),
            by,
        }
    }
}

impl Replay for Scale {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        for (&column, &(centre, scale)) in self.columns.iter().zip(&self.by) {
            let values = frame.columns[column].numbers_mut();
            values.iter_mut().for_each(|value| *value = scaled(*value, centre, scale));
        }
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.columns.clone()
    }

    fn notes(&self, _parts: &[&Frame]) -> Vec<String> {
        constant_notes(&self.constant)
    }
}

/// A note for every column that does not vary.
pub(super) fn constant_notes(names: &[String]) -> Vec<String> {
    let note = |name: &String| format!("'{name}' is constant over the training rows and explains nothing");
    names.iter().map(note).collect()
}

/// Whether the numbers differ by no more than deviations whose squares underflow.
pub(super) fn is_constant(values: &[f64]) -> bool {
    let mut present = values.iter().filter(|v| v.is_finite());
    let start = present.next().copied().unwrap_or(0.0);
    present.all(|v| (v - start).abs() < f64::MIN_POSITIVE.sqrt())
}

/// A scale that can be divided by: 1 in the place of none at all, which cannot be told from rounding.
pub(in crate::data) fn usable(scale: f64) -> f64 {
    if scale < f64::MIN_POSITIVE.sqrt() { 1.0 } else { scale }
}

/// (value - centre) / scale, also where the difference of huge values overflows.
pub(in crate::data) fn scaled(value: f64, centre: f64, scale: f64) -> f64 {
    let difference = value - centre;
    if difference.is_finite() {
        difference / scale
    } else {
        (value * 0.5 - centre * 0.5) / (scale * 0.5)
    }
}

/// Smallest and largest of the numbers that are not missing; 0 and 0 if there are none.
pub(super) fn ends(values: &[f64]) -> (f64, f64) {
    let present = || values.iter().copied().filter(|v| v.is_finite());
    let low = present().fold(f64::INFINITY, f64::min);
    let high = present().fold(f64::NEG_INFINITY, f64::max);
    if low <= high { (low, high) } else { (0.0, 0.0) }
}
