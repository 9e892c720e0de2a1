//! From a table to training, validation and test sets.

use std::sync::Arc;

use super::dataset::{Dataset, Targets};
use super::recipe::{Feature, FittedRecipe, Frame, RecipeStep, default_recipe, levels_of};
use super::scaling::Scaling;
use super::split::{self, Basis, Folds, Parts, Split};
use super::table::{Column, Kind, Table, Values, plain};
use super::task::{self, Task, is_row_number, task_for};
use super::{DataError, MISSING, wide};

/// What to make of a table.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preparation {
    /// Name of the column to predict.
    pub target: String,
    /// Names of the columns to predict from, in this order; None: all that can serve.
    pub features: Option<Vec<String>>,
    /// None: recognised ([`task_for`]).
    pub task: Option<Task>,
    /// Whether a regression target, and without a recipe the features too, get mean 0 and standard deviation 1 on the training rows.
    pub standardize: bool,
    /// How features become numbers, step by step; None: [`default_recipe`]. Not written if there is none, so that older files stay as
    /// they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Vec<RecipeStep>>,
    /// What the rows are divided by.
    #[serde(skip_serializing_if = "Split::is_default")]
    pub split: Split,
    /// Cross-validation, in the place of the share for validation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folds: Option<Folds>,
    /// Share of the rows held out to watch training.
    pub validation: f64,
    /// Share of the rows held out for the final word.
    pub test: f64,
    pub seed: u64,
}

impl Default for Preparation {
    fn default() -> Self {
        Self {
            target: String::new(),
            features: None,
            task: None,
            standardize: true,
            recipe: None,
            split: Split::default(),
            folds: None,
            validation: 0.2,
            test: 0.0,
            seed: 0,
        }
    }
}

impl Preparation {
    /// The steps that features go through.
    pub fn steps(&self) -> Vec<RecipeStep> {
        self.recipe.clone().unwrap_or_else(|| default_recipe(self.standardize))
    }
}

/// What comes of it. Everything fitted (medians, levels, scaling) knows the training rows only.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    pub train: Arc<Dataset>,
    pub validation: Option<Arc<Dataset>>,
    pub test: Option<Arc<Dataset>>,
    /// What the recipe has learnt.
    pub recipe: FittedRecipe,
    /// What a regression target was scaled by; None if it was not.
    pub scaling: Option<Scaling>,
    /// What was done, a sentence each: "'bill_length_mm': 2 missing, filled with the median 44.45 of the training rows".
    pub notes: Vec<String>,
}

/// Who trains on what: settled before anything is fitted.
pub(super) struct Outline<'a> {
    target: &'a Column,
    pub features: Vec<&'a Column>,
    /// Rows of the table that can be used.
    rows: Vec<u32>,
    /// Of those.
    targets: Targets,
    /// Numbers of those.
    pub parts: Parts,
}

impl<'a> Outline<'a> {
    /// # Errors
    /// Those of [`prepare`] that are about target, features and split.
    pub fn new(table: &'a Table, preparation: &Preparation, notes: &mut Vec<String>) -> Result<Self, DataError> {
        Self::of_some(table, preparation, 1, notes)
    }

    /// The same of every so many-th row of the table.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_some(
        table: &'a Table,
        preparation: &Preparation,
        every: usize,
        notes: &mut Vec<String>,
    ) -> Result<Self, DataError> {
        let target = find(table, &preparation.target)?;
        if table.n_rows < 2 {
            return Err(too_few(table, target, table.n_rows));
        }
        let task = preparation.task.unwrap_or_else(|| task_for(target).0);
        let features = features(table, target, preparation, notes)?;
        let rows = usable_rows(table, target, &features, every, notes);
        if rows.len() < 2 {
            return Err(too_few(table, target, rows.len()));
        }
        let targets = match task {
            Task::Regression => values(target, &rows)?,
            Task::Classification => classes(target, &rows)?,
        };
        let parts = split::split(rows.len(), &basis(table, &preparation.split, &targets, &rows)?, preparation)?;
        Ok(Self {
            target,
            features,
            rows,
            targets,
            parts,
        })
    }

    /// The features and targets of a part, as they stand in the table.
    pub fn frame(&self, part: &[u32], held_out: bool) -> Frame {
        let rows: Vec<u32> = part.iter().map(|&i| self.rows[i as usize]).collect();
        Frame {
            n_rows: rows.len(),
            columns: self.features.iter().map(|c| Feature::gather(c, &rows)).collect(),
            targets: Some(self.targets.rows(part)),
            held_out,
        }
    }

    /// The training part, then those of the others that there are.
    fn frames(&self) -> Vec<Frame> {
        let Parts { train, validation, test } = &self.parts;
        let held_out = [validation, test].into_iter().filter(|part| !part.is_empty());
        let train = self.frame(train, false);
        [train]
            .into_iter()
            .chain(held_out.map(|part| self.frame(part, true)))
            .collect()
    }

    /// The data set that a frame at the end of its recipe is.
    pub fn dataset(&self, table: &Table, mut frame: Frame) -> Result<Dataset, DataError> {
        let x = frame.matrix().map_err(|(column, why)| DataError::Feature { column, why })?;
        Ok(Dataset {
            name: table.name.clone(),
            n_features: frame.columns.len(),
            feature_names: frame.columns.into_iter().map(|f| f.name).collect(),
            target_name: self.target.name.clone(),
            n_rows: frame.n_rows,
            x,
            targets: frame.targets.unwrap_or_else(|| self.targets.rows(&[])),
        })
    }
}

