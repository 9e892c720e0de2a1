//! How a model stands on a set of rows: everything that is asked of it there, at one point of its parameters.

mod charts;
mod classes;
mod folds;
mod numbers;

pub use charts::{Charts, ClassCharts, Histogram, NumberCharts};
pub use classes::ClassReport;
pub(super) use classes::class_scores;
pub use folds::{FoldMetric, SetMetrics, over_folds};
pub use numbers::NumberReport;

use super::Network;
use crate::data::{Scaling, Targets};
use crate::objective::Scratch;

/// A model with certain parameters on the rows of a data set.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Mean loss without penalties, in the units in which the model is trained.
    pub loss: f64,
    pub task: TaskReport,
}

/// What depends on the task.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskReport {
    Classes(ClassReport),
    Numbers(NumberReport),
}

/// One number of a report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// Permanent: columns of results are called so.
    pub id: &'static str,
    pub title: &'static str,
    /// NaN where it is not defined on these rows.
    pub value: f64,
    /// One of the few that say most.
    pub main: bool,
}

impl Report {
    /// The model on the rows that it is bound to ([`Network::with_data`]); `scaling` takes predicted numbers back to the units of the file.
    pub fn new(network: &Network, params: &[f64], scaling: Option<&Scaling>, scratch: &mut Scratch) -> Self {
        let (data, width) = (network.data(), network.architecture().outputs);
        let mut outputs = vec![0.0; data.n_rows * width];
        let loss = network.survey(params, scratch, |row, of_row| {
            outputs[row * width..][..width].copy_from_slice(of_row);
        });
        let task = match &data.targets {
            Targets::Classes { labels, names } => {
                TaskReport::Classes(ClassReport::new(network.loss(), &outputs, width, labels, names))
            }
            Targets::Values { columns, values } => {
                TaskReport::Numbers(NumberReport::new(outputs, values.clone(), *columns, scaling))
            }
        };
        Self { loss, task }
    }

    /// Every number there is, the loss first. Which ones follows from task, loss and number of classes, not from the rows.
    pub fn metrics(&self) -> Vec<Metric> {
        let mut metrics = vec![Metric::main("loss", "Loss", self.loss)];
        match &self.task {
            TaskReport::Classes(classes) => classes.metrics(&mut metrics),
            TaskReport::Numbers(numbers) => numbers.metrics(&mut metrics),
        }
        metrics
    }
}

impl Metric {
    fn new(id: &'static str, title: &'static str, value: f64) -> Self {
        let main = false;
        Self { id, title, value, main }
    }

    fn main(id: &'static str, title: &'static str, value: f64) -> Self {
        let main = true;
        Self { id, title, value, main }
    }
}
