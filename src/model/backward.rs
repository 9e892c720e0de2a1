//! The way back: the gradient of the loss of a chunk (Rumelhart, Hinton and Williams 1986).

use super::Network;
use super::dropout::multiply;
use super::forward::{Memory, part};
use super::kernels::{Backprop, Chunk, Outer, SampleSums, Spread, Start, Strided, Transpose};
use crate::math::simd::LANES;

impl Network {
    /// From ∂loss/∂z of the last layer in `errors` to the gradient with respect to all parameters; with `add`, added to what is there.
    pub(super) fn backward(&self, params: &[f64], chunk: Chunk, memory: &mut Memory<'_>, grad: &mut [f64], add: bool) {
        let capacity = memory.capacity;
        for (i, layer) in self.layers.iter().enumerate().rev() {
            let before = i.checked_sub(1).map(|before| self.layers[before]);
            let stride = layer.inputs.next_multiple_of(LANES);
            let d = &memory.errors[..layer.outputs * chunk.padded()];
            let rows = match before {
                Some(l) => {
                    let h = part(memory.units, l.units_before, l.outputs, capacity, chunk);
                    self.path.run(Transpose::to_rows(layer.inputs, h, memory.transposed, chunk));
                    &*memory.transposed
                }
                None => &*memory.rows,
            };
            self.path.run(Outer {
                m: layer.outputs,
                n: layer.inputs,
                d,
                rows,
                stride,
                add,
                c: &mut grad[layer.weights()],
                chunk,
            });
            self.path.run(SampleSums {
                m: layer.outputs,
                d,
                add,
                sums: &mut grad[layer.biases()],
                chunk,
            });
            let Some(l) = before else { break };
            let e = &mut memory.errors_before[..layer.inputs * chunk.padded()];
            self.path.run(Spread {
                m: layer.inputs,
                k: layer.outputs,
                a: Strided {
                    data: &params[layer.weights()],
                    row: 1,
                    column: layer.inputs,
                },
                b: d,
                start: Start::Zero,
                c: e,
                chunk,
            });
            if memory.is_masked {
                multiply(e, part(memory.masks, l.units_before, l.outputs, capacity, chunk));
                multiply(e, part(memory.slopes, l.units_before, l.outputs, capacity, chunk));
            } else {
                let activation = self.architecture.activations[i - 1];
                let kept = if activation.slope_from_output() {
                    &memory.units
                } else {
                    &memory.slopes
                };
                self.path.run(Backprop {
                    activation,
                    kept: part(kept, l.units_before, l.outputs, capacity, chunk),
                    e,
                });
            }
            std::mem::swap(&mut memory.errors, &mut memory.errors_before);
        }
    }
}
