//! Working memory of a pass over a chunk of samples, and the way forward through the layers.

use super::Network;
use super::kernels::{Activate, Chunk, GatherRows, LossSum, Losses, Spread, Start, Strided, Transpose};
use crate::data::Targets;
use crate::math::simd::LANES;
use crate::objective::Batch;

/// Doubles in a cache line: where vectors are aligned, none of them lies in two.
const LINE: usize = 8;

/// What is worked out of one buffer, piece by piece, with no allocation.
pub(super) struct Arena<'a>(&'a mut [f64]);

impl<'a> Arena<'a> {
    /// Extra floats that [`Self::new`] may lose to alignment.
    pub const SLACK: usize = LINE;

    pub fn new(floats: &'a mut [f64]) -> Self {
        let skip = floats.as_ptr().align_offset(LINE * size_of::<f64>()).min(LINE);
        Self(&mut floats[skip..])
    }

    pub fn take(&mut self, n: usize) -> &'a mut [f64] {
        let (taken, rest) = std::mem::take(&mut self.0).split_at_mut(n);
        self.0 = rest;
        taken
    }
}

/// How much of the derivatives of the activations a pass keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Keep {
    /// The value only.
    Nothing,
    /// What the gradient needs.
    Slopes,
    /// What a Hessian-vector product needs.
    Curvatures,
}

/// The samples of a pass, as the layers left them. Panels as in `kernels`; the units of a layer begin at `units_before * capacity`.
pub(super) struct Memory<'a> {
    /// Samples there is room for.
    pub capacity: usize,
    /// Features, a padded row a sample.
    pub rows: &'a mut [f64],
    /// Features in panels.
    pub inputs: &'a mut [f64],
    /// Outputs of all layers, in panels.
    pub units: &'a mut [f64],
    pub slopes: &'a mut [f64],
    pub curvatures: &'a mut [f64],
    /// What units are multiplied with under dropout; nothing of a model without.
    pub masks: &'a mut [f64],
    /// Whether units are left out in this pass.
    pub is_masked: bool,
    pub y: &'a mut [f64],
    pub weights: &'a mut [f64],
    /// ∂loss/∂z of all layers, in panels.
    pub errors: &'a mut [f64],
    /// Outputs of all hidden layers, or how they change in a direction, a padded row a sample.
    pub transposed: &'a mut [f64],
}

/// How many floats each part of [`Memory`] takes.
struct Sizes {
    rows: usize,
    inputs: usize,
    units: usize,
    slopes: usize,
    curvatures: usize,
    masks: usize,
    y: usize,
    weights: usize,
    errors: usize,
    transposed: usize,
}

impl Sizes {
    fn new(network: &Network, capacity: usize, keep: Keep) -> Self {
        let when = |wanted: bool, n: usize| if wanted { n * capacity } else { 0 };
        let architecture = &network.architecture;
        let units = network.units();
        let drops = network.dropout > 0.0;
        // The slope cannot be told from an output that was left out.
        let from_outputs = !drops && architecture.activations.iter().all(|a| a.slope_from_output());
        let slopes = keep == Keep::Curvatures || (keep == Keep::Slopes && !from_outputs);
        Self {
            rows: capacity * architecture.inputs.next_multiple_of(LANES),
            inputs: capacity * architecture.inputs,
            units: capacity * units,
            slopes: when(slopes, units),
            curvatures: when(keep == Keep::Curvatures, units),
            masks: when(drops, units),
            y: capacity * architecture.outputs,
            weights: capacity,
            errors: when(keep != Keep::Nothing, units),
            transposed: when(keep != Keep::Nothing, network.layers.last().map_or(0, |l| l.padded_before)),
        }
    }
}

impl<'a> Memory<'a> {
    /// The floats that a memory for `capacity` samples (whole vectors of them) takes.
    pub fn floats(network: &Network, capacity: usize, keep: Keep) -> usize {
        let s = Sizes::new(network, capacity, keep);
        s.rows + s.inputs + s.units + s.slopes + s.curvatures + s.masks + s.y + s.weights + s.errors + s.transposed
    }

