//! The run itself, and all that is known of it so far.

use std::sync::Arc;

use super::{Chunk, Keyframe, RunPlan};
use crate::model::Ending;
use crate::objective::Scratch;
use crate::optim::arithmetic::{Line, explain};
use crate::optim::{RunStatus, Slot, Trace, Walk};

/// Rows that room is made for before any is written: a run may be long, and end soon.
const MOST_ROOM: u64 = 1 << 16;

/// A run in progress: the worker's side.
pub struct Run {
    plan: RunPlan,
    walk: Walk,
    slot: Box<dyn Slot>,
    keyframe_every: u64,
    n_keyframes: usize,
    scratch: Scratch,
    /// Step and value of the lowest validation loss so far.
    best: Option<(u64, f64)>,
}

impl Run {
    pub fn new(plan: RunPlan) -> Self {
        let walk = Walk::new(&plan.x0);
        let slot = plan.rule.start(&plan.x0);
        Self {
            keyframe_every: plan.first_spacing(),
            plan,
            walk,
            slot,
            n_keyframes: 0,
            scratch: Scratch::default(),
            best: None,
        }
    }

    /// Whether there is more to do.
    pub fn is_running(&self) -> bool {
        self.walk.status == RunStatus::Running
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.walk.step
    }

    /// Takes up to `steps` steps and returns what they left behind. How a run is cut into chunks changes nothing.
    pub fn advance(&mut self, steps: u64) -> Chunk {
        let mut chunk = Chunk::new(self.plan.kept(), self.keyframe_every);
        let until = self.walk.step.saturating_add(steps).min(self.plan.steps);
        let measure_every = self.plan.measure_every();
        let ahead = until.saturating_sub(self.walk.step).min(MOST_ROOM);
        chunk.trace.reserve(ahead as usize + 1);
        while self.is_running() && self.walk.step < until {
            let step = self.walk.step;
            self.take_keyframe(&mut chunk);
            if self.measure(step.is_multiple_of(measure_every), &mut chunk) {
                self.stop_early(&mut chunk);
                break;
            }
            let next_stop = next_multiple(step, self.keyframe_every).min(next_multiple(step, measure_every));
            let stretch = next_stop.min(until) - step;
            self.slot
                .advance(&self.plan.fixed(), &mut self.walk, stretch, &mut chunk.trace);
        }
        if self.is_running() && self.walk.step >= self.plan.steps {
            // The end is kept whatever the spacing: planes are centred on it.
            self.push_keyframe(&mut chunk);
            self.measure(true, &mut chunk);
            self.walk.finish(&self.plan.fixed(), &mut chunk.trace);
        }
        chunk.status = self.walk.status;
        chunk.counts = self.walk.counts;
        chunk.keyframe_every = self.keyframe_every;
        chunk
    }

    fn take_keyframe(&mut self, chunk: &mut Chunk) {
        if !self.walk.step.is_multiple_of(self.keyframe_every) {
            return;
        }
        if self.n_keyframes == self.plan.max_keyframes() {
            self.keyframe_every *= 2;
            self.n_keyframes = self.n_keyframes.div_ceil(2);
            chunk.keyframes.retain(|k| k.walk.step.is_multiple_of(self.keyframe_every));
            if !self.walk.step.is_multiple_of(self.keyframe_every) {
                return;
            }
        }
        self.n_keyframes += 1;
        self.push_keyframe(chunk);
    }

    fn push_keyframe(&self, chunk: &mut Chunk) {
        chunk.keyframes.push(Arc::new(Keyframe {
            walk: self.walk.clone(),
            slot: self.slot.clone(),
        }));
    }

    /// Measures where that is due. True if it is time to stop early.
    fn measure(&mut self, due: bool, chunk: &mut Chunk) -> bool {
        let (true, Some(evaluator)) = (due, &self.plan.evaluator) else {
            return false;
        };
        let step = self.walk.step;
        let measurement = evaluator.measure(&self.plan.whole(&self.walk.x), &mut self.scratch);
        chunk.measurements.push((step, measurement));
        let (Some(patience), Some(loss)) = (self.plan.patience, measurement.validation_loss) else {
            return false;
        };
        match self.best {
            Some((best, lowest)) if loss >= lowest || loss.is_nan() => step - best >= patience,
            _ => {
                self.best = Some((step, loss));
                false
            }
        }
    }

