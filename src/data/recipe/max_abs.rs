//! The largest absolute value 1.

use serde::{Deserialize, Serialize};

use super::contract::{Step, StepInfo, numbers_only};
use super::frame::Frame;
use super::scale::{Scale, ends, usable};
use crate::data::Kind;
use crate::param::{ParamSpec, Parametric};

/// x / max |x| of the training rows: 0 stays 0. `MaxAbsScaler` of scikit-learn.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MaxAbs {}

impl Parametric for MaxAbs {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl Step for MaxAbs {
    const INFO: StepInfo = StepInfo {
        name: "Max-abs",
        about: "Divides by the largest absolute value, so that 0 stays 0",
    };
    type Fitted = Scale;

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        numbers_only(kind)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Scale, String> {
        Ok(Scale::fit(train, columns, |values| {
            let (low, high) = ends(values);
            (0.0, usable(high.max(-low)))
        }))
    }
}
