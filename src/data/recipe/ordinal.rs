//! A number a level.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo};
use super::frame::{Feature, Frame, sorted_levels};
use crate::data::Kind;
use crate::data::Unseen;
use crate::data::levels::MISSING;
use crate::param::{ParamSpec, Parametric};

/// The levels of a category as 0, 1, 2 ... in the order of their names (of their numbers if all are numbers). `OrdinalEncoder` of
/// scikit-learn; a level that the training rows do not have becomes `unknown`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ordinal {
    pub unknown: f64,
}

impl Default for Ordinal {
    fn default() -> Self {
        Self { unknown: -1.0 }
    }
}

impl Parametric for Ordinal {
    const PARAMS: &'static [ParamSpec<Self>] = &[ParamSpec::number("unknown", "Unknown", |s: &mut Self| &mut s.unknown)
        .linear(-1.0, 1.0)
        .help("The number of a level that no training row has")];
}

/// The levels of every column, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedOrdinal {
    columns: Vec<usize>,
    levels: Vec<Vec<String>>,
    unknown: f64,
}

impl Step for Ordinal {
    const INFO: StepInfo = StepInfo {
        name: "Ordinal",
        about: "The levels of a category as 0, 1, 2 ... in the order of their names",
    };
    type Fitted = FittedOrdinal;

    fn can(&self, _kind: Kind) -> Result<(), &'static str> {
        Ok(())
    }

    fn takes(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Category | Kind::Boolean)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<FittedOrdinal, String> {
        let met = |&column: &usize| {
            let (codes, names) = train.columns[column].as_levels();
            let mut used: Vec<u32> = codes.into_iter().filter(|c| *c != MISSING).collect();
            used.sort_unstable();
            used.dedup();
            sorted_levels(used.into_iter().map(|c| names[c as usize].clone()).collect())
        };
        Ok(FittedOrdinal {
            columns: columns.to_vec(),
            levels: columns.iter().map(met).collect(),
            unknown: self.unknown,
        })
    }
}

impl Replay for FittedOrdinal {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        frame.replace(&self.columns, |k, feature| {
            let (codes, names) = feature.as_levels();
            let number = |name: &String| {
                let place = self
                    .levels
                    .get(k)
                    .and_then(|levels| levels.iter().position(|level| level == name));
                place.map_or(self.unknown, |place| place as f64)
            };
            let numbers: Vec<f64> = names.iter().map(number).collect();
            let value = |code: u32| numbers.get(code as usize).copied().unwrap_or(f64::NAN);
            let values = codes.into_iter().map(value).collect();
            vec![Feature::number(feature.name.clone(), &feature.origin, values)]
        });
        Ok(())
    }

    fn unseen(&self, frame: &Frame) -> Vec<Unseen> {
        let unseen = |(&column, levels): (&usize, &Vec<String>)| {
            let feature = &frame.columns[column];
            let (codes, names) = feature.as_levels();
            Unseen::among(&feature.name, codes.into_iter(), &names, |name| levels.contains(name))
        };
        self.columns.iter().zip(&self.levels).flat_map(unseen).collect()
    }

    fn places(&self) -> Vec<usize> {
        self.columns.clone()
    }
}
