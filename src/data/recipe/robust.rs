//! Median 0 and a span of quantiles of 1, which outliers do not move.

use serde::{Deserialize, Serialize};

use super::contract::{Step, StepInfo, numbers_only};
use super::frame::Frame;
use super::quantile::{median, quantile};
use super::scale::{Scale, usable};
use crate::data::Kind;
use crate::param::{Limit, ParamSpec, Parametric};

/// (x - median) / (upper quantile - lower quantile): `RobustScaler` of scikit-learn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Robust {
    pub lower: f64,
    pub upper: f64,
}

impl Default for Robust {
    fn default() -> Self {
        Self {
            lower: 0.25,
            upper: 0.75,
        }
    }
}

impl Parametric for Robust {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("lower", "Lower quantile", |s: &mut Self| &mut s.lower)
            .limit(Limit::UnitClosed)
            .help("Where the span begins, as a share of the rows"),
        ParamSpec::number("upper", "Upper quantile", |s: &mut Self| &mut s.upper)
            .limit(Limit::UnitClosed)
            .help("Where the span ends, as a share of the rows"),
    ];
}

impl Step for Robust {
    const INFO: StepInfo = StepInfo {
        name: "Robust",
        about: "Median 0 and the span between two quantiles 1: outliers do not move it",
    };
    type Fitted = Scale;

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        numbers_only(kind)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Scale, String> {
        if self.lower >= self.upper {
            return Err(format!(
                "lower = {} must be below upper = {}; give shares such as 0.25 and 0.75",
                self.lower, self.upper
            ));
        }
        Ok(Scale::fit(train, columns, |values| {
            let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
            sorted.sort_by(f64::total_cmp);
            let span = quantile(&sorted, self.upper) - quantile(&sorted, self.lower);
            (median(values), usable(span.min(f64::MAX)))
        }))
    }
}
