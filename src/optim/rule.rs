//! The contract of an update rule.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::drive::{Running, Slot};
use super::{OptimizerConfig, OptimizerInfo, Order, Overlay, Sheet};
use crate::math::{Purpose, Rng};
use crate::objective::{HeavyBall, Offer, Oracle};
use crate::param::{Parameters, Parametric};

/// An update rule. `Self` is its hyperparameters: plain data that a user edits. `State` is what it remembers between steps.
///
/// A rule sees the problem only through [`StepCtx`]: the value and gradient at the point where it stands, which the loop has
/// already asked for, and an oracle for anything else it wants to know.
pub trait Optimizer: Parametric + PartialEq + Default + Serialize + DeserializeOwned + Send + Sync {
    type State: Clone + PartialEq + Send + Sync + 'static;
    const INFO: OptimizerInfo;

    /// The state before the first step, at x0.
    fn init(&self, x0: &[f64]) -> Self::State;

    /// One step: moves `x`. Allocates nothing, unless there are so many coordinates that threads share them. An elementwise rule steps
    /// through `first_order::coordinates::each` and marks this `#[inline(always)]`, so that the loop can be compiled with the instructions
    /// of the CPU at hand.
    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent;

    /// The motion that all further steps are at the rule's own learning rate, with its velocities, where they are nothing else: a problem may
    /// then take many of them in its own loop.
    fn heavy_ball<'s>(&self, _state: &'s mut Self::State) -> Option<(HeavyBall, &'s mut [f64])> {
        None
    }

    /// What the rule asks of a problem with these hyperparameters: a rule around another asks what that one does.
    fn order(&self) -> Order {
        Self::INFO.order
    }

    /// The learning rate before any schedule, if the rule has one.
    fn lr(&self) -> Option<f64> {
        None
    }

    /// Why it cannot be used on a problem with this to offer: the rest of a sentence that begins with the rule's name, without a full
    /// stop. A rule inside this one is asked for itself.
    fn refuses(&self, _offer: &Offer) -> Option<String> {
        None
    }

    /// What the rule can show of its state over the landscape.
    fn overlays(&self, _state: &Self::State) -> Vec<Overlay> {
        Vec::new()
    }

    /// What the rule has found out about the problem that its user should know, in a sentence without a full stop.
    fn remark(&self, _state: &Self::State) -> Option<String> {
        None
    }

    /// Writes down the step about to be taken from this state, a line for each of its formulas. A rule that writes nothing is not
    /// explained.
    fn arithmetic(&self, _state: &Self::State, _sheet: &mut Sheet<'_>) {}

    /// The rule inside this one that goes by this name.
    fn inner(&self, _name: &str) -> Option<&OptimizerConfig> {
        None
    }

    fn inner_mut(&mut self, _name: &str) -> Option<&mut OptimizerConfig> {
        None
    }

    /// Names of the rules inside; each is also a parameter, which chooses the rule.
    fn inner_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// The rule inside, as it stands, that takes the next step: its learning rate is recorded, and what it asks of the problem counted.
    fn active<'s>(&self, _state: &'s Self::State) -> Option<&'s dyn Slot> {
        None
    }
}

/// What a rule knows at a step.
pub struct StepCtx<'a> {
    /// Number of this step, from 0.
    pub step: u64,
    /// What the schedule multiplies the learning rate with.
    pub lr_scale: f64,
    /// What the schedule sets momentum, or β₁, to.
    pub momentum: Option<f64>,
    /// f at the point where the step starts, on this step's batch, after noise and with the penalty of coupled weight decay.
    pub value: f64,
    /// ∇f there, after noise, clipping and coupled weight decay.
    pub grad: &'a [f64],
    /// For questions about other points, on the same batch; its answers go through the same stages.
    pub oracle: Oracle<'a>,
    pub seed: u64,
}

impl StepCtx<'_> {
    /// The same step for a rule inside another, which is told another gradient.
    pub fn with_grad<'a>(&'a mut self, grad: &'a [f64]) -> StepCtx<'a> {
        StepCtx {
            step: self.step,
            lr_scale: self.lr_scale,
            momentum: self.momentum,
            value: self.value,
            grad,
            oracle: self.oracle.reborrow(),
            seed: self.seed,
        }
    }

    /// The momentum, or β₁, of this step, for a rule whose own is `own`.
    #[inline]
    pub fn momentum_or(&self, own: f64) -> f64 {
        self.momentum.unwrap_or(own)
    }

    /// The random numbers of this step: they depend on seed and step only.
    pub fn rng(&self) -> Rng {
        Rng::stream(self.seed, Purpose::Rule, self.step)
    }
}

/// What happened in a step, for marks on the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum StepEvent {
    /// A step like any other.
    #[default]
    Moved,
    /// A proposal was turned down: the point stands still.
    Rejected,
    /// A proposal was accepted although it is worse.
    Uphill,
    /// A new start: the point jumped.
    Restarted,
}

/// An [`Optimizer`] whatever its type: what menus, files, the command line and plans work with.
pub trait AnyOptimizer: Parameters {
    fn info(&self) -> &'static OptimizerInfo;
    fn order(&self) -> Order;
    fn lr(&self) -> Option<f64>;
    /// Why the rule, or one inside it, cannot be used on a problem with this to offer, as a sentence without a full stop; none = it can.
    fn refusal(&self, offer: &Offer) -> Option<String>;
    fn inner(&self, name: &str) -> Option<&OptimizerConfig>;
    fn inner_mut(&mut self, name: &str) -> Option<&mut OptimizerConfig>;
    fn inner_names(&self) -> &'static [&'static str];
    /// The rule, ready to step from x0.
    fn start(&self, x0: &[f64]) -> Box<dyn Slot>;
}

impl<O: Optimizer> AnyOptimizer for O {
    fn info(&self) -> &'static OptimizerInfo {
        &O::INFO
    }

    fn order(&self) -> Order {
        Optimizer::order(self)
    }

    fn lr(&self) -> Option<f64> {
        Optimizer::lr(self)
    }

    fn refusal(&self, offer: &Offer) -> Option<String> {
        let own = self.refuses(offer).map(|why| format!("{} {why}", O::INFO.name));
        let mut inside = Optimizer::inner_names(self).iter();
        own.or_else(|| inside.find_map(|name| Optimizer::inner(self, name)?.refusal(offer)))
    }

    fn inner(&self, name: &str) -> Option<&OptimizerConfig> {
        Optimizer::inner(self, name)
    }

    fn inner_mut(&mut self, name: &str) -> Option<&mut OptimizerConfig> {
        Optimizer::inner_mut(self, name)
    }

    fn inner_names(&self) -> &'static [&'static str] {
        Optimizer::inner_names(self)
    }

    fn start(&self, x0: &[f64]) -> Box<dyn Slot> {
        Box::new(Running {
            rule: self.clone(),
            state: self.init(x0),
        })
    }
}
