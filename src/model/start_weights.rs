//! Weights that training starts from, instead of fresh ones: read from a file once and kept whole, so that the file may go.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Architecture, ModelError, weights};

/// The parameters of a trained model, of which all or all but the last layer start another one (transfer learning; Yosinski, Clune, Bengio
/// and Lipson 2014, How transferable are features in deep neural networks?).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct StartWeights {
    /// Shared, because an experiment is copied often.
    layers: Arc<Layers>,
}

#[derive(Debug, PartialEq)]
struct Layers {
    /// The file they come from.
    name: String,
    /// Features, then units of each layer.
    units: Vec<usize>,
    /// In the order of [`Architecture::layout`].
    params: Vec<f64>,
}

impl PartialEq for StartWeights {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.layers, &other.layers) || self.layers == other.layers
    }
}

impl StartWeights {
    /// Those of a safetensors file, of a saved model or of PyTorch.
    ///
    /// # Errors
    /// The file cannot be read, or does not hold the layers of a model.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let (units, params) = weights::load_layers(path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self::new(name.unwrap_or_default(), units, params)
    }

    fn new(name: String, units: Vec<usize>, params: Vec<f64>) -> Result<Self, ModelError> {
        let refused = |why| ModelError::StartWeights { name: name.clone(), why };
        if units.len() < 2 {
            return Err(refused("a model has one layer at least"));
        }
        if parameters_of(&units) != Some(params.len()) {
            return Err(refused("the number of weights is not that of the units"));
        }
        if !params.iter().all(|p| p.is_finite()) {
            return Err(refused("not all of them are finite numbers"));
        }
        let layers = Arc::new(Layers { name, units, params });
        Ok(Self { layers })
    }

    /// The file they come from.
    pub fn name(&self) -> &str {
        &self.layers.name
    }

    /// Puts them into the parameters of a model. A last layer with other outputs stays as it is; true if it does.
    ///
    /// # Errors
    /// Layers before the last differ in their units.
    pub fn fill(&self, architecture: &Architecture, params: &mut [f64]) -> Result<bool, ModelError> {
        let (here, there) = (architecture.units(), &self.layers.units);
        let last = here.len() - 1;
        let same_outputs = here.last() == there.last();
        // A model of one layer has nothing to give but that one.
        if here.len() != there.len() || here[..last] != there[..last] || (last == 1 && !same_outputs) {
            let written = |units: &[usize]| units.iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
            return Err(ModelError::OtherModel {
                name: self.name().to_owned(),
                found: written(there),
                expected: written(&here),
            });
        }
        let end = if same_outputs {
            params.len()
        } else {
            architecture.layers()[last - 1].weight
        };
        params[..end].copy_from_slice(&self.layers.params[..end]);
        Ok(!same_outputs)
    }
}

/// Weights and biases of all layers; none if they are beyond counting.
fn parameters_of(units: &[usize]) -> Option<usize> {
    units.windows(2).try_fold(0_usize, |sum, pair| {
        sum.checked_add(pair[1].checked_mul(pair[0].checked_add(1)?)?)
    })
}

/// As it stands in an experiment's file: a line of numbers for each layer, weights row by row, then biases.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    from: String,
    units: Vec<usize>,
    layers: Vec<String>,
}

impl From<StartWeights> for Saved {
    fn from(weights: StartWeights) -> Self {
        let Layers { name, units, params } = &*weights.layers;
        let mut rest = params.as_slice();
        let line = |pair: &[usize]| {
            let (layer, after) = rest.split_at(pair[1] * (pair[0] + 1));
            rest = after;
            layer.iter().map(|p| format!("{p:?}")).collect::<Vec<_>>().join(" ")
        };
        Self {
            from: name.clone(),
            units: units.clone(),
            layers: units.windows(2).map(line).collect(),
        }
    }
}

impl TryFrom<Saved> for StartWeights {
    type Error = ModelError;

    fn try_from(saved: Saved) -> Result<Self, ModelError> {
        let numbers = saved.layers.iter().flat_map(|line| line.split_whitespace());
        let params: Result<Vec<f64>, _> = numbers.map(str::parse).collect();
        match params {
            Ok(params) => Self::new(saved.from, saved.units, params),
            Err(_) => Err(ModelError::StartWeights {
                name: saved.from,
                why: "not all of them are numbers",
            }),
        }
    }
}
