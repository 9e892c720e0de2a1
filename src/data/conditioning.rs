//! What the preparation of features does to gradient descent.

use super::preparation::{Outline, Preparation};
use super::recipe::{FittedRecipe, default_recipe};
use super::{DataError, Dataset, Table};
use crate::math::singular::Extremes;

/// How hard least squares on some features is for gradient descent.
///
/// Of the Hessian G = (1/n) Σ [x, 1][x, 1]ᵀ of the loss (1/2n) Σ (w·x + b - y)², whose eigenvalues are λ.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Conditioning {
    /// Largest λ by the smallest that is more than rounding: steps to the minimum grow with it. Infinite if it overflows.
    pub condition: f64,
    /// 2 / λmax: gradient descent with a larger learning rate diverges. Of the loss `mse`, which has no factor 1/2, it is half of this. 0 if it is too
    /// small for a double.
    pub max_lr: f64,
    /// How many directions have no curvature at all: columns that are sums of others.
    pub flat: usize,
}

/// [`Conditioning`] of the training features without and with the recipe.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Effect {
    /// As they stand in the file: only filled in and one-hot.
    pub before: Conditioning,
    pub after: Conditioning,
}

/// Of more features than this eigenvalues take too long.
const MOST_FEATURES: usize = 300;
/// Rows looked at: an even choice of more.
const MOST_ROWS: usize = 4096;
/// Rows that they are chosen from: a split of all rows of a large table may take more memory than the table itself.
const MOST_CHOSEN: usize = 25 * MOST_ROWS;

/// The conditioning of the features of a data set, or of an even choice of 4096 of its rows; None of more than 300 features.
pub fn conditioning(data: &Dataset) -> Option<Conditioning> {
    let n = data.n_features + 1;
    if data.n_features > MOST_FEATURES || data.n_rows == 0 || !data.x.iter().all(|v| v.is_finite()) {
        return None;
    }
    let rows = data.n_rows.min(MOST_ROWS);
    let row = |k: usize| data.row(k * data.n_rows / rows);
    // λ are the squares of the singular values of the columns, from which they are worked out because squares overflow, and lose the small
    // among the large.
    let mut columns: Vec<f64> = (0..data.n_features).flat_map(|c| (0..rows).map(move |k| row(k)[c])).collect();
    columns.resize(n * rows, 1.0);
    let extremes = Extremes::new(columns, rows);
    let square = |v: f64| v * v;
    Some(Conditioning {
        condition: square(extremes.largest / extremes.smallest),
        max_lr: 2.0 * rows as f64 * square(extremes.scale / extremes.largest),
        flat: n - extremes.rank,
    })
}

impl Conditioning {
    /// Whether numbers are so large, or of such different sizes, that the condition number or the learning rate does not fit a double.
    pub fn overflows(&self) -> bool {
        self.condition.is_infinite() || self.max_lr == 0.0
    }

    /// The condition number in words, where a number would mislead.
    fn condition_in_words(&self) -> String {
        let number = match self.condition.is_infinite() {
            true => "overflows".to_owned(),
            false => format!("{:.3e}", self.condition),
        };
        match self.flat {
            0 => number,
            1 => format!("infinite (1 direction is flat; {number} without it)"),
            flat => format!("infinite ({flat} directions are flat; {number} without them)"),
        }
    }

    fn max_lr_in_words(&self) -> String {
        match self.max_lr == 0.0 {
            true => "none at all (the squares overflow)".to_owned(),
            false => format!("{:.3e}", self.max_lr),
        }
    }
}

/// What the recipe does to gradient descent; None of more features than can be looked at.
///
/// # Errors
/// Those of [`super::prepare`].
pub fn effect(table: &Table, preparation: &Preparation) -> Result<Option<Effect>, DataError> {
    let outline = glance(table, preparation)?;
    Ok(fit_both(table, &outline, preparation)?.effect())
}

/// An outline of a choice of the rows, if there are many.
pub(super) fn glance<'a>(table: &'a Table, preparation: &Preparation) -> Result<Outline<'a>, DataError> {
    let every = table.n_rows.div_ceil(MOST_CHOSEN).max(1);
    // Among a few of many rows there may be one class only.
    let all = |_| Outline::new(table, preparation, &mut Vec::new());
    Outline::of_some(table, preparation, every, &mut Vec::new()).or_else(all)
}

/// Some of the training rows, without and with the recipe.
pub(super) struct Fits {
    before: Dataset,
    pub after: Dataset,
}

impl Fits {
    pub fn effect(&self) -> Option<Effect> {
        let (before, after) = (conditioning(&self.before)?, conditioning(&self.after)?);
        Some(Effect { before, after })
    }
}

pub(super) fn fit_both(table: &Table, outline: &Outline, preparation: &Preparation) -> Result<Fits, DataError> {
    let train = &outline.parts.train;
    let count = train.len().min(MOST_ROWS);
    let rows: Vec<u32> = (0..count).map(|k| train[k * train.len() / count]).collect();
    let of = |steps: &[_]| {
        let mut frames = [outline.frame(&rows, false)];
        FittedRecipe::fit(steps, &mut frames, &mut Vec::new())?;
        let [frame] = frames;
        outline.dataset(table, frame)
    };
    Ok(Fits {
        before: of(&default_recipe(false))?,
        after: of(&preparation.steps())?,
    })
}

impl std::fmt::Display for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { before, after } = self;
        write!(
            f,
            "least squares on these features: condition number {} before the recipe, {} after; \
             gradient descent is stable up to a learning rate of {} before, {} after (half of that for mse, which has no factor 1/2)",
            before.condition_in_words(),
            after.condition_in_words(),
            before.max_lr_in_words(),
            after.max_lr_in_words()
        )?;
        if before.flat > 0 || after.flat > 0 {
            write!(f, "; {FLAT}")?;
        }
        Ok(())
    }
}

/// What flat directions are, and what to do about them.
pub const FLAT: &str = "flat are columns that follow from others, as all levels of a category do from each other, and constant ones: along \
                        them weights stay where they start; drop_first=true of one_hot, fewer columns, --prepare pca or --l2 take them away";
