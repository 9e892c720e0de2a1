//! What the preparation of features does to gradient descent.

use super::preparation::{Outline, Preparation};
use super::recipe::{FittedRecipe, default_recipe};
use super::{DataError, Dataset, Table};
use crate::math::symmetric::SymmetricEigen;
use crate::math::vector;

/// How hard least squares on some features is for gradient descent.
///
/// Of the Hessian G = (1/n) Σ [x, 1][x, 1]ᵀ of the loss (1/2n) Σ (w·x + b - y)², whose eigenvalues are λ.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Conditioning {
    /// Largest λ by the smallest that is more than rounding: steps to the minimum grow with it.
    pub condition: f64,
    /// 2 / λmax: gradient descent with a larger learning rate diverges. Of the loss `mse`, which has no factor 1/2, it is half of this.
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
    if data.n_features > MOST_FEATURES || data.n_rows == 0 {
        return None;
    }
    // In a unit in which no square overflows; the column of ones is measured in it too.
    let unit = data.x.iter().fold(1.0_f64, |most, v| most.max(v.abs()));
    let rows = data.n_rows.min(MOST_ROWS);
    let mut gram = vec![0.0; n * n];
    let mut row = vec![1.0 / unit; n];
    for k in 0..rows {
        let features = data.row(k * data.n_rows / rows);
        row.iter_mut().zip(features).for_each(|(to, from)| *to = from / unit);
        for (value, line) in row.iter().zip(gram.chunks_exact_mut(n)) {
            vector::axpy(*value, &row, line);
        }
    }
    vector::scale(1.0 / rows as f64, &mut gram);
    let mut eigen = SymmetricEigen::identity(n);
    eigen.decompose(&gram);
    let largest = eigen.values().iter().copied().fold(0.0, f64::max);
    let rounding = 1e-14 * n as f64 * largest;
    let curved = || eigen.values().iter().copied().filter(|v| *v > rounding);
    Some(Conditioning {
        condition: largest / curved().fold(largest, f64::min),
        max_lr: 2.0 / largest / unit / unit,
        flat: n - curved().count(),
    })
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
            "least squares on these features: condition number {:.3e} before the recipe, {:.3e} after; \
             gradient descent is stable up to a learning rate of {:.3e} before, {:.3e} after (half of that for mse, which has no factor 1/2)",
            before.condition, after.condition, before.max_lr, after.max_lr
        )
    }
}
