//! More numbers for a model to weigh than rows to learn the weights from.

/// What follows from so many inputs and training rows, and what to do about it; None if there are rows enough.
///
/// A linear model has a weight for every input and a bias: with no more rows than inputs it can meet every target exactly.
pub(super) fn remark(inputs: usize, rows: usize) -> Option<String> {
    (inputs >= rows).then(|| {
        format!(
            "{inputs} features go into the model (after the recipe) and only {rows} training row(s): even a linear model can know all of them \
             by heart, and many weights do equally well; take ridge or lasso (--l2, --l1), --prepare pca, fewer columns or more rows"
        )
    })
}
