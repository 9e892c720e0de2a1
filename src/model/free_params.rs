//! Which parameters of a model move in training, and which are frozen.

use std::ops::Range;
use std::sync::Arc;

use super::{Architecture, ModelError};
use crate::math::vector;

/// The parameters that are trained, as a vector of their own, while the others stay where they start.
#[derive(Debug, Clone, PartialEq)]
pub struct FreeParams {
    /// All parameters at the start.
    start: Arc<[f64]>,
    /// Where the free tensors lie among all, in order.
    spans: Vec<Range<usize>>,
}

impl FreeParams {
    /// What is left when these are frozen: layers (`layers.0`) or single tensors (`layers.0.bias`), named as in a file of weights.
    ///
    /// # Errors
    /// There is no such layer, or nothing is left.
    pub fn new(architecture: &Architecture, frozen: &[String], start: Arc<[f64]>) -> Result<Self, ModelError> {
        let layout = architecture.layout();
        let is_of = |tensor: &str, name: &String| {
            let rest = tensor.strip_prefix(name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) && name != "layers"
        };
        if let Some(name) = frozen
            .iter()
            .find(|name| !layout.iter().any(|tensor| is_of(&tensor.name, name)))
        {
            let layers = (0..layout.len() / 2).map(|i| format!("layers.{i}"));
            return Err(ModelError::NoSuchLayer {
                name: name.clone(),
                layers: layers.collect::<Vec<_>>().join(", "),
            });
        }
        let free = |name: &str| !frozen.iter().any(|frozen| is_of(name, frozen));
        let spans: Vec<_> = layout
            .into_iter()
            .filter(|tensor| free(&tensor.name))
            .map(|tensor| tensor.range)
            .collect();
        if spans.is_empty() {
            return Err(ModelError::AllFrozen);
        }
        Ok(Self { start, spans })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.spans.iter().map(Range::len).sum()
    }

    /// The number of all parameters.
    pub fn of(&self) -> usize {
        self.start.len()
    }

    /// Where the free ones lie among all.
    pub fn spans(&self) -> &[Range<usize>] {
        &self.spans
    }

    /// Takes the free ones out of all.
    pub fn gather(&self, all: &[f64], free: &mut [f64]) {
        let mut rest = free;
        for span in &self.spans {
            let (to, after) = rest.split_at_mut(span.len());
            to.copy_from_slice(&all[span.clone()]);
            rest = after;
        }
    }

    /// Puts the free ones among all.
    pub fn scatter(&self, free: &[f64], all: &mut [f64]) {
        let mut rest = free;
        for span in &self.spans {
            let (from, after) = rest.split_at(span.len());
            all[span.clone()].copy_from_slice(from);
            rest = after;
        }
    }

    /// All parameters, given the free ones: written to `all`.
    pub fn complete(&self, free: &[f64], all: &mut [f64]) {
        all.copy_from_slice(&self.start);
        self.scatter(free, all);
    }

    /// Σ aᵢ xᵢ over the frozen ones.
    pub(super) fn frozen_part(&self, a: &[f64]) -> f64 {
        let mut frozen = self.start.to_vec();
        self.spans.iter().for_each(|span| frozen[span.clone()].fill(0.0));
        vector::dot(a, &frozen)
    }

    /// A displacement of the free ones as one of all, written to `all`: the frozen ones stay.
    pub fn displace(&self, free: &[f64], all: &mut [f64]) {
        all.fill(0.0);
        self.scatter(free, all);
    }
}
