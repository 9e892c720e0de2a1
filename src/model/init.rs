//! Where training starts.

use serde::{Deserialize, Serialize};

use super::Architecture;
use crate::math::Rng;

/// How fresh parameters are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Weights and biases uniform in ±1/√in: what PyTorch's `nn.Linear` does (Kaiming uniform with a = √5).
    #[default]
    Torch,
    /// Weights uniform in ±√(6 / (in + out)), biases 0 (Glorot and Bengio 2010).
    Xavier,
    /// Weights normal with variance 2/in, biases 0 (He, Zhang, Ren and Sun 2015).
    He,
}

impl Init {
    pub const ALL: [Self; 3] = [Self::Torch, Self::Xavier, Self::He];

    /// The name in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Torch => "torch",
            Self::Xavier => "xavier",
            Self::He => "he",
        }
    }

    /// Draws all parameters, in their order.
    pub fn fill(self, architecture: &Architecture, rng: &mut Rng, params: &mut [f64]) {
        assert_eq!(params.len(), architecture.n_params(), "one number a parameter");
        for layer in architecture.layers() {
            let (fan_in, fan_out) = (layer.inputs as f64, layer.outputs as f64);
            let limit = match self {
                Self::Torch => (1.0 / fan_in).sqrt(),
                Self::Xavier => (6.0 / (fan_in + fan_out)).sqrt(),
                Self::He => (2.0 / fan_in).sqrt(),
            };
            for weight in &mut params[layer.weights()] {
                *weight = match self {
                    Self::Torch | Self::Xavier => rng.uniform_in(-limit, limit),
                    Self::He => limit * rng.normal(),
                };
            }
            for bias in &mut params[layer.biases()] {
                *bias = match self {
                    Self::Torch => rng.uniform_in(-limit, limit),
                    Self::Xavier | Self::He => 0.0,
                };
            }
        }
    }
}
