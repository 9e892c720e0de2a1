//! A motion that rules and problems know in common, so that a problem can work out a gradient and move by it in one pass over many points.

use crate::math::ops::renewed;

/// A heavy ball (Polyak 1964): v ← μ v + s g, x ← x + r v.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeavyBall {
    /// μ
    pub momentum: f64,
    /// s, the share of the gradient that enters.
    pub share: f64,
    /// r, negative on the way down.
    pub rate: f64,
}

impl HeavyBall {
    /// Where a coordinate goes, and its velocity there.
    #[inline(always)]
    pub fn roll(self, x: f64, v: f64, g: f64) -> (f64, f64) {
        let velocity = renewed(self.momentum * v, self.share * g);
        (x + self.rate * velocity, velocity)
    }
}
