//! The latest proposals of a rule that proposes and decides.

use crate::optim::{Overlay, StepEvent};

/// As many proposals are kept, at the most.
const MOST: usize = 64;
/// Numbers that they may take up together: a large model keeps fewer, so that a checkpoint stays small.
const FLOATS: usize = 16_384;

/// A ring of proposals with what became of each. It is made at its full size, so that writing to it, or to a clone, allocates nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Latest {
    dim: usize,
    points: Vec<f64>,
    events: Vec<StepEvent>,
    /// Proposals written so far, the overwritten ones too.
    written: usize,
}

impl Latest {
    pub fn new(dim: usize) -> Self {
        let room = (FLOATS / dim.max(1)).min(MOST);
        Self {
            dim,
            points: vec![0.0; room * dim],
            events: vec![StepEvent::default(); room],
            written: 0,
        }
    }

    /// Writes a proposal over the oldest.
    pub fn push(&mut self, x: &[f64], event: StepEvent) {
        let room = self.events.len();
        if room == 0 {
            return;
        }
        let place = self.written % room;
        self.events[place] = event;
        self.points[place * self.dim..][..self.dim].copy_from_slice(x);
        self.written += 1;
    }

    /// What is kept, oldest first.
    pub fn overlay(&self) -> Overlay {
        let room = self.events.len();
        let kept = self.written.saturating_sub(room)..self.written;
        let proposal = |i: usize| {
            let place = i % room;
            (self.points[place * self.dim..][..self.dim].to_vec(), self.events[place])
        };
        Overlay::Proposals(kept.map(proposal).collect())
    }
}
