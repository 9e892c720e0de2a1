//! What the rules of this folder show of their state over the landscape.

use crate::math::Rng;
use crate::objective::{Answer, Batch, Counts, Objective, Oracle, Scratch};
use crate::optim::{Optimizer, Overlay, StepCtx};

/// A plain without slope: a rule on it goes where memory alone takes it.
struct Plain(usize);

impl Objective for Plain {
    fn dim(&self) -> usize {
        self.0
    }

    fn value(&self, _x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        0.0
    }

    fn value_and_grad(&self, _x: &[f64], _batch: Batch<'_>, grad: &mut [f64], _scratch: &mut Scratch) -> f64 {
        grad.fill(0.0);
        0.0
    }

    fn hess_vec(&self, _x: &[f64], _v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        hv.fill(0.0);
    }

    fn sample_start(&self, _rng: &mut Rng, _x: &mut [f64]) {}
}

/// The displacement of the next step of a rule of `n` variables if its gradient were 0, at its own learning rate and momentum. It is
/// taken at x = 0, where weight decay has nothing to shrink.
pub(super) fn velocity<O: Optimizer>(rule: &O, state: &O::State, n: usize) -> Overlay {
    let (mut state, mut x, grad, plain) = (state.clone(), vec![0.0; n], vec![0.0; n], Plain(n));
    let (mut scratch, mut counts, mut answer) = (Scratch::default(), Counts::default(), Answer::default());
    let mut ctx = StepCtx {
        step: 0,
        lr_scale: 1.0,
        momentum: None,
        value: 0.0,
        grad: &grad,
        oracle: Oracle::new(&plain, Batch::Full, &mut scratch, &mut counts, &mut answer),
        seed: 0,
    };
    rule.step(&mut state, &mut x, &mut ctx);
    // 0/0 of a rule without ε that has seen no gradient yet: nothing moves.
    for moved in x.iter_mut().filter(|moved| moved.is_nan()) {
        *moved = 0.0;
    }
    Overlay::Velocity(x)
}

/// The root of what has been gathered of squares; `correction` divides it first: 0 before the first step, of which nothing is shown.
pub(super) fn squares(gathered: &[f64], correction: f64) -> Overlay {
    let root = |v: &f64| {
        if *v > 0.0 && correction > 0.0 {
            (v / correction).sqrt()
        } else {
            0.0
        }
    };
    Overlay::Squares(gathered.iter().map(root).collect())
}
