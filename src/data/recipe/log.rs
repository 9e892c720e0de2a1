//! Logarithms, for columns that span decades.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo, numbers_only};
use super::frame::Frame;
use super::scale::ends;
use crate::data::Kind;
use crate::math::ops;
use crate::param::{ParamSpec, Parametric};

/// Which logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// ln(1 + x), for x > -1.
    #[default]
    Log1p,
    /// ln x, for x > 0.
    Ln,
    /// sign(x) ln(1 + |x|), for any x.
    Signed,
}

impl Form {
    const IDS: &'static [&'static str] = &["log1p", "ln", "signed"];

    fn id(self) -> &'static str {
        match self {
            Self::Log1p => "log1p",
            Self::Ln => "ln",
            Self::Signed => "signed",
        }
    }

    fn from_id(id: &str) -> Self {
        match id {
            "ln" => Self::Ln,
            "signed" => Self::Signed,
            _ => Self::Log1p,
        }
    }

    /// Values must be above this.
    fn bound(self) -> f64 {
        match self {
            Self::Log1p => -1.0,
            Self::Ln => 0.0,
            Self::Signed => f64::NEG_INFINITY,
        }
    }

    fn of(self, x: f64) -> f64 {
        match self {
            Self::Log1p => ln_1p(x),
            Self::Ln => ops::ln(x),
            Self::Signed => ln_1p(x.abs()).copysign(x),
        }
    }
}

/// ln(1 + x) without the digits that 1 + x loses (Kahan; Goldberg 1991, theorem 4).
fn ln_1p(x: f64) -> f64 {
    let y = 1.0 + x;
    if y == 1.0 || !y.is_finite() {
        x
    } else {
        ops::ln(y) * (x / (y - 1.0))
    }
}

/// A logarithm of each value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    pub form: Form,
}

impl Parametric for Log {
    const PARAMS: &'static [ParamSpec<Self>] = &[ParamSpec::choice(
        "form",
        "Form",
        Form::IDS,
        |s: &Self| s.form.id(),
        |s: &mut Self, id| s.form = Form::from_id(id),
    )
    .help("ln(1 + x) for x > -1, ln x for x > 0, or sign(x) ln(1 + |x|) for any x")];
}

/// Which logarithm of which columns, and the smallest training value of each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedLog {
    columns: Vec<usize>,
    form: Form,
    least: Vec<f64>,
}

impl Step for Log {
    const INFO: StepInfo = StepInfo {
        name: "Log",
        about: "The logarithm of columns that span decades; name them, or all are taken",
    };
    type Fitted = FittedLog;

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        numbers_only(kind)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<FittedLog, String> {
        let mut least = Vec::with_capacity(columns.len());
        for &column in columns {
            let (low, _) = ends(train.columns[column].numbers());
            let any = train.columns[column].numbers().iter().any(|v| v.is_finite());
            if any && low <= self.form.bound() {
                return Err(format!(
                    "'{}' goes down to {low}, and {} needs values above {}; name other columns, or take form=signed",
                    train.columns[column].name,
                    self.form.id(),
                    self.form.bound()
                ));
            }
            least.push(if any { low } else { self.form.bound().max(-1.0) + 1.0 });
        }
        Ok(FittedLog {
            columns: columns.to_vec(),
            form: self.form,
            least,
        })
    }
}

impl Replay for FittedLog {
    /// A value of other rows that has no logarithm counts as the smallest of the training rows.
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        for (&column, &least) in self.columns.iter().zip(&self.least) {
            for value in frame.columns[column].numbers_mut() {
                let x = if *value <= self.form.bound() { least } else { *value };
                *value = self.form.of(x);
            }
        }
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.columns.clone()
    }
}
