//! Rows that a model has never seen, by the recipe as it was fitted.

use super::dataset::Targets;
use super::recipe::{Feature, FittedRecipe, Frame};
use super::table::{Column, Kind, Table, Values};
use super::{DataError, Unseen, task};

/// What a model is given of new rows.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRows {
    /// Rows of the table that can be predicted: those without an infinite value, and without a gap where the recipe fills none.
    pub rows: Vec<u32>,
    /// Their features, row by row.
    pub x: Vec<f64>,
    /// Rows with an infinite value.
    pub endless: usize,
    /// Levels that no training row had.
    pub unseen: Vec<Unseen>,
}

impl FittedRecipe {
    /// The features of a table of new data: nothing is learnt from these rows, and none is dropped but those that training leaves out too,
    /// with an infinite value, and those with gaps that the recipe does not fill.
    ///
    /// # Errors
    /// A column of the training data is not there or holds something else, or a step cannot be done to these rows.
    pub fn new_rows(&self, table: &Table) -> Result<NewRows, DataError> {
        let finite = self.finite_rows(table)?;
        let endless = table.n_rows - finite.len();
        let new = |rows, (x, unseen)| NewRows {
            rows,
            x,
            endless,
            unseen,
        };
        if finite.is_empty() && endless > 0 {
            return Ok(new(finite, Default::default()));
        }
        match self.features_of(table, &finite) {
            Ok(features) => Ok(new(finite, features)),
            Err(refusal) => {
                let columns: Vec<&Column> = self.takes.iter().filter_map(|(name, _)| table.column(name)).collect();
                let is_whole = |row: &u32| !columns.iter().any(|column| column.is_missing(*row as usize));
                let rows: Vec<u32> = finite.iter().copied().filter(is_whole).collect();
                if rows.is_empty() || rows.len() == finite.len() {
                    return Err(refusal);
                }
                let features = self.features_of(table, &rows)?;
                Ok(new(rows, features))
            }
        }
    }

    /// Rows without an infinite value in what goes into the recipe as numbers.
    fn finite_rows(&self, table: &Table) -> Result<Vec<u32>, DataError> {
        let mut numbers = Vec::new();
        for (name, kind) in &self.takes {
            let column = find(table, name)?;
            if let (Kind::Number | Kind::Integer | Kind::Date, Values::Numbers(values)) = (kind, &column.values) {
                numbers.push(values);
            }
        }
        numbers.retain(|values| values.iter().any(|v| v.is_infinite()));
        let is_finite = |row: &u32| !numbers.iter().any(|values| values.at(*row as usize).is_infinite());
        Ok((0..table.n_rows as u32).filter(is_finite).collect())
    }

    /// The features of these rows, and which of their levels no training row had.
    fn features_of(&self, table: &Table, rows: &[u32]) -> Result<(Vec<f64>, Vec<Unseen>), DataError> {
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
        let unseen = self.replay(&mut frame)?;
        let x = frame.matrix().map_err(|(column, why)| DataError::Feature { column, why })?;
        Ok((x, unseen))
    }
}

/// The true targets of new rows, as far as they are known.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownTargets {
    /// Which of the rows have one.
    pub places: Vec<usize>,
    pub targets: Targets,
    /// What stands in the others and is no class.
    pub strange: Vec<Unseen>,
}

/// The true targets of `rows`. None if there is no such column, or only numbers are asked for and it holds none. `classes` are the model's;
/// None for numbers.
pub fn known_targets(table: &Table, target: &str, classes: Option<&[String]>, rows: &[u32]) -> Option<KnownTargets> {
    let feature = Feature::whole(table.column(target)?);
    let (mut places, mut strange) = (Vec::new(), Vec::new());
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
            let of_rows = rows.iter().filter_map(|row| codes.get(*row as usize).copied());
            strange = Unseen::among(target, of_rows, &names, |name| classes.contains(name));
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
    Some(KnownTargets {
        places,
        targets,
        strange,
    })
}

fn find<'a>(table: &'a Table, name: &str) -> Result<&'a Column, DataError> {
    table.column(name).ok_or_else(|| DataError::NoSuchColumn {
        name: name.to_owned(),
        near: task::nearest(name, table),
    })
}
