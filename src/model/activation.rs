//! Activations of hidden layers. A new one: a variant here, and what the compiler then asks for.

use serde::{Deserialize, Serialize};

use crate::math::ops;

/// Slope of leaky ReLU below 0 (PyTorch's default).
pub(super) const LEAKY_SLOPE: f64 = 0.01;
/// Depth of ELU (PyTorch's default).
pub(super) const ELU_ALPHA: f64 = 1.0;

/// The function applied to every unit of a hidden layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    Identity,
    /// max(0, z); its derivative at 0 is taken as 0.
    Relu,
    /// z above 0, 0.01 z below.
    LeakyRelu,
    #[default]
    Tanh,
    /// 1 / (1 + e^-z)
    Sigmoid,
    /// z Φ(z) with Φ the normal distribution: the exact form with the error function (Hendrycks and Gimpel 2016).
    Gelu,
    /// z sigmoid(z) (Elfwing, Uchibe and Doya 2017).
    Silu,
    /// z above 0, e^z - 1 below (Clevert, Unterthiner and Hochreiter 2015, α = 1).
    Elu,
    /// ln(1 + e^z)
    Softplus,
}

impl Activation {
    pub const ALL: [Self; 9] = [
        Self::Identity,
        Self::Relu,
        Self::LeakyRelu,
        Self::Tanh,
        Self::Sigmoid,
        Self::Gelu,
        Self::Silu,
        Self::Elu,
        Self::Softplus,
    ];

    /// The name in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Gelu => "gelu",
            Self::Silu => "silu",
            Self::Elu => "elu",
            Self::Softplus => "softplus",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.id() == id)
    }

    /// Whether f'(z) can be told from f(z), so that nothing more than the output is kept for the backward pass.
    pub(super) fn slope_from_output(self) -> bool {
        !matches!(self, Self::Gelu | Self::Silu | Self::Softplus)
    }

    /// f(z)
    pub fn value(self, z: f64) -> f64 {
        match self {
            Self::Identity => z,
            // In this order so that NaN stays NaN.
            Self::Relu => {
                if z <= 0.0 {
                    0.0
                } else {
                    z
                }
            }
            Self::LeakyRelu => {
                if z > 0.0 {
                    z
                } else {
                    LEAKY_SLOPE * z
                }
            }
            Self::Tanh => ops::tanh(z),
            Self::Sigmoid => ops::sigmoid(z),
            Self::Gelu => z * normal_distribution(z),
            Self::Silu => z * ops::sigmoid(z),
            Self::Elu => {
                if z > 0.0 {
                    z
                } else {
                    ELU_ALPHA * ops::expm1(z)
                }
            }
            Self::Softplus => ops::softplus(z),
        }
    }

    /// f(z), f'(z), f''(z)
    pub fn jet(self, z: f64) -> [f64; 3] {
        let f = self.value(z);
        let [first, second] = match self {
            Self::Identity => [1.0, 0.0],
            Self::Relu => [if z > 0.0 { 1.0 } else { 0.0 }, 0.0],
            Self::LeakyRelu => [if z > 0.0 { 1.0 } else { LEAKY_SLOPE }, 0.0],
            Self::Tanh => {
                let slope = 1.0 - f * f;
                [slope, -2.0 * f * slope]
            }
            Self::Sigmoid => {
                let slope = f * (1.0 - f);
                [slope, slope * (1.0 - 2.0 * f)]
            }
            Self::Gelu => {
                let density = ops::exp(-0.5 * z * z) / std::f64::consts::TAU.sqrt();
                [normal_distribution(z) + z * density, density * (2.0 - z * z)]
            }
            Self::Silu => {
                let s = ops::sigmoid(z);
                [s * (1.0 + z * (1.0 - s)), s * (1.0 - s) * (2.0 + z * (1.0 - 2.0 * s))]
            }
            Self::Elu if z > 0.0 => [1.0, 0.0],
            Self::Elu => [f + ELU_ALPHA, f + ELU_ALPHA],
            Self::Softplus => {
                let s = ops::sigmoid(z);
                [s, s * (1.0 - s)]
            }
        };
        [f, first, second]
    }
}

/// Φ(z) = (1 + erf(z / √2)) / 2
fn normal_distribution(z: f64) -> f64 {
    0.5 * (1.0 + ops::erf(z * std::f64::consts::FRAC_1_SQRT_2))
}
