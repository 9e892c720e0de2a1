//! Something in the place of what is missing.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo};
use super::frame::{Feature, Frame};
use super::quantile::median;
use crate::data::Kind;
use crate::data::levels::MISSING;
use crate::data::moments::moments;
use crate::data::table::{Values, plain};
use crate::param::{ParamSpec, Parametric};

/// What a missing value becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    #[default]
    Median,
    Mean,
    MostFrequent,
    Constant,
}

impl Strategy {
    const IDS: &'static [&'static str] = &["median", "mean", "most_frequent", "constant"];

    fn id(self) -> &'static str {
        match self {
            Self::Median => "median",
            Self::Mean => "mean",
            Self::MostFrequent => "most_frequent",
            Self::Constant => "constant",
        }
    }

    fn from_id(id: &str) -> Self {
        match id {
            "mean" => Self::Mean,
            "most_frequent" => Self::MostFrequent,
            "constant" => Self::Constant,
            _ => Self::Median,
        }
    }
}

/// Fills what is missing, as `SimpleImputer` of scikit-learn does. A category becomes its most frequent level whatever the strategy, but
/// for `constant`, which makes "missing" a level of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Impute {
    pub strategy: Strategy,
    /// What `constant` puts into a column of numbers.
    pub value: f64,
    /// Whether a column that has gaps in the training rows gets another beside it: 1 where there was one.
    pub indicator: bool,
}

impl Parametric for Impute {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "strategy",
            "Fill with",
            Strategy::IDS,
            |s: &Self| s.strategy.id(),
            |s: &mut Self, id| s.strategy = Strategy::from_id(id),
        )
        .help("What numbers are filled with; categories take their most frequent level, or 'missing' with constant"),
        ParamSpec::number("value", "Value", |s: &mut Self| &mut s.value)
            .linear(-1.0, 1.0)
            .help("What constant puts into a column of numbers"),
        ParamSpec::switch("indicator", "Indicator", |s: &mut Self| &mut s.indicator)
            .help("Another column beside one with gaps: 1 where there was one"),
    ];

    fn is_used(&self, name: &str) -> bool {
        name != "value" || self.strategy == Strategy::Constant
    }
}

/// What a column is filled with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fill {
    Number(f64),
    Level(String),
    /// No (0) or yes (1), and the word for it.
    Truth(u32, String),
}

/// What was learnt of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Gap {
    column: usize,
    fill: Fill,
    /// Whether the training rows have gaps and an indicator is wanted.
    indicator: bool,
    /// Whether not one training row has a value.
    empty: bool,
}

/// What every column is filled with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filled {
    gaps: Vec<Gap>,
    strategy: Strategy,
}

impl Step for Impute {
    const INFO: StepInfo = StepInfo {
        name: "Impute",
        about: "Fills missing values with the median, mean or most frequent one of the training rows, or a constant",
    };
    type Fitted = Filled;

    fn can(&self, _kind: Kind) -> Result<(), &'static str> {
        Ok(())
    }

    fn fit(&self, train: &Frame, columns: &[usize]) -> Result<Filled, String> {
        let gap = |&column: &usize| {
            let feature = &train.columns[column];
            let missing = feature.missing();
            Gap {
                column,
                fill: self.fill(feature),
                indicator: self.indicator && missing > 0,
                empty: missing == train.n_rows,
            }
        };
        Ok(Filled {
            gaps: columns.iter().map(gap).collect(),
            strategy: self.strategy,
        })
    }
}

impl Impute {
    fn fill(&self, feature: &Feature) -> Fill {
        match (&feature.values, self.strategy) {
            (Values::Numbers(_), Strategy::Constant) => Fill::Number(self.value),
            (Values::Numbers(values), Strategy::Median) => Fill::Number(median(values)),
            (Values::Numbers(values), Strategy::Mean) => Fill::Number(moments(values.iter().copied()).0),
            (Values::Numbers(values), Strategy::MostFrequent) => Fill::Number(most_frequent_number(values)),
            (Values::Codes { .. }, Strategy::Constant) if feature.kind != Kind::Boolean => Fill::Level("missing".to_owned()),
            (Values::Codes { codes, levels }, _) => {
                let code = most_frequent_level(codes, levels);
                let word = levels.get(code as usize).cloned().unwrap_or_default();
                // Another file may have other words for yes and no.
                if feature.kind == Kind::Boolean {
                    Fill::Truth(code, word)
                } else {
                    Fill::Level(word)
                }
            }
            (Values::Texts(_), _) => Fill::Level(String::new()),
        }
    }
}

