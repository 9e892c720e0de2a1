//! A trained model in a file, with all that it takes to predict: weights, architecture, and the recipe as it was fitted.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::report::class_scores;
use super::{Activations, Architecture, Loss, ModelError, Network, Report, weights};
use crate::data::{
    DataError, Dataset, FittedRecipe, KnownTargets, NewRows, Prepared, Scaling, Table, Targets, Unseen, known_targets,
};
use crate::objective::Scratch;

/// Version of what is said beside the weights.
const VERSION: u32 = 1;

/// What stands in a file beside the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCard {
    version: u32,
    architecture: Architecture,
    loss: Loss,
    /// The column that is predicted.
    target: String,
    /// The classes in order; None for numbers.
    classes: Option<Vec<String>>,
    /// What a number was scaled by.
    scaling: Option<Scaling>,
    recipe: FittedRecipe,
}

/// A model that predicts.
#[derive(Debug, Clone)]
pub struct SavedModel {
    card: ModelCard,
    network: Network,
    params: Vec<f64>,
}

/// What a model says of the rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// Rows of the file.
    pub n_rows: usize,
    /// The column that is predicted.
    pub target: String,
    /// Rows of the file that could be predicted, counted from 0.
    pub rows: Vec<u32>,
    pub answers: PredictedValues,
    /// How right it is, if the table knows the truth; and about how many rows.
    pub report: Option<(Report, usize)>,
    /// What is amiss with the rows, in sentences: why some have no answer, and what the model knows nothing of.
    pub warnings: Vec<String>,
}

/// Answers, one for each row that could be predicted.
#[derive(Debug, Clone, PartialEq)]
pub enum PredictedValues {
    Classes {
        names: Vec<String>,
        labels: Vec<u32>,
        /// One number a class and row: its probability, or with the hinge loss its score.
        scores: Vec<f64>,
        probabilistic: bool,
    },
    /// In the units of the training data.
    Numbers(Vec<f64>),
}

impl ModelCard {
    /// What there is to be said of a model on prepared data.
    pub fn of(network: &Network, prepared: &Prepared) -> Self {
        Self {
            version: VERSION,
            architecture: network.architecture().clone(),
            loss: network.loss(),
            target: prepared.train.target_name.clone(),
            classes: match &prepared.train.targets {
                Targets::Classes { names, .. } => Some(names.clone()),
                Targets::Values { .. } => None,
            },
            scaling: prepared.scaling.clone(),
            recipe: prepared.recipe.clone(),
        }
    }

    /// Whether a file of so many bytes can hold the weights: nothing is allocated on the word of a file.
    pub(super) fn is_no_larger_than(&self, bytes: usize) -> bool {
        let Architecture {
            inputs, hidden, outputs, ..
        } = &self.architecture;
        let widths: Vec<f64> = [inputs]
            .into_iter()
            .chain(hidden)
            .chain([outputs])
            .map(|n| *n as f64)
            .collect();
        let params: f64 = widths.windows(2).map(|w| (w[0] + 1.0) * w[1]).sum();
        *inputs > 0 && params * 4.0 <= bytes as f64
    }

    pub(super) fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// As text, for the file.
    ///
    /// # Errors
    /// Something in it that no file can hold, so that it would not read back as what it is.
    pub(super) fn text(&self) -> Result<String, String> {
        let text = serde_json::to_string(self).map_err(|why| why.to_string())?;
        let back: Self = serde_json::from_str(&text).map_err(|why| why.to_string())?;
        match serde_json::to_string(&back) {
            Ok(again) if again == text => Ok(text),
            _ => Err("it would not read back as what it is".to_owned()),
        }
    }

    /// From the text in a file.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub(super) fn from_text(text: &str) -> Result<Self, String> {
        /// The field that says whether the others can be understood.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let damaged = |why: serde_json::Error| format!("what it says of the model is damaged ({why}); save the model anew");
        let Versioned { version } = serde_json::from_str(text).map_err(damaged)?;
        if version != VERSION {
            return Err(format!(
                "it is of version {version}, and this program reads version {VERSION}; use the program that wrote it"
            ));
        }
        serde_json::from_str(text).map_err(damaged)
    }

    /// The model without weights, on no rows.
    fn network(&self) -> Result<Network, ModelError> {
        let targets = match &self.classes {
            Some(names) => Targets::Classes {
                labels: vec![0],
                names: names.clone(),
            },
            None => Targets::Values {
                columns: self.architecture.outputs,
                values: vec![0.0; self.architecture.outputs],
            },
        };
        let inputs = self.architecture.inputs;
        let data = Dataset {
            name: String::new(),
            feature_names: self.recipe.feature_names().to_vec(),
            target_name: self.target.clone(),
            n_rows: 1,
            n_features: inputs,
            x: vec![0.0; inputs],
            targets,
        };
        let architecture = self.architecture.clone();
        let network = Network::new(
            architecture.hidden,
            Activations::Each(architecture.activations),
            self.loss,
            Arc::new(data),
        )?;
        Ok(network)
    }
}

