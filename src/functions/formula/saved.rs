//! A formula in a file: its text, the letters it uses or that were set, its box.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Formula;
use super::letters::{FIRST_VALUE, LETTERS, index_of};
use crate::functions::domain::Domain;

#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Saved {
    formula: String,
    letters: BTreeMap<String, f64>,
    x_min: f64,
    x_max: f64,
    y_min: f64,
    y_max: f64,
}

impl Default for Saved {
    fn default() -> Self {
        Formula::default().into()
    }
}

impl From<Formula> for Saved {
    fn from(formula: Formula) -> Self {
        let kept = |(i, value): &(usize, &f64)| formula.uses(*i) || **value != FIRST_VALUE;
        let letters = formula.letters.iter().enumerate().filter(kept);
        let Domain {
            x_min,
            x_max,
            y_min,
            y_max,
        } = formula.domain;
        Self {
            formula: formula.text().to_owned(),
            letters: letters.map(|(i, value)| (LETTERS[i].to_owned(), *value)).collect(),
            x_min,
            x_max,
            y_min,
            y_max,
        }
    }
}

impl TryFrom<Saved> for Formula {
    type Error = String;

    fn try_from(saved: Saved) -> Result<Self, String> {
        let mut formula = Self::new(&saved.formula).map_err(|error| format!("formula: {error}"))?;
        for (name, value) in &saved.letters {
            let letter = index_of(name).ok_or_else(|| format!("\"{name}\" is no letter that a formula can have"))?;
            formula.letters[letter] = *value;
        }
        let Saved {
            x_min,
            x_max,
            y_min,
            y_max,
            ..
        } = saved;
        formula.domain = Domain {
            x_min,
            x_max,
            y_min,
            y_max,
        };
        Ok(formula)
    }
}
