//! What the loop tells a rule at a step, found out by standing in the rule's place.

use serde::{Deserialize, Serialize};

use crate::objective::MatrixSpan;
use crate::optim::drive::Running;
use crate::optim::{Fixed, Optimizer, OptimizerInfo, Order, Slot, StepCtx, StepEvent, Trace, Walk};
use crate::param::{ParamSpec, Parametric};

/// What the loop tells a rule at a step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub lr_scale: f64,
    /// What the schedule sets momentum, or β₁, to.
    pub momentum: Option<f64>,
    /// After noise, clipping and coupled weight decay.
    pub grad: Vec<f64>,
    /// Which variables are the entries of matrices.
    pub layout: Vec<MatrixSpan>,
}

/// A rule that listens and stands still.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Listener {
    /// The learning rate of the rule in whose place it stands: schedules start from it.
    lr: Option<f64>,
}

impl Parametric for Listener {
    const PARAMS: &'static [ParamSpec<Self>] = &[];
}

impl Optimizer for Listener {
    type State = Option<Told>;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Listener",
        order: Order::First,
        elementwise: false,
        formula: "x ← x",
        source: "",
        variant: "",
    };

    fn init(&self, _x0: &[f64]) -> Self::State {
        None
    }

    fn step(&self, state: &mut Self::State, _x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        *state = Some(Told {
            lr_scale: ctx.lr_scale,
            momentum: ctx.momentum,
            grad: ctx.grad.to_vec(),
            layout: ctx.oracle.layout().to_vec(),
        });
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        self.lr
    }
}

/// What the loop would tell a rule with this learning rate at the next step; nothing if it would take none.
pub(super) fn listen(lr: Option<f64>, fixed: &Fixed<'_>, walk: &Walk) -> Option<Told> {
    let mut listening = Running {
        rule: Listener { lr },
        state: None,
    };
    listening.advance(fixed, &mut walk.clone(), 1, &mut Trace::new(0));
    listening.state
}
