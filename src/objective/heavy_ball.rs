//! A motion that rules and problems know in common, so that a problem can work out a gradient and move by it in one pass over many points.

use crate::math::ops::{mul_add, unless_faded};

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
    /// At every so many steps velocities are looked through for what has faded.
    pub const SPAN: u64 = 64;

    /// Where a coordinate goes, and its velocity there.
    #[inline(always)]
    pub fn roll(self, x: f64, v: f64, g: f64) -> (f64, f64) {
        self.roll_by(x, v, self.share * g)
    }

    /// [`Self::roll`] for a gradient of which the share has been taken.
    #[inline(always)]
    pub fn roll_by(self, x: f64, v: f64, news: f64) -> (f64, f64) {
        let velocity = mul_add(self.momentum, v, news);
        (mul_add(self.rate, velocity, x), velocity)
    }

    /// What is remembered of a velocity when step number `step` begins: all of it, but at the end of a span nothing of what has faded below
    /// the smallest normal number. Arithmetic with such numbers is a hundred times slower; to look at every step would take as long as
    /// the motion itself.
    #[inline(always)]
    pub fn remembered(step: u64, v: f64) -> f64 {
        if step.is_multiple_of(Self::SPAN) { unless_faded(v) } else { v }
    }

    /// Steps from `from` to `to`, cut where spans begin.
    pub fn spans(from: u64, to: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
        let next = move |start: &u64| Some((start / Self::SPAN + 1) * Self::SPAN).filter(|start| *start < to);
        let starts = std::iter::successors(Some(from), next);
        starts.map(move |start| start..((start / Self::SPAN + 1) * Self::SPAN).min(to))
    }
}
