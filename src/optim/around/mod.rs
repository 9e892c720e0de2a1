//! Rules around another rule.

mod random_restarts;

pub use random_restarts::RandomRestarts;
