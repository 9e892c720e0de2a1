//! The rule inside another as a parameter: it can be chosen like any other.

use crate::optim::{Optimizer, OptimizerConfig};
use crate::param::ParamSpec;

/// A choice among all rules, for a rule that has one inside.
pub(super) const fn rule<T: Optimizer>() -> ParamSpec<T> {
    ParamSpec::choice("rule", "Rule", OptimizerConfig::IDS, id, choose)
}

fn id<T: Optimizer>(outer: &T) -> &'static str {
    outer.inner().map_or("", |inner| inner.id())
}

/// Naming the rule that is there already keeps its settings.
fn choose<T: Optimizer>(outer: &mut T, id: &'static str) {
    if let Some(inner) = outer.inner_mut()
        && inner.id() != id
        && let Some(chosen) = OptimizerConfig::from_id(id)
    {
        *inner = chosen;
    }
}
