//! What a problem has to offer, for rules that need something particular.

use super::{Batches, Objective};

/// What a problem offers beyond values, gradients and Hessian-vector products, which every problem has. A rule that cannot do without
/// something says so before any run starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Number of variables.
    pub dim: usize,
    /// There is a box in which the function is usually studied.
    pub domain: bool,
    /// Some variables are the entries of matrices: the weights of a model.
    pub matrices: bool,
    /// It is a sum of squares.
    pub least_squares: bool,
    /// It is a sum of squared misfits of so many linear equations.
    pub equations: Option<usize>,
    /// A step sees only some of the samples: values of different steps are not comparable.
    pub minibatches: bool,
}

impl Offer {
    pub fn of(objective: &dyn Objective, batches: &Batches) -> Self {
        Self {
            dim: objective.dim(),
            domain: objective.domain().is_some(),
            matrices: !objective.layout().is_empty(),
            least_squares: objective.least_squares().is_some(),
            equations: objective
                .least_squares()
                .and_then(|squares| squares.linear())
                .map(|linear| linear.count()),
            minibatches: *batches != Batches::Full,
        }
    }

    /// The refusal of a rule that `keeps` something whose size is limited to `most` variables, if there are more.
    pub fn beyond(&self, most: usize, keeps: &str) -> Option<String> {
        (self.dim > most).then(|| format!("{keeps}, which is possible up to {most} of them; here are {}", self.dim))
    }
}

/// A matrix among the variables of a problem, row after row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatrixSpan {
    /// The variable that is its first entry.
    pub start: usize,
    /// For a layer of a model its outputs.
    pub rows: usize,
    /// For a layer of a model its inputs.
    pub columns: usize,
}

impl MatrixSpan {
    /// Its variables.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.start + self.rows * self.columns
    }
}
