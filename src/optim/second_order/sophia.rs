//! Sophia: the running mean of gradients over the running mean of the Hessian's diagonal, clipped coordinate by coordinate.
//!
//! Liu, Li, Hall, Liang and Ma 2024, Sophia: A Scalable Stochastic Second-order Optimizer for Language Model Pre-training, Algorithm 3 with the
//! estimator of Algorithm 1: E[v ⊙ ∇²f v] over random signs v (Hutchinson 1990), or the diagonal itself, one product a coordinate.
//! optax corrects the mean for its start and uses the diagonal one step late.

use serde::{Deserialize, Serialize};

use crate::optim::{Optimizer, OptimizerInfo, Order, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Clipped steps in units of the curvature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sophia {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub gamma: f64,
    pub clip_threshold: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub update_interval: u64,
    pub estimator: Estimator,
    pub convention: Convention,
}

impl Default for Sophia {
    fn default() -> Self {
        Self {
            lr: 0.02,
            beta1: 0.965,
            beta2: 0.99,
            gamma: 0.05,
            clip_threshold: 1.0,
            eps: 1e-12,
            weight_decay: 0.0,
            update_interval: 10,
            estimator: Estimator::Hutchinson,
            convention: Convention::Paper,
        }
    }
}

impl Parametric for Sophia {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr),
        hyper::beta1(|r: &mut Self| &mut r.beta1),
        hyper::beta2(|r: &mut Self| &mut r.beta2),
        ParamSpec::number("gamma", "Gamma", |r: &mut Self| &mut r.gamma)
            .log(1e-4, 10.0)
            .limit(Limit::NonNegative)
            .symbol("γ")
            .help("Scales the curvature: the smaller, the more coordinates are clipped to a sign step"),
        ParamSpec::number("clip_threshold", "Clip at", |r: &mut Self| &mut r.clip_threshold)
            .log(0.01, 10.0)
            .limit(Limit::Positive)
            .symbol("ρ")
            .help("Largest step of a coordinate in units of the learning rate"),
        hyper::eps(|r: &mut Self| &mut r.eps),
        ParamSpec::number("weight_decay", "Weight decay", |r: &mut Self| &mut r.weight_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Decoupled: every step first shrinks x by the factor 1 − η λ"),
        ParamSpec::integer("update_interval", "Update interval", 1, 100, |r: &mut Self| {
            &mut r.update_interval
        })
        .limit(Limit::AtLeastOne)
        .symbol("k")
        .help("Steps between two looks at the Hessian"),
        ParamSpec::choice(
            "estimator",
            "Estimator",
            &["hutchinson", "exact"],
            |r: &Self| match r.estimator {
                Estimator::Hutchinson => "hutchinson",
                Estimator::Exact => "exact",
            },
            |r: &mut Self, name| {
                r.estimator = if name == "exact" {
                    Estimator::Exact
                } else {
                    Estimator::Hutchinson
                }
            },
        )
        .help("Random signs (one product) or the exact diagonal (one product a coordinate)"),
        ParamSpec::choice(
            "convention",
            "Convention",
            &["paper", "optax"],
            |r: &Self| match r.convention {
                Convention::Paper => "paper",
                Convention::Optax => "optax",
            },
            |r: &mut Self, name| {
                r.convention = if name == "optax" {
                    Convention::Optax
                } else {
                    Convention::Paper
                }
            },
        )
        .help("optax corrects the mean for its start and uses the diagonal one step late"),
    ];
}

/// How the diagonal of the Hessian is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    Hutchinson,
    Exact,
}

/// In which order things are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    Paper,
    Optax,
}

/// Running means of gradients and of the diagonal, and what a look at the Hessian needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Curvature {
    m: Vec<f64>,
    h: Vec<f64>,
    /// β₁ᵗ
    power: f64,
    t: u64,
    diagonal: Vec<f64>,
    direction: Vec<f64>,
    product: Vec<f64>,
}

impl Sophia {
    /// Finds the diagonal of the Hessian at x.
    fn look(&self, state: &mut Curvature, x: &[f64], ctx: &mut StepCtx<'_>) {
        let Curvature {
            diagonal,
            direction,
            product,
            ..
        } = state;
        match self.estimator {
            Estimator::Hutchinson => {
                let mut rng = ctx.rng();
                for v in direction.iter_mut() {
                    *v = if rng.uniform() < 0.5 { -1.0 } else { 1.0 };
                }
                ctx.oracle.hess_vec(x, direction, product);
                for ((d, v), hv) in diagonal.iter_mut().zip(direction.iter()).zip(product.iter()) {
                    *d = v * hv;
                }
            }
            Estimator::Exact => {
                direction.fill(0.0);
                for (i, d) in diagonal.iter_mut().enumerate() {
                    direction[i] = 1.0;
                    ctx.oracle.hess_vec(x, direction, product);
                    direction[i] = 0.0;
                    *d = product[i];
                }
            }
        }
    }

    /// h ← β₂ h + (1 − β₂) d
    fn remember(&self, state: &mut Curvature) {
        for (h, d) in state.h.iter_mut().zip(&state.diagonal) {
            *h = self.beta2 * *h + (1.0 - self.beta2) * d;
        }
    }
}

impl Optimizer for Sophia {
    type State = Curvature;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Sophia",
        order: Order::Second,
        elementwise: false,
        formula: "h ← β₂ h + (1 − β₂) diag ∇²f(x)   every k steps\nx ← x (1 − η λ)\nm ← β₁ m + (1 − β₁) g\nx ← x − η clip(m / max(γ h, ε), ±ρ)",
        source: "Liu et al. 2024, Sophia: A Scalable Stochastic Second-order Optimizer, Algorithm 3",
        variant: "the paper's order by default, optax's by choice",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Curvature {
            m: vec![0.0; x0.len()],
            h: vec![0.0; x0.len()],
            power: 1.0,
            t: 0,
            diagonal: vec![0.0; x0.len()],
            direction: vec![0.0; x0.len()],
            product: vec![0.0; x0.len()],
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let (lr, beta1) = (self.lr * ctx.lr_scale, ctx.momentum_or(self.beta1));
        let looks = state.t.is_multiple_of(self.update_interval.max(1));
        state.t += 1;
        if looks {
            self.look(state, x, ctx);
        }
        if looks && self.convention == Convention::Paper {
            self.remember(state);
        }
        for (m, g) in state.m.iter_mut().zip(ctx.grad) {
            *m = beta1 * *m + (1.0 - beta1) * g;
        }
        let unbias = match self.convention {
            Convention::Paper => 1.0,
            Convention::Optax => {
                let power = state.power * beta1;
                // Below this 1 − βᵗ is 1.
                state.power = if power < 1e-17 { 0.0 } else { power };
                1.0 / (1.0 - state.power)
            }
        };
        for ((x, m), h) in x.iter_mut().zip(&state.m).zip(&state.h) {
            let step = m * unbias / (self.gamma * h).max(self.eps);
            // 0/0, a coordinate without slope and without curvature, stands still.
            let step = if step.is_nan() {
                0.0
            } else {
                step.clamp(-self.clip_threshold, self.clip_threshold)
            };
            *x -= lr * (step + self.weight_decay * *x);
        }
        if looks && self.convention == Convention::Optax {
            self.remember(state);
        }
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }
}