/// Prepares a table for training.
///
/// Rows without a target or with an infinite value are left out; the others are split with [`crate::math::Purpose::Split`], and the recipe
/// is fitted to the training rows and done to all of them. Without a recipe of one's own a missing number becomes the median, a missing
/// category the most frequent one of the training rows; categories become one column a level (the 20 most frequent, the rest together),
/// booleans 0 and 1, dates days since 1970.
///
/// # Errors
/// A column that does not exist or cannot serve, shares out of range, too few rows, one class, too many classes, a step that cannot be done.
pub fn prepare(table: &Table, preparation: &Preparation) -> Result<Prepared, DataError> {
    let mut notes = Vec::new();
    let outline = Outline::new(table, preparation, &mut notes)?;
    let mut frames = outline.frames();
    notes.extend(
        frames
            .first()
            .and_then(|train| constant(train.targets.as_ref()?, outline.target)),
    );
    let mut recipe = FittedRecipe::fit(&preparation.steps(), &mut frames, &mut notes)?;
    recipe.takes = outline.features.iter().map(|c| (c.name.clone(), held_kind(c.kind))).collect();
    let sets = frames.into_iter().map(|frame| outline.dataset(table, frame));
    let mut sets = sets.collect::<Result<Vec<Dataset>, _>>()?;
    let train = sets.first();
    if train.is_some_and(|train| train.n_features == 0) {
        let why = "the recipe drops every column; leave a step out".to_owned();
        return Err(DataError::NoFeature { why });
    }
    notes.extend(train.and_then(|train| wide::remark(train.n_features, train.n_rows)));
    let scaling = train
        .filter(|_| preparation.standardize)
        .map(|train| Scaling::fit(&train.targets));
    if let Some(scaling) = &scaling {
        sets.iter_mut().for_each(|set| scaling.apply(&mut set.targets));
    }
    let mut sets = sets.into_iter().map(Arc::new);
    let train = sets.next().ok_or_else(|| too_few(table, outline.target, 0))?;
    let mut held_out = |part: &[u32]| if part.is_empty() { None } else { sets.next() };
    let (validation, test) = (held_out(&outline.parts.validation), held_out(&outline.parts.test));
    Ok(Prepared {
        train,
        validation,
        test,
        recipe,
        scaling,
        notes,
    })
}

/// What is said of a number that is to be predicted and never changes.
fn constant(targets: &Targets, target: &Column) -> Option<String> {
    let Targets::Values { values, .. } = targets else {
        return None;
    };
    let first = values.first()?;
    values.iter().all(|v| v == first).then(|| {
        format!(
            "the target '{}' is constant: it is {} in every training row, and there is nothing else to learn; choose another target",
            target.name,
            plain(*first)
        )
    })
}

/// What the split has to know of these rows.
fn basis<'t>(table: &Table, split: &Split, targets: &'t Targets, rows: &[u32]) -> Result<Basis<'t>, DataError> {
    match (split, targets) {
        (Split::Stratified, Targets::Classes { labels, .. }) => Ok(Basis::Classes(labels)),
        (Split::Stratified | Split::Random, _) => Ok(Basis::Nothing),
        (Split::Group { column }, _) => {
            let (codes, _) = levels_of(find(table, column)?);
            // Those of no group are one of their own.
            Ok(Basis::Groups(rows.iter().map(|&r| codes[r as usize]).collect()))
        }
        (Split::Time { column }, _) => {
            let column = find(table, column)?;
            let why = match &column.values {
                Values::Numbers(times) if rows.iter().all(|&r| !times.at(r as usize).is_nan()) => {
                    return Ok(Basis::Times(rows.iter().map(|&r| times.at(r as usize)).collect()));
                }
                Values::Numbers(_) => format!(
                    "'{}' has no value in some rows, and nobody knows when they were; correct them",
                    column.name
                ),
                _ => format!(
                    "'{}' is a {} column; name one of dates or numbers",
                    column.name,
                    column.kind.label()
                ),
            };
            Err(DataError::Split { why })
        }
    }
}

