//! The only way in which an optimizer sees a problem. It answers questions, and counts them.

use serde::{Deserialize, Serialize};

use super::{Batch, Bounds, LinearEquations, MatrixSpan, Objective, Scratch};
use crate::math::Rng;

/// How many questions were asked: what an honest comparison of cost is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Values asked for on their own.
    pub values: u64,
    /// Gradients (the value comes with them).
    pub grads: u64,
    /// Products of a vector with the Hessian or the Gauss-Newton matrix.
    pub hess_vecs: u64,
}

/// The last gradient that a rule asked for. A line search ends where it has just asked, so the next step need not ask again.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    x: Vec<f64>,
    grad: Vec<f64>,
    value: f64,
    fresh: bool,
}

impl Answer {
    /// Whether there is an answer that was not given yet.
    #[inline]
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// f(x), and ∇f(x) written to `grad`, if that is what was asked for last. An answer is given once.
    #[inline]
    pub fn recall(&mut self, x: &[f64], grad: &mut [f64]) -> Option<f64> {
        if !std::mem::take(&mut self.fresh) || self.x != x {
            return None;
        }
        grad.copy_from_slice(&self.grad);
        Some(self.value)
    }

    fn keep(&mut self, x: &[f64], grad: &[f64], value: f64) {
        self.x.clear();
        self.x.extend_from_slice(x);
        self.grad.clear();
        self.grad.extend_from_slice(grad);
        self.value = value;
        self.fresh = true;
    }
}

/// Number of a question within its step.
pub type Question = u64;

/// The question that the loop asks, where the step starts.
pub const FIRST: Question = 0;

/// What stands between a problem and whoever asks: it turns exact answers into those that are given.
pub trait Filter {
    /// What is told of f(x).
    fn value(&self, question: Question, x: &[f64], value: f64) -> f64;
    /// What is told of ∇f(x), in place.
    fn grad(&self, question: Question, x: &[f64], grad: &mut [f64]);
    /// What is told of a Hessian times `v`, in place.
    fn hess_vec(&self, v: &[f64], hv: &mut [f64]);
}

/// A filter, and how many questions had been asked before the step.
#[derive(Clone, Copy)]
struct Filtered<'a> {
    filter: &'a dyn Filter,
    before: u64,
}

/// A problem on one batch, as an optimizer sees it.
pub struct Oracle<'a> {
    objective: &'a dyn Objective,
    filtered: Option<Filtered<'a>>,
    batch: Batch<'a>,
    scratch: &'a mut Scratch,
    counts: &'a mut Counts,
    answer: &'a mut Answer,
}

impl<'a> Oracle<'a> {
    pub fn new(
        objective: &'a dyn Objective,
        batch: Batch<'a>,
        scratch: &'a mut Scratch,
        counts: &'a mut Counts,
        answer: &'a mut Answer,
    ) -> Self {
        Self {
            objective,
            filtered: None,
            batch,
            scratch,
            counts,
            answer,
        }
    }

    /// The same, with answers that go through `filter`. Questions are numbered from here.
    pub fn through(mut self, filter: &'a dyn Filter) -> Self {
        let before = self.counts.values + self.counts.grads;
        self.filtered = Some(Filtered { filter, before });
        self
    }

    fn question(&self, filtered: Filtered<'_>) -> Question {
        self.counts.values + self.counts.grads - filtered.before
    }

    /// The same oracle for a rule inside the one that asks.
    pub fn reborrow(&mut self) -> Oracle<'_> {
        Oracle {
            objective: self.objective,
            filtered: self.filtered,
            batch: self.batch,
            scratch: self.scratch,
            counts: self.counts,
            answer: self.answer,
        }
    }

    /// f(x).
    pub fn value(&mut self, x: &[f64]) -> f64 {
        self.counts.values += 1;
        let value = self.objective.value(x, self.batch, self.scratch);
        match self.filtered {
            None => value,
            Some(filtered) => filtered.filter.value(self.question(filtered), x, value),
        }
    }

    /// f(x), and ∇f(x) written to `grad`.
    pub fn value_and_grad(&mut self, x: &[f64], grad: &mut [f64]) -> f64 {
        self.counts.grads += 1;
        let value = self.objective.value_and_grad(x, self.batch, grad, self.scratch);
        // What is kept is the exact answer: the next step filters it anew.
        self.answer.keep(x, grad, value);
        match self.filtered {
            None => value,
            Some(filtered) => {
                let question = self.question(filtered);
                filtered.filter.grad(question, x, grad);
                filtered.filter.value(question, x, value)
            }
        }
    }

    /// ∇²f(x) v written to `hv`.
    pub fn hess_vec(&mut self, x: &[f64], v: &[f64], hv: &mut [f64]) {
        self.counts.hess_vecs += 1;
        self.objective.hess_vec(x, v, self.batch, hv, self.scratch);
        if let Some(filtered) = self.filtered {
            filtered.filter.hess_vec(v, hv);
        }
    }

    /// The Gauss-Newton matrix times v, written to `gv`; where f is no sum of squares, its Hessian times v.
    pub fn gauss_newton_vec(&mut self, x: &[f64], v: &[f64], gv: &mut [f64]) {
        let Some(squares) = self.objective.least_squares() else {
            return self.hess_vec(x, v, gv);
        };
        self.counts.hess_vecs += 1;
        squares.gauss_newton_vec(x, v, self.batch, gv, self.scratch);
        if let Some(filtered) = self.filtered {
            filtered.filter.hess_vec(v, gv);
        }
    }

    /// The linear equations whose squared misfits f is, if it is; asking for them counts as a product a variable, which they are worth.
    pub fn linear_equations(&mut self) -> Option<&'a dyn LinearEquations> {
        let linear = self.objective.least_squares()?.linear()?;
        self.counts.hess_vecs += self.objective.dim() as u64;
        Some(linear)
    }

    /// w, where the rule is to minimise f + w/2 |x|².
    pub fn decay(&self) -> f64 {
        let mut added = [0.0];
        if let Some(filtered) = self.filtered {
            // Nothing else stands between a rule and a second derivative.
            filtered.filter.hess_vec(&[1.0], &mut added);
        }
        added[0]
    }

    /// Draws a point to start from.
    pub fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        self.objective.sample_start(rng, x);
    }

    /// The box in which the function is usually studied.
    pub fn domain(&self) -> Option<&Bounds> {
        self.objective.domain()
    }

    /// Which variables are the entries of matrices.
    pub fn layout(&self) -> &'a [MatrixSpan] {
        self.objective.layout()
    }
}
