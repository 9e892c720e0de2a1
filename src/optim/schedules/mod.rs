//! Learning rates over time. A schedule is one file and one line in the list below.
//!
//! A schedule is a function of the number of the step, so that any step can be computed without those before it; only
//! `reduce_on_plateau` remembers anything. Names and defaults are those of `torch.optim.lr_scheduler`.

mod constant;
mod contract;
mod cosine;
mod cosine_restarts;
mod cycled_momentum;
mod cyclic;
mod exponential;
mod linear;
mod memory;
mod multistep;
mod one_cycle;
mod polynomial;
mod reduce_on_plateau;
mod sequential;
mod step;
mod warmup;

pub use constant::Constant;
pub use contract::{AnySchedule, Schedule, ScheduleInfo};
pub use cosine::Cosine;
pub use cosine_restarts::CosineRestarts;
pub use cyclic::{Cyclic, CyclicMode};
pub use exponential::Exponential;
pub use linear::Linear;
pub use memory::Memory;
pub use multistep::MultiStep;
pub use one_cycle::{Anneal, OneCycle};
pub use polynomial::Polynomial;
pub use reduce_on_plateau::{PlateauMode, ReduceOnPlateau, ThresholdMode};
pub use sequential::Sequential;
pub use step::Step;
pub use warmup::Warmup;

use crate::param::registry;

registry! {
    /// A schedule with its parameters.
    pub enum ScheduleConfig: dyn AnySchedule {
        "constant" => Constant,
        "step" => Step,
        "multistep" => MultiStep,
        "exponential" => Exponential,
        "linear" => Linear,
        "polynomial" => Polynomial,
        "cosine" => Cosine,
        "cosine_restarts" => CosineRestarts,
        "one_cycle" => OneCycle,
        "cyclic" => Cyclic,
        "reduce_on_plateau" => ReduceOnPlateau,
        "warmup" => Warmup,
        "sequential" => Sequential,
    }
}

impl ScheduleConfig {
    /// Whether it, or one inside it, follows how the run goes, so that two runs may have different learning rates.
    pub fn watches(&self) -> bool {
        let inside = |name: &&str| self.inner(name).is_some_and(Self::watches);
        matches!(self, Self::ReduceOnPlateau(_)) || self.inner_names().iter().any(inside)
    }

    /// Becomes the schedule with this id, with its defaults; stays as it is if it is that one already.
    fn become_id(&mut self, id: &str) {
        if self.id() != id
            && let Some(chosen) = Self::from_id(id)
        {
            *self = chosen;
        }
    }
}
