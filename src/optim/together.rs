//! Many runs of one rule at once, for maps of where each start leads: only their ends are kept.
//!
//! A rule that treats every coordinate alike steps all of them as one vector, through the same [`Slot::step`] as any run; every other
//! rule runs from one start after the other. Both give the bits of a run on its own.

use super::drive::{Scheduled, can_go_on};
use super::{Fixed, OptimizerConfig, Order, RunStatus, Slot, Stages, StepCtx, Trace, Walk};
use crate::math::vector;
use crate::objective::{Answer, Batch, Counts, HeavyBall, Oracle, Scratch};
use crate::optim::ScheduleMemory;

/// Rows that a run on its own may leave behind before they are thrown away.
const ROWS: u64 = 512;

/// Steps that are taken without a look at single runs.
const STRETCH: u64 = 4 * HeavyBall::SPAN;

/// Takes `steps` steps from every start. `points` holds all first coordinates, then all second ones and so on; it is moved to where
/// the runs end. `diverged` tells of each whether it did.
pub fn run_together(fixed: &Fixed<'_>, rule: &OptimizerConfig, steps: u64, points: &mut [f64], diverged: &mut [bool]) {
    if can_be_stacked(rule, fixed.stages) {
        Stack::new(fixed, rule, points, diverged).run(steps);
    } else {
        one_by_one(fixed, rule, steps, points, diverged);
    }
}

/// Whether many runs are one run over a longer vector.
fn can_be_stacked(rule: &OptimizerConfig, stages: &Stages) -> bool {
    let watched = stages.schedule.as_ref().is_some_and(|schedule| schedule.watches());
    rule.info().elementwise && rule.order() == Order::First && stages.leave_answers() && !watched
}

/// Runs as one vector.
struct Stack<'a> {
    fixed: &'a Fixed<'a>,
    slot: Box<dyn Slot>,
    points: &'a mut [f64],
    grads: Vec<f64>,
    diverged: &'a mut [bool],
    /// The starts: where runs that have ended wait, so that what they hold disturbs nobody.
    refuge: Vec<f64>,
    scratch: Scratch,
}

impl<'a> Stack<'a> {
    fn new(fixed: &'a Fixed<'a>, rule: &OptimizerConfig, points: &'a mut [f64], diverged: &'a mut [bool]) -> Self {
        diverged.fill(false);
        Self {
            fixed,
            slot: rule.start(points),
            grads: vec![0.0; points.len()],
            refuge: points.to_vec(),
            points,
            diverged,
            scratch: Scratch::default(),
        }
    }

    fn run(mut self, steps: u64) {
        let schedule = self.fixed.stages.schedule.as_ref();
        let memory = ScheduleMemory::default();
        let (mut counts, mut answer) = (Counts::default(), Answer::default());
        let mut some_ended = false;
        let mut step = 0;
        loop {
            // Only the first step may be another than those that follow.
            if step == 1 && schedule.is_none() && !some_ended {
                step = self.roll(step, steps);
            }
            let finite = self
                .fixed
                .objective
                .gradients(self.points, &mut self.grads, &mut self.scratch);
            if !finite {
                some_ended |= self.end_those_that_must();
            }
            if step == steps {
                return;
            }
            let Scheduled { lr_scale, momentum, .. } = Scheduled::at(schedule, self.slot.lr(), step, &memory);
            let oracle = Oracle::new(self.fixed.objective, Batch::Full, &mut self.scratch, &mut counts, &mut answer);
            let mut ctx = StepCtx {
                step,
                lr_scale,
                momentum,
                // No elementwise rule looks at it.
                value: f64::NAN,
                grad: &self.grads,
                oracle,
                seed: self.fixed.seed,
            };
            self.slot.step(self.points, &mut ctx);
            if some_ended {
                self.hold_the_ended();
            }
            step += 1;
        }
    }

    /// Takes steps in the problem's own loop, as long as all of them are one motion and nothing ends; up to which one.
    fn roll(&mut self, mut step: u64, steps: u64) -> u64 {
        let Some((ball, velocities)) = self.slot.heavy_ball() else {
            return step;
        };
        let mut before = (self.points.to_vec(), velocities.to_vec());
        while step < steps {
            let next = steps.min((step / STRETCH + 1) * STRETCH);
            if self.fixed.objective.roll(ball, step..next, self.points, velocities) != Some(true) {
                // Where one ends, it is looked at step by step.
                self.points.copy_from_slice(&before.0);
                velocities.copy_from_slice(&before.1);
                break;
            }
            step = next;
            before.0.copy_from_slice(self.points);
            before.1.copy_from_slice(velocities);
        }
        step
    }

    /// Looks at every run on its own; whether one has ended now.
    fn end_those_that_must(&mut self) -> bool {
        let n = self.diverged.len();
        let (mut x, mut grad) = (vec![0.0; self.points.len() / n], vec![0.0; self.points.len() / n]);
        let mut some = false;
        for k in 0..n {
            if self.diverged[k] {
                continue;
            }
            for (i, x) in x.iter_mut().enumerate() {
                *x = self.points[i * n + k];
            }
            let value = self
                .fixed
                .objective
                .value_and_grad(&x, Batch::Full, &mut grad, &mut self.scratch);
            self.diverged[k] = !can_go_on(value, vector::norm(&grad));
            some |= self.diverged[k];
        }
        some
    }

    fn hold_the_ended(&mut self) {
        let n = self.diverged.len();
        let coordinates = self.points.chunks_exact_mut(n).zip(self.refuge.chunks_exact(n));
        for (points, refuge) in coordinates {
            for ((x, refuge), ended) in points.iter_mut().zip(refuge).zip(&*self.diverged) {
                *x = if *ended { *refuge } else { *x };
            }
        }
    }
}

/// One run after the other.
fn one_by_one(fixed: &Fixed<'_>, rule: &OptimizerConfig, steps: u64, points: &mut [f64], diverged: &mut [bool]) {
    let n = diverged.len();
    let mut x = vec![0.0; points.len() / n.max(1)];
    let mut trace = Trace::new(0);
    for (k, diverged) in diverged.iter_mut().enumerate() {
        for (i, x) in x.iter_mut().enumerate() {
            *x = points[i * n + k];
        }
        let mut walk = Walk::new(&x);
        let mut slot = rule.start(&x);
        while walk.status == RunStatus::Running && walk.step < steps {
            trace.clear();
            let stretch = ROWS.min(steps - walk.step);
            slot.advance(fixed, &mut walk, stretch, &mut trace);
        }
        walk.finish(fixed, &mut trace);
        *diverged = walk.status != RunStatus::Finished;
        for (i, x) in walk.x.iter().enumerate() {
            points[i * n + k] = *x;
        }
    }
}
