//! What can be wrong with a model as it was asked for.

use std::path::PathBuf;

use thiserror::Error;

/// Why a model cannot be built, or its weights not be read or written.
#[derive(Debug, Error)]
pub enum ModelError {
    #[error("model.kind: a linear model predicts numbers, but the target is a class; choose logistic or mlp")]
    LinearNeedsNumbers,
    #[error("model.kind: a logistic model predicts classes, but the target is a number; choose linear or mlp")]
    LogisticNeedsClasses,
    #[error("model.loss: {loss} needs a target of classes, but this target is a number; choose mse, mae or huber")]
    LossNeedsClasses { loss: &'static str },
    #[error("model.loss: {loss} needs a target of numbers, but this target is a class; choose cross_entropy, bce or hinge")]
    LossNeedsNumbers { loss: &'static str },
    #[error("model.loss: bce is for two classes, but the target has {classes}; choose cross_entropy")]
    BceNeedsTwoClasses { classes: usize },
    #[error("the target has {classes} class(es): there is nothing to tell apart; choose another target column")]
    TooFewClasses { classes: usize },
    #[error("the data set has no rows; nothing can be learned from it")]
    NoRows,
    #[error("the data set has no features; choose at least one column beside the target")]
    NoFeatures,
    #[error("model.hidden: layer {layer} has {units} units; each hidden layer takes 1 to {max}")]
    HiddenUnits { layer: usize, units: usize, max: usize },
    #[error("model.activation: {given} are given for {layers} hidden layer(s); give one for all, or one a layer")]
    Activations { given: usize, layers: usize },
    #[error("model.hidden: the model would have {params} parameters; at most {max} are supported, use fewer or smaller layers")]
    TooManyParams { params: usize, max: usize },
    #[error("model.dropout: {value} is not possible; give a share of units from 0 to below 1, such as 0.2")]
    Dropout { value: f64 },
    #[error("model.class_weight: the target is a number and has no classes; leave the weights out")]
    ClassWeightNeedsClasses,
    #[error("model.class_weight: there is no class '{name}'; there are {classes}")]
    NoSuchClass { name: String, classes: String },
    #[error("model.class_weight: no class of the training rows counts, so that nothing can be learnt; give one a weight above 0")]
    NoClassCounts,
    #[error("model.{field}: {value} is not possible; use a finite number that is not negative")]
    Penalty { field: &'static str, value: f64 },
    #[error("model.freeze: there is no layer {name}; there are {layers}")]
    NoSuchLayer { name: String, layers: String },
    #[error("model.freeze: all layers are frozen, so that nothing is left to train; leave at least the last one free")]
    AllFrozen,
    #[error(
        "the weights of {name} are of a model with {found} units, but this one has {expected} (features, then each layer); all but the outputs \
         must agree"
    )]
    OtherModel { name: String, found: String, expected: String },
    #[error("the weights of {name} cannot be used: {why}")]
    StartWeights { name: String, why: &'static str },
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}: not a safetensors file: {detail}", path.display())]
    Format { path: PathBuf, detail: String },
    #[error("{}: there is no tensor {name}; the model needs {expected:?}, and the file has {present}", path.display())]
    MissingTensor {
        path: PathBuf,
        name: String,
        expected: Vec<usize>,
        present: String,
    },
    #[error("{}: it holds weights only; to predict, a model must be saved with its recipe (train --save, or File → Save model…)", path.display())]
    WeightsOnly { path: PathBuf },
    #[error("{}: {why}", path.display())]
    Description { path: PathBuf, why: String },
    #[error("{}: tensor {name} has the shape {found:?}, but the model needs {expected:?}; the weights are of another architecture", path.display())]
    Shape {
        path: PathBuf,
        name: String,
        found: Vec<usize>,
        expected: Vec<usize>,
    },
    #[error("{}: tensor {name} holds {dtype}; F64 and F32 are supported", path.display())]
    Dtype { path: PathBuf, name: String, dtype: String },
    #[error("{}: tensor {name} is not part of the model, whose last tensor is {last}; the weights are of another architecture", path.display())]
    ExtraTensor { path: PathBuf, name: String, last: String },
}
