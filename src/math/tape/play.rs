//! Recorded formulas at work: one operation after the other over a block of points that stays in the nearest cache.

use super::op::Walk;
use super::program::{Body, Source, Step};
use crate::math::simd::{LANES, Path, Simd, Task};

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
        // What is the same everywhere stays in a register.
        let splat = |number| simd.splat(number);
        match (a, b, c) {
            (Feed::Each(a), Feed::Each(b), Feed::Each(c)) => {
                for (to, (a, (b, c))) in self.to.iter_mut().zip(a.iter().zip(b.iter().zip(c))) {
                    simd.put(to, f(simd.get(a), simd.get(b), simd.get(c)));
                }
            }
            (Feed::Each(a), Feed::Each(b), Feed::Same(c)) => {
                let c = splat(c);
                for (to, (a, b)) in self.to.iter_mut().zip(a.iter().zip(b)) {
                    simd.put(to, f(simd.get(a), simd.get(b), c));
                }
            }
            (Feed::Each(a), Feed::Same(b), Feed::Each(c)) => {
                let b = splat(b);
                for (to, (a, c)) in self.to.iter_mut().zip(a.iter().zip(c)) {
                    simd.put(to, f(simd.get(a), b, simd.get(c)));
                }
            }
            (Feed::Same(a), Feed::Each(b), Feed::Each(c)) => {
                let a = splat(a);
                for (to, (b, c)) in self.to.iter_mut().zip(b.iter().zip(c)) {
                    simd.put(to, f(a, simd.get(b), simd.get(c)));
                }
            }
            (Feed::Each(a), Feed::Same(b), Feed::Same(c)) => {
                let (b, c) = (splat(b), splat(c));
                for (to, a) in self.to.iter_mut().zip(a) {
                    simd.put(to, f(simd.get(a), b, c));
                }
            }
            (Feed::Same(a), Feed::Each(b), Feed::Same(c)) => {
                let (a, c) = (splat(a), splat(c));
                for (to, b) in self.to.iter_mut().zip(b) {
                    simd.put(to, f(a, simd.get(b), c));
                }
            }
            (Feed::Same(a), Feed::Same(b), Feed::Each(c)) => {
                let (a, b) = (splat(a), splat(b));
                for (to, c) in self.to.iter_mut().zip(c) {
                    simd.put(to, f(a, b, simd.get(c)));
                }
            }
            (Feed::Same(a), Feed::Same(b), Feed::Same(c)) => {
                self.to.fill(simd.to_array(f(splat(a), splat(b), splat(c))));
            }
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

/// Some steps, one after the other, for `n` points; the last one's results go to `last`, if that is given, instead of into a slot.
///
/// The one door to the operations: they are many loops, and every [`Task`] around them would be compiled with loops of its own.
struct Steps<'a> {
    steps: &'a [Step],
    env: Env<'a>,
    from: usize,
    n: usize,
    slots: &'a mut [f64],
    last: Option<&'a mut [f64]>,
}

impl Task for Steps<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self {
            steps,
            env,
            from,
            n,
            slots,
            mut last,
        } = self;
        for (i, s) in steps.iter().enumerate() {
            match last.take_if(|_| i + 1 == steps.len()) {
                Some(last) => {
                    let all = Slots {
                        before: slots,
                        after: &[],
                    };
                    step(simd, s, &env, from, all, last);
                }
                None => {
                    let (around, own) = apart(slots, s.to);
                    step(simd, s, &env, from, around, &mut own[..n]);
                }
            }
        }
    }
}

/// Writes an output that is not needed for anything else.
fn hand_out(source: Source, env: &Env<'_>, from: usize, slots: &[f64], to: &mut [f64]) {
    let n = to.len();
    match source {
        Source::Number(number) => to.fill(number),
        Source::Scalar(i) => to.fill(env.scalars[i]),
        Source::Column(i) => to.copy_from_slice(&env.columns[i * env.padded + from..][..n]),
        Source::Slot(i) => to.copy_from_slice(&slots[i * Block::LEN..][..n]),
    }
}

/// Columns from columns before them, `padded` numbers each.
pub fn fill_columns(steps: &[Step], columns: &mut [f64], padded: usize) {
    let path = Path::detect();
    for s in steps {
        let (before, own) = columns.split_at_mut(s.to * padded);
        path.run(Steps {
            steps: std::slice::from_ref(s),
            env: Env {
                columns: before,
                padded,
                scalars: &[],
            },
            from: 0,
            n: padded,
            slots: &mut [],
            last: Some(&mut own[..padded]),
        });
    }
}

/// One row of a plane.
pub fn play_row(body: &Body, output: Source, env: Env<'_>, slots: &mut [f64], values: &mut [f64]) {
    let (path, steps) = (Path::detect(), &body.steps[..]);
    // What the formula gives is what its last step gives, unless that depends on one variable only.
    let is_last = matches!(output, Source::Slot(_));
    for (i, values) in values.chunks_mut(Block::LEN).enumerate() {
        let (from, n) = (i * Block::LEN, values.len().next_multiple_of(LANES));
        let whole = is_last && n == values.len();
        path.run(Steps {
            steps,
            env,
            from,
            n,
            slots: &mut *slots,
            last: whole.then_some(&mut *values),
        });
        if !whole {
            hand_out(output, &env, from, slots, values);
        }
    }
}

/// Several formulas at a list of points.
pub fn play_points<const N: usize>(body: &Body, outputs: [Source; N], env: Env<'_>, slots: &mut [f64], mut to: [&mut [f64]; N]) {
    let (path, steps) = (Path::detect(), &body.steps[..]);
    for from in (0..env.padded).step_by(Block::LEN) {
        let n = (env.padded - from).min(Block::LEN);
        path.run(Steps {
            steps,
            env,
            from,
            n,
            slots,
            last: None,
        });
        for (output, to) in outputs.iter().zip(&mut to) {
            hand_out(*output, &env, from, slots, &mut to[from..from + n]);
        }
    }
}
