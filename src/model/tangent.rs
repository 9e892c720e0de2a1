//! Hessian-vector products: the derivative of forward and backward pass in a direction v (Pearlmutter 1994). R{.} in the paper is the
//! prefix r here.

use super::Network;
use super::dropout::multiply;
use super::forward::{Arena, Memory, part, part_mut};
use super::kernels::{Chunk, Multiply, Samples, Spread, Start, Strided, TangentBackprop, TangentLoss};

/// What a pass has beside [`Memory`] when it carries a direction along.
pub(super) struct Tangents<'a> {
    /// Rz of all layers.
    pub rz: &'a mut [f64],
    /// Rh of all hidden layers.
    pub rh: &'a mut [f64],
    /// R∂loss/∂z of all layers.
    pub errors: &'a mut [f64],
}

impl<'a> Tangents<'a> {
    pub fn floats(network: &Network, capacity: usize) -> usize {
        3 * network.units() * capacity
    }

    pub fn new(network: &Network, capacity: usize, arena: &mut Arena<'a>) -> Self {
        Self {
            rz: arena.take(network.units() * capacity),
            rh: arena.take(network.units() * capacity),
            errors: arena.take(network.units() * capacity),
        }
    }
}

impl Network {
    /// After the forward pass: what moving the parameters along `v` does to z and h of every layer.
    pub(super) fn forward_tangents(
        &self,
        params: &[f64],
        v: &[f64],
        chunk: Chunk,
        memory: &Memory<'_>,
        tangents: &mut Tangents<'_>,
    ) {
        let capacity = memory.capacity;
        for (i, layer) in self.layers.iter().enumerate() {
            let before = i.checked_sub(1).map(|before| self.layers[before]);
            let rz = &mut tangents.rz[layer.units_before * capacity..][..layer.outputs * chunk.padded()];
            let affine = |weights_of: &[f64], b: &[f64], start: Start<'_>, c: &mut [f64]| {
                let data = &weights_of[layer.weights()];
                self.path.run(Spread {
                    m: layer.outputs,
                    k: layer.inputs,
                    a: Strided {
                        data,
                        row: layer.inputs,
                        column: 1,
                    },
                    b,
                    start,
                    c,
                    chunk,
                });
            };
            let h = match before {
                Some(l) => part(memory.units, l.units_before, l.outputs, capacity, chunk),
                None => memory.inputs,
            };
            affine(v, h, Start::Bias(&v[layer.biases()]), rz);
            if let Some(l) = before {
                let rh = part(tangents.rh, l.units_before, l.outputs, capacity, chunk);
                affine(params, rh, Start::There, rz);
            }
            if i + 1 < self.layers.len() {
                self.path.run(Multiply {
                    a: part(memory.slopes, layer.units_before, layer.outputs, capacity, chunk),
                    b: rz,
                    to: &mut tangents.rh[layer.units_before * capacity..][..layer.outputs * chunk.padded()],
                });
                if memory.is_masked {
                    let rh = &mut tangents.rh[layer.units_before * capacity..][..layer.outputs * chunk.padded()];
                    multiply(rh, part(memory.masks, layer.units_before, layer.outputs, capacity, chunk));
                }
            }
        }
    }

    /// After both forward passes: what moving along the direction does to ∂loss/∂z of the last layer.
    pub(super) fn tangent_losses(&self, weight: f64, chunk: Chunk, memory: &Memory<'_>, tangents: &mut Tangents<'_>) {
        let Some(last) = self.layers.last() else { return };
        let errors = part_mut(tangents.errors, last.units_before, last.outputs, memory.capacity, chunk);
        errors.copy_from_slice(part(tangents.rz, last.units_before, last.outputs, memory.capacity, chunk));
        self.path.run(TangentLoss {
            loss: self.loss,
            outputs: last.outputs,
            z: self.outputs(chunk, memory),
            y: memory.y,
            d: part(memory.errors, last.units_before, last.outputs, memory.capacity, chunk),
            weights: memory.weights,
            weight: if weight > 0.0 { weight } else { 1.0 },
            rz: errors,
            chunk,
        });
    }

    /// From ∂loss/∂z of the last layer in `memory.errors` to the product of the Hessian with `v`; with `add`, added to what is there.
    #[expect(clippy::too_many_arguments, reason = "both passes and both points meet here")]
    pub(super) fn backward_tangents(
        &self,
        params: &[f64],
        v: &[f64],
        weight: f64,
        chunk: Chunk,
        memory: &mut Memory<'_>,
        tangents: &mut Tangents<'_>,
        hv: &mut [f64],
        add: bool,
    ) {
        self.tangent_losses(weight, chunk, memory, tangents);
        for i in (1..self.layers.len()).rev() {
            self.errors_before((params, v), i, chunk, memory, tangents);
        }
        self.transpose(memory.units, chunk, memory.capacity, memory.transposed);
        for (i, layer) in self.layers.iter().enumerate() {
            let rd = part(tangents.errors, layer.units_before, layer.outputs, memory.capacity, chunk);
            let samples = Samples {
                d: rd,
                ..self.samples(i, chunk, memory)
            };
            self.layer_gradient(*layer, &[samples], hv, add, 1);
        }
        self.transpose(tangents.rh, chunk, memory.capacity, memory.transposed);
        for (i, layer) in self.layers.iter().enumerate().skip(1) {
            let samples = [self.samples(i, chunk, memory)];
            self.outer(*layer, 0..layer.outputs, &samples, &mut hv[layer.weights()], true);
        }
    }

    /// From what reaches layer `i` to what reaches the one before it, at the point and in the direction.
    fn errors_before(
        &self,
        (params, v): (&[f64], &[f64]),
        i: usize,
        chunk: Chunk,
        memory: &mut Memory<'_>,
        tangents: &mut Tangents<'_>,
    ) {
        let (layer, l, capacity) = (self.layers[i], self.layers[i - 1], memory.capacity);
        let here = layer.units_before * capacity;
        let of_layer = |buffer| part(buffer, l.units_before, l.outputs, capacity, chunk);
        let (e, d) = memory.errors.split_at_mut(here);
        let (re, rd) = tangents.errors.split_at_mut(here);
        let e = part_mut(e, l.units_before, l.outputs, capacity, chunk);
        let re = part_mut(re, l.units_before, l.outputs, capacity, chunk);
        self.back(layer, params, (d, &mut *e), Start::Zero, chunk);
        self.back(layer, params, (rd, &mut *re), Start::Zero, chunk);
        self.back(layer, v, (d, &mut *re), Start::There, chunk);
        if memory.is_masked {
            multiply(e, of_layer(memory.masks));
            multiply(re, of_layer(memory.masks));
        }
        self.path.run(TangentBackprop {
            slopes: of_layer(memory.slopes),
            curvatures: of_layer(memory.curvatures),
            rz: of_layer(tangents.rz),
            e,
            re,
        });
    }
}
