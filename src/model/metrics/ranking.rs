//! Rows in the order of their scores, which both ROC and precision-recall curves walk along.

/// What lies at and above a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    /// A score that occurs.
    pub threshold: f64,
    /// Rows of the class with this score or a higher one.
    pub hits: u64,
    /// Other rows with this score or a higher one.
    pub false_alarms: u64,
}

/// A step for every different score, the highest first. None if a score is NaN, as such rows have no order, or there are no rows.
pub(super) fn steps(scored: impl Iterator<Item = (f64, bool)>) -> Option<Vec<Step>> {
    // Adding 0 makes -0 the same score as 0.
    let mut scored: Vec<(f64, bool)> = scored.map(|(score, of_class)| (score + 0.0, of_class)).collect();
    if scored.is_empty() || scored.iter().any(|(score, _)| score.is_nan()) {
        return None;
    }
    scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut steps: Vec<Step> = Vec::new();
    let (mut hits, mut false_alarms) = (0, 0);
    for group in scored.chunk_by(|a, b| a.0 == b.0) {
        let of_class = group.iter().filter(|(_, of_class)| *of_class).count() as u64;
        hits += of_class;
        false_alarms += group.len() as u64 - of_class;
        let threshold = group[0].0;
        steps.push(Step {
            threshold,
            hits,
            false_alarms,
        });
    }
    Some(steps)
}

/// Each row's score for a class (one number a class and row) and whether it is of that class: what a curve of one class against the rest
/// is made of.
pub fn against_rest<'a>(
    scores: &'a [f64],
    classes: usize,
    class: usize,
    labels: &'a [u32],
) -> impl Iterator<Item = (f64, bool)> + 'a {
    let of_class = scores.iter().skip(class).step_by(classes.max(1));
    of_class
        .zip(labels)
        .map(move |(&score, &label)| (score, label as usize == class))
}
