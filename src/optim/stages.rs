//! What is done around a rule, the same for every rule. To whatever it is told of the problem, between the problem and the rule: noise, then
//! clipping by norm, then clipping by value, then coupled weight decay (PyTorch's order). To the learning rate: a schedule.

use super::{Noise, ScheduleConfig};
use crate::math::vector;
use crate::objective::{Filter, Question};

/// Stages around a rule. The default does nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stages {
    /// Noise on every value and gradient that the rule is told.
    pub noise: Noise,
    /// Largest Euclidean norm of a gradient; a longer one is scaled down to it.
    pub clip_norm: Option<f64>,
    /// Largest absolute value of a coordinate.
    pub clip_value: Option<f64>,
    /// Coupled (L2) weight decay: the rule minimises f + w/2 |x|², so w x is added to gradients, and to values and Hessian-vector products
    /// what belongs to it.
    pub weight_decay: f64,
    /// The learning rate over time; none = the rule's own throughout.
    pub schedule: Option<ScheduleConfig>,
}

impl Stages {
    /// Whether a rule is told exactly what the problem answers.
    pub fn leave_answers(&self) -> bool {
        self.noise.value <= 0.0 && self.leave_gradients()
    }

    /// Whether they do nothing at all.
    pub(super) fn are_idle(&self) -> bool {
        self.leave_answers() && self.schedule.is_none()
    }

    /// The same of gradients.
    pub fn leave_gradients(&self) -> bool {
        self.noise.gradient <= 0.0 && self.clip_norm.is_none() && self.clip_value.is_none() && self.weight_decay == 0.0
    }

    /// What a rule is told in a step.
    pub(super) fn at(&self, seed: u64, step: u64) -> AtStep<'_> {
        AtStep {
            stages: self,
            seed,
            step,
        }
    }

    fn clip(&self, grad: &mut [f64]) {
        if let Some(limit) = self.clip_norm {
            let norm = vector::norm(grad);
            if norm > limit {
                // PyTorch's clip_grad_norm_ divides by norm + 1e-6.
                vector::scale(limit / (norm + 1e-6), grad);
            }
        }
        if let Some(limit) = self.clip_value {
            for g in grad.iter_mut() {
                *g = g.clamp(-limit.abs(), limit.abs());
            }
        }
    }
}

/// The stages of one step.
pub(super) struct AtStep<'a> {
    stages: &'a Stages,
    seed: u64,
    step: u64,
}

impl Filter for AtStep<'_> {
    fn value(&self, question: Question, x: &[f64], value: f64) -> f64 {
        let decay = self.stages.weight_decay;
        let noisy = value + self.stages.noise.on_value(self.seed, self.step, question);
        if decay == 0.0 {
            return noisy;
        }
        noisy + 0.5 * decay * vector::dot(x, x)
    }

    fn grad(&self, question: Question, x: &[f64], grad: &mut [f64]) {
        self.stages.noise.on_gradient(self.seed, self.step, question, grad);
        self.stages.clip(grad);
        if self.stages.weight_decay != 0.0 {
            vector::axpy(self.stages.weight_decay, x, grad);
        }
    }

    fn hess_vec(&self, v: &[f64], hv: &mut [f64]) {
        if self.stages.weight_decay != 0.0 {
            vector::axpy(self.stages.weight_decay, v, hv);
        }
    }
}
