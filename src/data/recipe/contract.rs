//! What a step of a recipe is.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::frame::Frame;
use crate::data::{Kind, Unseen};
use crate::param::{Parameters, Parametric};

/// What is told of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepInfo {
    /// As a menu says it: "Standardise".
    pub name: &'static str,
    /// One sentence: what it does to which columns.
    pub about: &'static str,
}

/// A step with its parameters: fitted to the training rows, then replayed on any rows.
pub trait Step: Parametric {
    const INFO: StepInfo;

    /// What it has learnt.
    type Fitted: Replay;

    /// Whether it can work on a column of this kind that the user named.
    fn can(&self, kind: Kind) -> Result<(), &'static str>;

    /// Whether it works on a column of this kind when the user named none.
    fn takes(&self, kind: Kind) -> bool {
        self.can(kind).is_ok()
    }

    /// Learns from the training rows; `columns` are the places of those it works on.
    ///
    /// # Errors
    /// A sentence: which column, what is wrong, what to do.
    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Self::Fitted, String>;
}

/// What a step has learnt: plain data, the same for all rows, which a saved model carries along.
pub trait Replay: Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Does the step to these rows.
    ///
    /// # Errors
    /// A sentence about rows that cannot be prepared in this way.
    fn replay(&self, frame: &mut Frame) -> Result<(), String>;

    /// Levels of these rows, as they are before the step, that no training row has and that it has no place for.
    fn unseen(&self, _frame: &Frame) -> Vec<Unseen> {
        Vec::new()
    }

    /// Places of the columns that it looks at: a file may have them wrong.
    fn places(&self) -> Vec<usize>;

    /// What to tell of it, given all parts as they were before: the training rows first.
    fn notes(&self, _parts: &[&Frame]) -> Vec<String> {
        Vec::new()
    }
}

/// A step, whatever its type.
pub trait AnyStep: Parameters {
    fn info(&self) -> StepInfo;
    fn can(&self, kind: Kind) -> Result<(), &'static str>;
    fn takes(&self, kind: Kind) -> bool;

    /// [`Step::fit`].
    ///
    /// # Errors
    /// As there.
    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Arc<dyn AnyReplay>, String>;

    /// What such a step has learnt, from what [`AnyReplay::learnt`] gave.
    ///
    /// # Errors
    /// It is something else.
    fn recall(&self, learnt: Value) -> Result<Arc<dyn AnyReplay>, serde_json::Error>;
}

impl<T: Step> AnyStep for T {
    fn info(&self) -> StepInfo {
        T::INFO
    }

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        Step::can(self, kind)
    }

    fn takes(&self, kind: Kind) -> bool {
        Step::takes(self, kind)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Arc<dyn AnyReplay>, String> {
        Ok(Arc::new(Step::fit(self, train, columns)?))
    }

    fn recall(&self, learnt: Value) -> Result<Arc<dyn AnyReplay>, serde_json::Error> {
        Ok(Arc::new(serde_json::from_value::<T::Fitted>(learnt)?))
    }
}

/// What a step has learnt, whatever its type.
pub trait AnyReplay: Debug + Send + Sync {
    /// [`Replay::replay`].
    ///
    /// # Errors
    /// As there.
    fn replay(&self, frame: &mut Frame) -> Result<(), String>;
    fn unseen(&self, frame: &Frame) -> Vec<Unseen>;
    fn places(&self) -> Vec<usize>;
    fn notes(&self, parts: &[&Frame]) -> Vec<String>;

    /// What it has learnt, to be kept in a file.
    ///
    /// # Errors
    /// A number that is not finite, which no file can hold.
    fn learnt(&self) -> Result<Value, serde_json::Error>;
    fn equals(&self, other: &dyn AnyReplay) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<T: Replay> AnyReplay for T {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        Replay::replay(self, frame)
    }

    fn unseen(&self, frame: &Frame) -> Vec<Unseen> {
        Replay::unseen(self, frame)
    }

    fn places(&self) -> Vec<usize> {
        Replay::places(self)
    }

    fn notes(&self, parts: &[&Frame]) -> Vec<String> {
        Replay::notes(self, parts)
    }

    fn learnt(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self)
    }

    fn equals(&self, other: &dyn AnyReplay) -> bool {
        other.as_any().downcast_ref::<T>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Refuses a kind that is not made of numbers.
pub(super) fn numbers_only(kind: Kind) -> Result<(), &'static str> {
    match kind {
        Kind::Number | Kind::Integer | Kind::Date => Ok(()),
        _ => Err("it does not hold numbers; put one_hot or ordinal before this step"),
    }
}