impl SavedModel {
    /// A trained model that need not go through a file.
    ///
    /// # Errors
    /// The description fits no model.
    pub fn new(card: ModelCard, params: Vec<f64>) -> Result<Self, ModelError> {
        let network = card.network()?;
        Ok(Self { card, network, params })
    }

    /// Writes a trained model, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written, or the recipe has learnt something that no file can hold.
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        weights::save_with(path, &self.card.architecture, &self.params, &self.card)
    }

    /// Reads a trained model.
    ///
    /// # Errors
    /// The file cannot be read, holds weights only, or does not fit what it says of itself.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let (card, params) = weights::load_with_card(path)?;
        let described = |why: String| ModelError::Description {
            path: path.to_path_buf(),
            why,
        };
        let network = card.network().map_err(|why| described(why.to_string()))?;
        if *network.architecture() != card.architecture || card.recipe.feature_names().len() != card.architecture.inputs {
            return Err(described(
                "what it says of the model contradicts itself; save the model anew".to_owned(),
            ));
        }
        Ok(Self { card, network, params })
    }

    /// The column that it predicts.
    pub fn target(&self) -> &str {
        &self.card.target
    }

    /// What the model says of every row of the file that a table was read from. The rows may be new: the recipe is replayed as it was
    /// fitted.
    ///
    /// # Errors
    /// A column that the model has learnt from is not there or holds something else.
    pub fn predict(&self, table: &Table) -> Result<Predictions, DataError> {
        let mut new = self.card.recipe.new_rows(table)?;
        let mut scratch = Scratch::default();
        let mut outputs = vec![0.0; new.rows.len() * self.card.architecture.outputs];
        self.network.predict(&self.params, &new.x, &mut outputs, &mut scratch);
        let mut warnings = warnings(table, &new);
        let too_large = self.leave_out_overflow(&mut new, &mut outputs);
        if too_large > 0 {
            warnings.push(format!(
                "{too_large} row(s) whose answer no number can hold are left without one"
            ));
        }
        let known = self.known_targets(table, &new.rows);
        warnings.extend(
            known
                .iter()
                .flat_map(|known| Unseen::listed(&known.strange))
                .map(|listed| format!("{listed}: no class of the model; such rows do not count in how right it is")),
        );
        Ok(Predictions {
            n_rows: table.n_rows + table.set_aside.len(),
            target: self.card.target.clone(),
            answers: self.answers(&outputs),
            report: known.and_then(|known| self.report(known, &new.x, &mut scratch)),
            rows: new.rows.iter().map(|row| table.in_file(*row)).collect(),
            warnings,
        })
    }

    /// Takes out the rows whose outputs are not finite, as numbers of the file; how many.
    fn leave_out_overflow(&self, new: &mut NewRows, outputs: &mut Vec<f64>) -> usize {
        let (width, inputs) = (self.card.architecture.outputs, self.card.architecture.inputs);
        let scaling = self.card.scaling.as_ref();
        let in_file = |(k, v): (usize, &f64)| scaling.map_or(*v, |scaling| scaling.undo_target(k, *v));
        let is_finite = |row: &[f64]| row.iter().enumerate().map(in_file).all(f64::is_finite);
        let places = outputs.chunks_exact(width.max(1)).enumerate();
        let finite: Vec<usize> = places.filter(|(_, row)| is_finite(row)).map(|(place, _)| place).collect();
        let too_large = new.rows.len() - finite.len();
        if too_large > 0 {
            *outputs = finite
                .iter()
                .flat_map(|place| outputs[place * width..][..width].to_vec())
                .collect();
            new.x = finite
                .iter()
                .flat_map(|place| new.x[place * inputs..][..inputs].to_vec())
                .collect();
            new.rows = finite.iter().map(|place| new.rows[*place]).collect();
        }
        too_large
    }

    fn answers(&self, outputs: &[f64]) -> PredictedValues {
        let width = self.card.architecture.outputs.max(1);
        match &self.card.classes {
            Some(names) => {
                let (scores, labels) = class_scores(self.card.loss, outputs, width, names.len());
                PredictedValues::Classes {
                    names: names.clone(),
                    labels,
                    scores,
                    probabilistic: self.card.loss != Loss::Hinge,
                }
            }
            None => {
                let back = |(k, v): (usize, &f64)| {
                    let scaling = self.card.scaling.as_ref();
                    scaling.map_or(*v, |scaling| scaling.undo_target(k % width, *v))
                };
                PredictedValues::Numbers(outputs.iter().enumerate().map(back).collect())
            }
        }
    }

    /// What the table says of these rows that the model could have said.
    fn known_targets(&self, table: &Table, rows: &[u32]) -> Option<KnownTargets> {
        known_targets(table, &self.card.target, self.card.classes.as_deref(), rows)
    }

    /// How right the model is on the rows whose truth is known, and how many they are.
    fn report(&self, known: KnownTargets, x: &[f64], scratch: &mut Scratch) -> Option<(Report, usize)> {
        let KnownTargets { places, mut targets, .. } = known;
        if places.is_empty() {
            return None;
        }
        if let Some(scaling) = &self.card.scaling {
            scaling.apply(&mut targets);
        }
        let n_features = self.card.architecture.inputs;
        let row = |place: &usize| x[place * n_features..][..n_features].iter().copied();
        let data = Dataset {
            n_rows: places.len(),
            x: places.iter().flat_map(row).collect(),
            targets,
            ..self.network.data().as_ref().clone()
        };
        let network = self.network.clone().with_data(Arc::new(data));
        let report = Report::new(&network, &self.params, self.card.scaling.as_ref(), scratch);
        Some((report, places.len()))
    }
}

