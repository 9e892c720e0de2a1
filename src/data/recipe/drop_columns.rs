//! Columns left out.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo};
use super::frame::Frame;
use crate::data::Kind;
use crate::param::{ParamSpec, Parametric};

/// Leaves out the named columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DropColumns {}

impl Parametric for DropColumns {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

/// The columns, by their places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dropped(Vec<usize>);

impl Step for DropColumns {
    const INFO: StepInfo = StepInfo {
        name: "Drop columns",
        about: "Leaves out the named columns",
    };
    type Fitted = Dropped;

    fn can(&self, _kind: Kind) -> Result<(), &'static str> {
        Ok(())
    }

    fn takes(&self, _kind: Kind) -> bool {
        false
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Dropped, String> {
        if columns.len() == train.columns.len() {
            return Err("no column would be left to learn from; name fewer".to_owned());
        }
        Ok(Dropped(columns.to_vec()))
    }
}

impl Replay for Dropped {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        frame.replace(&self.0, |_, _| Vec::new());
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.0.clone()
    }
}
