//! Rules that look at the values of many points at once. One step is one generation.

mod differential_evolution;
mod population;

pub use differential_evolution::{DifferentialEvolution, Mutant};
pub use population::Population;
