//! Rules that look at values only.

mod nelder_mead;
mod simulated_annealing;

pub use nelder_mead::NelderMead;
pub use simulated_annealing::SimulatedAnnealing;
