//! Rprop: only the signs of gradients count. A step grows while the sign stays and shrinks when it flips.
//!
//! Riedmiller and Braun 1993, A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP Algorithm, in the variant without weight
//! backtracking that forgets the gradient after a flip (iRprop−, Igel and Hüsken 2000), as in PyTorch.

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use super::sign::sign;
use crate::optim::{Optimizer, OptimizerInfo, Order, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Resilient propagation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rprop {
    pub lr: f64,
    pub etaminus: f64,
    pub etaplus: f64,
    pub step_min: f64,
    pub step_max: f64,
}

impl Default for Rprop {
    fn default() -> Self {
        Self {
            lr: 0.01,
            etaminus: 0.5,
            etaplus: 1.2,
            step_min: 1e-6,
            step_max: 50.0,
        }
    }
}

impl Parametric for Rprop {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr).help("Length of the first step in every coordinate"),
        ParamSpec::number("etaminus", "Shrink by", |r: &mut Self| &mut r.etaminus)
            .limit(Limit::UnitClosed)
            .symbol("η₋")
            .help("What a step is multiplied with when the gradient changed its sign"),
        ParamSpec::number("etaplus", "Grow by", |r: &mut Self| &mut r.etaplus)
            .linear(1.0, 2.0)
            .limit(Limit::Positive)
            .symbol("η₊")
            .help("What a step is multiplied with while the gradient keeps its sign"),
        ParamSpec::number("step_min", "Shortest step", |r: &mut Self| &mut r.step_min)
            .log(1e-12, 1.0)
            .limit(Limit::NonNegative)
            .symbol("Δmin")
            .help("No step gets shorter"),
        ParamSpec::number("step_max", "Longest step", |r: &mut Self| &mut r.step_max)
            .log(1e-3, 100.0)
            .limit(Limit::Positive)
            .symbol("Δmax")
            .help("No step gets longer"),
    ];
}

/// The last gradient and the length of the next step, a coordinate each.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    last: Vec<f64>,
    length: Vec<f64>,
}

impl Optimizer for Rprop {
    type State = Steps;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Rprop",
        order: Order::First,
        elementwise: true,
        formula: "Δ ← Δ η₊ if g keeps its sign, Δ η₋ if it flips (then g ← 0), within [Δmin, Δmax]\nx ← x − sign(g) Δ",
        source: "Riedmiller and Braun 1993, A Direct Adaptive Method for Faster Backpropagation Learning",
        variant: "torch.optim.Rprop: iRprop− (Igel and Hüsken 2000); a schedule scales the moves, not their memory",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Steps {
            last: vec![0.0; x0.len()],
            length: vec![self.lr; x0.len()],
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        each(x, ctx.grad, [&mut state.last, &mut state.length], |x, g, [last, length]| {
            let agreement = g * *last;
            let mut g = g;
            if agreement > 0.0 {
                *length *= self.etaplus;
            } else if agreement < 0.0 {
                *length *= self.etaminus;
                g = 0.0;
            }
            *length = length.min(self.step_max).max(self.step_min);
            *x -= sign(g) * *length * ctx.lr_scale;
            *last = g;
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        sheet.each("g₋₁", &state.last).each("Δ", &state.length).line("a", "g g₋₁");
        sheet.cases(
            "Δ",
            "Δ η₊ if a > 0, Δ η₋ if a < 0, else Δ",
            |sheet, k| match sheet.value("a", k) {
                a if a > 0.0 => "Δ η₊",
                a if a < 0.0 => "Δ η₋",
                _ => "Δ",
            },
        );
        sheet.line("Δ", "max(min(Δ, Δmax), Δmin)");
        let move_on = if sheet.lr_scale() == 1.0 {
            "x − sign(g) Δ"
        } else {
            "x − sign(g) Δ c"
        };
        sheet.cases("x", "x − sign(g) Δ, or x if a < 0", |sheet, k| {
            if sheet.value("a", k) < 0.0 { "x" } else { move_on }
        });
    }
}
