//! Principal components.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo, numbers_only};
use super::frame::{Feature, Frame};
use super::scale::{ends, usable};
use crate::data::Kind;
use crate::math::symmetric::SymmetricEigen;
use crate::math::vector;
use crate::param::{ParamSpec, Parametric};

/// The directions in which the training rows vary most (Pearson 1901), as in `PCA` of scikit-learn: variances are divided by n - 1, and
/// the entry of a component with the largest absolute value is positive.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pca {
    /// 0: all.
    pub components: u64,
    pub whiten: bool,
}

impl Parametric for Pca {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("components", "Components", 0, 20, |s: &mut Self| &mut s.components)
            .help("How many of the leading components; 0 for all"),
        ParamSpec::switch("whiten", "Whiten", |s: &mut Self| &mut s.whiten).help("Every component gets variance 1"),
    ];
}

/// What was learnt: everything is measured in `unit`, so that no square overflows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Components {
    columns: Vec<usize>,
    unit: f64,
    mean: Vec<f64>,
    directions: Vec<Vec<f64>>,
    /// What a score is multiplied with.
    scales: Vec<f64>,
    /// Share of the variance that they explain together.
    explained: f64,
}

/// More columns than this take too long to be taken apart.
const MOST: usize = 1000;

impl Step for Pca {
    const INFO: StepInfo = StepInfo {
        name: "PCA",
        about: "Principal components in the place of the columns, at the end",
    };
    type Fitted = Components;

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        numbers_only(kind)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Components, String> {
        if columns.len() > MOST {
            return Err(format!("{} columns are too many; name at most {MOST}", columns.len()));
        }
        if let Some(gap) = columns.iter().map(|&c| &train.columns[c]).find(|f| f.missing() > 0) {
            return Err(format!("'{}' has missing values; put impute before this step", gap.name));
        }
        let largest = columns.iter().map(|&c| ends(train.columns[c].numbers()));
        let unit = usable(largest.fold(0.0_f64, |most, (low, high)| most.max(high).max(-low)));
        let mut rows = rows_in(train, columns, unit);
        let n = columns.len();
        let mean = centre(&mut rows, n);
        let mut eigen = SymmetricEigen::identity(n);
        eigen.decompose(&covariance(&rows, n));
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| eigen.values()[b].total_cmp(&eigen.values()[a]));
        let total: f64 = order.iter().map(|&k| eigen.values()[k].max(0.0)).sum();
        let most = n.min(train.n_rows);
        order.truncate(if self.components == 0 {
            most
        } else {
            most.min(self.components as usize)
        });
        let explained: f64 = order.iter().map(|&k| eigen.values()[k].max(0.0)).sum();
        let scale = |&k: &usize| {
            if self.whiten {
                1.0 / usable(eigen.values()[k].max(0.0).sqrt())
            } else {
                unit
            }
        };
        Ok(Components {
            columns: columns.to_vec(),
            unit,
            mean,
            scales: order.iter().map(scale).collect(),
            directions: order.iter().map(|&k| upright(eigen.vector(k))).collect(),
            explained: if total > 0.0 { explained / total } else { 0.0 },
        })
    }
}

/// These columns row by row, in `unit`.
fn rows_in(frame: &Frame, columns: &[usize], unit: f64) -> Vec<f64> {
    let mut rows = vec![0.0; frame.n_rows * columns.len()];
    for (at, &column) in columns.iter().enumerate() {
        let numbers = frame.columns[column].numbers().iter();
        for (row, value) in rows.chunks_exact_mut(columns.len()).zip(numbers) {
            row[at] = value / unit;
        }
    }
    rows
}

fn centre(rows: &mut [f64], n: usize) -> Vec<f64> {
    let mut mean = vec![0.0; n];
    let count = (rows.len() / n.max(1)).max(1) as f64;
    for row in rows.chunks_exact(n.max(1)) {
        vector::axpy(1.0, row, &mut mean);
    }
    mean.iter_mut().for_each(|sum| *sum /= count);
    for row in rows.chunks_exact_mut(n.max(1)) {
        vector::axpy(-1.0, &mean, row);
    }
    mean
}

/// Of centred rows, divided by n - 1.
fn covariance(rows: &[f64], n: usize) -> Vec<f64> {
    let degrees = (rows.len() / n.max(1)).saturating_sub(1).max(1) as f64;
    let mut matrix = vec![0.0; n * n];
    for row in rows.chunks_exact(n.max(1)) {
        for (value, line) in row.iter().zip(matrix.chunks_exact_mut(n)) {
            vector::axpy(*value, row, line);
        }
    }
    vector::scale(1.0 / degrees, &mut matrix);
    matrix
}

/// With its largest entry positive.
fn upright(direction: &[f64]) -> Vec<f64> {
    let largest = direction.iter().fold(0.0_f64, |m, v| if v.abs() > m.abs() { *v } else { m });
    direction.iter().map(|v| v * 1.0_f64.copysign(largest)).collect()
}

impl Replay for Components {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        if let Some(gap) = self.columns.iter().map(|&c| &frame.columns[c]).find(|f| f.missing() > 0) {
            return Err(format!("'{}' has missing values; put impute before this step", gap.name));
        }
        let mut rows = rows_in(frame, &self.columns, self.unit);
        for row in rows.chunks_exact_mut(self.columns.len().max(1)) {
            vector::axpy(-1.0, &self.mean, row);
        }
        let component = |(k, (direction, scale)): (usize, (&Vec<f64>, &f64))| {
            let score = |row: &[f64]| vector::dot(row, direction).clamp(-f64::MAX, f64::MAX) * scale;
            let values = rows.chunks_exact(self.columns.len().max(1)).map(score).collect();
            Feature::number(format!("pc{}", k + 1), "", values)
        };
        let made: Vec<Feature> = self.directions.iter().zip(&self.scales).enumerate().map(component).collect();
        frame.replace(&self.columns, |_, _| Vec::new());
        frame.columns.extend(made);
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.columns.clone()
    }

    fn notes(&self, _parts: &[&Frame]) -> Vec<String> {
        vec![format!(
            "{} principal component(s) explain {:.1}% of the variance of {} columns",
            self.directions.len(),
            100.0 * self.explained,
            self.columns.len()
        )]
    }
}
