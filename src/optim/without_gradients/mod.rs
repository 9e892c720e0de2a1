//! Rules that look at values only.

mod cooling;
mod latest;
mod nelder_mead;
mod simulated_annealing;

pub use cooling::CoolingSchedule;
pub use nelder_mead::NelderMead;
pub use simulated_annealing::{Proposal, SimulatedAnnealing};
