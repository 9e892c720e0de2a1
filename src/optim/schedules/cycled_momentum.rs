//! Momentum that goes down as the learning rate goes up, and up again, as in PyTorch. A schedule that cycles it has three parameters for it.

use crate::param::{Limit, ParamSpec};

/// Whether momentum is cycled.
pub(super) const fn switch<T>(field: fn(&mut T) -> &mut bool) -> ParamSpec<T> {
    ParamSpec::switch("cycle_momentum", "Cycle momentum", field)
        .help("Set momentum, or β₁, too: low where the rate is high. Rules that have neither take no notice")
}

/// Its lower value.
pub(super) const fn base<T>(field: fn(&mut T) -> &mut f64) -> ParamSpec<T> {
    ParamSpec::number("base_momentum", "Lower momentum", field)
        .near_one(0.999)
        .limit(Limit::UnitOpen)
        .symbol("μlow")
        .help("Momentum where the learning rate is highest")
}

/// Its upper value.
pub(super) const fn max<T>(field: fn(&mut T) -> &mut f64) -> ParamSpec<T> {
    ParamSpec::number("max_momentum", "Upper momentum", field)
        .near_one(0.999)
        .limit(Limit::UnitOpen)
        .symbol("μmax")
        .help("Momentum where the learning rate is lowest")
}

/// Whether a parameter has a meaning.
pub(super) fn is_used(name: &str, cycle_momentum: bool) -> bool {
    cycle_momentum || !["base_momentum", "max_momentum"].contains(&name)
}
