//! Dropout (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, Dropout: A Simple Way to Prevent Neural Networks from
//! Overfitting), inverted as in PyTorch.
//!
//! Which units of which sample are left out is hashed from the key of the batch, the sample's place in the batch and the unit: how a batch
//! is cut into pieces changes nothing, and a step can be replayed.

use super::Network;
use super::forward::{Memory, Portion, part, part_mut};
use super::kernels::Chunk;
use crate::math::Rng;

/// a ← a b, element by element.
pub(super) fn multiply(a: &mut [f64], b: &[f64]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a *= b;
    }
}

impl Network {
    /// Settles which hidden units are left out in a portion of a batch.
    pub(super) fn draw_masks(&self, portion: Portion<'_>, memory: &mut Memory<'_>) {
        let key = portion.key.filter(|_| self.dropout > 0.0);
        memory.is_masked = key.is_some();
        let Some(key) = key else { return };
        let (capacity, chunk) = (memory.capacity, portion.chunk);
        let (p, all) = (self.dropout, self.units() as u64);
        let hidden = self.layers.len().saturating_sub(1);
        for layer in &self.layers[..hidden] {
            let masks = part_mut(memory.masks, layer.units_before, layer.outputs, capacity, chunk);
            for (from, width) in chunk.panels() {
                for unit in 0..layer.outputs {
                    let of_unit = &mut masks[from * layer.outputs + unit * width..][..width];
                    for (at, mask) in of_unit.iter_mut().enumerate() {
                        let sample = (portion.first + from + at) as u64;
                        let index = sample * all + (layer.units_before + unit) as u64;
                        *mask = if Rng::hashed(key, index) < p { 0.0 } else { 1.0 / (1.0 - p) };
                    }
                }
            }
        }
    }

    /// Leaves units of layer `i` out, if some are.
    pub(super) fn leave_out(&self, i: usize, chunk: Chunk, memory: &mut Memory<'_>) {
        let layer = self.layers[i];
        if memory.is_masked && i + 1 < self.layers.len() {
            let capacity = memory.capacity;
            let mask = part(memory.masks, layer.units_before, layer.outputs, capacity, chunk);
            multiply(
                part_mut(memory.units, layer.units_before, layer.outputs, capacity, chunk),
                mask,
            );
        }
    }
}
