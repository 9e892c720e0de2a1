//! Smallest and largest value at chosen places.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo, numbers_only};
use super::frame::Frame;
use super::scale::{Scale, constant_notes, ends, scaled, usable};
use crate::data::Kind;
use crate::param::{ParamSpec, Parametric};

/// low + (x - min) / (max - min) (high - low), min and max of the training rows: `MinMaxScaler` of scikit-learn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MinMax {
    pub low: f64,
    pub high: f64,
    pub clip: bool,
}

impl Default for MinMax {
    fn default() -> Self {
        Self {
            low: 0.0,
            high: 1.0,
            clip: false,
        }
    }
}

impl Parametric for MinMax {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("low", "Low", |s: &mut Self| &mut s.low)
            .linear(-1.0, 1.0)
            .help("Where the smallest value of the training rows goes"),
        ParamSpec::number("high", "High", |s: &mut Self| &mut s.high)
            .linear(-1.0, 1.0)
            .help("Where the largest value of the training rows goes"),
        ParamSpec::switch("clip", "Clip", |s: &mut Self| &mut s.clip).help("Cut off what lies beyond in other rows"),
    ];
}

/// Min and range of each column, and where they go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedMinMax {
    from: Scale,
    low: f64,
    high: f64,
    clip: bool,
}

impl Step for MinMax {
    const INFO: StepInfo = StepInfo {
        name: "Min-max",
        about: "The smallest value at 0 and the largest at 1, or at other ends",
    };
    type Fitted = FittedMinMax;

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        numbers_only(kind)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<FittedMinMax, String> {
        let (low, high) = (self.low, self.high);
        if low >= high {
            return Err(format!("low = {low} must be below high = {high}; give ends such as 0 and 1"));
        }
        let from = Scale::fit(train, columns, |values| {
            let (least, most) = ends(values);
            (least, usable((most - least).min(f64::MAX)))
        });
        let clip = self.clip;
        Ok(FittedMinMax { from, low, high, clip })
    }
}

impl Replay for FittedMinMax {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        for (&column, &(least, range)) in self.from.columns.iter().zip(&self.from.by) {
            for value in frame.columns[column].numbers_mut() {
                let moved = scaled(*value, least, range) * (self.high - self.low) + self.low;
                *value = if self.clip {
                    moved.max(self.low).min(self.high)
                } else {
                    moved
                };
            }
        }
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.from.columns.clone()
    }

    fn notes(&self, _parts: &[&Frame]) -> Vec<String> {
        constant_notes(&self.from.constant)
    }
}