/// Of equals the smallest, as in scikit-learn.
fn most_frequent_number(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let runs = sorted.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0]));
    runs.fold((0, 0.0), |best, run| if run.0 > best.0 { run } else { best }).1
}

/// Of equals the first by name.
fn most_frequent_level(codes: &[u32], levels: &[String]) -> u32 {
    let mut counts = vec![0_usize; levels.len()];
    for &code in codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    let best = (0..levels.len()).min_by_key(|&c| (std::cmp::Reverse(counts[c]), &levels[c]));
    best.unwrap_or(0) as u32
}

impl Replay for Filled {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        let columns: Vec<usize> = self.gaps.iter().map(|gap| gap.column).collect();
        frame.replace(&columns, |k, feature| {
            let gap = &self.gaps[k];
            let mut filled = feature.clone();
            fill(&mut filled, &gap.fill);
            match gap.indicator {
                true => vec![filled, indicator(feature)],
                false => vec![filled],
            }
        });
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.gaps.iter().map(|gap| gap.column).collect()
    }

    fn notes(&self, parts: &[&Frame]) -> Vec<String> {
        let note = |gap: &Gap| {
            let feature = |part: &&Frame| part.columns[gap.column].missing();
            let missing: usize = parts.iter().map(feature).sum();
            let first = parts.first().filter(|_| missing > 0)?;
            Some(self.sentence(gap, &first.columns[gap.column], missing))
        };
        self.gaps.iter().filter_map(note).collect()
    }
}

impl Filled {
    fn sentence(&self, gap: &Gap, feature: &Feature, missing: usize) -> String {
        let name = &feature.name;
        let with = match &gap.fill {
            Fill::Number(days) if feature.kind == Kind::Date => crate::data::date::format(*days),
            Fill::Number(value) => plain(*value),
            Fill::Level(level) | Fill::Truth(_, level) => level.clone(),
        };
        let what = match (self.strategy, &gap.fill) {
            (Strategy::Constant, _) => return format!("'{name}': {missing} missing, filled with {with}"),
            _ if gap.empty => {
                return format!(
                    "'{name}': {missing} missing, not one training row has a value; filled with {with}, leave it out"
                );
            }
            (Strategy::Median, Fill::Number(_)) => "median",
            (Strategy::Mean, Fill::Number(_)) => "mean",
            _ => "most frequent value",
        };
        format!("'{name}': {missing} missing, filled with the {what} {with} of the training rows")
    }
}

fn fill(feature: &mut Feature, with: &Fill) {
    match (&mut feature.values, with) {
        (Values::Numbers(values), Fill::Number(value)) => {
            values.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = *value);
        }
        (Values::Codes { codes, levels }, Fill::Level(level)) if codes.contains(&MISSING) => {
            let known = levels.iter().position(|l| l == level);
            let code = known.unwrap_or_else(|| {
                levels.push(level.clone());
                levels.len() - 1
            }) as u32;
            codes.iter_mut().filter(|c| **c == MISSING).for_each(|c| *c = code);
        }
        (Values::Codes { codes, .. }, Fill::Truth(code, _)) => {
            codes.iter_mut().filter(|c| **c == MISSING).for_each(|c| *c = *code);
        }
        _ => {}
    }
}

/// 1 where a value is missing.
fn indicator(feature: &Feature) -> Feature {
    let gap = |missing: bool| f64::from(u8::from(missing));
    let values = match &feature.values {
        Values::Numbers(values) => values.iter().map(|v| gap(v.is_nan())).collect(),
        Values::Codes { codes, .. } => codes.iter().map(|&c| gap(c == MISSING)).collect(),
        Values::Texts(texts) => texts.iter().map(|t| gap(t.is_empty())).collect(),
    };
    Feature::number(format!("{} missing", feature.name), &feature.origin, values)
}
