//! Rules that look at values only.

mod bayesian;
mod cooling;
mod latest;
mod nelder_mead;
mod random_search;
mod simulated_annealing;

pub use bayesian::{BayesianOptimisation, Kernel, Surrogate, expected_improvement};
pub use cooling::CoolingSchedule;
pub use nelder_mead::NelderMead;
pub use random_search::{RandomSearch, Sampling};
pub use simulated_annealing::{Proposal, SimulatedAnnealing};
