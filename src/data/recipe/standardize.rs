//! Mean 0 and standard deviation 1.

use serde::{Deserialize, Serialize};

use super::contract::{Step, StepInfo, numbers_only};
use super::frame::Frame;
use super::scale::{Scale, usable};
use crate::data::Kind;
use crate::data::moments::moments;
use crate::param::{ParamSpec, Parametric};

/// (x - mean) / sd, with the population standard deviation (ddof 0) of the training rows, 1 for a constant column: `StandardScaler` of
/// scikit-learn.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Standardize {}

impl Parametric for Standardize {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl Step for Standardize {
    const INFO: StepInfo = StepInfo {
        name: "Standardise",
        about: "Mean 0 and standard deviation 1",
    };
    type Fitted = Scale;

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        numbers_only(kind)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Scale, String> {
        Ok(Scale::fit(train, columns, |values| {
            let (mean, sd) = moments(values.iter().copied());
            (mean, usable(sd))
        }))
    }
}