/// What a column holds, as far as a model cares: whole numbers are numbers, whichever rows happen to have fractions.
fn held_kind(kind: Kind) -> Kind {
    if kind == Kind::Integer { Kind::Number } else { kind }
}

impl Prepared {
    /// The sets there are, with what they are called in results.
    pub fn sets(&self) -> impl Iterator<Item = (&'static str, &Arc<Dataset>)> {
        let sets = [
            ("train", Some(&self.train)),
            ("validation", self.validation.as_ref()),
            ("test", self.test.as_ref()),
        ];
        sets.into_iter().filter_map(|(name, set)| Some((name, set?)))
    }
}

fn too_few(table: &Table, target: &Column, rows: usize) -> DataError {
    let why = match (table.n_rows, target.missing) {
        (0 | 1, _) => "at least two rows are needed to learn from one and compare with the other".to_owned(),
        (all, missing) if missing == all => {
            format!("every cell of the target '{}' is missing; choose another target", target.name)
        }
        _ => "the others lack a target or hold infinite values; correct them".to_owned(),
    };
    DataError::TooFewRows {
        rows,
        all: table.n_rows,
        why,
    }
}

fn find<'a>(table: &'a Table, name: &str) -> Result<&'a Column, DataError> {
    table.column(name).ok_or_else(|| DataError::NoSuchColumn {
        name: name.to_owned(),
        near: task::nearest(name, table),
    })
}

/// The columns to learn from: those asked for, or all that can serve.
fn features<'a>(
    table: &'a Table,
    target: &Column,
    p: &Preparation,
    notes: &mut Vec<String>,
) -> Result<Vec<&'a Column>, DataError> {
    let obstacle = |c: &Column| match c.kind {
        _ if c.missing == table.n_rows => Some("no cell of it has a value"),
        Kind::Text => Some("it holds free text; turn it into numbers or categories first"),
        Kind::Identifier => Some("it is an identifier, different in every row, and says nothing about new rows"),
        _ => None,
    };
    if let Some(names) = &p.features {
        let mut chosen: Vec<&Column> = Vec::with_capacity(names.len());
        for name in names {
            let column = find(table, name)?;
            let why = if column.name == target.name {
                Some("it is the target")
            } else if chosen.iter().any(|c| c.name == column.name) {
                Some("it is listed twice")
            } else {
                obstacle(column)
            };
            if let Some(why) = why {
                return Err(DataError::Feature {
                    column: column.name.clone(),
                    why: why.to_owned(),
                });
            }
            chosen.push(column);
        }
        if chosen.is_empty() {
            let why = "the list of features is empty; choose at least one column".to_owned();
            return Err(DataError::NoFeature { why });
        }
        return Ok(chosen);
    }
    let is_group = |c: &Column| matches!(&p.split, Split::Group { column } if *column == c.name);
    let mut chosen = Vec::new();
    let mut reasons = Vec::new();
    for column in table.columns.iter().filter(|c| c.name != target.name) {
        let counts_rows = is_row_number(column).then_some("it counts the rows");
        let groups = is_group(column).then_some("it says which rows stay together in the split");
        match obstacle(column).or(groups).or(counts_rows) {
            Some(why) => reasons.push((column, why)),
            None => chosen.push(column),
        }
    }
    // Better a row number than nothing: a ramp is a fine feature when it is the only one.
    if chosen.is_empty() {
        chosen.extend(reasons.iter().map(|(c, _)| *c).filter(|c| obstacle(c).is_none()));
        reasons.retain(|(c, _)| obstacle(c).is_some());
    }
    let sentences = reasons.iter().map(|(c, why)| format!("'{}' left out: {why}", c.name));
    if chosen.is_empty() {
        let why = match sentences.take(3).collect::<Vec<_>>() {
            none if none.is_empty() => "the table has no column beside the target".to_owned(),
            some => some.join("; "),
        };
        return Err(DataError::NoFeature { why });
    }
    notes.extend(sentences);
    Ok(chosen)
}

