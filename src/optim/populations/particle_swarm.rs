//! Particle swarm: every particle flies on, drawn to the best point it has seen itself and to the best that anyone has seen.
//!
//! Kennedy and Eberhart 1995, Particle Swarm Optimization, with the inertia of Shi and Eberhart 1998, A Modified Particle Swarm Optimizer,
//! equation 1. The defaults are the constriction of Clerc and Kennedy 2002, The Particle Swarm – Explosion, Stability, and Convergence,
//! for φ = 4.1: χ = 0.7298 and 2.05 χ = 1.49618.

use serde::{Deserialize, Serialize};

use super::population::{Population, edges, members, refuses, spread, wall};
use crate::math::Rng;
use crate::objective::Offer;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// A swarm in which everybody knows the best point of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ParticleSwarm {
    pub population: u64,
    pub inertia: f64,
    pub cognitive: f64,
    pub social: f64,
    pub spread: f64,
}

impl Default for ParticleSwarm {
    fn default() -> Self {
        Self {
            population: 30,
            inertia: 0.7298,
            cognitive: 1.49618,
            social: 1.49618,
            spread: 0.5,
        }
    }
}

impl Parametric for ParticleSwarm {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("population", "Population", 1, 100, |r: &mut Self| &mut r.population)
            .limit(Limit::AtLeastOne)
            .symbol("N")
            .help("Particles, up to 10000; a generation asks for as many values"),
        ParamSpec::number("inertia", "Inertia", |r: &mut Self| &mut r.inertia)
            .linear(0.0, 1.2)
            .limit(Limit::NonNegative)
            .symbol("w")
            .help("Share of the velocity that survives a step; with both pulls at 1.5 the swarm flies apart above about 0.8"),
        ParamSpec::number("cognitive", "Pull of own best", |r: &mut Self| &mut r.cognitive)
            .linear(0.0, 4.0)
            .limit(Limit::NonNegative)
            .symbol("c₁")
            .help("Draws a particle to the best point it has seen itself, times a random number from 0 to 1 a coordinate"),
        ParamSpec::number("social", "Pull of best of all", |r: &mut Self| &mut r.social)
            .linear(0.0, 4.0)
            .limit(Limit::NonNegative)
            .symbol("c₂")
            .help("Draws a particle to the best point of the swarm, times a random number from 0 to 1 a coordinate"),
        spread(|r: &mut Self| &mut r.spread),
    ];
}

/// Where the particles are, how they move, and the best that each has seen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Swarm {
    particles: Population,
    velocities: Vec<Vec<f64>>,
    memories: Population,
}

impl ParticleSwarm {
    /// Half the way to another random point of the box is a particle's first velocity.
    fn start(&self, state: &mut Swarm, x: &[f64], ctx: &mut StepCtx<'_>) {
        let n = members(self.population, 1);
        let mut rng = ctx.rng();
        state.particles = Population::first(n, self.spread, x, &mut rng, ctx);
        state.memories = state.particles.clone();
        let mut velocity = |k: usize| {
            let from = state.particles.point(k).iter().enumerate();
            let towards = from.map(|(j, from)| {
                let (low, high) = edges(j, x, self.spread, &ctx.oracle);
                0.5 * (rng.uniform_in(low, high) - from)
            });
            towards.collect()
        };
        state.velocities = (0..n).map(&mut velocity).collect();
    }

    fn fly(&self, state: &mut Swarm, ctx: &mut StepCtx<'_>) {
        let mut rng = ctx.rng();
        let leader = state.memories.best();
        for k in 0..state.particles.len() {
            self.move_one(state, k, leader, &mut rng, ctx);
        }
        let Swarm { particles, memories, .. } = state;
        particles.ask_all(&mut ctx.oracle);
        for k in 0..particles.len() {
            if particles.values()[k] < memories.values()[k] {
                memories.take(k, particles, k);
            }
        }
    }

    fn move_one(&self, state: &mut Swarm, k: usize, leader: usize, rng: &mut Rng, ctx: &StepCtx<'_>) {
        let (own, all) = (state.memories.point(k), state.memories.point(leader));
        let (x, v) = (state.particles.point_mut(k), &mut state.velocities[k]);
        for (j, (x, v)) in x.iter_mut().zip(v).enumerate() {
            let to_own = self.cognitive * rng.uniform() * (own[j] - *x);
            let to_all = self.social * rng.uniform() * (all[j] - *x);
            *v = self.inertia * *v + to_own + to_all;
            *x += *v;
            if let Some((low, high)) = wall(j, &ctx.oracle)
                && !(low..=high).contains(x)
            {
                *x = x.clamp(low, high);
                *v = 0.0;
            }
        }
    }
}

impl Optimizer for ParticleSwarm {
    type State = Swarm;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Particle swarm",
        order: Order::Zeroth,
        elementwise: false,
        formula: "v ← w v + c₁ r₁ (own best − x) + c₂ r₂ (best of all − x)\nx ← x + v",
        source: "Kennedy and Eberhart 1995; Shi and Eberhart 1998; Clerc and Kennedy 2002, The Particle Swarm",
        variant: "global best, all particles move before any is judged; the first generation is x0 and points uniform over the domain; a particle that meets its edge stays there and loses that part of its velocity; x is the best point seen",
    };

    fn init(&self, _x0: &[f64]) -> Self::State {
        Swarm::default()
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        if state.particles.is_empty() {
            self.start(state, x, ctx);
        } else {
            self.fly(state, ctx);
        }
        state.memories.show_best(x)
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        refuses(offer)
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        state.particles.overlays(&state.memories)
    }
}
