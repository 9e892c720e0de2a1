//! What is done around a rule, the same for every rule. To a gradient between the problem and the rule: noise, then clipping by norm,
//! then clipping by value, then coupled weight decay (PyTorch's order). To the learning rate: a schedule.

use super::ScheduleConfig;
use crate::math::{Purpose, Rng, vector};

/// Stages around a rule. The default does nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stages {
    /// Standard deviation of Gaussian noise added to every coordinate of the gradient; 0 = none.
    pub noise: f64,
    /// Largest Euclidean norm of the gradient; a longer one is scaled down to it.
    pub clip_norm: Option<f64>,
    /// Largest absolute value of a coordinate.
    pub clip_value: Option<f64>,
    /// Coupled (L2) weight decay: w x is added to the gradient.
    pub weight_decay: f64,
    /// The learning rate over time; none = the rule's own throughout.
    pub schedule: Option<ScheduleConfig>,
}

impl Stages {
    /// Whether gradients pass through unchanged.
    pub fn leave_gradients(&self) -> bool {
        self.noise <= 0.0 && self.clip_norm.is_none() && self.clip_value.is_none() && self.weight_decay == 0.0
    }

    /// Applies all stages to the gradient at `x` for step number `step`.
    pub fn apply(&self, seed: u64, step: u64, x: &[f64], grad: &mut [f64]) {
        if self.noise > 0.0 {
            let mut rng = Rng::stream(seed, Purpose::GradientNoise, step);
            for g in grad.iter_mut() {
                *g += self.noise * rng.normal();
            }
        }
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
        if self.weight_decay != 0.0 {
            vector::axpy(self.weight_decay, x, grad);
        }
    }
}
