//! Recorded formulas at work: one operation after the other over a block of points that stays in the nearest cache.

use super::op::Walk;
use super::program::{Body, Source, Step};
use crate::math::simd::{LANES, Simd, Task};

type Vector = [f64; LANES];

/// Results of one step at the points of a block.
pub struct Block;

impl Block {
    /// Long enough that choosing an operation costs little beside it.
    pub const LEN: usize = 512;
}

/// What is there before a block begins.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// One column after the other, `padded` numbers each.
    pub columns: &'a [f64],
    pub padded: usize,
    pub scalars: &'a [f64],
}

/// An operand for all points of a block. Small, for it is made for every operation of every block.
#[derive(Clone, Copy)]
enum Feed<'a> {
    Same(f64),
    Each(&'a [Vector]),
}

impl<'a> Env<'a> {
    /// Where an operand is, for the `n` points from `from` on. `slots` are those before and after the one that is written.
    #[inline(always)]
    fn feed(&self, source: Source, from: usize, n: usize, slots: Slots<'a>) -> Feed<'a> {
        match source {
            Source::Number(number) => Feed::Same(number),
            Source::Scalar(i) => Feed::Same(self.scalars[i]),
            Source::Column(i) => Feed::Each(self.columns[i * self.padded + from..][..n].as_chunks().0),
            Source::Slot(i) => Feed::Each(slots.get(i, n)),
        }
    }
}

/// The slots but one.
#[derive(Clone, Copy)]
struct Slots<'a> {
    before: &'a [f64],
    after: &'a [f64],
}

impl<'a> Slots<'a> {
    #[inline(always)]
    fn get(self, i: usize, n: usize) -> &'a [Vector] {
        let start = i * Block::LEN;
        let slot = match start.checked_sub(self.before.len() + Block::LEN) {
            Some(start) => &self.after[start..],
            None => &self.before[start..],
        };
        slot[..n].as_chunks().0
    }
}

/// The slots around number `i`, and itself.
#[inline(always)]
fn apart(slots: &mut [f64], i: usize) -> (Slots<'_>, &mut [f64]) {
    let (before, rest) = slots.split_at_mut(i * Block::LEN);
    let (own, after) = rest.split_at_mut(Block::LEN);
    (Slots { before, after }, own)
}

/// The operands of one operation and where its results go.
struct Operands<'a, S> {
    simd: S,
    feeds: [Feed<'a>; 3],
    to: &'a mut [Vector],
}

impl<S: Simd> Walk<S> for Operands<'_, S> {
    #[inline(always)]
    fn one(self, f: impl Fn(S::V) -> S::V) {
        let simd = self.simd;
        match self.feeds[0] {
            Feed::Same(a) => self.to.fill(simd.to_array(f(simd.splat(a)))),
            Feed::Each(a) => {
                for (to, a) in self.to.iter_mut().zip(a) {
                    simd.put(to, f(simd.get(a)));
                }
            }
        }
    }

    #[inline(always)]
    fn two(self, f: impl Fn(S::V, S::V) -> S::V) {
        let (simd, [a, b, _]) = (self.simd, self.feeds);
        match (a, b) {
            (Feed::Each(a), Feed::Each(b)) => {
                for (to, (a, b)) in self.to.iter_mut().zip(a.iter().zip(b)) {
                    simd.put(to, f(simd.get(a), simd.get(b)));
                }
            }
            (Feed::Each(a), Feed::Same(b)) => {
                let b = simd.splat(b);
                for (to, a) in self.to.iter_mut().zip(a) {
                    simd.put(to, f(simd.get(a), b));
                }
            }
            (Feed::Same(a), Feed::Each(b)) => {
                let a = simd.splat(a);
                for (to, b) in self.to.iter_mut().zip(b) {
                    simd.put(to, f(a, simd.get(b)));
                }
            }
            (Feed::Same(a), Feed::Same(b)) => self.to.fill(simd.to_array(f(simd.splat(a), simd.splat(b)))),
        }
    }

    #[inline(always)]
    fn three(self, f: impl Fn(S::V, S::V, S::V) -> S::V) {
        let (simd, [a, b, c]) = (self.simd, self.feeds);
        match (a, b, c) {
            // What is by far the most frequent is worth a loop of its own.
            (Feed::Each(a), Feed::Same(b), Feed::Each(c)) => {
                let b = simd.splat(b);
                for (to, (a, c)) in self.to.iter_mut().zip(a.iter().zip(c)) {
                    simd.put(to, f(simd.get(a), b, simd.get(c)));
                }
            }
            (Feed::Each(a), Feed::Each(b), Feed::Each(c)) => {
                for (to, (a, (b, c))) in self.to.iter_mut().zip(a.iter().zip(b.iter().zip(c))) {
                    simd.put(to, f(simd.get(a), simd.get(b), simd.get(c)));
                }
            }
            _ => {
                for (i, to) in self.to.iter_mut().enumerate() {
                    simd.put(to, f(a.at(simd, i), b.at(simd, i), c.at(simd, i)));
                }
            }
        }
    }
}

