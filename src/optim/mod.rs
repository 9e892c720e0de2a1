//! Update rules. A rule is one file and one line in the list below; menus, sliders, tooltips, the command line, files, tables
//! and tests follow from that line.

mod drive;
mod info;
mod rule;
mod sgd;
mod stages;
mod trace;

pub use drive::{Fixed, RunStatus, Slot, Walk};
pub use info::{OptimizerInfo, Order};
pub use rule::{AnyOptimizer, Optimizer, Overlay, StepCtx, StepEvent};
pub use sgd::Sgd;
pub use stages::Stages;
pub use trace::Trace;

use crate::param::registry;

registry! {
    /// An update rule with its hyperparameters.
    pub enum OptimizerConfig: dyn AnyOptimizer {
        "sgd" => Sgd,
    }
}
