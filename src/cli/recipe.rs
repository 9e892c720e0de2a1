//! `--prepare "impute strategy=mean columns=a,b"`: steps of the recipe, and `--split`, `--group`, `--time`.

use super::{CliError, named};
use crate::data::Split;
use crate::data::recipe::{RecipeStep, StepConfig};

/// How columns become numbers, and what rows are divided by.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct RecipeArgs {
    /// A step from columns to numbers, done in the order given: `impute strategy=mean`, `one_hot columns=a,b` (columns come last).
    /// Without any: impute, one_hot, standardize. `optiscope list steps` names them
    #[arg(long, value_name = "STEP [NAME=VALUE..] [columns=A,B]")]
    prepare: Vec<String>,
    /// What rows are divided by: stratified (by chance, classes in proportion), random, group (--group) or time (--time)
    #[arg(long, value_name = "HOW")]
    split: Option<String>,
    /// A column whose equal values stay together: a patient, a machine, a site
    #[arg(long, value_name = "COLUMN", conflicts_with = "time")]
    group: Option<String>,
    /// A column of times: the earliest rows train, the latest are held out
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,
}

impl RecipeArgs {
    /// The steps; None if there are none.
    pub fn steps(&self) -> Result<Option<Vec<RecipeStep>>, CliError> {
        if self.prepare.is_empty() {
            return Ok(None);
        }
        self.prepare.iter().map(|text| step(text)).collect::<Result<_, _>>().map(Some)
    }

    /// What rows are divided by.
    pub fn split(&self) -> Result<Split, CliError> {
        let refuse = |given: &str, accepted: &str| {
            Err(CliError::Value {
                option: "--split",
                given: given.to_owned(),
                accepted: accepted.to_owned(),
            })
        };
        match (self.split.as_deref(), &self.group, &self.time) {
            (None | Some("group"), Some(column), _) => Ok(Split::Group { column: column.clone() }),
            (None | Some("time"), _, Some(column)) => Ok(Split::Time { column: column.clone() }),
            (Some("group"), ..) => refuse("group", "name the column of the groups with --group COLUMN"),
            (Some("time"), ..) => refuse("time", "name the column of the times with --time COLUMN"),
            (Some(how), Some(_), _) | (Some(how), _, Some(_)) => {
                refuse(how, "it makes no use of --group or --time; leave that out")
            }
            (None | Some("stratified"), ..) => Ok(Split::Stratified),
            (Some("random"), ..) => Ok(Split::Random),
            (Some(other), ..) => refuse(other, "there is no such split; there are stratified, random, group and time"),
        }
    }
}

impl RecipeArgs {
    /// Whether it was asked for, and not only taken for want of another, that classes are divided evenly.
    pub fn is_stratified_by_wish(&self) -> bool {
        self.split.as_deref() == Some("stratified")
    }
}

/// A step from its text. Columns come last, because their names may contain anything but commas.
fn step(text: &str) -> Result<RecipeStep, CliError> {
    let (settings, columns) = match text.split_once(" columns=") {
        Some((settings, columns)) => (settings, Some(columns.split(',').map(|c| c.trim().to_owned()).collect())),
        None => (text, None),
    };
    let mut words = settings.split_whitespace();
    let id = words.next().unwrap_or_default();
    let mut step = StepConfig::from_id(id).ok_or_else(|| named::no_such("step", id, StepConfig::IDS))?;
    for word in words {
        let (name, value) = word.split_once('=').ok_or_else(|| CliError::Form {
            option: "--prepare",
            given: text.to_owned(),
            expected: "a step and its settings, for example \"impute strategy=mean columns=a,b\"",
        })?;
        step.set_text(name, value).map_err(|problem| CliError::Param {
            option: "--prepare",
            given: text.to_owned(),
            problem,
        })?;
    }
    Ok(RecipeStep { step, columns })
}