    pub fn new(network: &Network, capacity: usize, keep: Keep, arena: &mut Arena<'a>) -> Self {
        let s = Sizes::new(network, capacity, keep);
        Self {
            capacity,
            rows: arena.take(s.rows),
            inputs: arena.take(s.inputs),
            units: arena.take(s.units),
            slopes: arena.take(s.slopes),
            curvatures: arena.take(s.curvatures),
            masks: arena.take(s.masks),
            is_masked: false,
            y: arena.take(s.y),
            weights: arena.take(s.weights),
            errors: arena.take(s.errors),
            transposed: arena.take(s.transposed),
        }
    }
}

/// The part of a per-layer buffer that belongs to a layer.
pub(super) fn part(buffer: &[f64], units_before: usize, units: usize, capacity: usize, chunk: Chunk) -> &[f64] {
    &buffer[units_before * capacity..][..units * chunk.padded()]
}

/// The part of a per-layer buffer that belongs to a layer; nothing if the buffer is not kept.
pub(super) fn part_mut(buffer: &mut [f64], units_before: usize, units: usize, capacity: usize, chunk: Chunk) -> &mut [f64] {
    if buffer.is_empty() {
        return buffer;
    }
    &mut buffer[units_before * capacity..][..units * chunk.padded()]
}

/// A part of a batch: its samples from number `first` on.
#[derive(Clone, Copy)]
pub(super) struct Portion<'a> {
    pub rows: Option<&'a [u32]>,
    pub first: usize,
    pub chunk: Chunk,
    /// What determines which units are left out, if some are.
    pub key: Option<u64>,
}

impl<'a> Portion<'a> {
    /// The portions of up to `capacity` samples that a batch of `n` consists of.
    pub fn all(batch: Batch<'a>, n: usize, capacity: usize) -> impl Iterator<Item = Self> {
        (0..n).step_by(capacity).map(move |first| {
            let chunk = Chunk {
                n: capacity.min(n - first),
            };
            let rows = batch.rows().map(|rows| &rows[first..first + chunk.n]);
            let key = batch.key();
            Self { rows, first, chunk, key }
        })
    }

    /// The row numbers in the data set.
    fn indices(self) -> impl Iterator<Item = usize> {
        (0..self.chunk.n).map(move |i| self.rows.map_or(self.first + i, |rows| rows[i] as usize))
    }
}

impl Network {
    /// Fetches features, targets and weights of a portion.
    pub(super) fn fetch(&self, portion: Portion<'_>, weight: f64, memory: &mut Memory<'_>) {
        self.fetch_features(&self.data.x, portion, memory);
        self.fetch_targets(portion, weight, memory);
        self.draw_masks(portion, memory);
    }