impl Feed<'_> {
    /// Vector number `i`.
    #[inline(always)]
    fn at<S: Simd>(self, simd: S, i: usize) -> S::V {
        match self {
            Self::Same(same) => simd.splat(same),
            Self::Each(each) => simd.get(&each[i]),
        }
    }
}

/// One step for the `to.len()` points from `from` on.
#[inline(always)]
fn step<S: Simd>(simd: S, step: &Step, env: &Env<'_>, from: usize, slots: Slots<'_>, to: &mut [f64]) {
    let n = to.len();
    let [a, b, c] = step.args;
    let feeds = [
        env.feed(a, from, n, slots),
        env.feed(b, from, n, slots),
        env.feed(c, from, n, slots),
    ];
    let (to, _) = to.as_chunks_mut();
    step.code.wide(simd, Operands { simd, feeds, to });
}

/// All steps of a block of `n` points; the last one's results go to `last`, if that is given, instead of into a slot.
#[inline(always)]
fn block<S: Simd>(simd: S, body: &Body, env: &Env<'_>, from: usize, n: usize, slots: &mut [f64], last: Option<&mut [f64]>) {
    let Some((final_step, steps)) = body.steps.split_last() else {
        return;
    };
    for s in steps {
        let (around, own) = apart(slots, s.to);
        step(simd, s, env, from, around, &mut own[..n]);
    }
    let (around, own) = apart(slots, final_step.to);
    step(simd, final_step, env, from, around, last.unwrap_or(&mut own[..n]));
}

/// Writes an output that is not needed for anything else.
#[inline(always)]
fn hand_out(source: Source, env: &Env<'_>, from: usize, slots: &[f64], to: &mut [f64]) {
    let n = to.len();
    match source {
        Source::Number(number) => to.fill(number),
        Source::Scalar(i) => to.fill(env.scalars[i]),
        Source::Column(i) => to.copy_from_slice(&env.columns[i * env.padded + from..][..n]),
        Source::Slot(i) => to.copy_from_slice(&slots[i * Block::LEN..][..n]),
    }
}

/// Columns from columns before them.
pub struct Fill<'a> {
    pub steps: &'a [Step],
    pub columns: &'a mut [f64],
    pub padded: usize,
}

impl Task for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        for s in self.steps {
            let (before, own) = self.columns.split_at_mut(s.to * self.padded);
            let env = Env {
                columns: before,
                padded: self.padded,
                scalars: &[],
            };
            let none = Slots { before: &[], after: &[] };
            step(simd, s, &env, 0, none, &mut own[..self.padded]);
        }
    }
}

/// One row of a plane.
pub struct PlayRow<'a> {
    pub body: &'a Body,
    pub output: Source,
    pub env: Env<'a>,
    pub slots: &'a mut [f64],
    pub values: &'a mut [f64],
}

impl Task for PlayRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self {
            body,
            output,
            env,
            slots,
            values,
        } = self;
        // What the formula gives is what its last step gives, unless that depends on one variable only.
        let is_last = matches!(output, Source::Slot(_));
        for (i, values) in values.chunks_mut(Block::LEN).enumerate() {
            let (from, n) = (i * Block::LEN, values.len().next_multiple_of(LANES));
            if is_last && n == values.len() {
                block(simd, body, &env, from, n, slots, Some(values));
            } else {
                block(simd, body, &env, from, n, slots, None);
                hand_out(output, &env, from, slots, values);
            }
        }
    }
}

/// Several formulas at a list of points.
pub struct PlayPoints<'a, const N: usize> {
    pub body: &'a Body,
    pub outputs: [Source; N],
    pub env: Env<'a>,
    pub slots: &'a mut [f64],
    pub to: [&'a mut [f64]; N],
}

impl<const N: usize> Task for PlayPoints<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let points = self.env.padded;
        for from in (0..points).step_by(Block::LEN) {
            let n = (points - from).min(Block::LEN);
            block(simd, self.body, &self.env, from, n, self.slots, None);
            for (output, to) in self.outputs.iter().zip(&mut self.to) {
                hand_out(*output, &self.env, from, self.slots, &mut to[from..from + n]);
            }
        }
    }
}
