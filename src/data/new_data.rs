//! Rows that a model has never seen, by the recipe as it was fitted.

use super::dataset::Targets;
use super::recipe::{Feature, FittedRecipe, Frame};
use super::table::{Column, Kind, Table, Values};
use super::{DataError, task};

/// What a model is given of new rows.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRows {
    /// Rows of the table that can be predicted: all of them, or those without a gap where the recipe fills none.
    pub rows: Vec<u32>,
    /// Their features, row by row.
    pub x: Vec<f64>,
}

impl FittedRecipe {
    /// The features of a table of new data: nothing is learnt from these rows, and none is dropped but those with gaps that the recipe does
    /// not fill.
    ///
    /// # Errors
    /// A column of the training data is not there or holds something else, or a step cannot be done to these rows.
    pub fn new_rows(&self, table: &Table) -> Result<NewRows, DataError> {
        let all: Vec<u32> = (0..table.n_rows as u32).collect();
        match self.features_of(table, &all) {
            Ok(x) => Ok(NewRows { rows: all, x }),
            Err(refusal) => {
                let columns: Vec<&Column> = self.takes.iter().filter_map(|(name, _)| table.column(name)).collect();
                let is_whole = |row: &u32| !columns.iter().any(|column| column.is_missing(*row as usize));
                let rows: Vec<u32> = all.iter().copied().filter(is_whole).collect();
                if rows.is_empty() || rows.len() == all.len() {
                    return Err(refusal);
                }
                let x = self.features_of(table, &rows)?;
                Ok(NewRows { rows, x })
            }
        }
    }

    fn features_of(&self, table: &Table, rows: &[u32]) -> Result<Vec<f64>, DataError> {
        let column = |(name, kind): &(String, Kind)| Feature::like(find(table, name)?, *kind);
        let mut frame = Frame {
            n_rows: table.n_rows,
            columns: self.takes.iter().map(column).collect::<Result<_, _>>()?,
            targets: None,
            held_out: true,
        };
        if rows.len() < table.n_rows {
            frame.keep(rows);
        }
        self.replay(&mut frame)?;
        frame.matrix().map_err(|(column, why)| DataError::Feature { column, why })
    }
}

/// The true targets of new rows, as far as they are known: which of `rows` have one, and what it is. None if there is no such column, or
/// nothing in it that the model could have said. `classes` are the model's; None for numbers.
pub fn known_targets(table: &Table, target: &str, classes: Option<&[String]>, rows: &[u32]) -> Option<(Vec<usize>, Targets)> {
    let feature = Feature::whole(table.column(target)?);
    let mut places = Vec::new();
    let targets = match classes {
        Some(classes) => {
            let (codes, names) = feature.as_levels();
            let mut labels = Vec::new();
            for (place, row) in rows.iter().enumerate() {
                let name = codes.get(*row as usize).and_then(|code| names.get(*code as usize));
                if let Some(label) = name.and_then(|name| classes.iter().position(|class| class == name)) {
                    places.push(place);
                    labels.push(label as u32);
                }
            }
            let names = classes.to_vec();
            Targets::Classes { labels, names }
        }
        None => {
            let mut numbers = feature;
            numbers.truths_to_numbers();
            let Values::Numbers(all) = &numbers.values else {
                return None;
            };
            let mut values = Vec::new();
            for (place, row) in rows.iter().enumerate() {
                if let Some(value) = all.get(*row as usize).filter(|v| v.is_finite()) {
                    places.push(place);
                    values.push(*value);
                }
            }
            Targets::Values { columns: 1, values }
        }
    };
    (!places.is_empty()).then_some((places, targets))
}

fn find<'a>(table: &'a Table, name: &str) -> Result<&'a Column, DataError> {
    table.column(name).ok_or_else(|| DataError::NoSuchColumn {
        name: name.to_owned(),
        near: task::nearest(name, table),
    })
}
