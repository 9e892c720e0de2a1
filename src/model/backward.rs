//! The way back: the gradient of the loss of some samples (Rumelhart, Hinton and Williams 1986).

use std::ops::Range;

use super::Network;
use super::architecture::Layer;
use super::dropout::multiply;
use super::forward::{Memory, part, part_mut};
use super::kernels::{Backprop, Chunk, Outer, SampleSums, Samples, Spread, Start, Strided, Transpose};
use crate::math::simd::LANES;
use crate::math::threads::{Helpers, fill_rows};

/// Rows of weights whose gradient one thread works out at a time.
const ROWS: usize = 12;

/// Features up to which their share of the gradient is summed column by column: a vector of them would be padding for the most part.
const FEW_FEATURES: usize = LANES / 2;

impl Network {
    /// From ∂loss/∂z of the last layer to those of all layers.
    pub(super) fn backward(&self, params: &[f64], chunk: Chunk, memory: &mut Memory<'_>) {
        let capacity = memory.capacity;
        for (i, pair) in self.layers.windows(2).enumerate().rev() {
            let [before, layer] = [pair[0], pair[1]];
            let (errors_before, errors) = memory.errors.split_at_mut(layer.units_before * capacity);
            let e = part_mut(errors_before, before.units_before, before.outputs, capacity, chunk);
            self.back(layer, params, (errors, &mut *e), Start::Zero, chunk);
            let of_layer = |buffer| part(buffer, before.units_before, before.outputs, capacity, chunk);
            if memory.is_masked {
                multiply(e, of_layer(memory.masks));
                multiply(e, of_layer(memory.slopes));
            } else {
                let activation = self.architecture.activations[i];
                let kept = if activation.slope_from_output() {
                    &*memory.units
                } else {
                    &*memory.slopes
                };
                self.path.run(Backprop {
                    activation,
                    kept: of_layer(kept),
                    e,
                });
            }
        }
    }

    /// What reaches the units before a layer: start + Wᵀ d, with the weights among `params`.
    pub(super) fn back(&self, layer: Layer, params: &[f64], (d, e): (&[f64], &mut [f64]), start: Start<'_>, chunk: Chunk) {
        self.path.run(Spread {
            m: layer.inputs,
            k: layer.outputs,
            a: Strided {
                data: &params[layer.weights()],
                row: 1,
                column: layer.inputs,
            },
            b: d,
            start,
            c: e,
            chunk,
        });
    }

    /// Lays what lies in panels for all hidden layers out as the gradient needs it, a row a sample.
    pub(super) fn transpose(&self, panels: &[f64], chunk: Chunk, capacity: usize, rows: &mut [f64]) {
        for l in &self.layers[..self.layers.len() - 1] {
            let h = part(panels, l.units_before, l.outputs, capacity, chunk);
            let rows = &mut rows[l.padded_before * capacity..];
            self.path.run(Transpose::to_rows(l.outputs, h, rows, chunk));
        }
    }

    /// What the gradient of layer `i` takes of some samples after [`Self::backward`] and [`Self::transpose`].
    pub(super) fn samples<'m>(&self, i: usize, chunk: Chunk, memory: &'m Memory<'_>) -> Samples<'m> {
        let layer = self.layers[i];
        Samples {
            d: part(memory.errors, layer.units_before, layer.outputs, memory.capacity, chunk),
            rows: match i.checked_sub(1).map(|before| self.layers[before]) {
                Some(l) => &memory.transposed[l.padded_before * memory.capacity..],
                None => memory.rows,
            },
            features: if i == 0 { memory.inputs } else { &[] },
            chunk,
        }
    }

    /// The gradient of a layer over parts of a batch, on up to `threads` threads; with `add`, added to what is there.
    pub(super) fn layer_gradient(&self, layer: Layer, parts: &[Samples<'_>], grad: &mut [f64], add: bool, threads: usize) {
        let sums = |feature, sums: &mut [f64], stride| {
            self.path.run(SampleSums {
                m: layer.outputs,
                parts,
                feature,
                add,
                sums,
                stride,
            });
        };
        sums(None, &mut grad[layer.biases()], 1);
        let weights = &mut grad[layer.weights()];
        if layer.units_before == 0 && layer.inputs <= FEW_FEATURES {
            for k in 0..layer.inputs {
                sums(Some((k, layer.inputs)), &mut weights[k..], layer.inputs);
            }
            return;
        }
        if threads == 1 || layer.outputs <= ROWS {
            self.outer(layer, 0..layer.outputs, parts, weights, add);
            return;
        }
        let fill = |(): &mut (), k: usize, c: &mut [f64]| {
            let of = k * ROWS..k * ROWS + c.len() / layer.inputs;
            self.outer(layer, of, parts, c, add);
        };
        fill_rows(weights, ROWS * layer.inputs, (threads, Helpers::Waiting), &(), &fill, &|_| {
            true
        });
    }

    /// Some rows of the gradient of a layer's weights.
    pub(super) fn outer(&self, layer: Layer, of: Range<usize>, parts: &[Samples<'_>], c: &mut [f64], add: bool) {
        self.path.run(Outer {
            m: layer.outputs,
            of,
            n: layer.inputs,
            parts,
            stride: layer.inputs.next_multiple_of(LANES),
            add,
            c,
        });
    }
}
