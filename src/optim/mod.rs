//! Update rules. A rule is one file and one line in the list below; menus, sliders, tooltips, the command line, files, tables
//! and tests follow from that line.

mod around;
mod drive;
mod first_order;
mod hyper;
mod info;
mod rule;
mod stages;
mod trace;
mod without_gradients;

pub use around::RandomRestarts;
pub use drive::{Fixed, RunStatus, Slot, Walk};
pub use first_order::{Adam, Momentum, Nesterov, RmsProp, Sgd};
pub use info::{OptimizerInfo, Order};
pub use rule::{AnyOptimizer, Optimizer, Overlay, StepCtx, StepEvent};
pub use stages::Stages;
pub use trace::Trace;
pub use without_gradients::SimulatedAnnealing;

use crate::param::registry;

registry! {
    /// An update rule with its hyperparameters.
    pub enum OptimizerConfig: dyn AnyOptimizer {
        "sgd" => Sgd,
        "momentum" => Momentum,
        "nesterov" => Nesterov,
        "adam" => Adam,
        "rmsprop" => RmsProp,
        "simulated_annealing" => SimulatedAnnealing,
        "random_restarts" => RandomRestarts,
    }
}
