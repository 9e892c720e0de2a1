//! Rules that know which variables are the entries of a matrix.

mod muon;
mod newton_schulz;

pub use muon::{Adjustment, Muon};
