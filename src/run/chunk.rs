//! What a stretch of a run leaves behind, on its way from the worker to whoever looks at it.

use std::sync::Arc;

use crate::model::Measurement;
use crate::objective::Counts;
use crate::optim::{RunStatus, Slot, Trace, Walk};

/// The whole state of a run at a step: from here every later step can be replayed, bit for bit.
#[derive(Clone)]
pub struct Keyframe {
    pub walk: Walk,
    pub slot: Box<dyn Slot>,
}

/// Rows, keyframes and measurements since the last chunk.
#[derive(Clone)]
pub struct Chunk {
    pub trace: Trace,
    pub keyframes: Vec<Arc<Keyframe>>,
    /// Keyframes are kept at multiples of this many steps.
    pub keyframe_every: u64,
    /// Step and what was measured there.
    pub measurements: Vec<(u64, Measurement)>,
    pub status: RunStatus,
    pub counts: Counts,
}

impl Chunk {
    pub(super) fn new(kept: usize, keyframe_every: u64) -> Self {
        Self {
            trace: Trace::new(kept),
            keyframes: Vec::new(),
            keyframe_every,
            measurements: Vec::new(),
            status: RunStatus::Running,
            counts: Counts::default(),
        }
    }

    /// Adds what came after this chunk to it.
    pub fn merge(&mut self, later: Self) {
        self.trace.append(later.trace);
        if later.keyframe_every > self.keyframe_every {
            self.keyframe_every = later.keyframe_every;
            self.keyframes.retain(|k| k.walk.step.is_multiple_of(later.keyframe_every));
        }
        // Only now: the later ones are thinned out already, and the end of a run is kept whatever the spacing.
        self.keyframes.extend(later.keyframes);
        self.measurements.extend(later.measurements);
        self.status = later.status;
        self.counts = later.counts;
    }
}
