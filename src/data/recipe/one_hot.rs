//! A column a level.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo};
use super::frame::{Feature, Frame, sorted_levels};
use crate::data::table::Values;
use crate::data::{Kind, Unseen};
use crate::param::{Limit, ParamSpec, Parametric};

/// Every level of a category becomes a column of 0 and 1, in the order of their names; the rare ones share the column "other". Yes and no
/// become 1 and 0. Numbers that are codes can be named: each different number is a level then. `OneHotEncoder` of scikit-learn with
/// unknown levels ignored: a level that the training rows do not have goes to "other", or is 0 in every column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneHot {
    pub max_levels: u64,
    pub min_count: u64,
    pub drop_first: bool,
}

impl Default for OneHot {
    fn default() -> Self {
        Self {
            max_levels: 20,
            min_count: 1,
            drop_first: false,
        }
    }
}

impl Parametric for OneHot {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("max_levels", "Most levels", 1, 100, |s: &mut Self| &mut s.max_levels)
            .limit(Limit::AtLeastOne)
            .help("The most frequent levels get a column each, the others share one"),
        ParamSpec::integer("min_count", "Fewest rows", 1, 100, |s: &mut Self| &mut s.min_count)
            .limit(Limit::AtLeastOne)
            .help("A level in fewer training rows than this belongs to the others"),
        ParamSpec::switch("drop_first", "Drop the first", |s: &mut Self| &mut s.drop_first)
            .help("No column for the first level, which is all zeros then: no column is the sum of others"),
    ];
}

/// The levels of a column that have a column of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Levels {
    column: usize,
    /// A yes or no, which is a number already.
    truth: bool,
    kept: Vec<String>,
    /// How many there were.
    met: usize,
    /// Whether the rest has a column.
    other: bool,
}

/// The levels of every column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedOneHot {
    levels: Vec<Levels>,
    drop_first: bool,
}

impl Step for OneHot {
    const INFO: StepInfo = StepInfo {
        name: "One-hot",
        about: "A column of 0 and 1 for every level of a category, rare levels together; yes and no become 1 and 0",
    };
    type Fitted = FittedOneHot;

    fn can(&self, _kind: Kind) -> Result<(), &'static str> {
        Ok(())
    }

    fn takes(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Category | Kind::Boolean)
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<FittedOneHot, String> {
        let fit = |&column: &usize| self.levels(&train.columns[column], column);
        Ok(FittedOneHot {
            levels: columns.iter().map(fit).collect(),
            drop_first: self.drop_first,
        })
    }
}

impl OneHot {
    fn levels(&self, feature: &Feature, column: usize) -> Levels {
        let (codes, names) = feature.as_levels();
        let mut counts = vec![0_u64; names.len()];
        for code in codes {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        }
        // The most frequent first, of equals the first by name.
        let mut order: Vec<usize> = (0..names.len()).filter(|&c| counts[c] > 0).collect();
        order.sort_by_key(|&c| (std::cmp::Reverse(counts[c]), &names[c]));
        let frequent = order.iter().filter(|&&c| counts[c] >= self.min_count);
        let kept: Vec<String> = frequent.take(self.max_levels as usize).map(|&c| names[c].clone()).collect();
        let kept = match feature.values {
            Values::Numbers(_) => sorted_levels(kept),
            _ => {
                let mut kept = kept;
                kept.sort();
                kept
            }
        };
        Levels {
            column,
            truth: feature.kind == Kind::Boolean,
            met: order.len(),
            other: order.len() > kept.len(),
            kept,
        }
    }
}

impl Replay for FittedOneHot {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        let columns: Vec<usize> = self.levels.iter().map(|l| l.column).collect();
        frame.replace(&columns, |k, feature| match self.levels[k].truth {
            true => {
                let mut number = feature.clone();
                number.truths_to_numbers();
                vec![number]
            }
            false => self.levels[k].columns(feature, self.drop_first),
        });
        Ok(())
    }

    fn unseen(&self, frame: &Frame) -> Vec<Unseen> {
        // Where the rest has a column nobody knows any more which levels it was made of.
        let named = self.levels.iter().filter(|levels| !levels.truth && !levels.other);
        let unseen = |levels: &Levels| {
            let feature = &frame.columns[levels.column];
            let (codes, names) = feature.as_levels();
            Unseen::among(&feature.name, codes.into_iter(), &names, |name| levels.kept.contains(name))
        };
        named.flat_map(unseen).collect()
    }

    fn places(&self) -> Vec<usize> {
        self.levels.iter().map(|levels| levels.column).collect()
    }

    fn notes(&self, parts: &[&Frame]) -> Vec<String> {
        let note = |l: &Levels| {
            let name = &parts.first()?.columns[l.column].name;
            let (kept, met) = (l.kept.len(), l.met);
            let sentence = format!("'{name}': the {kept} most frequent of {met} levels kept, the others grouped as 'other'");
            (l.other && !l.truth).then_some(sentence)
        };
        self.levels.iter().filter_map(note).collect()
    }
}

impl Levels {
    /// The column each level has here; a level of these rows that the training rows do not have goes to the rest, if that has a column.
    fn columns(&self, feature: &Feature, drop_first: bool) -> Vec<Feature> {
        let (codes, names) = feature.as_levels();
        let rest = if self.other { self.kept.len() } else { usize::MAX };
        let place = |name: &String| self.kept.iter().position(|kept| kept == name).unwrap_or(rest);
        let places: Vec<usize> = names.iter().map(place).collect();
        let width = self.kept.len() + usize::from(self.other);
        let mut columns = vec![vec![0.0; codes.len()]; width];
        for (row, &code) in codes.iter().enumerate() {
            // What is missing is of no level.
            let place = places.get(code as usize).copied();
            if let Some(column) = place.and_then(|place| columns.get_mut(place)) {
                column[row] = 1.0;
            }
        }
        let labels = self.kept.iter().map(String::as_str).chain(["other"]);
        let named = labels.zip(columns).map(|(level, values)| {
            let name = format!("{}={level}", feature.name);
            Feature::number(name, &feature.origin, values)
        });
        named.skip(usize::from(drop_first)).collect()
    }
}
