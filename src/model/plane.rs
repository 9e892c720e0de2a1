//! The loss on a plane through parameter space. Parameters are affine in the coordinates (a, b) there, and so is what the first layer makes
//! of every sample: z = z₀ + a z₁ + b z₂. With many features that is nearly all the work, and it is done once for the whole plane.

use super::Network;
use super::forward::{Arena, Keep, Memory, Portion};
use super::kernels::{Chunk, LossSum, PANEL, Shift};
use crate::objective::{Batch, Objective as _, PlaneValues, Scratch};

/// Most floats kept for a plane: half a gigabyte.
const MAX_FLOATS: usize = 1 << 26;

/// A network on a plane.
pub(super) struct OnPlane {
    network: Network,
    /// Parameters of all layers but the first: of the origin and of both directions.
    rest: [Vec<f64>; 3],
    /// z of the first layer likewise, panel after panel.
    z: [Vec<f64>; 3],
}

impl OnPlane {
    /// None where it would not be faster than one point after another, or would take too much memory.
    pub fn new(network: &Network, origin: &[f64], u: &[f64], v: &[f64]) -> Option<Self> {
        let first = network.layers.first()?;
        let base = first.biases().end;
        let samples = Chunk { n: network.data.n_rows }.padded();
        let mostly_first = base > 2 * (network.dim() - base) && first.inputs > 8;
        if !mostly_first || 3 * samples * first.outputs > MAX_FLOATS {
            return None;
        }
        let mut scratch = Scratch::default();
        let mut arena = Arena::new(scratch.floats(Memory::floats(network, PANEL, Keep::Nothing) + Arena::SLACK));
        let mut memory = Memory::new(network, PANEL, Keep::Nothing, &mut arena);
        let mut z = [(); 3].map(|()| Vec::with_capacity(samples * first.outputs));
        for portion in Portion::all(Batch::Full, network.data.n_rows, PANEL) {
            network.fetch_features(&network.data.x, portion, &mut memory);
            for (params, z) in [origin, u, v].into_iter().zip(&mut z) {
                network.affine(0, params, 0, portion.chunk, &mut memory);
                z.extend_from_slice(&memory.units[..first.outputs * portion.chunk.padded()]);
            }
        }
        let rest = [origin, u, v].map(|params| params[base..].to_vec());
        Some(Self {
            network: network.clone(),
            rest,
            z,
        })
    }
}

impl PlaneValues for OnPlane {
    /// The columns are the a themselves.
    fn fill_row(&self, a: &[f64], b: f64, values: &mut [f64], scratch: &mut Scratch) {
        let (network, n) = (&self.network, self.network.data.n_rows);
        let Some(first) = network.layers.first() else { return };
        let base = first.biases().end;
        let [origin, u, v] = &self.rest;
        let [z0, z1, z2] = &self.z;
        let rest = origin.len();
        let floats = Memory::floats(network, PANEL, Keep::Nothing) + first.outputs * PANEL + a.len() * rest;
        let mut arena = Arena::new(scratch.floats(floats + Arena::SLACK));
        let mut memory = Memory::new(network, PANEL, Keep::Nothing, &mut arena);
        let row_z = arena.take(first.outputs * PANEL);
        let params = arena.take(a.len() * rest);
        for (params, &a) in params.chunks_exact_mut(rest.max(1)).zip(a) {
            for (p, ((o, u), v)) in params.iter_mut().zip(origin.iter().zip(u).zip(v)) {
                *p = o + a * u + b * v;
            }
        }
        let mut sums = vec![LossSum::default(); a.len()];
        let weight = network.weight(Batch::Full);
        // All points of the row against one panel after another: what a panel needs stays in the cache.
        for portion in Portion::all(Batch::Full, n, PANEL) {
            let chunk = portion.chunk;
            network.fetch_targets(portion, weight, &mut memory);
            let here = portion.first * first.outputs..(portion.first + chunk.padded()) * first.outputs;
            let row_z = &mut row_z[..here.len()];
            network.path.run(Shift {
                x: &z0[here.clone()],
                a: b,
                y: &z2[here.clone()],
                to: row_z,
            });
            for (k, (&a, sum)) in a.iter().zip(&mut sums).enumerate() {
                network.path.run(Shift {
                    x: row_z,
                    a,
                    y: &z1[here.clone()],
                    to: &mut memory.units[..here.len()],
                });
                network.activate(0, chunk, &mut memory);
                for i in 1..network.layers.len() {
                    network.affine(i, &params[k * rest..], base, chunk, &mut memory);
                    network.activate(i, chunk, &mut memory);
                }
                network.losses(chunk, &mut memory, sum);
            }
        }
        for (value, sum) in values.iter_mut().zip(&sums) {
            *value = sum.total() * weight;
        }
    }
}
