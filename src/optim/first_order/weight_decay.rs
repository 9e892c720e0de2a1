//! Weight decay of the rules that have it coupled or decoupled.

use crate::optim::Sheet;

/// Writes what happens before the moments: λ x joins the gradient, or x shrinks.
pub(super) fn write(weight_decay: f64, decoupled: bool, sheet: &mut Sheet<'_>) {
    if weight_decay == 0.0 {
        return;
    }
    if decoupled {
        sheet.line("x", "x (1 − η λ)");
    } else {
        sheet.line("g", "g + λ x");
    }
}
