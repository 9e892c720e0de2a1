//! How a model stands on the rows it learns from and on those it does not.

use std::sync::Arc;

use super::{Network, metrics};
use crate::data::{Dataset, Targets};
use crate::objective::Scratch;

/// A model and the data sets it is measured on.
#[derive(Debug, Clone)]
pub struct Evaluator {
    train: Part,
    validation: Option<Part>,
    test: Option<Part>,
}

/// A model on one data set.
#[derive(Debug, Clone)]
struct Part {
    network: Network,
    /// For every column of numbers Σ(y - mean)²; empty for classes.
    spread: Vec<f64>,
}

/// Loss (without penalties) and metric (accuracy or R²) on each data set there is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measurement {
    pub train_loss: f64,
    pub train_metric: f64,
    pub validation_loss: Option<f64>,
    pub validation_metric: Option<f64>,
    pub test_loss: Option<f64>,
    pub test_metric: Option<f64>,
}

impl Evaluator {
    /// Measures `network` on its own data and, where given, on held-out rows of the same columns.
    pub fn new(network: Network, validation: Option<Arc<Dataset>>, test: Option<Arc<Dataset>>) -> Self {
        let held_out = |data: Option<Arc<Dataset>>| {
            data.filter(|d| d.n_rows > 0)
                .map(|data| Part::new(network.clone().with_data(data)))
        };
        Self {
            validation: held_out(validation),
            test: held_out(test),
            train: Part::new(network),
        }
    }

    /// The model on its training rows.
    pub fn network(&self) -> &Network {
        &self.train.network
    }

    /// What the metric is called: `accuracy` or `r2`.
    pub fn metric_name(&self) -> &'static str {
        metrics::headline_name(self.train.network.loss())
    }

    /// Loss and metric everywhere.
    pub fn measure(&self, params: &[f64], scratch: &mut Scratch) -> Measurement {
        let mut of = |part: &Part| part.measure(params, scratch);
        let (train_loss, train_metric) = of(&self.train);
        let validation = self.validation.as_ref().map(&mut of);
        let test = self.test.as_ref().map(&mut of);
        Measurement {
            train_loss,
            train_metric,
            validation_loss: validation.map(|v| v.0),
            validation_metric: validation.map(|v| v.1),
            test_loss: test.map(|t| t.0),
            test_metric: test.map(|t| t.1),
        }
    }

    /// The loss on the validation rows alone: what early stopping watches.
    pub fn validation_loss(&self, params: &[f64], scratch: &mut Scratch) -> Option<f64> {
        self.validation.as_ref().map(|v| v.network.data_loss(params, scratch))
    }
}

impl Part {
    fn new(network: Network) -> Self {
        let spread = match &network.data().targets {
            // Of a single row there is no spread to explain: R² is not defined.
            Targets::Values { columns, .. } if network.data().n_rows < 2 => vec![f64::NAN; *columns],
            Targets::Values { columns, values } => metrics::spread(values, *columns),
            Targets::Classes { .. } => Vec::new(),
        };
        Self { network, spread }
    }

    /// Mean loss and metric in one pass, without allocating more than a float a column.
    fn measure(&self, params: &[f64], scratch: &mut Scratch) -> (f64, f64) {
        let width = self.network.architecture().outputs;
        match &self.network.data().targets {
            Targets::Classes { labels, .. } => {
                let mut right = 0;
                let loss = self.network.survey(params, scratch, |row, scores| {
                    right += usize::from(metrics::decide(scores) == labels[row]);
                });
                (loss, right as f64 / labels.len() as f64)
            }
            Targets::Values { values, .. } => {
                let mut residuals = vec![0.0; width];
                let loss = self.network.survey(params, scratch, |row, outputs| {
                    let y = &values[row * width..][..width];
                    for (residual, (p, y)) in residuals.iter_mut().zip(outputs.iter().zip(y)) {
                        *residual += (y - p) * (y - p);
                    }
                });
                (loss, metrics::determination(&residuals, &self.spread))
            }
        }
    }
}