    pub(super) fn fetch_targets(&self, portion: Portion<'_>, weight: f64, memory: &mut Memory<'_>) {
        let Portion { chunk, .. } = portion;
        let padded = chunk.padded();
        memory.weights[..chunk.n].fill(weight);
        memory.weights[chunk.n..padded].fill(0.0);
        match &self.data.targets {
            Targets::Classes { labels, .. } => {
                for (y, row) in memory.y.iter_mut().zip(portion.indices()) {
                    *y = f64::from(labels[row]);
                }
                if let Some(of_class) = self.class_weights() {
                    let rows = memory.weights.iter_mut().zip(portion.indices());
                    rows.for_each(|(to, row)| *to *= of_class[labels[row] as usize]);
                }
                memory.y[chunk.n..padded].fill(0.0);
            }
            Targets::Values { columns, values } => {
                for (from, width) in chunk.panels() {
                    let there = width.min(chunk.n - from);
                    for column in 0..*columns {
                        let y = &mut memory.y[from * columns + column * width..][..width];
                        y[there..].fill(0.0);
                        let y = &mut y[..there];
                        match portion.rows {
                            Some(rows) => {
                                for (y, row) in y.iter_mut().zip(&rows[from..]) {
                                    *y = values[*row as usize * columns + column];
                                }
                            }
                            None => {
                                let values = &values[(portion.first + from) * columns + column..];
                                for (y, value) in y.iter_mut().zip(values.iter().step_by(*columns)) {
                                    *y = *value;
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    pub(super) fn fetch_features(&self, table: &[f64], portion: Portion<'_>, memory: &mut Memory<'_>) {
        let columns = self.architecture.inputs;
        self.path.run(GatherRows {
            table,
            columns,
            rows: portion.rows,
            first: portion.first,
            chunk: portion.chunk,
            stride: columns.next_multiple_of(LANES),
            to: memory.rows,
        });
        self.path
            .run(Transpose::to_panels(columns, memory.rows, memory.inputs, portion.chunk));
    }

    /// From the features in `memory` to the outputs of the last layer.
    pub(super) fn forward(&self, params: &[f64], chunk: Chunk, memory: &mut Memory<'_>) {
        for i in 0..self.layers.len() {
            self.affine(i, params, 0, chunk, memory);
            self.activate(i, chunk, memory);
            self.leave_out(i, chunk, memory);
        }
    }

    /// z = W h + b of layer `i`. `params` holds the parameters from number `base` on.
    pub(super) fn affine(&self, i: usize, params: &[f64], base: usize, chunk: Chunk, memory: &mut Memory<'_>) {
        let (layer, capacity) = (self.layers[i], memory.capacity);
        let (before, here) = memory.units.split_at_mut(layer.units_before * capacity);
        let inputs = match i.checked_sub(1).map(|before| self.layers[before]) {
            Some(l) => part(before, l.units_before, l.outputs, capacity, chunk),
            None => &memory.inputs[..layer.inputs * chunk.padded()],
        };
        self.path.run(Spread {
            m: layer.outputs,
            k: layer.inputs,
            a: Strided {
                data: &params[layer.weight - base..layer.bias - base],
                row: layer.inputs,
                column: 1,
            },
            b: inputs,
            start: Start::Bias(&params[layer.bias - base..][..layer.outputs]),
            c: &mut here[..layer.outputs * chunk.padded()],
            chunk,
        });
    }

    /// h = f(z) of layer `i`, in place; the last layer has no activation.
    pub(super) fn activate(&self, i: usize, chunk: Chunk, memory: &mut Memory<'_>) {
        let (layer, capacity) = (self.layers[i], memory.capacity);
        // The last layer has none.
        if let Some(activation) = self.architecture.activations.get(i).copied() {
            self.path.run(Activate {
                activation,
                z: part_mut(memory.units, layer.units_before, layer.outputs, capacity, chunk),
                slopes: part_mut(memory.slopes, layer.units_before, layer.outputs, capacity, chunk),
                curvatures: part_mut(memory.curvatures, layer.units_before, layer.outputs, capacity, chunk),
            });
        }
    }

    /// The outputs of the last layer, as [`Self::forward`] left them.
    pub(super) fn outputs<'m>(&self, chunk: Chunk, memory: &'m Memory<'_>) -> &'m [f64] {
        match self.layers.last() {
            Some(l) => part(memory.units, l.units_before, l.outputs, memory.capacity, chunk),
            None => &[],
        }
    }

    /// Adds up the losses of the chunk; if derivatives are kept, also writes ∂loss/∂z of the last layer to `errors`.
    pub(super) fn losses(&self, chunk: Chunk, memory: &mut Memory<'_>, sum: &mut LossSum) {
        let Some(l) = self.layers.last() else { return };
        let d = part_mut(memory.errors, l.units_before, l.outputs, memory.capacity, chunk);
        let z = part(memory.units, l.units_before, l.outputs, memory.capacity, chunk);
        let losses = |(z, y): (&[f64], &[f64]), weights: &[f64], d: &mut [f64], chunk: Chunk, sum: &mut LossSum| {
            self.path.run(Losses {
                loss: self.loss,
                outputs: l.outputs,
                z,
                y,
                weights,
                d,
                sum,
                chunk,
            });
        };
        let Some(of_class) = self.class_weights() else {
            losses((z, memory.y), memory.weights, d, chunk, sum);
            return;
        };
        // The kernel adds losses up as they are: what counts differently is added up by itself.
        if !d.is_empty() {
            losses((z, memory.y), memory.weights, d, chunk, &mut LossSum::default());
        }
        for (from, width) in chunk.panels() {
            let mut of_panel = LossSum::default();
            let panel = Chunk {
                n: width.min(chunk.n - from),
            };
            let (z, y) = (&z[from * l.outputs..][..width * l.outputs], &memory.y[from..][..width]);
            for (class, weight) in of_class.iter().enumerate() {
                let counts = |(at, y): (usize, &f64)| f64::from(u8::from(at < panel.n && *y == class as f64));
                let mask: Vec<f64> = y.iter().enumerate().map(counts).collect();
                let mut alone = LossSum::default();
                losses((z, y), &mask, &mut [], panel, &mut alone);
                of_panel.add(weight * alone.total());
            }
            sum.merge(&of_panel);
        }
    }
}
