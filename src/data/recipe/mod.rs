//! From columns to numbers, step by step. A step is one file and one line in the list below.
//!
//! A recipe is fitted to the training rows only and replayed on everything else: what it has learnt (means, levels, components) is plain
//! data, and the replay asks the other rows for nothing.

mod contract;
mod date_parts;
mod drop_columns;
mod drop_duplicates;
mod fitted;
mod frame;
mod impute;
mod log;
mod max_abs;
mod min_max;
mod one_hot;
mod ordinal;
mod pca;
mod polynomial;
mod quantile;
mod robust;
mod scale;
mod standardize;

pub use contract::{AnyReplay, AnyStep, Replay, Step, StepInfo};
pub use date_parts::DateParts;
pub use drop_columns::DropColumns;
pub use drop_duplicates::DropDuplicates;
pub use fitted::{FittedRecipe, RecipeStep};
pub(super) use frame::{Feature, Frame, level_counts, levels_of};
pub use impute::{Impute, Strategy};
pub use log::{Form, Log};
pub use max_abs::MaxAbs;
pub use min_max::MinMax;
pub use one_hot::OneHot;
pub use ordinal::Ordinal;
pub use pca::Pca;
pub use polynomial::Polynomial;
pub(super) use quantile::quantile;
pub use robust::Robust;
pub(super) use scale::{scaled, usable};
pub use standardize::Standardize;

use crate::param::registry;

registry! {
    /// A step of a recipe with its parameters.
    pub enum StepConfig: dyn AnyStep {
        "drop_columns" => DropColumns,
        "drop_duplicates" => DropDuplicates,
        "date_parts" => DateParts,
        "impute" => Impute,
        "one_hot" => OneHot,
        "ordinal" => Ordinal,
        "log" => Log,
        "standardize" => Standardize,
        "min_max" => MinMax,
        "max_abs" => MaxAbs,
        "robust" => Robust,
        "polynomial" => Polynomial,
        "pca" => Pca,
    }
}

/// The recipe of those who give none: what is missing filled in, categories one-hot, and, if asked for, everything standardised.
pub fn default_recipe(standardize: bool) -> Vec<RecipeStep> {
    let mut steps = vec![StepConfig::Impute(Impute::default()), StepConfig::OneHot(OneHot::default())];
    if standardize {
        steps.push(StepConfig::Standardize(Standardize::default()));
    }
    steps.into_iter().map(RecipeStep::from).collect()
}
