//! Rules around another rule.

mod lookahead;
mod random_restarts;
mod wrapped;

pub use lookahead::Lookahead;
pub use random_restarts::RandomRestarts;

use wrapped::rule;
