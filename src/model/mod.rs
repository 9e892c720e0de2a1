//! Models: linear, logistic and multilayer perceptrons as an [`Objective`](crate::objective::Objective) over a
//! [`Dataset`](crate::data::Dataset), with exact gradients and Hessian-vector products.

mod activation;
mod activations;
mod architecture;
mod backward;
mod class_weight;
mod config;
mod constant;
mod dropout;
mod error;
mod evaluator;
mod fit;
mod forward;
mod free_params;
mod gauss_newton;
mod gradient;
mod init;
mod kernels;
mod loss;
pub mod metrics;
mod network;
mod partly_frozen;
mod penalty;
mod plane;
mod report;
mod saved;
mod start_weights;
mod tangent;
pub mod weights;

pub use activation::Activation;
pub use activations::Activations;
pub use architecture::{Architecture, Tensor};
pub use class_weight::ClassWeight;
pub use config::{ModelConfig, ModelKind};
pub use error::ModelError;
pub use evaluator::{Evaluator, Measurement};
pub use fit::{Ending, Fit, FitVerdict, judge};
pub use free_params::FreeParams;
pub use init::Init;
pub use loss::Loss;
pub use network::Network;
pub use partly_frozen::PartlyFrozen;
pub use penalty::Penalty;
pub use report::{
    Charts, ClassCharts, ClassReport, FoldMetric, Histogram, Metric, NumberCharts, NumberReport, Report, SetMetrics, TaskReport,
    over_folds,
};
pub use saved::{Answer, ModelCard, PredictedValues, Predictions, SavedModel};
pub use start_weights::StartWeights;
