//! The one loop that steps. Animation, training, benches, the command line and the tests all go through it.

use super::schedules::{Memory, ScheduleConfig};
use super::trace::Rows;
use super::{Optimizer, Order, Overlay, Sheet, Stages, StepCtx, StepEvent, Trace};
use crate::math::{simd, vector};
use crate::objective::{
    Answer, Batch, BatchCursor, Batches, Counts, FIRST, Filter as _, HeavyBall, Objective, Oracle, Scratch, TwoVariables,
};

/// Steps whose rows are opened at once.
const BLOCK: u64 = 256;

/// What does not change while a run goes on.
#[derive(Clone, Copy)]
pub struct Fixed<'a> {
    pub objective: &'a dyn Objective,
    pub batches: &'a Batches,
    pub stages: &'a Stages,
    pub seed: u64,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunStatus {
    #[default]
    Running,
    /// The budget of steps is used up.
    Finished,
    /// The loss on held-out rows had not improved for as long as was allowed; it was lowest at this step.
    StoppedEarly { best: u64 },
    /// The gradient is no longer finite, or the value no longer a number, at the point reached after this many steps.
    Diverged { step: u64 },
}

/// Whether a step can be taken from a point with this value and gradient.
///
/// A value that overflows does not end a run: while the gradient is finite the rule can go on, and the point is still one that can be
/// shown. f(x) = x² overflows at half the exponent that x can have.
#[inline]
pub(super) fn can_go_on(value: f64, grad_norm: f64) -> bool {
    !value.is_nan() && grad_norm.is_finite()
}

/// What a schedule makes of a step.
pub(super) struct Scheduled {
    /// The learning rate, NaN where the rule has none.
    pub lr: f64,
    /// How much that is of the rule's own.
    pub lr_scale: f64,
    /// The momentum, where the schedule sets it.
    pub momentum: Option<f64>,
}

impl Scheduled {
    #[inline(always)]
    pub fn at(schedule: Option<&ScheduleConfig>, base: Option<f64>, step: u64, memory: &Memory) -> Self {
        match (schedule, base) {
            (Some(schedule), Some(base)) => Self::by(schedule, base, step, memory),
            _ => Self {
                lr: base.unwrap_or(f64::NAN),
                lr_scale: 1.0,
                momentum: None,
            },
        }
    }

    /// Out of the way of the loop, which mostly has no schedule.
    #[inline(never)]
    fn by(schedule: &ScheduleConfig, base: f64, step: u64, memory: &Memory) -> Self {
        let lr = schedule.lr(base, step, memory);
        Self {
            lr,
            // A rule told to stand still stands still.
            lr_scale: if base == 0.0 { 1.0 } else { lr / base },
            momentum: schedule.momentum(step),
        }
    }
}

/// Where a run is: everything that changes with a step but the rule's own state.
#[derive(Debug, Clone)]
pub struct Walk {
    /// Steps done.
    pub step: u64,
    pub x: Vec<f64>,
    pub counts: Counts,
    pub status: RunStatus,
    /// What the schedule remembers.
    memory: Memory,
    /// Sum of the values of this epoch so far: what the schedule is told at its end.
    epoch_sum: f64,
    /// The last gradient that the rule asked for.
    answer: Answer,
    grad: Vec<f64>,
    cursor: BatchCursor,
    scratch: Scratch,
}

impl Walk {
    pub fn new(x0: &[f64]) -> Self {
        Self {
            step: 0,
            x: x0.to_vec(),
            counts: Counts::default(),
            status: RunStatus::Running,
            memory: Memory::default(),
            epoch_sum: 0.0,
            answer: Answer::default(),
            grad: vec![0.0; x0.len()],
            cursor: BatchCursor::default(),
            scratch: Scratch::default(),
        }
    }

    /// Writes the row of the point where the run ended, for which no step follows, and marks the run as finished.
    pub fn finish(&mut self, fixed: &Fixed<'_>, trace: &mut Trace) {
        if self.status != RunStatus::Running {
            return;
        }
        let batch = self.cursor.batch(fixed.batches, self.step);
        let value = fixed
            .objective
            .value_and_grad(&self.x, batch, &mut self.grad, &mut self.scratch);
        let grad_norm = vector::norm(&self.grad);
        if can_go_on(value, grad_norm) {
            trace.open(1).write(0, &self.x, value, grad_norm, f64::NAN);
            self.status = RunStatus::Finished;
        } else {
            self.status = RunStatus::Diverged { step: self.step };
        }
    }
}

