//! Running means of gradients and of their squares.

use super::bias::Bias;
use super::shown;
use crate::math::ops::renewed;
use crate::optim::{Overlay, Sheet};

/// First and second moments of Adam and its relatives, with their bias corrections.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    pub(super) m: Vec<f64>,
    pub(super) v: Vec<f64>,
    /// Largest v so far; empty without AMSGrad.
    pub(super) v_max: Vec<f64>,
    pub(super) bias1: Bias,
    pub(super) bias2: Bias,
}

impl Moments {
    pub(super) fn new(n: usize) -> Self {
        Self {
            m: vec![0.0; n],
            v: vec![0.0; n],
            v_max: Vec::new(),
            bias1: Bias::default(),
            bias2: Bias::default(),
        }
    }

    pub(super) fn with_largest(n: usize) -> Self {
        Self {
            v_max: vec![0.0; n],
            ..Self::new(n)
        }
    }

    /// The root of the mean of squares, corrected for its start at 0.
    pub(super) fn squares(&self) -> Overlay {
        let largest_or_newest = if self.v_max.is_empty() { &self.v } else { &self.v_max };
        shown::squares(largest_or_newest, self.bias2.now())
    }

    /// Letters for the moments, the second under the given name, and for the powers of the next step.
    pub(super) fn letters(&self, second: &'static str, beta1: f64, beta2: f64, sheet: &mut Sheet<'_>) {
        sheet.each("m", &self.m).each(second, &self.v);
        let (set, beta1) = (sheet.momentum().is_some(), sheet.momentum().unwrap_or(beta1));
        sheet.same("β₁ᵗ", self.bias1.power_ahead(beta1, set));
        sheet.same("β₂ᵗ", self.bias2.power_ahead(beta2, false));
    }
}

impl Moments {
    /// First and second moments.
    pub(in crate::optim) fn both(&self) -> [&[f64]; 2] {
        [&self.m, &self.v]
    }

    /// β₁ᵗ and β₂ᵗ of the next step.
    pub(in crate::optim) fn powers_ahead(&self, beta1: f64, beta2: f64) -> [f64; 2] {
        [self.bias1.power_ahead(beta1, false), self.bias2.power_ahead(beta2, false)]
    }
}

/// m ← β m + (1 − β) g
#[inline(always)]
pub(super) fn mean(m: f64, g: f64, beta: f64) -> f64 {
    renewed(beta * m, (1.0 - beta) * g)
}

/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²; gives both.
#[inline(always)]
pub(super) fn remember(m: &mut f64, v: &mut f64, g: f64, beta1: f64, beta2: f64) -> (f64, f64) {
    *m = mean(*m, g, beta1);
    *v = mean(*v, g * g, beta2);
    (*m, *v)
}
