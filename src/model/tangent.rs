//! Hessian-vector products: the derivative of forward and backward pass in a direction v (Pearlmutter 1994). R{.} in the paper is the
//! prefix r here.

use super::Network;
use super::dropout::multiply;
use super::forward::{Arena, Memory, part};
use super::kernels::{Chunk, Multiply, Outer, SampleSums, Spread, Start, Strided, TangentBackprop, TangentLoss, Transpose};
use crate::math::simd::LANES;

/// What a pass has beside [`Memory`] when it carries a direction along.
pub(super) struct Tangents<'a> {
    /// Rz of all layers.
    pub rz: &'a mut [f64],
    /// Rh of all hidden layers.
    pub rh: &'a mut [f64],
    /// R∂loss/∂z of a layer and of the one before it.
    pub errors: &'a mut [f64],
    pub errors_before: &'a mut [f64],
}

impl<'a> Tangents<'a> {
    pub fn floats(network: &Network, capacity: usize) -> usize {
        2 * (network.units() + network.widest) * capacity
    }

    pub fn new(network: &Network, capacity: usize, arena: &mut Arena<'a>) -> Self {
        Self {
            rz: arena.take(network.units() * capacity),
            rh: arena.take(network.units() * capacity),
            errors: arena.take(network.widest * capacity),
            errors_before: arena.take(network.widest * capacity),
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
        let errors = &mut tangents.errors[..last.outputs * chunk.padded()];
        errors.copy_from_slice(part(tangents.rz, last.units_before, last.outputs, memory.capacity, chunk));
        self.path.run(TangentLoss {
            loss: self.loss,
            outputs: last.outputs,
            z: self.outputs(chunk, memory),
            y: memory.y,
            d: memory.errors,
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
        let capacity = memory.capacity;
        self.tangent_losses(weight, chunk, memory, tangents);
        for (i, layer) in self.layers.iter().enumerate().rev() {
            let before = i.checked_sub(1).map(|before| self.layers[before]);
            let d = &memory.errors[..layer.outputs * chunk.padded()];
            let rd = &tangents.errors[..layer.outputs * chunk.padded()];
            let mut outer = |d: &[f64], rows: &[f64], add: bool| {
                self.path.run(Outer {
                    m: layer.outputs,
                    n: layer.inputs,
                    d,
                    rows,
                    stride: layer.inputs.next_multiple_of(LANES),
                    add,
                    c: &mut hv[layer.weights()],
                    chunk,
                });
            };
            match before {
                Some(l) => {
                    let h = part(memory.units, l.units_before, l.outputs, capacity, chunk);
                    self.path.run(Transpose::to_rows(layer.inputs, h, memory.transposed, chunk));
                    outer(rd, memory.transposed, add);
                    let rh = part(tangents.rh, l.units_before, l.outputs, capacity, chunk);
                    self.path.run(Transpose::to_rows(layer.inputs, rh, memory.transposed, chunk));
                    outer(d, memory.transposed, true);
                }
                None => outer(rd, memory.rows, add),
            }
            self.path.run(SampleSums {
                m: layer.outputs,
                d: rd,
                add,
                sums: &mut hv[layer.biases()],
                chunk,
            });
            let Some(l) = before else { break };
            let back = |weights_of: &[f64], b: &[f64], start: Start<'_>, c: &mut [f64]| {
                let data = &weights_of[layer.weights()];
                self.path.run(Spread {
                    m: layer.inputs,
                    k: layer.outputs,
                    a: Strided {
                        data,
                        row: 1,
                        column: layer.inputs,
                    },
                    b,
                    start,
                    c,
                    chunk,
                });
            };
            let e = &mut memory.errors_before[..layer.inputs * chunk.padded()];
            let re = &mut tangents.errors_before[..layer.inputs * chunk.padded()];
            back(params, d, Start::Zero, e);
            back(params, rd, Start::Zero, re);
            back(v, d, Start::There, re);
            if memory.is_masked {
                let mask = part(memory.masks, l.units_before, l.outputs, capacity, chunk);
                multiply(e, mask);
                multiply(re, mask);
            }
            self.path.run(TangentBackprop {
                slopes: part(memory.slopes, l.units_before, l.outputs, capacity, chunk),
                curvatures: part(memory.curvatures, l.units_before, l.outputs, capacity, chunk),
                rz: part(tangents.rz, l.units_before, l.outputs, capacity, chunk),
                e,
                re,
            });
            std::mem::swap(&mut memory.errors, &mut memory.errors_before);
            std::mem::swap(&mut tangents.errors, &mut tangents.errors_before);
        }
    }
}
