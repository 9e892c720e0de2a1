//! A recipe: steps in order, fitted one after the other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::StepConfig;
use super::contract::AnyReplay;
use super::frame::Frame;
use crate::data::{DataError, Kind, Unseen};

/// A step and the columns that it works on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipeStep {
    pub step: StepConfig,
    /// Names of columns at this point of the recipe, or of columns of the file they came from; None: all that the step is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
}

impl From<StepConfig> for RecipeStep {
    fn from(step: StepConfig) -> Self {
        Self { step, columns: None }
    }
}

impl RecipeStep {
    /// Places of the columns it works on.
    fn places(&self, train: &Frame) -> Result<Vec<usize>, DataError> {
        let all = 0..train.columns.len();
        let Some(names) = &self.columns else {
            return Ok(all.filter(|&c| self.step.takes(train.columns[c].kind)).collect());
        };
        let mut chosen = Vec::new();
        for name in names {
            let is_meant = |c: &usize| train.columns[*c].name == *name || train.columns[*c].origin == *name;
            let meant: Vec<usize> = all.clone().filter(is_meant).collect();
            if meant.is_empty() {
                let there: Vec<&str> = train.columns.iter().take(8).map(|f| f.name.as_str()).collect();
                let near = format!("at this point of the recipe there are {}", there.join(", "));
                return Err(DataError::NoSuchColumn {
                    name: name.clone(),
                    near,
                });
            }
            for &c in &meant {
                self.step
                    .can(train.columns[c].kind)
                    .map_err(|why| self.refused(format!("'{name}': {why}")))?;
            }
            chosen.extend(meant);
        }
        chosen.sort_unstable();
        chosen.dedup();
        Ok(chosen)
    }

    fn refused(&self, why: String) -> DataError {
        DataError::Step {
            step: self.step.id(),
            why,
        }
    }
}

/// Everything that a recipe has learnt from the training rows. As JSON it is a list of steps by their ids, the columns that go in and the
/// features that come out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "SavedRecipe", into = "SavedRecipe")]
pub struct FittedRecipe {
    steps: Vec<(&'static str, Arc<dyn AnyReplay>)>,
    /// The columns that go into it.
    pub(in crate::data) takes: Vec<(String, Kind)>,
    pub(in crate::data) feature_names: Vec<String>,
}

/// A fitted recipe in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedRecipe {
    steps: Vec<SavedStep>,
    takes: Vec<(String, Kind)>,
    feature_names: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedStep {
    id: String,
    learnt: Value,
}

impl From<FittedRecipe> for SavedRecipe {
    fn from(fitted: FittedRecipe) -> Self {
        let saved = |(id, step): (&str, Arc<dyn AnyReplay>)| SavedStep {
            id: id.to_owned(),
            // What is no number becomes null, which is refused when it is read.
            learnt: step.learnt().unwrap_or_default(),
        };
        Self {
            steps: fitted.steps.into_iter().map(saved).collect(),
            takes: fitted.takes,
            feature_names: fitted.feature_names,
        }
    }
}

impl TryFrom<SavedRecipe> for FittedRecipe {
    type Error = String;

    fn try_from(saved: SavedRecipe) -> Result<Self, String> {
        let recall = |step: SavedStep| {
            let of = StepConfig::from_id(&step.id).ok_or_else(|| format!("there is no step '{}'", step.id))?;
            let learnt = of.recall(step.learnt).map_err(|why| format!("step '{}': {why}", step.id))?;
            Ok((of.id(), learnt))
        };
        Ok(Self {
            steps: saved.steps.into_iter().map(recall).collect::<Result<_, String>>()?,
            takes: saved.takes,
            feature_names: saved.feature_names,
        })
    }
}

impl PartialEq for FittedRecipe {
    fn eq(&self, other: &Self) -> bool {
        self.steps.len() == other.steps.len()
            && self
                .steps
                .iter()
                .zip(&other.steps)
                .all(|(a, b)| a.0 == b.0 && a.1.equals(b.1.as_ref()))
            && (&self.takes, &self.feature_names) == (&other.takes, &other.feature_names)
    }
}

impl FittedRecipe {
    /// Fits the steps one after the other to the first part, the training rows, and does each to all parts.
    ///
    /// # Errors
    /// A step that cannot be done, with its name.
    pub(in crate::data) fn fit(steps: &[RecipeStep], parts: &mut [Frame], notes: &mut Vec<String>) -> Result<Self, DataError> {
        let mut fitted = Self::default();
        for asked in steps {
            let Some(train) = parts.first() else { break };
            let columns = asked.places(train)?;
            if columns.is_empty() && asked.columns.is_none() {
                continue;
            }
            let step = asked.step.fit(train, &columns).map_err(|why| asked.refused(why))?;
            notes.extend(step.notes(&parts.iter().collect::<Vec<_>>()));
            for part in parts.iter_mut() {
                step.replay(part).map_err(|why| asked.refused(why))?;
            }
            fitted.steps.push((asked.step.id(), step));
        }
        if let Some(train) = parts.first() {
            fitted.feature_names = train.columns.iter().map(|f| f.name.clone()).collect();
        }
        Ok(fitted)
    }

    /// Does all steps to other rows, and says which of their levels no training row had.
    ///
    /// # Errors
    /// A step that cannot be done to these rows.
    pub(in crate::data) fn replay(&self, frame: &mut Frame) -> Result<Vec<Unseen>, DataError> {
        let mut unseen = Vec::new();
        for (id, step) in &self.steps {
            let refused = |why| DataError::Step { step: id, why };
            if step.places().iter().any(|place| *place >= frame.columns.len()) {
                return Err(refused(
                    "it works on a column that is not there; the saved model is damaged".to_owned(),
                ));
            }
            unseen.extend(step.unseen(frame));
            step.replay(frame).map_err(refused)?;
        }
        Ok(unseen)
    }

    /// Names of the features that come of it.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }
}
