//! A model as an experiment describes it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Activations, Architecture, ClassWeight, Init, Loss, ModelError, Network};
use crate::data::{Dataset, Targets};

/// Most units of a hidden layer.
pub(super) const MAX_UNITS: usize = 4096;
/// Most parameters of a model.
const MAX_PARAMS: usize = 2_000_000;

/// The family of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// Numbers as an affine function of the features.
    Linear,
    /// Classes by affine scores: logistic or softmax regression, or a linear support vector machine with the hinge loss.
    Logistic,
    /// A multilayer perceptron.
    #[default]
    Mlp,
}

impl ModelKind {
    pub const ALL: [Self; 3] = [Self::Linear, Self::Logistic, Self::Mlp];

    /// The name in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Logistic => "logistic",
            Self::Mlp => "mlp",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.id() == id)
    }
}

/// What model is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    pub kind: ModelKind,
    /// Units of each hidden layer; only a multilayer perceptron has them.
    pub hidden: Vec<usize>,
    /// Of all hidden layers, or of each.
    pub activation: Activations,
    /// None: mean squared error for numbers, cross-entropy for classes.
    pub loss: Option<Loss>,
    /// Weight of the sum of the absolute weights.
    pub l1: f64,
    /// Weight of half the sum of the squared weights.
    pub l2: f64,
    pub init: Init,
    /// The chance of a hidden unit to be left out in a step of training, from 0 to below 1; evaluation leaves nothing out.
    #[serde(skip_serializing_if = "is_zero")]
    pub dropout: f64,
    /// How much each class counts; none: every row alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_weight: Option<ClassWeight>,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            kind: ModelKind::Mlp,
            hidden: vec![16, 16],
            activation: Activations::default(),
            loss: None,
            l1: 0.0,
            l2: 0.0,
            init: Init::default(),
            dropout: 0.0,
            class_weight: None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(v: &f64) -> bool {
    *v == 0.0
}

impl ModelConfig {
    /// The model on a data set.
    pub fn build(&self, data: Arc<Dataset>) -> Result<Network, ModelError> {
        match (self.kind, &data.targets) {
            (ModelKind::Linear, Targets::Classes { .. }) => return Err(ModelError::LinearNeedsNumbers),
            (ModelKind::Logistic, Targets::Values { .. }) => return Err(ModelError::LogisticNeedsClasses),
            _ => {}
        }
        for (field, value) in [("l1", self.l1), ("l2", self.l2)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(ModelError::Penalty { field, value });
            }
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(ModelError::Dropout { value: self.dropout });
        }
        let (hidden, activations) = match self.kind {
            ModelKind::Linear | ModelKind::Logistic => (Vec::new(), Activations::default()),
            ModelKind::Mlp => (self.hidden.clone(), self.activation.clone()),
        };
        if let Some((layer, &units)) = hidden.iter().enumerate().find(|&(_, n)| !(1..=MAX_UNITS).contains(n)) {
            let max = MAX_UNITS;
            return Err(ModelError::HiddenUnits { layer, units, max });
        }
        let loss = self.loss.unwrap_or_else(|| Loss::for_targets(&data.targets));
        let architecture = Architecture {
            inputs: data.n_features,
            activations: activations.of_layers(hidden.len())?,
            hidden,
            outputs: loss.outputs(&data.targets)?,
        };
        let class_weights = self.class_weight.as_ref().map(|weight| weight.of(&data)).transpose()?;
        let params = architecture.n_params();
        if params > MAX_PARAMS {
            let max = MAX_PARAMS;
            return Err(ModelError::TooManyParams { params, max });
        }
        let network = Network::new(architecture.hidden, activations, loss, data)?;
        let network = network.with_penalties(self.l1, self.l2).with_init(self.init);
        let network = network.with_dropout(self.dropout);
        Ok(match class_weights {
            Some(weights) => network.with_class_weights(&weights),
            None => network,
        })
    }
}
