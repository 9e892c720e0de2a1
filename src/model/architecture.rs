//! The shape of a model, and where its parameters lie in the vector of all of them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Activation;
use crate::math::simd::LANES;
use crate::objective::MatrixSpan;

/// A chain of affine maps y = x Wᵀ + b with an activation between them.
///
/// All parameters are one vector, in the order of PyTorch's `parameters()`: W of the first layer (row-major, [out][in]), its b, and
/// so on. Without hidden layers it is a linear (or, by its loss, a logistic) model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// Features of a sample.
    pub inputs: usize,
    /// Units of each hidden layer.
    pub hidden: Vec<usize>,
    pub outputs: usize,
    /// One a hidden layer.
    pub activations: Vec<Activation>,
}

/// A tensor of parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// `layers.0.weight`, `layers.0.bias`, `layers.1.weight` ...
    pub name: String,
    /// [out, in] or [out].
    pub shape: Vec<usize>,
    /// Where it lies in the vector of parameters, row-major.
    pub range: Range<usize>,
}

impl Tensor {
    /// Whether it is a matrix of weights; the others are biases.
    pub fn is_weight(&self) -> bool {
        self.shape.len() == 2
    }
}

/// One affine map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layer {
    pub inputs: usize,
    pub outputs: usize,
    /// Where the weights begin in the vector of parameters.
    pub weight: usize,
    /// Where the biases begin, which is where the weights end.
    pub bias: usize,
    /// Units of all layers before this one: where its units begin, per sample.
    pub units_before: usize,
    /// The same where a sample's units are padded to whole vectors.
    pub padded_before: usize,
}

impl Layer {
    pub fn weights(self) -> Range<usize> {
        self.weight..self.bias
    }

    pub fn biases(self) -> Range<usize> {
        self.bias..self.bias + self.outputs
    }

    pub fn matrix(self) -> MatrixSpan {
        MatrixSpan {
            start: self.weight,
            rows: self.outputs,
            columns: self.inputs,
        }
    }
}

impl Architecture {
    /// Layers from the number of features and the units of each, outputs last; one layer at least.
    pub(super) fn of_units(units: &[usize]) -> Self {
        let hidden = units.get(1..units.len().max(2) - 1).unwrap_or_default();
        Self {
            inputs: units.first().copied().unwrap_or(0),
            hidden: hidden.to_vec(),
            outputs: units.get(1..).and_then(<[usize]>::last).copied().unwrap_or(0),
            activations: vec![Activation::default(); hidden.len()],
        }
    }

    /// The number of features, then the units of each layer, outputs last.
    pub fn units(&self) -> Vec<usize> {
        let hidden = self.hidden.iter().copied();
        [self.inputs].into_iter().chain(hidden).chain([self.outputs]).collect()
    }

    pub(super) fn layers(&self) -> Vec<Layer> {
        let (mut weight, mut inputs, mut units_before, mut padded_before) = (0, self.inputs, 0, 0);
        let widths = self.hidden.iter().copied().chain([self.outputs]);
        let layer = |outputs| {
            let bias = weight + inputs * outputs;
            let layer = Layer {
                inputs,
                outputs,
                weight,
                bias,
                units_before,
                padded_before,
            };
            (weight, inputs) = (bias + outputs, outputs);
            units_before += outputs;
            padded_before += outputs.next_multiple_of(LANES);
            layer
        };
        widths.map(layer).collect()
    }

    /// The tensors, in order.
    pub fn layout(&self) -> Vec<Tensor> {
        let tensors = |(i, layer): (usize, Layer)| {
            let tensor = |part: &str, shape, range| Tensor {
                name: format!("layers.{i}.{part}"),
                shape,
                range,
            };
            [
                tensor("weight", vec![layer.outputs, layer.inputs], layer.weights()),
                tensor("bias", vec![layer.outputs], layer.biases()),
            ]
        };
        self.layers().into_iter().enumerate().flat_map(tensors).collect()
    }

    /// The number of parameters.
    pub fn n_params(&self) -> usize {
        self.layers().last().map_or(0, |layer| layer.biases().end)
    }
}
