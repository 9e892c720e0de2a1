//! Declarations that many rules share, so that a learning rate has the same slider, limit and symbol everywhere.

use crate::param::{Limit, ParamSpec};

type Field<T> = fn(&mut T) -> &mut f64;

/// The learning rate η.
pub(super) const fn lr<T>(field: Field<T>) -> ParamSpec<T> {
    ParamSpec::number("lr", "Learning rate", field)
        .log(1e-6, 10.0)
        .limit(Limit::NonNegative)
        .symbol("η")
        .help("Scales every step; a minimum of sharpness λ holds plain descent only below 2/λ")
}

/// Momentum μ: the share of the velocity that survives a step.
pub(super) const fn momentum<T>(field: Field<T>) -> ParamSpec<T> {
    ParamSpec::number("momentum", "Momentum", field)
        .near_one(0.999)
        .limit(Limit::UnitClosed)
        .symbol("μ")
        .help("Share of the velocity that survives a step; remembers about 1/(1 − μ) gradients")
}

/// Decay β₁ of the mean of gradients.
pub(super) const fn beta1<T>(field: Field<T>) -> ParamSpec<T> {
    ParamSpec::number("beta1", "Beta 1", field)
        .near_one(0.9999)
        .limit(Limit::UnitOpen)
        .symbol("β₁")
        .help("Decay of the running mean of gradients; remembers about 1/(1 − β₁) of them")
}

/// Decay β₂ of the mean of squared gradients.
pub(super) const fn beta2<T>(field: Field<T>) -> ParamSpec<T> {
    ParamSpec::number("beta2", "Beta 2", field)
        .near_one(0.99999)
        .limit(Limit::UnitOpen)
        .symbol("β₂")
        .help("Decay of the running mean of squared gradients; remembers about 1/(1 − β₂) of them")
}

/// The ε that keeps a denominator from 0.
pub(super) const fn eps<T>(field: Field<T>) -> ParamSpec<T> {
    ParamSpec::number("eps", "Epsilon", field)
        .log(1e-12, 1.0)
        .limit(Limit::NonNegative)
        .symbol("ε")
        .help("Added to the denominator: gradients far below it are no longer scaled up")
}
