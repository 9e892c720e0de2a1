//! The contract of a schedule.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Memory, ScheduleConfig};
use crate::param::{Parameters, Parametric};

/// What is told about a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleInfo {
    /// "Cosine"
    pub name: &'static str,
    /// In Unicode; η₀ is the learning rate of the rule, t the number of the step, from 0.
    pub formula: &'static str,
    /// Author, year, or the library whose convention it is.
    pub source: &'static str,
}

/// A learning rate as a function of time.
pub trait Schedule: Parametric + PartialEq + Default + Serialize + DeserializeOwned + Send + Sync {
    const INFO: ScheduleInfo;

    /// The learning rate of step `t` (from 0) of a rule whose own is `base`.
    fn lr(&self, base: f64, t: u64, memory: &Memory) -> f64;

    /// What momentum, or β₁, is at step `t`, if the schedule sets it too.
    fn momentum(&self, _t: u64) -> Option<f64> {
        None
    }

    /// Takes note of how well step `t` went.
    fn observe(&self, _base: f64, _t: u64, _metric: f64, _memory: &mut Memory) {}

    /// The schedule inside this one that goes by this name.
    fn inner(&self, _name: &str) -> Option<&ScheduleConfig> {
        None
    }

    fn inner_mut(&mut self, _name: &str) -> Option<&mut ScheduleConfig> {
        None
    }

    /// Names of the schedules inside.
    fn inner_names(&self) -> &'static [&'static str] {
        &[]
    }
}

/// A [`Schedule`] whatever its type.
pub trait AnySchedule: Parameters {
    fn info(&self) -> &'static ScheduleInfo;
    fn lr(&self, base: f64, t: u64, memory: &Memory) -> f64;
    /// What momentum, or β₁, is at step `t`; none = the rule's own.
    fn momentum(&self, t: u64) -> Option<f64>;
    fn observe(&self, base: f64, t: u64, metric: f64, memory: &mut Memory);
    fn inner(&self, name: &str) -> Option<&ScheduleConfig>;
    fn inner_mut(&mut self, name: &str) -> Option<&mut ScheduleConfig>;
    fn inner_names(&self) -> &'static [&'static str];
}

impl<S: Schedule> AnySchedule for S {
    fn info(&self) -> &'static ScheduleInfo {
        &S::INFO
    }

    fn lr(&self, base: f64, t: u64, memory: &Memory) -> f64 {
        Schedule::lr(self, base, t, memory)
    }

    fn momentum(&self, t: u64) -> Option<f64> {
        Schedule::momentum(self, t)
    }

    fn observe(&self, base: f64, t: u64, metric: f64, memory: &mut Memory) {
        Schedule::observe(self, base, t, metric, memory);
    }

    fn inner(&self, name: &str) -> Option<&ScheduleConfig> {
        Schedule::inner(self, name)
    }

    fn inner_mut(&mut self, name: &str) -> Option<&mut ScheduleConfig> {
        Schedule::inner_mut(self, name)
    }

    fn inner_names(&self) -> &'static [&'static str] {
        Schedule::inner_names(self)
    }
}
