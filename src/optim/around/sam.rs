//! Sharpness-aware minimisation: any rule, told the gradient at the worst point nearby instead of the one where it stands.
//!
//! Foret, Kleiner, Mobahi and Neyshabur 2021, Sharpness-Aware Minimization for Efficiently Improving Generalization, equations 2 and 3;
//! Kwon, Kim, Park and Choi 2021, ASAM, equation 3, with T_x = |x| and no η.

use serde::{Deserialize, Serialize};

use crate::math::vector;
use crate::objective::Offer;
use crate::optim::first_order::Momentum;
use crate::optim::{Optimizer, OptimizerConfig, OptimizerInfo, Order, Overlay, Slot, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Gradients from the top of the nearest slope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sam {
    /// The rule that is told the gradient.
    pub rule: Box<OptimizerConfig>,
    /// How far the ascent goes.
    pub rho: f64,
    /// Whether the ascent is measured in units of each variable's own size (ASAM).
    pub adaptive: bool,
}

impl Default for Sam {
    fn default() -> Self {
        Self {
            rule: Box::new(OptimizerConfig::Momentum(Momentum::default())),
            rho: 0.05,
            adaptive: false,
        }
    }
}

impl Parametric for Sam {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::choice(
            "rule",
            "Rule",
            OptimizerConfig::IDS,
            |r: &Self| r.rule.id(),
            |r: &mut Self, id| r.rule.become_id(id),
        )
        .help("The rule that is told the gradient from above"),
        ParamSpec::number("rho", "Rho", |r: &mut Self| &mut r.rho)
            .log(1e-4, 10.0)
            .limit(Limit::NonNegative)
            .symbol("ρ")
            .help("How far uphill the gradient is asked for; minima narrower than this are left"),
        ParamSpec::switch("adaptive", "Adaptive", |r: &mut Self| &mut r.adaptive)
            .help("Measure the distance relative to each variable's own size, so that scaling a layer changes nothing (ASAM)"),
    ];
}

/// The rule inside, and where the last gradient was asked for.
#[derive(Clone)]
pub struct Ascent {
    inner: Box<dyn Slot>,
    probe: Vec<f64>,
    grad: Vec<f64>,
}

impl PartialEq for Ascent {
    fn eq(&self, other: &Self) -> bool {
        self.inner.equals(other.inner.as_ref()) && (&self.probe, &self.grad) == (&other.probe, &other.grad)
    }
}

/// Added to the norm that is divided by, as in the authors' code: at a stationary point the ascent has no direction.
const EPS: f64 = 1e-12;

impl Sam {
    /// x + ρ g / |g|, or x + ρ x² g / |x g|.
    fn ascend(&self, x: &[f64], grad: &[f64], probe: &mut [f64]) {
        for ((probe, x), g) in probe.iter_mut().zip(x).zip(grad) {
            *probe = if self.adaptive { x.abs() * g } else { *g };
        }
        let length = self.rho / (vector::norm(probe) + EPS);
        for (probe, x) in probe.iter_mut().zip(x) {
            *probe = x + length * if self.adaptive { x.abs() * *probe } else { *probe };
        }
    }
}

impl Optimizer for Sam {
    type State = Ascent;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "SAM",
        order: Order::First,
        elementwise: false,
        formula: "g₀ = ∇f(x)\nx̂ = x + ρ g₀ / |g₀|   (adaptive: x + ρ x² g₀ / |x g₀|)\nx ← rule(x, g = ∇f(x̂))",
        source: "Foret, Kleiner, Mobahi and Neyshabur 2021, Sharpness-Aware Minimization, equations 2 and 3; Kwon et al. 2021, ASAM, equation 3",
        variant: "two gradients a step, on the same batch; the rule inside is told the value at x",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Ascent {
            inner: self.rule.start(x0),
            probe: x0.to_vec(),
            grad: vec![0.0; x0.len()],
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        self.ascend(x, ctx.grad, &mut state.probe);
        ctx.oracle.value_and_grad(&state.probe, &mut state.grad);
        let mut told = ctx.with_grad(&state.grad);
        state.inner.step(x, &mut told)
    }

    fn order(&self) -> Order {
        self.rule.order().max(Order::First)
    }

    fn lr(&self) -> Option<f64> {
        self.rule.lr()
    }

    fn refuses(&self, _offer: &Offer) -> Option<String> {
        let name = self.rule.info().name;
        (self.rule.order() == Order::Zeroth)
            .then(|| format!("changes the gradient that a rule is told, and {name} asks for none"))
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        let mut overlays = vec![Overlay::Probe(state.probe.clone())];
        overlays.extend(state.inner.overlays());
        overlays
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
