//! What a rule shows of its state over the landscape, in the coordinates of the problem.

use super::{StepEvent, Surrogate};

/// One thing to draw. The gradient at the point and the step that follows belong to every rule and are drawn without being asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// The next displacement as far as memory determines it (momentum), from the current point.
    Velocity(Vec<f64>),
    /// What has been gathered of squared gradients, as lengths: the root of the sum or mean, a number a coordinate, in units of the
    /// gradient. Drawn as a box around the point that grows with it.
    Squares(Vec<f64>),
    /// A point that follows behind: the averaged iterate, the slow weights.
    Average(Vec<f64>),
    /// The point at which the gradient was asked for, where that is not the point itself (SAM's ascent).
    Probe(Vec<f64>),
    /// The corners of a simplex.
    Simplex(Vec<Vec<f64>>),
    /// Several points at once.
    Population(Vec<Vec<f64>>),
    /// The latest proposals, oldest first, with what became of each.
    Proposals(Vec<(Vec<f64>, StepEvent)>),
    /// A normal distribution: its mean, and vectors from there to the one-sigma surface along its principal axes.
    Ellipse { centre: Vec<f64>, axes: Vec<Vec<f64>> },
    /// The trust region: no step goes further from the current point than this.
    TrustRadius(f64),
    /// What is believed about the function everywhere: mean and standard deviation at any point, and the points observed.
    Surrogate(Surrogate),
    /// The best point so far.
    Best { x: Vec<f64>, value: f64 },
}

impl Overlay {
    /// The value of the best point so far, if this is one.
    pub fn best(&self) -> Option<f64> {
        match self {
            Self::Best { value, .. } => Some(*value),
            _ => None,
        }
    }
}
