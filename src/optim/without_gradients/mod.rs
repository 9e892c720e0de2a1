//! Rules that look at values only.

mod simulated_annealing;

pub use simulated_annealing::SimulatedAnnealing;
