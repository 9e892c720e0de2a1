//! Rules around other rules.

mod averaging;
mod lookahead;
mod random_restarts;
mod sam;
mod switch;

pub use averaging::{Averaging, Mean};
pub use lookahead::Lookahead;
pub use random_restarts::RandomRestarts;
pub use sam::Sam;
pub use switch::Switch;
