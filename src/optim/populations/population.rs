//! Many points and their values: what differential evolution, swarms and genetic algorithms share.

use crate::math::Rng;
use crate::objective::{Offer, Oracle};
use crate::optim::{Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec};

/// The most members: a checkpoint holds them all.
const MOST_MEMBERS: u64 = 10_000;

/// The most variables: a population is a matrix of points, and every checkpoint holds one.
const MOST_VARIABLES: usize = 2000;

/// The number of members for what was asked for, `least` or more.
pub(super) fn members(asked: u64, least: u64) -> usize {
    asked.clamp(least, MOST_MEMBERS) as usize
}

/// The refusal of a rule whose members live on from one generation to the next, and with them their values.
pub(super) fn refuses(offer: &Offer) -> Option<String> {
    if offer.minibatches {
        let why = "compares values of different steps, and every step sees other samples or, with dropout, other units. CMA-ES and the evolution strategy do not";
        return Some(why.to_owned());
    }
    offer.beyond(MOST_VARIABLES, "keeps many points of all variables")
}

/// Points of equal dimension, one behind the other, and the value of each. It is empty before the first generation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Population {
    dim: usize,
    points: Vec<f64>,
    values: Vec<f64>,
}

impl Population {
    /// So many members, all at the same point, whose value is not known yet.
    pub(super) fn at(x: &[f64], members: usize) -> Self {
        Self {
            dim: x.len(),
            points: x.repeat(members),
            values: vec![f64::INFINITY; members],
        }
    }

    /// The first generation: x0 itself, and the others uniform in the box of [`edges`].
    pub(super) fn first(members: usize, spread: f64, x0: &[f64], rng: &mut Rng, ctx: &mut StepCtx<'_>) -> Self {
        let mut all = Self::at(x0, members);
        for k in 1..members {
            for (j, v) in all.point_mut(k).iter_mut().enumerate() {
                let (low, high) = edges(j, x0, spread, &ctx.oracle);
                *v = rng.uniform_in(low, high);
            }
            all.ask(k, &mut ctx.oracle);
        }
        if let Some(value) = all.values.first_mut() {
            *value = ctx.value;
        }
        all
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn point(&self, k: usize) -> &[f64] {
        &self.points[k * self.dim..(k + 1) * self.dim]
    }

    pub(super) fn point_mut(&mut self, k: usize) -> &mut [f64] {
        &mut self.points[k * self.dim..(k + 1) * self.dim]
    }

    /// The values, in the order of the members. One that is not a number counts as infinite: it is worse than any other.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Asks for the value of a member.
    pub(super) fn ask(&mut self, k: usize, oracle: &mut Oracle<'_>) {
        self.values[k] = known(oracle.value(self.point(k)));
    }

    pub(super) fn ask_all(&mut self, oracle: &mut Oracle<'_>) {
        for k in 0..self.len() {
            self.ask(k, oracle);
        }
    }

    /// Tells the values of all members.
    pub(super) fn set_values(&mut self, values: &[f64]) {
        for (to, from) in self.values.iter_mut().zip(values) {
            *to = known(*from);
        }
    }

    /// Sorts the numbers of the members from best to worst; of equals the first is better.
    pub(super) fn rank(&self, order: &mut [usize]) {
        order.sort_unstable_by(|a, b| self.values[*a].total_cmp(&self.values[*b]).then(a.cmp(b)));
    }

    /// Takes over a member of another population.
    pub(super) fn take(&mut self, k: usize, from: &Self, member: usize) {
        self.point_mut(k).copy_from_slice(from.point(member));
        self.values[k] = from.values[member];
    }

    /// The member with the lowest value; of equals the first.
    pub(super) fn best(&self) -> usize {
        let mut best = 0;
        for (k, value) in self.values.iter().enumerate() {
            if *value < self.values[best] {
                best = k;
            }
        }
        best
    }

    /// Moves x to the best member.
    pub(super) fn show_best(&self, x: &mut [f64]) -> StepEvent {
        let best = self.point(self.best());
        if x == best {
            return StepEvent::Rejected;
        }
        x.copy_from_slice(best);
        StepEvent::Moved
    }

    /// All points.
    pub(super) fn overlay(&self) -> Overlay {
        Overlay::Population((0..self.len()).map(|k| self.point(k).to_vec()).collect())
    }

    /// All points, and the best of those in `memory`; nothing before the first generation.
    pub(super) fn overlays(&self, memory: &Self) -> Vec<Overlay> {
        if self.is_empty() {
            return Vec::new();
        }
        let best = memory.best();
        let best = Overlay::Best {
            x: memory.point(best).to_vec(),
            value: memory.values[best],
        };
        vec![self.overlay(), best]
    }
}

/// A value that can be compared.
fn known(value: f64) -> f64 {
    if value.is_nan() { f64::INFINITY } else { value }
}

/// Where the first generation lies in coordinate `j`: over the domain of a function, within `spread` of x0 where there is none.
pub(super) fn edges(j: usize, x0: &[f64], spread: f64, oracle: &Oracle<'_>) -> (f64, f64) {
    wall(j, oracle).unwrap_or((x0[j] - spread, x0[j] + spread))
}

/// The edges of the domain in coordinate `j`, if there is one.
pub(super) fn wall(j: usize, oracle: &Oracle<'_>) -> Option<(f64, f64)> {
    let domain = oracle.domain()?;
    Some((*domain.low.get(j)?, *domain.high.get(j)?))
}

/// How far the first generation reaches where the problem has no domain.
pub(super) const fn spread<T>(field: fn(&mut T) -> &mut f64) -> ParamSpec<T> {
    ParamSpec::number("spread", "Initial spread", field)
        .log(0.01, 10.0)
        .limit(Limit::Positive)
        .symbol("r")
        .help("Half the width of the box around the start that the first generation fills, for problems without a domain; a function's is filled whole")
}
