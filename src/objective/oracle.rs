//! The only way in which an optimizer sees a problem. It answers questions, and counts them.

use serde::{Deserialize, Serialize};

use super::{Batch, Bounds, Objective, Scratch};
use crate::math::Rng;

/// How many questions were asked: what an honest comparison of cost is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Values asked for on their own.
    pub values: u64,
    /// Gradients (the value comes with them).
    pub grads: u64,
    /// Hessian-vector products.
    pub hess_vecs: u64,
}

/// A problem on one batch, as an optimizer sees it.
pub struct Oracle<'a> {
    objective: &'a dyn Objective,
    batch: Batch<'a>,
    scratch: &'a mut Scratch,
    counts: &'a mut Counts,
}

impl<'a> Oracle<'a> {
    pub fn new(objective: &'a dyn Objective, batch: Batch<'a>, scratch: &'a mut Scratch, counts: &'a mut Counts) -> Self {
        Self {
            objective,
            batch,
            scratch,
            counts,
        }
    }

    /// f(x).
    pub fn value(&mut self, x: &[f64]) -> f64 {
        self.counts.values += 1;
        self.objective.value(x, self.batch, self.scratch)
    }

    /// f(x), and ∇f(x) written to `grad`.
    pub fn value_and_grad(&mut self, x: &[f64], grad: &mut [f64]) -> f64 {
        self.counts.grads += 1;
        self.objective.value_and_grad(x, self.batch, grad, self.scratch)
    }

    /// ∇²f(x) v written to `hv`.
    pub fn hess_vec(&mut self, x: &[f64], v: &[f64], hv: &mut [f64]) {
        self.counts.hess_vecs += 1;
        self.objective.hess_vec(x, v, self.batch, hv, self.scratch);
    }

    /// Draws a point to start from.
    pub fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        self.objective.sample_start(rng, x);
    }

    /// The box in which the function is usually studied.
    pub fn domain(&self) -> Option<&Bounds> {
        self.objective.domain()
    }
}
