//! Everything that determines a run.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Evaluator, FreeParams};
use crate::objective::{Batches, Objective, Offer};
use crate::optim::{Fixed, OptimizerConfig, Stages};

/// Points of problems with at most this many variables are kept for every step.
const KEPT_DIM: usize = 16;
/// Memory for the keyframes of one run.
const KEYFRAME_BYTES: usize = 32 << 20;
/// Vectors as long as a point that a checkpoint holds, at the most: point, gradient and two to four moments.
const VECTORS_A_KEYFRAME: usize = 6;
/// Measurements of a whole run, at the most.
const MEASUREMENTS: u64 = 200;

/// A validated run: making one can fail, running it cannot. Its results depend on nothing else.
#[derive(Clone)]
pub struct RunPlan {
    pub objective: Arc<dyn Objective>,
    pub rule: OptimizerConfig,
    pub stages: Stages,
    pub batches: Batches,
    pub seed: u64,
    /// The start; as long as `objective.dim()`.
    pub x0: Arc<[f64]>,
    /// Which parameters of a model the variables are, if not all.
    pub free: Option<Arc<FreeParams>>,
    /// Budget of steps.
    pub steps: u64,
    /// Early stopping (Prechelt 1998, Early Stopping - But When?): the run ends once the validation loss has not been below its lowest for
    /// this many steps. Looked at where it is measured. Without validation rows it never is.
    pub patience: Option<u64>,
    /// Measures models on all their training and validation rows; functions have none.
    pub evaluator: Option<Arc<Evaluator>>,
}

impl RunPlan {
    pub fn fixed(&self) -> Fixed<'_> {
        Fixed {
            objective: self.objective.as_ref(),
            batches: &self.batches,
            stages: &self.stages,
            seed: self.seed,
        }
    }

    /// All parameters of the model, or all variables of the function, at a point of the run.
    pub fn whole<'x>(&self, x: &'x [f64]) -> Cow<'x, [f64]> {
        self.completed(x, FreeParams::complete)
    }

    /// The same of a displacement.
    pub fn whole_displacement<'x>(&self, d: &'x [f64]) -> Cow<'x, [f64]> {
        self.completed(d, FreeParams::displace)
    }

    /// Lists of another length than a point are no points, and stay what they are.
    fn completed<'x>(&self, x: &'x [f64], by: fn(&FreeParams, &[f64], &mut [f64])) -> Cow<'x, [f64]> {
        match &self.free {
            Some(free) if free.count() == x.len() => {
                let mut all = vec![0.0; free.of()];
                by(free, x, &mut all);
                all.into()
            }
            _ => x.into(),
        }
    }

    /// Why the rule cannot be used on this problem, if it cannot.
    pub fn refusal(&self) -> Option<String> {
        self.rule.refusal(&Offer::of(self.objective.as_ref(), &self.batches))
    }

    /// Coordinates a row of the trace keeps.
    pub(super) fn kept(&self) -> usize {
        let dim = self.x0.len();
        if dim <= KEPT_DIM { dim } else { 0 }
    }

    /// Keyframes that fit into the memory for them; fewer where they are there to replay from only, for each takes as long as many a step.
    pub(super) fn max_keyframes(&self) -> usize {
        let bytes = 8 * VECTORS_A_KEYFRAME * self.x0.len().max(1);
        let most = if self.kept() == 0 { 256 } else { 64 };
        (KEYFRAME_BYTES / bytes).clamp(16, most)
    }

    /// Steps between the first keyframes. Where rows keep their points, keyframes are there to replay from, and lie from the start as far apart
    /// as they may at the end; elsewhere the path is drawn through them, and a run that soon ends wants many.
    pub(super) fn first_spacing(&self) -> u64 {
        if self.kept() == 0 {
            return 1;
        }
        self.steps.div_ceil(self.max_keyframes() as u64).next_power_of_two()
    }

    /// Steps between two measurements: about 200 in a run, fewer where measuring would cost more than training.
    pub fn measure_every(&self) -> u64 {
        let n_rows = self.objective.n_samples().max(1) as u64;
        let batch = n_rows.div_ceil(self.batches.steps_per_epoch()).max(1);
        let measured = self
            .evaluator
            .as_ref()
            .map_or(0, |evaluator| evaluator.network().n_samples() as u64);
        // A step goes forwards and backwards through its rows, a measurement only forwards: a third of the cost a row.
        let dear = measured.div_ceil(3 * batch);
        self.steps.div_ceil(MEASUREMENTS).max(dear).max(1)
    }
}
