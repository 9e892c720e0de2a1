//! What will come of a table if it is prepared for a target, short of preparing it.

use super::conditioning::{Effect, fit_both, glance};
use super::finding::{Finding, Findings, Severity, Topic};
use super::preparation::Preparation;
use super::{DataError, Table, wide};

/// What lies ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// What the recipe does to gradient descent; None of more features than can be looked at.
    pub effect: Option<Effect>,
    /// What will hurt.
    pub findings: Vec<Finding>,
}

/// Looks ahead, at some of the rows if there are many.
///
/// # Errors
/// Those of [`super::prepare`].
pub fn outlook(table: &Table, preparation: &Preparation) -> Result<Outlook, DataError> {
    let outline = glance(table, preparation)?;
    let fits = fit_both(table, &outline, preparation)?;
    let mut findings = Findings::default();
    if let Some(remark) = wide::remark(fits.after.n_features, outline.parts.train.len()) {
        findings.note(Severity::Warning, Topic::MoreFeaturesThanRows, None, remark);
    }
    Ok(Outlook {
        effect: fits.effect(),
        findings: findings.finish(),
    })
}
