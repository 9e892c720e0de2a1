//! When a start of a rule is given up.

use crate::optim::StepCtx;

/// A coordinate this many times beyond the domain (or beyond 1, where there is none) will not come back.
const ESCAPED: f64 = 1e6;

pub(super) fn escaped(x: &[f64], ctx: &StepCtx<'_>) -> bool {
    let widest = |bounds: &[f64]| bounds.iter().fold(1.0_f64, |w, b| w.max(b.abs()));
    let reach = ctx.oracle.domain().map_or(1.0, |d| widest(&d.low).max(widest(&d.high)));
    // NaN has not stayed either.
    !x.iter().all(|v| v.abs() <= ESCAPED * reach)
}
