//! A trust region around Newton's method: the quadratic model is believed only so far, and how far is learnt.
//!
//! Steihaug 1983, The Conjugate Gradient Method and Trust Regions in Large Scale Optimization; the radius follows Nocedal and Wright 2006,
//! Algorithm 4.1. Names and defaults are SciPy's.

use serde::{Deserialize, Serialize};

use super::krylov::{End, Krylov};
use crate::math::vector;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// Trust-region Newton with conjugate gradients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrustRegionNewton {
    pub initial_trust_radius: f64,
    pub max_trust_radius: f64,
    pub eta: f64,
}

impl Default for TrustRegionNewton {
    fn default() -> Self {
        Self {
            initial_trust_radius: 1.0,
            max_trust_radius: 1000.0,
            eta: 0.15,
        }
    }
}

impl Parametric for TrustRegionNewton {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("initial_trust_radius", "Initial radius", |r: &mut Self| {
            &mut r.initial_trust_radius
        })
        .log(1e-3, 100.0)
        .limit(Limit::Positive)
        .symbol("Δ₀")
        .help("How far the quadratic model is believed at first"),
        ParamSpec::number("max_trust_radius", "Largest radius", |r: &mut Self| &mut r.max_trust_radius)
            .log(1e-2, 1e4)
            .limit(Limit::Positive)
            .symbol("Δmax")
            .help("How far it is ever believed"),
        ParamSpec::number("eta", "Accept from", |r: &mut Self| &mut r.eta)
            .linear(0.0, 0.25)
            .limit(Limit::UnitOpen)
            .symbol("η")
            .help("A step is made if f falls by more than this share of what the model promised"),
    ];
}

/// The radius, the last step and working memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    radius: f64,
    krylov: Krylov,
    to: Vec<f64>,
}

impl Optimizer for TrustRegionNewton {
    type State = Region;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Trust-region Newton",
        order: Order::Second,
        elementwise: false,
        formula: "s minimises g·s + s·∇²f s / 2 over |s| ≤ Δ, by conjugate gradients\nρ = (f(x) − f(x + s)) / promised,   x ← x + s if ρ > η\nΔ ← Δ/4 if ρ < ¼, 2Δ if ρ > ¾ at the edge",
        source: "Steihaug 1983; Nocedal and Wright 2006, Algorithms 4.1 and 7.2",
        variant: "Steihaug's conjugate gradients, until the residual is min(½, √|g|) |g|",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Region {
            radius: self.initial_trust_radius,
            krylov: Krylov::new(x0.len()),
            to: x0.to_vec(),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let Region { radius, krylov, to } = state;
        let norm = vector::norm(ctx.grad);
        if norm == 0.0 {
            return StepEvent::Moved;
        }
        let tolerance = norm.sqrt().min(0.5) * norm;
        let end = krylov.solve(x, ctx.grad, *radius, tolerance, &mut ctx.oracle);
        to.copy_from_slice(x);
        vector::axpy(1.0, &krylov.step, to);
        let fall = ctx.value - ctx.oracle.value(to);
        let ratio = fall / krylov.gain;
        // A ratio that is no number is no success.
        if ratio.is_nan() || ratio < 0.25 {
            *radius *= 0.25;
        } else if ratio > 0.75 && end != End::Solved {
            *radius = (2.0 * *radius).min(self.max_trust_radius);
        }
        if ratio > self.eta {
            x.copy_from_slice(to);
            StepEvent::Moved
        } else {
            StepEvent::Rejected
        }
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![Overlay::TrustRadius(state.radius)]
    }
}
