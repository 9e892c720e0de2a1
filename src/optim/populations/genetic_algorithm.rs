//! A genetic algorithm on real numbers: parents win tournaments, children are drawn from the box that two parents span and beyond, some of
//! their coordinates mutate, and the best members live on.
//!
//! Tournaments: Goldberg and Deb 1991, A Comparative Analysis of Selection Schemes Used in Genetic Algorithms. Blend crossover BLX-α:
//! Eshelman and Schaffer 1993, Real-Coded Genetic Algorithms and Interval-Schemata. Elitism: De Jong 1975.

use serde::{Deserialize, Serialize};

use super::population::{Population, edges, members, refuses, spread, wall};
use crate::math::Rng;
use crate::objective::Offer;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Tournament selection, BLX-α, Gaussian mutation, elitism.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GeneticAlgorithm {
    pub population: u64,
    pub elites: u64,
    pub tournament: u64,
    pub crossover: f64,
    pub blend: f64,
    pub mutation: f64,
    pub mutation_scale: f64,
    pub spread: f64,
}

impl Default for GeneticAlgorithm {
    fn default() -> Self {
        Self {
            population: 50,
            elites: 1,
            tournament: 3,
            crossover: 0.9,
            blend: 0.7,
            mutation: 0.2,
            mutation_scale: 0.1,
            spread: 0.5,
        }
    }
}

impl Parametric for GeneticAlgorithm {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("population", "Population", 2, 200, |r: &mut Self| &mut r.population)
            .limit(Limit::AtLeastOne)
            .symbol("N")
            .help("Members, from 2 to 10000"),
        ParamSpec::integer("elites", "Elites", 1, 20, |r: &mut Self| &mut r.elites)
            .limit(Limit::AtLeastOne)
            .symbol("e")
            .help("The best members, which live on as they are; at least one member does not"),
        ParamSpec::integer("tournament", "Tournament", 1, 10, |r: &mut Self| &mut r.tournament)
            .limit(Limit::AtLeastOne)
            .symbol("k")
            .help("A parent is the best of so many random members; 1 = no selection"),
        ParamSpec::number("crossover", "Crossover", |r: &mut Self| &mut r.crossover)
            .limit(Limit::UnitClosed)
            .symbol("p_c")
            .help("Probability that a child has two parents; else it starts as a copy of one"),
        ParamSpec::number("blend", "Blend", |r: &mut Self| &mut r.blend)
            .limit(Limit::NonNegative)
            .symbol("α")
            .help("How far beyond its parents a child may lie, in units of their distance; from 0.37 on blending alone widens a population, and only selection narrows it"),
        ParamSpec::number("mutation", "Mutation", |r: &mut Self| &mut r.mutation)
            .limit(Limit::UnitClosed)
            .symbol("p_m")
            .help("Probability that a coordinate of a child mutates"),
        ParamSpec::number("mutation_scale", "Mutation scale", |r: &mut Self| &mut r.mutation_scale)
            .log(1e-3, 1.0)
            .limit(Limit::NonNegative)
            .symbol("s")
            .help("Standard deviation of a mutation, in widths of the box that the first generation fills"),
        spread(|r: &mut Self| &mut r.spread),
    ];
}

/// The members, best first, and room for their children.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Genes {
    members: Population,
    children: Population,
    /// Members from best to worst.
    order: Vec<usize>,
    /// Where it began: the middle of the box where there is no domain.
    x0: Vec<f64>,
}

impl GeneticAlgorithm {
    fn start(&self, state: &mut Genes, x: &[f64], ctx: &mut StepCtx<'_>) {
        let n = members(self.population, 2);
        let mut rng = ctx.rng();
        state.members = Population::first(n, self.spread, x, &mut rng, ctx);
        state.children = state.members.clone();
        state.order = (0..n).collect();
        state.x0.copy_from_slice(x);
    }

    /// Replaces all but the elites by children.
    fn breed(&self, state: &mut Genes, ctx: &mut StepCtx<'_>) {
        let mut rng = ctx.rng();
        let n = state.members.len();
        let elites = self.elites.clamp(1, n as u64 - 1) as usize;
        let Genes {
            members,
            children,
            order,
            x0,
        } = state;
        members.rank(order);
        for (k, elite) in order[..elites].iter().enumerate() {
            children.take(k, members, *elite);
        }
        for k in elites..n {
            self.conceive(members, children.point_mut(k), &mut rng);
            self.mutate(children.point_mut(k), x0, &mut rng, ctx);
            children.ask(k, &mut ctx.oracle);
        }
        std::mem::swap(members, children);
    }

    fn conceive(&self, members: &Population, child: &mut [f64], rng: &mut Rng) {
        let first = members.point(self.winner(members, rng));
        if rng.uniform() >= self.crossover {
            child.copy_from_slice(first);
            return;
        }
        let second = members.point(self.winner(members, rng));
        for ((child, a), b) in child.iter_mut().zip(first).zip(second) {
            let beyond = self.blend * (a - b).abs();
            *child = rng.uniform_in(a.min(*b) - beyond, a.max(*b) + beyond);
        }
    }

    /// The best of some random members.
    fn winner(&self, members: &Population, rng: &mut Rng) -> usize {
        let n = members.len() as u64;
        let mut winner = rng.below(n) as usize;
        // Beyond a few times the population everybody has taken part.
        for _ in 1..self.tournament.min(8 * n) {
            let other = rng.below(n) as usize;
            if members.values()[other] < members.values()[winner] {
                winner = other;
            }
        }
        winner
    }

    fn mutate(&self, child: &mut [f64], x0: &[f64], rng: &mut Rng, ctx: &StepCtx<'_>) {
        for (j, v) in child.iter_mut().enumerate() {
            if rng.uniform() < self.mutation {
                let (low, high) = edges(j, x0, self.spread, &ctx.oracle);
                *v += self.mutation_scale * (high - low) * rng.normal();
            }
            if let Some((low, high)) = wall(j, &ctx.oracle) {
                *v = v.clamp(low, high);
            }
        }
    }
}

impl Optimizer for GeneticAlgorithm {
    type State = Genes;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Genetic algorithm",
        order: Order::Zeroth,
        elementwise: false,
        formula: "a, b = the best of k random members each\nc_j ~ U(min(a_j, b_j) − α d, max(a_j, b_j) + α d),   d = |a_j − b_j|\nc_j ← c_j + s N(0, 1)   with probability p_m\nthe e best and N − e children are the next generation",
        source: "Goldberg and Deb 1991 (tournaments); Eshelman and Schaffer 1993, Real-Coded Genetic Algorithms and Interval-Schemata (BLX-α); De Jong 1975 (elitism)",
        variant: "generational; the first generation is x0 and points uniform over the domain; a child beyond its edge is moved onto it; x is the best member",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Genes {
            x0: x0.to_vec(),
            ..Genes::default()
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        if state.members.is_empty() {
            self.start(state, x, ctx);
        } else {
            self.breed(state, ctx);
        }
        state.members.show_best(x)
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        refuses(offer)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        state.members.overlays(&state.members)
    }
}
