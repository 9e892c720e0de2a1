//! Rules that look at the values of many points at once. One step is one generation.

mod cma_es;
mod differential_evolution;
mod evolution_strategy;
mod genetic_algorithm;
mod particle_swarm;
mod population;
mod search_distribution;

pub use cma_es::CmaEs;
pub use differential_evolution::{DifferentialEvolution, Mutant};
pub use evolution_strategy::{EvolutionStrategy, Shaping};
pub use genetic_algorithm::GeneticAlgorithm;
pub use particle_swarm::ParticleSwarm;
pub use population::Population;
pub use search_distribution::SearchDistribution;
