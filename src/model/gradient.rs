//! Loss and gradient over a batch, on as many threads as are worth it.
//!
//! Samples are taken forward and back part by part; then the rows of the gradient are summed over the parts. Every sum takes the samples in
//! the order of the batch, whoever works on which part or row, so its bits do not depend on the threads.

use super::Network;
use super::forward::{Arena, Keep, Memory, Portion};
use super::kernels::{Chunk, LossSum, PANEL, Samples};
use crate::math::threads::{AtWork, Helpers, fill_rows};
use crate::objective::{Batch, Objective as _, Scratch};

/// Samples that a gradient works on at once: what they leave in each layer stays in the second-level cache.
pub(super) const GRADIENT_SAMPLES: usize = 4 * PANEL;

/// Parameters times samples from which on a gradient is shared out: some tenths of a millisecond on one thread, where asking others for
/// help takes some hundredths.
const WORTH_SHARING: usize = 4_000_000;

/// Parts that are worked on at once by several threads, of a panel each: sums of losses are made panel by panel.
const PARTS: usize = GRADIENT_SAMPLES / PANEL;

/// Samples worked on at once for a batch of n.
pub(super) fn capacity(n: usize, at_most: usize) -> usize {
    Chunk { n }.padded().min(at_most)
}

/// Samples that one thread takes forward and back.
struct Part<'b, 'm> {
    /// None beyond the end of the batch.
    portion: Option<Portion<'b>>,
    memory: Memory<'m>,
    losses: LossSum,
}

impl Part<'_, '_> {
    /// What the gradient of layer `i` takes of these samples, if there are any.
    fn samples(&self, network: &Network, i: usize) -> Samples<'_> {
        let some = |portion: Portion<'_>| network.samples(i, portion.chunk, &self.memory);
        self.portion.map_or_else(Samples::default, some)
    }
}

impl Network {
    /// The mean loss over a batch that is not empty, without penalties, and its gradient.
    pub(super) fn loss_and_gradient(&self, params: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        let n = self.batch_size(batch);
        let is_worth_sharing = n > PANEL && n.saturating_mul(self.dim()) >= WORTH_SHARING;
        let at_work = is_worth_sharing.then(AtWork::begin);
        match at_work.as_ref().map_or(1, AtWork::threads) {
            1 => self.over_parts::<1>(params, batch, grad, scratch, 1),
            threads => self.over_parts::<PARTS>(params, batch, grad, scratch, threads),
        }
    }

    /// The same, `N` parts at a time.
    fn over_parts<const N: usize>(
        &self,
        params: &[f64],
        batch: Batch<'_>,
        grad: &mut [f64],
        scratch: &mut Scratch,
        threads: usize,
    ) -> f64 {
        let n = self.batch_size(batch);
        let (weight, capacity) = (self.weight(batch), capacity(n, GRADIENT_SAMPLES / N));
        let floats = N * Memory::floats(self, capacity, Keep::Slopes);
        let mut arena = Arena::new(scratch.floats(floats + Arena::SLACK));
        let mut parts: [Part<'_, '_>; N] = std::array::from_fn(|_| Part {
            portion: None,
            memory: Memory::new(self, capacity, Keep::Slopes, &mut arena),
            losses: LossSum::default(),
        });
        let mut portions = Portion::all(batch, n, capacity);
        let (mut sum, mut add) = (LossSum::default(), false);
        loop {
            for part in &mut parts {
                part.portion = portions.next();
                part.losses = LossSum::default();
            }
            if parts[0].portion.is_none() {
                return sum.total() * weight;
            }
            // The first goes on from the sum so far.
            parts[0].losses = sum;
            self.pass(params, weight, &mut parts, threads);
            sum = parts[0].losses;
            parts[1..].iter().for_each(|part| sum.merge(&part.losses));
            for (i, layer) in self.layers.iter().enumerate() {
                let samples: [Samples<'_>; N] = std::array::from_fn(|k| parts[k].samples(self, i));
                self.layer_gradient(*layer, &samples, grad, add, threads);
            }
            add = true;
        }
    }

    /// Takes the samples of every part forward and back.
    fn pass(&self, params: &[f64], weight: f64, parts: &mut [Part<'_, '_>], threads: usize) {
        let pass = |part: &mut Part<'_, '_>| {
            let (Some(portion), memory) = (part.portion, &mut part.memory) else {
                return;
            };
            self.fetch(portion, weight, memory);
            self.forward(params, portion.chunk, memory);
            self.losses(portion.chunk, memory, &mut part.losses);
            self.backward(params, portion.chunk, memory);
            self.transpose(memory.units, portion.chunk, memory.capacity, memory.transposed);
        };
        if threads == 1 {
            parts.iter_mut().for_each(pass);
            return;
        }
        let fill = |(): &mut (), _, parts: &mut [Part<'_, '_>]| parts.iter_mut().for_each(pass);
        fill_rows(parts, 1, (threads, Helpers::Waiting), &(), &fill, &|_| true);
    }
}