    /// Ends the run here.
    fn stop_early(&mut self, chunk: &mut Chunk) {
        self.push_keyframe(chunk);
        self.walk.finish(&self.plan.fixed(), &mut chunk.trace);
        if let (RunStatus::Finished, Some((best, _))) = (self.walk.status, self.best) {
            self.walk.status = RunStatus::StoppedEarly { best };
        }
    }
}

fn next_multiple(step: u64, of: u64) -> u64 {
    (step / of + 1) * of
}

/// All that is known of a run so far: the reader's side.
#[derive(Clone)]
pub struct Trajectory {
    known: Chunk,
}

impl Trajectory {
    pub fn new(plan: &RunPlan) -> Self {
        Self {
            known: Chunk::new(plan.kept(), 1),
        }
    }

    /// Runs a plan to its end.
    pub fn of(plan: &RunPlan) -> Self {
        let mut trajectory = Self::new(plan);
        let mut run = Run::new(plan.clone());
        while run.is_running() {
            trajectory.append(run.advance(u64::MAX));
        }
        trajectory
    }

    /// Adds what came next.
    pub fn append(&mut self, chunk: Chunk) {
        self.known.merge(chunk);
    }

    pub fn trace(&self) -> &Trace {
        &self.known.trace
    }

    pub fn measurements(&self) -> &[(u64, crate::model::Measurement)] {
        &self.known.measurements
    }

    pub fn keyframes(&self) -> &[Arc<Keyframe>] {
        &self.known.keyframes
    }

    pub fn status(&self) -> RunStatus {
        self.known.status
    }

    pub fn counts(&self) -> crate::objective::Counts {
        self.known.counts
    }

    /// The last step for which a finite value is known: a diverged run ends there, although the loop may have gone on while the
    /// gradient was finite.
    pub fn last_step(&self) -> u64 {
        let finite = self.known.trace.value.iter().rposition(|value| value.is_finite());
        finite.unwrap_or(0) as u64
    }

    /// The step whose point counts where the playhead is at `step`: at the end of a run that stopped early the one with the lowest validation
    /// loss, which is restored there.
    pub fn restored(&self, step: u64) -> u64 {
        match self.status() {
            RunStatus::StoppedEarly { best } if step >= self.last_step() => best,
            _ => step.min(self.last_step()),
        }
    }

    /// How the run ended, as evidence for what its losses up to [`Self::restored`] tell where the playhead is at `step`.
    pub fn ending(&self, step: u64) -> Ending {
        match self.status() {
            _ if step < self.last_step() => Ending::Plain,
            RunStatus::Diverged { step } => Ending::Diverged { step },
            RunStatus::StoppedEarly { .. } => Ending::StoppedEarly {
                step: self.last_step(),
                train_loss: self.measurements().last().map_or(f64::NAN, |(_, m)| m.train_loss),
            },
            RunStatus::Running | RunStatus::Finished => Ending::Plain,
        }
    }

    /// The last keyframe at or before `step`.
    pub fn keyframe_before(&self, step: u64) -> Option<&Arc<Keyframe>> {
        let after = self.known.keyframes.partition_point(|k| k.walk.step <= step);
        self.known.keyframes.get(after.checked_sub(1)?)
    }

    /// The whole state at `step`, by exact replay from the keyframe before it.
    pub fn state_at(&self, plan: &RunPlan, step: u64) -> Option<Keyframe> {
        // A keyframe after the last finite row is no state of the run that is shown.
        let step = step.min(self.last_step());
        self.keyframe_before(step).map(|from| replay(plan, from, step))
    }
}

impl Trajectory {
    /// The step that starts at row `step`, written out for these coordinates. Empty where no step starts, and for a rule that does not
    /// explain itself.
    pub fn arithmetic_at(&self, plan: &RunPlan, step: u64, coordinates: &[usize]) -> Vec<Line> {
        if step >= plan.steps || step > self.last_step() {
            return Vec::new();
        }
        let state = self.state_at(plan, step);
        state.map_or_else(Vec::new, |Keyframe { walk, slot }| {
            explain(slot.as_ref(), &plan.fixed(), &walk, coordinates)
        })
    }
}

/// The state of a run at `step`, replayed from a keyframe at or before it.
pub fn replay(plan: &RunPlan, from: &Keyframe, step: u64) -> Keyframe {
    let mut state = from.clone();
    let steps = step.saturating_sub(state.walk.step);
    let mut rows = Trace::new(0);
    state.slot.advance(&plan.fixed(), &mut state.walk, steps, &mut rows);
    state
}
