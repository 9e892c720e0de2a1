//! What is told about a rule.

/// What a rule asks of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// Values only.
    Zeroth,
    /// Gradients.
    First,
    /// Hessian-vector products.
    Second,
}

/// What is told about a rule: menu, tooltip, help, README's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptimizerInfo {
    /// "Adam"
    pub name: &'static str,
    pub order: Order,
    /// No coordinate's step depends on another coordinate: many trajectories may be stacked into one vector.
    pub elementwise: bool,
    /// The update, a line each, in Unicode.
    pub formula: &'static str,
    /// Author, year, where in it.
    pub source: &'static str,
    /// Which of several published variants this is; empty if there is but one.
    pub variant: &'static str,
}
