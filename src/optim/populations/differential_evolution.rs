//! Differential evolution: every member is challenged by a mutant made of differences between others, and the better of the two stays.
//!
//! Storn and Price 1997, Differential Evolution – A Simple and Efficient Heuristic for Global Optimization over Continuous Spaces: the
//! mutants of equation 2 (DE/rand/1), crossed over coordinate by coordinate as in equations 4 and 5 (bin).

use serde::{Deserialize, Serialize};

use super::population::{Population, members, refuses, spread, wall};
use crate::math::Rng;
use crate::objective::Offer;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Three others, and the member that they challenge.
const LEAST_MEMBERS: u64 = 4;

/// DE/rand/1/bin and DE/best/1/bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DifferentialEvolution {
    pub population: u64,
    pub differential_weight: f64,
    pub crossover: f64,
    pub mutant: Mutant,
    pub spread: f64,
}

impl Default for DifferentialEvolution {
    fn default() -> Self {
        Self {
            population: 30,
            differential_weight: 0.5,
            crossover: 0.9,
            mutant: Mutant::Rand1,
            spread: 0.5,
        }
    }
}

/// What a mutant starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mutant {
    /// A random member.
    Rand1,
    /// The best member.
    Best1,
}

impl Parametric for DifferentialEvolution {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("population", "Population", LEAST_MEMBERS, 100, |r: &mut Self| {
            &mut r.population
        })
        .limit(Limit::AtLeastOne)
        .symbol("N")
        .help("Members, from 4 to 10000; a generation asks for as many values"),
        ParamSpec::number("differential_weight", "Differential weight", |r: &mut Self| {
            &mut r.differential_weight
        })
        .linear(0.0, 2.0)
        .limit(Limit::NonNegative)
        .symbol("F")
        .help("What the difference of two members is multiplied with"),
        ParamSpec::number("crossover", "Crossover", |r: &mut Self| &mut r.crossover)
            .limit(Limit::UnitClosed)
            .symbol("CR")
            .help("Probability that a coordinate comes from the mutant; one always does"),
        ParamSpec::choice(
            "mutant",
            "Mutant",
            &["rand1", "best1"],
            |r: &Self| match r.mutant {
                Mutant::Rand1 => "rand1",
                Mutant::Best1 => "best1",
            },
            |r: &mut Self, name| r.mutant = if name == "best1" { Mutant::Best1 } else { Mutant::Rand1 },
        )
        .help("A mutant starts from a random member (DE/rand/1) or from the best (DE/best/1), which is faster and more easily trapped"),
        spread(|r: &mut Self| &mut r.spread),
    ];
}

/// The members and their challengers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Generation {
    members: Population,
    trials: Population,
}

impl DifferentialEvolution {
    fn start(&self, state: &mut Generation, x: &[f64], ctx: &mut StepCtx<'_>) {
        let n = members(self.population, LEAST_MEMBERS);
        let mut rng = ctx.rng();
        state.members = Population::first(n, self.spread, x, &mut rng, ctx);
        state.trials = Population::at(x, n);
    }

    /// Makes the challenger of every member out of this generation, and lets the better of the two stay.
    fn evolve(&self, state: &mut Generation, ctx: &mut StepCtx<'_>) {
        let Generation { members, trials } = state;
        let mut rng = ctx.rng();
        let best = members.best();
        for k in 0..members.len() {
            self.challenge(k, best, members, trials.point_mut(k), &mut rng, ctx);
        }
        trials.ask_all(&mut ctx.oracle);
        for k in 0..members.len() {
            if trials.values()[k] <= members.values()[k] {
                members.take(k, trials, k);
            }
        }
    }

    fn challenge(&self, k: usize, best: usize, all: &Population, trial: &mut [f64], rng: &mut Rng, ctx: &StepCtx<'_>) {
        let [a, b, c] = three_others(k, all.len(), rng);
        let base = match self.mutant {
            Mutant::Rand1 => all.point(a),
            Mutant::Best1 => all.point(best),
        };
        let (from, to, old) = (all.point(c), all.point(b), all.point(k));
        let always = rng.below(trial.len().max(1) as u64) as usize;
        for (j, v) in trial.iter_mut().enumerate() {
            let crosses = rng.uniform() < self.crossover || j == always;
            *v = if crosses {
                let mutated = base[j] + self.differential_weight * (to[j] - from[j]);
                inside(mutated, j, rng, ctx)
            } else {
                old[j]
            };
        }
    }
}

/// Three different members, none of them `k`.
fn three_others(k: usize, n: usize, rng: &mut Rng) -> [usize; 3] {
    let mut chosen = [k; 3];
    for i in 0..3 {
        loop {
            let candidate = rng.below(n as u64) as usize;
            if candidate != k && !chosen[..i].contains(&candidate) {
                chosen[i] = candidate;
                break;
            }
        }
    }
    chosen
}

/// A coordinate beyond the edge of the domain is drawn again, anywhere between the edges.
fn inside(v: f64, j: usize, rng: &mut Rng, ctx: &StepCtx<'_>) -> f64 {
    match wall(j, &ctx.oracle) {
        Some((low, high)) if v < low || v > high => rng.uniform_in(low, high),
        _ => v,
    }
}

impl Optimizer for DifferentialEvolution {
    type State = Generation;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Differential evolution",
        order: Order::Zeroth,
        elementwise: false,
        formula: "v = x_a + F (x_b − x_c)\nu_j = v_j   with probability CR, else x_kj\nx_k ← u   if f(u) ≤ f(x_k)",
        source: "Storn and Price 1997, Differential Evolution, equations 2 to 5",
        variant: "DE/rand/1/bin or DE/best/1/bin; the first generation is x0 and points uniform over the domain; a coordinate that leaves it is drawn again in it, as SciPy does; x is the best member",
    };

    fn init(&self, _x0: &[f64]) -> Self::State {
        Generation::default()
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        if state.members.is_empty() {
            self.start(state, x, ctx);
        } else {
            self.evolve(state, ctx);
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