/// What is amiss with new rows, in sentences.
fn warnings(table: &Table, new: &NewRows) -> Vec<String> {
    let gaps = table.n_rows - new.endless - new.rows.len();
    let left_out = [
        (table.set_aside.len(), "with too many fields, which could not be read,"),
        (new.endless, "with an infinite value"),
        (gaps, "with gaps that the recipe does not fill"),
    ];
    let left_out = left_out.into_iter().filter(|(rows, _)| *rows > 0);
    let unseen = Unseen::listed(&new.unseen).into_iter();
    left_out
        .map(|(rows, what)| format!("{rows} row(s) {what} are left without an answer"))
        .chain(unseen.map(|listed| format!("{listed}: in no training row; the answer there rests on the other columns")))
        .collect()
}

impl Predictions {
    /// Names of the columns of what is written: the row of the file, the answer, then for classes a number each.
    pub fn columns(&self) -> Vec<String> {
        let mut columns = vec!["row".to_owned(), self.target.clone()];
        if let PredictedValues::Classes {
            names, probabilistic, ..
        } = &self.answers
        {
            let what = if *probabilistic { "p" } else { "score" };
            columns.extend(names.iter().map(|name| format!("{what}_{name}")));
        }
        columns
    }

    /// Rows that could not be predicted.
    pub fn left_out(&self) -> usize {
        self.n_rows - self.rows.len()
    }

    /// What is said of every row of the file in its order: the answer as text or number and the numbers of its classes; None of rows that
    /// could not be predicted.
    pub fn all(&self) -> impl Iterator<Item = (usize, Option<Answer<'_>>)> {
        let mut place = 0;
        (0..self.n_rows).map(move |row| {
            let is_next = self.rows.get(place).is_some_and(|next| *next as usize == row);
            if !is_next {
                return (row, None);
            }
            place += 1;
            (row, Some(self.answer(place - 1)))
        })
    }

    fn answer(&self, place: usize) -> Answer<'_> {
        match &self.answers {
            PredictedValues::Numbers(values) => Answer::Number(values[place]),
            PredictedValues::Classes {
                names, labels, scores, ..
            } => Answer::Class {
                name: &names[labels[place] as usize],
                scores: &scores[place * names.len()..][..names.len()],
            },
        }
    }

    /// Writes them as a CSV file, whole or not at all: [`Self::columns`], rows counted from 1, what could not be predicted left empty.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        crate::data::write_whole(path, |out| {
            let mut csv = csv::Writer::from_writer(out);
            csv.write_record(self.columns())?;
            let width = self.columns().len();
            for (row, answer) in self.all() {
                let mut fields = vec![(row + 1).to_string()];
                match answer {
                    None => {}
                    Some(Answer::Number(value)) => fields.push(format!("{value:?}")),
                    Some(Answer::Class { name, scores }) => {
                        fields.push(name.to_owned());
                        fields.extend(scores.iter().map(|score| format!("{score:?}")));
                    }
                }
                fields.resize(width, String::new());
                csv.write_record(&fields)?;
            }
            csv.flush()
        })
    }
}

/// What is said of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer<'a> {
    Number(f64),
    Class { name: &'a str, scores: &'a [f64] },
}
