//! What a date consists of.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo};
use super::frame::{Feature, Frame};
use crate::data::Kind;
use crate::data::date::civil;
use crate::param::{ParamSpec, Parametric};

/// Year, month (1 to 12), day of the month, day of the week (0 is Monday) and hour of a date, a column each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DateParts {
    pub year: bool,
    pub month: bool,
    pub day: bool,
    pub weekday: bool,
    pub hour: bool,
    pub keep: bool,
}

impl Default for DateParts {
    fn default() -> Self {
        Self {
            year: true,
            month: true,
            day: true,
            weekday: true,
            hour: false,
            keep: false,
        }
    }
}

impl Parametric for DateParts {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::switch("year", "Year", |s: &mut Self| &mut s.year).help("The year"),
        ParamSpec::switch("month", "Month", |s: &mut Self| &mut s.month).help("1 to 12"),
        ParamSpec::switch("day", "Day", |s: &mut Self| &mut s.day).help("1 to 31"),
        ParamSpec::switch("weekday", "Weekday", |s: &mut Self| &mut s.weekday).help("0 is Monday, 6 is Sunday"),
        ParamSpec::switch("hour", "Hour", |s: &mut Self| &mut s.hour).help("0 to 23"),
        ParamSpec::switch("keep", "Keep the date", |s: &mut Self| &mut s.keep)
            .help("Keep the days since 1970 beside the parts, for what grows or shrinks over time"),
    ];
}

/// Which parts of which columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedDateParts {
    columns: Vec<usize>,
    parts: DateParts,
}

impl Step for DateParts {
    const INFO: StepInfo = StepInfo {
        name: "Date parts",
        about: "Year, month, day, weekday and hour of a date, a column each",
    };
    type Fitted = FittedDateParts;

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        match kind {
            Kind::Date => Ok(()),
            _ => Err("it does not hold dates"),
        }
    }

    fn fit(&self, _train: &Frame, columns: &[usize]) -> Result<FittedDateParts, String> {
        Ok(FittedDateParts {
            columns: columns.to_vec(),
            parts: self.clone(),
        })
    }
}

impl Replay for FittedDateParts {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        frame.replace(&self.columns, |_, feature| self.parts.of(feature));
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.columns.clone()
    }
}

impl DateParts {
    fn of(&self, feature: &Feature) -> Vec<Feature> {
        type Part = fn(f64) -> f64;
        let parts: [(bool, &str, Part); 5] = [
            (self.year, "year", |days| civil(days).0 as f64),
            (self.month, "month", |days| civil(days).1 as f64),
            (self.day, "day", |days| civil(days).2 as f64),
            // 1970-01-01 was a Thursday.
            (self.weekday, "weekday", |days| (days.floor() + 3.0).rem_euclid(7.0)),
            (self.hour, "hour", |days| ((days - days.floor()) * 24.0 + 1e-6).floor()),
        ];
        let kept = self.keep.then(|| feature.clone());
        let made = parts.into_iter().filter(|(wanted, ..)| *wanted).map(|(_, name, part)| {
            let value = |&days: &f64| if days.is_finite() { part(days) } else { f64::NAN };
            let values = feature.numbers().iter().map(value).collect();
            Feature::number(format!("{} {name}", feature.name), &feature.origin, values)
        });
        kept.into_iter().chain(made).collect()
    }
}
