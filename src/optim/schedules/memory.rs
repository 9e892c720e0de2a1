//! What a schedule remembers.

/// What `reduce_on_plateau` remembers of the metric; other schedules remember nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Memory {
    /// The learning rate it has come down to; none before the first reduction.
    pub(super) lr: Option<f64>,
    /// The best metric so far.
    pub(super) best: Option<f64>,
    /// Looks at the metric since it last got better.
    pub(super) bad: u64,
    /// Looks that are still to be ignored.
    pub(super) cooldown: u64,
}
