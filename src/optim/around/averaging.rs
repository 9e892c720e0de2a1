//! Averages of the iterates of any rule: they come closer to a minimum than iterates that noise or a long step keeps in motion.
//!
//! Polyak and Juditsky 1992, Acceleration of Stochastic Approximation by Averaging, and Ruppert 1988: the mean of all iterates from a step
//! on. Izmailov, Podoprikhin, Garipov, Vetrov and Wilson 2018, Averaging Weights Leads to Wider Optima (SWA), Algorithm 1: the mean of
//! every c-th. The exponential mean is `torch.optim.swa_utils.get_ema_avg_fn`. As PyTorch's `AveragedModel` the average stands beside the
//! run: the rule never sees it, and the point of the run stays the rule's own.

use serde::{Deserialize, Serialize};

use crate::optim::first_order::Sgd;
use crate::optim::{Optimizer, OptimizerConfig, OptimizerInfo, Order, Overlay, Sheet, Slot, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Which mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mean {
    /// All count the same.
    Uniform,
    /// Each counts less than the next.
    Exponential,
}

/// The average of a rule's iterates beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Averaging {
    /// The rule whose iterates are averaged.
    pub rule: Box<OptimizerConfig>,
    pub mean: Mean,
    /// Steps before the first iterate that counts.
    pub start: u64,
    /// Every how many steps an iterate counts.
    pub every: u64,
    /// Share of the exponential mean that survives the next iterate.
    pub decay: f64,
}

impl Default for Averaging {
    fn default() -> Self {
        Self {
            rule: Box::new(OptimizerConfig::Sgd(Sgd::default())),
            mean: Mean::Uniform,
            start: 100,
            every: 1,
            decay: 0.99,
        }
    }
}

const MEANS: &[&str] = &["uniform", "exponential"];

impl Parametric for Averaging {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "rule",
            "Rule",
            OptimizerConfig::IDS,
            |r: &Self| r.rule.id(),
            |r: &mut Self, id| r.rule.become_id(id),
        )
        .help("The rule whose iterates are averaged"),
        ParamSpec::choice(
            "mean",
            "Mean",
            MEANS,
            |r: &Self| match r.mean {
                Mean::Uniform => "uniform",
                Mean::Exponential => "exponential",
            },
            |r: &mut Self, word| {
                r.mean = match word {
                    "exponential" => Mean::Exponential,
                    _ => Mean::Uniform,
                }
            },
        )
        .help("Uniform: all iterates from the start on count the same; exponential: each counts less than the next"),
        ParamSpec::integer("start", "Start", 0, 5000, |r: &mut Self| &mut r.start)
            .symbol("t₀")
            .help("Step from which iterates count; until then the average is the iterate itself"),
        ParamSpec::integer("every", "Every", 1, 200, |r: &mut Self| &mut r.every)
            .limit(Limit::AtLeastOne)
            .symbol("c")
            .help("Every how many steps an iterate counts; SWA takes one at the end of each cycle of the learning rate"),
        ParamSpec::number("decay", "Decay", |r: &mut Self| &mut r.decay)
            .near_one(0.9999)
            .limit(Limit::UnitOpen)
            .symbol("β")
            .help("Share of the average that survives the next iterate; remembers about 1/(1 − β) of them"),
    ];

    fn is_used(&self, name: &str) -> bool {
        name != "decay" || self.mean == Mean::Exponential
    }
}

/// The rule inside and the average.
#[derive(Clone)]
pub struct Averaged {
    inner: Box<dyn Slot>,
    mean: Vec<f64>,
    /// Steps so far.
    t: u64,
    /// Iterates that count so far.
    n: u64,
}

impl PartialEq for Averaged {
    fn eq(&self, other: &Self) -> bool {
        self.inner.equals(other.inner.as_ref()) && (&self.mean, self.t, self.n) == (&other.mean, other.t, other.n)
    }
}

impl Averaging {
    /// How much of the way to the next iterate the average goes.
    fn share(&self, n: u64) -> f64 {
        match self.mean {
            Mean::Exponential if n > 0 => 1.0 - self.decay,
            Mean::Exponential => 1.0,
            Mean::Uniform => 1.0 / (n + 1) as f64,
        }
    }

    /// Whether the iterate after `t` steps enters the average.
    fn counts(&self, t: u64) -> bool {
        let since = t.checked_sub(self.start);
        since.is_some_and(|since| since.is_multiple_of(self.every.max(1)))
    }
}

impl Optimizer for Averaging {
    type State = Averaged;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Averaging",
        order: Order::First,
        elementwise: false,
        formula: "x ← rule(x)\nevery c steps from t₀: x̄ ← x̄ + (x − x̄) / (n + 1),   n ← n + 1   (exponential: x̄ ← β x̄ + (1 − β) x)",
        source: "Polyak and Juditsky 1992, Acceleration of Stochastic Approximation by Averaging; Izmailov et al. 2018, Averaging Weights Leads to Wider Optima, Algorithm 1",
        variant: "torch.optim.swa_utils.AveragedModel: the average stands beside the run and is never stepped from",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Averaged {
            inner: self.rule.start(x0),
            mean: x0.to_vec(),
            t: 0,
            n: 0,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let event = state.inner.step(x, ctx);
        state.t += 1;
        if self.counts(state.t) {
            let share = self.share(state.n);
            for (mean, x) in state.mean.iter_mut().zip(x.iter()) {
                *mean += share * (x - *mean);
            }
            state.n += 1;
        } else if state.n == 0 {
            state.mean.copy_from_slice(x);
        }
        event
    }

    fn order(&self) -> Order {
        self.rule.order()
    }

    fn lr(&self) -> Option<f64> {
        self.rule.lr()
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        let mut overlays = vec![Overlay::Average(state.mean.clone())];
        overlays.extend(state.inner.overlays());
        overlays
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        state.inner.arithmetic(sheet);
        if sheet.is_blank() || !self.counts(state.t + 1) {
            return;
        }
        sheet.each("x̄", &state.mean).same("w", self.share(state.n));
        sheet.line("x̄", "x̄ + w (x − x̄)");
    }

    fn inner(&self, name: &str) -> Option<&OptimizerConfig> {
        (name == "rule").then_some(&self.rule)
    }

    fn inner_mut(&mut self, name: &str) -> Option<&mut OptimizerConfig> {
        (name == "rule").then_some(&mut self.rule)
    }

    fn inner_names(&self) -> &'static [&'static str] {
        &["rule"]
    }

    fn active<'s>(&self, state: &'s Self::State) -> Option<&'s dyn Slot> {
        Some(state.inner.as_ref())
    }
}