/// A rule that has been started: hyperparameters and state together, whatever their types. A clone is a checkpoint.
pub trait Slot: Send + Sync {
    /// Takes up to `steps` steps, writing a row for each. One dispatch for all of them: the loop inside is monomorphic.
    fn advance(&mut self, fixed: &Fixed<'_>, walk: &mut Walk, steps: u64, trace: &mut Trace);

    /// One step on behalf of a rule that wraps this one.
    fn step(&mut self, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent;

    /// The motion that all further steps are, if they are one, and its velocities.
    fn heavy_ball(&mut self) -> Option<(HeavyBall, &mut [f64])>;

    /// What the rule that takes the next step asks of a problem.
    fn order(&self) -> Order;

    /// The learning rate of the next step before any schedule, if the rule that takes it has one.
    fn lr(&self) -> Option<f64>;

    fn overlays(&self) -> Vec<Overlay>;

    /// What the rule, or the one inside it that takes the next step, has found out about the problem.
    fn remark(&self) -> Option<String>;

    /// Writes down the step about to be taken, for [`arithmetic::explain`](super::arithmetic::explain).
    fn arithmetic(&self, sheet: &mut Sheet<'_>);

    fn boxed_clone(&self) -> Box<dyn Slot>;

    /// Equal rule in equal state.
    fn equals(&self, other: &dyn Slot) -> bool;

    fn as_any(&self) -> &dyn std::any::Any;
}

impl Clone for Box<dyn Slot> {
    fn clone(&self) -> Self {
        self.boxed_clone()
    }
}

impl PartialEq for Box<dyn Slot> {
    fn eq(&self, other: &Self) -> bool {
        self.equals(other.as_ref())
    }
}

/// The only implementation of [`Slot`].
pub(super) struct Running<O: Optimizer> {
    pub rule: O,
    pub state: O::State,
}

/// What the loop does with points of N numbers; N = 0 means that their length is only known at run time.
///
/// Two numbers are copied before anyone is told where they are: so they stay in registers from one step to the next.
struct Points<const N: usize>;

impl<const N: usize> Points<N> {
    #[inline(always)]
    fn shown<R>(x: &[f64], to: impl FnOnce(&[f64]) -> R) -> R {
        match x {
            [a, b] if N == 2 => to(&[*a, *b]),
            _ => to(x),
        }
    }

    #[inline(always)]
    fn lent<R>(x: &mut [f64], to: impl FnOnce(&mut [f64]) -> R) -> R {
        match x {
            [a, b] if N == 2 => {
                let mut copy = [*a, *b];
                let result = to(&mut copy);
                [*a, *b] = copy;
                result
            }
            _ => to(x),
        }
    }

    /// f(x), and ∇f(x) written to `grad`; `two` answers faster, if it is there.
    #[inline(always)]
    fn ask(
        fixed: &Fixed<'_>,
        two: Option<&dyn TwoVariables>,
        batch: Batch<'_>,
        x: &[f64],
        grad: &mut [f64],
        scratch: &mut Scratch,
    ) -> f64 {
        match (x, two) {
            ([a, b], Some(two)) if N == 2 => {
                let mut value = 0.0;
                let slopes = two.value_and_slopes(*a, *b, &mut value);
                (grad[0], grad[1]) = slopes;
                value
            }
            _ => Self::shown(x, |x| {
                Self::lent(grad, |grad| fixed.objective.value_and_grad(x, batch, grad, scratch))
            }),
        }
    }
}

impl<O: Optimizer> Running<O> {
    /// One step, with wide instructions where the rule does the same to many coordinates.
    #[inline(always)]
    fn one(&mut self, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Self { rule, state } = self;
        if O::INFO.elementwise {
            simd::wide(
                x.len(),
                #[inline(always)]
                || rule.step(state, x, ctx),
            )
        } else {
            rule.step(state, x, ctx)
        }
    }

    /// The loop, block by block, so that the rows that are being written stay in the nearest cache.
    #[inline(always)]
    fn blocks<const N: usize, const PLAIN: bool>(
        &mut self,
        fixed: &Fixed<'_>,
        walk: &mut Walk,
        (x, grad): (&mut [f64], &mut [f64]),
        steps: u64,
        trace: &mut Trace,
    ) {
        let mut left = steps;
        while left > 0 && walk.status == RunStatus::Running {
            let (before, block) = (trace.len(), left.min(BLOCK));
            let written = self.run::<N, PLAIN>(fixed, walk, (x, grad), &mut trace.open(block as usize));
            trace.truncate(before + written);
            left -= block;
        }
    }

    /// A step for every row, and how many were taken. For points of N coordinates the compiler unrolls what a rule does to each; `PLAIN` is
    /// said of [`Stages`] that do nothing, and leaves a loop without calls in which everything stays in registers.
    #[inline(always)]
    fn run<const N: usize, const PLAIN: bool>(
        &mut self,
        fixed: &Fixed<'_>,
        walk: &mut Walk,
        (x, grad): (&mut [f64], &mut [f64]),
        rows: &mut Rows<'_>,
    ) -> usize {
        let staged = !PLAIN && !fixed.stages.leave_answers();
        let by = if PLAIN { None } else { fixed.stages.schedule.as_ref() };
        let per_epoch = fixed.batches.steps_per_epoch();
        let two = fixed.objective.two_variables();
        let Walk {
            step,
            counts,
            status,
            memory,
            epoch_sum,
            answer,
            cursor,
            scratch,
            ..
        } = walk;
        for k in 0..rows.len() {
            let batch = cursor.batch(fixed.batches, *step);
            let known = if answer.is_fresh() && batch == Batch::Full {
                Points::<N>::shown(x, |x| Points::<N>::lent(grad, |grad| answer.recall(x, grad)))
            } else {
                None
            };
            let value = match known {
                Some(value) => value,
                None => Points::<N>::ask(fixed, two, batch, x, grad, scratch),
            };
            let grad_norm = Points::<N>::shown(grad, vector::norm);
            if !can_go_on(value, grad_norm) {
                *status = RunStatus::Diverged { step: *step };
                return k;
            }
            // A rule around others may change from one to the next.
            let (base, order) = (self.lr(), self.order());
            let schedule = by.zip(base);
            // For a rule that only looks at values the gradient is the recorder's, not the rule's: it is not counted.
            // On all samples its own questions have told it the value where it stands, except at the start.
            if order == Order::Zeroth {
                counts.values += u64::from(*step == 0 || batch != Batch::Full);
            } else {
                counts.grads += u64::from(known.is_none());
            }
            let Scheduled { lr, lr_scale, momentum } = Scheduled::at(by, base, *step, memory);
            Points::<N>::shown(
                x,
                #[inline(always)]
                |x| rows.write(k, x, value, grad_norm, lr),
            );
            let stages = fixed.stages.at(fixed.seed, *step);
            let mut oracle = Oracle::new(fixed.objective, batch, scratch, counts, answer);
            let mut told = value;
            if staged {
                told = Points::<N>::shown(x, |x| {
                    Points::<N>::lent(grad, |grad| stages.grad(FIRST, x, grad));
                    stages.value(FIRST, x, value)
                });
                oracle = oracle.through(&stages);
            }
            let mut ctx = StepCtx {
                step: *step,
                lr_scale,
                momentum,
                value: told,
                grad,
                oracle,
                seed: fixed.seed,
            };
            rows.event[k] = self.one(x, &mut ctx);
            if let Some((schedule, base)) = schedule {
                *epoch_sum += value;
                if (*step + 1).is_multiple_of(per_epoch) {
                    schedule.observe(base, *step, *epoch_sum / per_epoch as f64, memory);
                    *epoch_sum = 0.0;
                }
            }
            *step += 1;
        }
        rows.len()
    }
}

impl<O: Optimizer> Slot for Running<O> {
    fn advance(&mut self, fixed: &Fixed<'_>, walk: &mut Walk, steps: u64, trace: &mut Trace) {
        if walk.status != RunStatus::Running {
            return;
        }
        if let ([a, b], [da, db]) = (&walk.x[..], &walk.grad[..]) {
            let (mut x, mut grad) = ([*a, *b], [*da, *db]);
            if fixed.stages.are_idle() {
                self.blocks::<2, true>(fixed, walk, (&mut x, &mut grad), steps, trace);
            } else {
                self.blocks::<2, false>(fixed, walk, (&mut x, &mut grad), steps, trace);
            }
            walk.x.copy_from_slice(&x);
            walk.grad.copy_from_slice(&grad);
        } else {
            let (mut x, mut grad) = (std::mem::take(&mut walk.x), std::mem::take(&mut walk.grad));
            self.blocks::<0, false>(fixed, walk, (&mut x, &mut grad), steps, trace);
            (walk.x, walk.grad) = (x, grad);
        }
    }

    fn step(&mut self, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        self.one(x, ctx)
    }

    fn heavy_ball(&mut self) -> Option<(HeavyBall, &mut [f64])> {
        self.rule.heavy_ball(&mut self.state)
    }

    #[inline(always)]
    fn order(&self) -> Order {
        let own = || self.rule.order();
        self.rule.active(&self.state).map_or_else(own, |inner| inner.order())
    }

    #[inline(always)]
    fn lr(&self) -> Option<f64> {
        let own = || self.rule.lr();
        self.rule.active(&self.state).map_or_else(own, |inner| inner.lr())
    }

    fn overlays(&self) -> Vec<Overlay> {
        self.rule.overlays(&self.state)
    }

    fn remark(&self) -> Option<String> {
        let inside = || self.rule.active(&self.state)?.remark();
        self.rule.remark(&self.state).or_else(inside)
    }

    fn arithmetic(&self, sheet: &mut Sheet<'_>) {
        sheet.parameters(&self.rule);
        self.rule.arithmetic(&self.state, sheet);
    }

    fn boxed_clone(&self) -> Box<dyn Slot> {
        Box::new(Self {
            rule: self.rule.clone(),
            state: self.state.clone(),
        })
    }

    fn equals(&self, other: &dyn Slot) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        other.is_some_and(|other| self.rule == other.rule && self.state == other.state)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}
