//! Which samples a step looks at. A batch depends on (seed, step) only, so that every run sees the same data.

use std::sync::Arc;

use crate::math::{Purpose, Rng};

/// The samples over which a value or gradient is the mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Batch<'a> {
    /// All of them.
    Full,
    /// These rows, in this order.
    Rows(&'a [u32]),
    /// These rows, or all, with something left out at random, which the key determines: units under dropout.
    Masked { rows: Option<&'a [u32]>, key: u64 },
}

impl<'a> Batch<'a> {
    /// The rows; none = all.
    pub fn rows(self) -> Option<&'a [u32]> {
        match self {
            Self::Full => None,
            Self::Rows(rows) => Some(rows),
            Self::Masked { rows, .. } => rows,
        }
    }

    /// What determines what is left out, if anything is.
    pub fn key(self) -> Option<u64> {
        match self {
            Self::Full | Self::Rows(_) => None,
            Self::Masked { key, .. } => Some(key),
        }
    }
}

/// How samples are dealt out to steps.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Batches {
    /// Every step sees all samples.
    #[default]
    Full,
    /// Consecutive slices of `size` rows; the last of an epoch may be shorter. With `shuffle`, a new order every epoch.
    Mini {
        n: usize,
        size: usize,
        shuffle: bool,
        seed: u64,
    },
    /// The same, each with a key of its own: for models that leave something out at random.
    Masked { of: Box<Batches>, seed: u64 },
    /// Consecutive slices of given orders, one order an epoch, starting over after the last.
    Given { size: usize, epochs: Arc<[Vec<u32>]> },
}

impl Batches {
    /// Steps in one epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        match self {
            Self::Full => 1,
            Self::Masked { of, .. } => of.steps_per_epoch(),
            Self::Mini { n, size, .. } => n.div_ceil((*size).max(1)).max(1) as u64,
            Self::Given { size, epochs } => epochs.first().map_or(1, |e| e.len().div_ceil((*size).max(1)).max(1) as u64),
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Full => usize::MAX,
            Self::Masked { of, .. } => of.size(),
            Self::Mini { size, .. } | Self::Given { size, .. } => (*size).max(1),
        }
    }

    fn fill_order(&self, epoch: u64, order: &mut Vec<u32>) {
        order.clear();
        match self {
            Self::Full => {}
            Self::Masked { of, .. } => of.fill_order(epoch, order),
            Self::Mini { n, shuffle, seed, .. } => {
                order.extend(0..*n as u32);
                if *shuffle {
                    Rng::stream(*seed, Purpose::Batches, epoch).shuffle(order);
                }
            }
            Self::Given { epochs, .. } => {
                if let Some(given) = epochs.get(epoch as usize % epochs.len().max(1)) {
                    order.extend_from_slice(given);
                }
            }
        }
    }
}

/// Remembers the order of the epoch it last dealt from, so that an order is drawn once an epoch.
#[derive(Debug, Default)]
pub struct BatchCursor {
    epoch: Option<u64>,
    order: Vec<u32>,
}

impl Clone for BatchCursor {
    /// Empty: a checkpoint of a run over a million rows need not carry their order, which is drawn again when needed.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl BatchCursor {
    /// The batch of step number `step` (from 0).
    #[inline]
    pub fn batch(&mut self, batches: &Batches, step: u64) -> Batch<'_> {
        match batches {
            Batches::Full => Batch::Full,
            Batches::Masked { of, seed } => Batch::Masked {
                rows: self.batch(of, step).rows(),
                key: Rng::key(*seed, Purpose::Dropout, step),
            },
            _ => self.rows(batches, step),
        }
    }

    fn rows(&mut self, batches: &Batches, step: u64) -> Batch<'_> {
        let per_epoch = batches.steps_per_epoch();
        let epoch = step / per_epoch;
        if self.epoch != Some(epoch) {
            batches.fill_order(epoch, &mut self.order);
            self.epoch = Some(epoch);
        }
        let size = batches.size();
        let from = ((step % per_epoch) as usize * size).min(self.order.len());
        let to = (from + size).min(self.order.len());
        Batch::Rows(&self.order[from..to])
    }
}
