//! Gradient descent: x ← x − η g.
//!
//! Cauchy 1847; with the gradient of a batch it is stochastic gradient descent (Robbins and Monro 1951).

use serde::{Deserialize, Serialize};

use super::coordinates::each;
use crate::optim::{Optimizer, OptimizerInfo, Order, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{ParamSpec, Parametric};

/// Plain (stochastic) gradient descent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sgd {
    pub lr: f64,
}

impl Default for Sgd {
    fn default() -> Self {
        Self { lr: 1.5e-3 }
    }
}

impl Parametric for Sgd {
    const PARAMS: &'static [ParamSpec<Self>] = &[hyper::lr(|r: &mut Self| &mut r.lr)];
}

impl Optimizer for Sgd {
    type State = ();
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "SGD",
        order: Order::First,
        elementwise: true,
        formula: "x ← x − η g",
        source: "Robbins and Monro 1951, A Stochastic Approximation Method",
        variant: "torch.optim.SGD without momentum",
    };

    fn init(&self, _x0: &[f64]) -> Self::State {}

    #[inline(always)]
    fn step(&self, _state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        each(x, ctx.grad, [], |x, g, []| *x -= lr * g);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn arithmetic(&self, _state: &Self::State, sheet: &mut Sheet<'_>) {
        sheet.line("x", "x − η g");
    }
}