/// Rows that have a target and no infinite value where it matters, of every so many-th row.
fn usable_rows(table: &Table, target: &Column, features: &[&Column], every: usize, notes: &mut Vec<String>) -> Vec<u32> {
    let infinite = |c: &Column, row: usize| matches!(&c.values, Values::Numbers(v) if v.at(row).is_infinite());
    let watched: Vec<&Column> = features.iter().copied().chain([target]).filter(|c| has_infinite(c)).collect();
    let (mut without, mut endless) = (0_usize, 0_usize);
    let mut rows = Vec::with_capacity(table.n_rows.div_ceil(every));
    for row in (0..table.n_rows).step_by(every) {
        if target.is_missing(row) {
            without += 1;
        } else if watched.iter().any(|c| infinite(c, row)) {
            endless += 1;
        } else {
            rows.push(row as u32);
        }
    }
    if without > 0 {
        notes.push(format!("{without} row(s) without a target left out"));
    }
    if endless > 0 {
        notes.push(format!("{endless} row(s) with an infinite value left out"));
    }
    rows
}

fn has_infinite(column: &Column) -> bool {
    matches!(&column.values, Values::Numbers(values) if values.iter().any(|v| v.is_infinite()))
}

/// The target as numbers.
fn values(target: &Column, rows: &[u32]) -> Result<Targets, DataError> {
    let values = match &target.values {
        Values::Numbers(values) => rows.iter().map(|&r| values.at(r as usize)).collect(),
        Values::Codes { codes, .. } if target.kind == Kind::Boolean => {
            rows.iter().map(|&r| f64::from(codes.at(r as usize))).collect()
        }
        _ => {
            return Err(DataError::Target {
                column: target.name.clone(),
                task: Task::Regression.label(),
                why: format!(
                    "it is a {} column, not numbers; choose classification or another target",
                    target.kind.label()
                ),
            });
        }
    };
    Ok(Targets::Values { columns: 1, values })
}

/// The target as classes: names sorted (numerically if all are numbers).
fn classes(target: &Column, rows: &[u32]) -> Result<Targets, DataError> {
    let refuse = |why: String| {
        Err(DataError::Target {
            column: target.name.clone(),
            task: Task::Classification.label(),
            why,
        })
    };
    // First a code for every row, in order of appearance, then the names in order.
    let (codes, names): (Vec<u32>, Vec<String>) = match &target.values {
        Values::Codes { codes, levels } => (rows.iter().map(|&r| codes.at(r as usize)).collect(), levels.clone()),
        Values::Numbers(values) => {
            let mut different: Vec<f64> = rows.iter().map(|&r| values.at(r as usize) + 0.0).collect();
            different.sort_by(f64::total_cmp);
            different.dedup();
            let code = |v: f64| different.partition_point(|&d| d < v) as u32;
            let name = |&v: &f64| {
                if target.kind == Kind::Date {
                    super::date::format(v)
                } else {
                    plain(v)
                }
            };
            (
                rows.iter().map(|&r| code(values.at(r as usize))).collect(),
                different.iter().map(name).collect(),
            )
        }
        Values::Texts(texts) => {
            let mut levels = super::levels::Levels::default();
            let codes = rows.iter().map(|&r| levels.code(texts.get(r as usize))).collect();
            (codes, levels.texts.iter().map(str::to_owned).collect())
        }
    };
    let mut met = vec![false; names.len()];
    codes.iter().for_each(|&c| met[c as usize] = true);
    let used: Vec<u32> = (0..names.len() as u32).filter(|&c| met[c as usize]).collect();
    match used.len() {
        0 | 1 => {
            let only = used.first().map_or("", |&c| names[c as usize].as_str());
            return refuse(format!(
                "there is only one class, '{only}'; at least two are needed, choose another target"
            ));
        }
        many if task::too_many_classes(many, rows.len()) => {
            return refuse(format!(
                "{many} classes in {} rows are too many to learn; choose another target, or regression if these are numbers",
                rows.len()
            ));
        }
        _ => {}
    }
    let numeric: Option<Vec<f64>> = used.iter().map(|&c| names[c as usize].trim().parse().ok()).collect();
    let mut order: Vec<usize> = (0..used.len()).collect();
    match &numeric {
        Some(numbers) => order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b])),
        None => order.sort_by_key(|&i| &names[used[i] as usize]),
    }
    let mut label = vec![MISSING; names.len()];
    for (new, &i) in order.iter().enumerate() {
        label[used[i] as usize] = new as u32;
    }
    Ok(Targets::Classes {
        labels: codes.iter().map(|&c| label[c as usize]).collect(),
        names: order.iter().map(|&i| names[used[i] as usize].clone()).collect(),
    })
}
