//! Rules around other rules.

mod averaging;
mod basin_hopping;
mod escape;
mod lookahead;
mod random_restarts;
mod sam;
mod switch;

pub use averaging::{Averaging, Mean};
pub use basin_hopping::BasinHopping;
pub use lookahead::Lookahead;
pub use random_restarts::RandomRestarts;
pub use sam::Sam;
pub use switch::Switch;
