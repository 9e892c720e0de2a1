//! BFGS: an inverse Hessian learnt from how the gradient changes.
//!
//! Broyden, Fletcher, Goldfarb and Shanno, all 1970; Nocedal and Wright 2006, Algorithm 6.1, from the identity as in SciPy. The line search is
//! strong Wolfe with curvature 0.9.

use serde::{Deserialize, Serialize};

use crate::math::vector;
use crate::objective::Offer;
use crate::optim::line_search::Search;
use crate::optim::{Optimizer, OptimizerInfo, Order, StepCtx, StepEvent, hyper};
use crate::param::{ParamSpec, Parametric};

/// The quasi-Newton method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bfgs {
    pub lr: f64,
}

impl Default for Bfgs {
    fn default() -> Self {
        Self { lr: 1.0 }
    }
}

impl Parametric for Bfgs {
    const PARAMS: &'static [ParamSpec<Self>] =
        &[hyper::lr(|r: &mut Self| &mut r.lr).help("Length that a line search tries first; 1 is the quasi-Newton step")];
}

/// The inverse Hessian as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Inverse {
    /// Rows after one another.
    h: Vec<f64>,
    /// Pairs taken in.
    pairs: u64,
    direction: Vec<f64>,
    t: f64,
    grad: Vec<f64>,
    y: Vec<f64>,
    hy: Vec<f64>,
    search: Search,
}

impl Inverse {
    fn reset(&mut self, scale: f64) {
        let n = self.grad.len();
        self.h.fill(0.0);
        self.h.iter_mut().step_by(n + 1).for_each(|h| *h = scale);
    }

    /// H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ for the step s = t d just made, which led to this gradient.
    fn learn(&mut self, grad: &[f64]) {
        for ((y, g), before) in self.y.iter_mut().zip(grad).zip(&self.grad) {
            *y = g - before;
        }
        // `direction` becomes s.
        vector::scale(self.t, &mut self.direction);
        let curvature = vector::dot(&self.y, &self.direction);
        // Positive after a search that met the Wolfe conditions; otherwise there is nothing to be learnt.
        if curvature <= 1e-10 * vector::norm(&self.y) * vector::norm(&self.direction) {
            return;
        }
        self.pairs += 1;
        self.times_y();
        let Self {
            h, direction: s, y, hy, ..
        } = self;
        let n = s.len();
        let rho = 1.0 / curvature;
        let outer = rho * (1.0 + rho * vector::dot(y, hy));
        for (row, (s_i, hy_i)) in h.chunks_exact_mut(n).zip(s.iter().zip(hy.iter())) {
            for (h, (s_j, hy_j)) in row.iter_mut().zip(s.iter().zip(hy.iter())) {
                *h += outer * s_i * s_j - rho * (s_i * hy_j + hy_i * s_j);
            }
        }
    }

    fn times_y(&mut self) {
        let n = self.y.len();
        for (out, row) in self.hy.iter_mut().zip(self.h.chunks_exact(n)) {
            *out = vector::dot(row, &self.y);
        }
    }

    /// d = −H g
    fn point(&mut self, grad: &[f64]) {
        let n = grad.len();
        for (out, row) in self.direction.iter_mut().zip(self.h.chunks_exact(n)) {
            *out = -vector::dot(row, grad);
        }
    }
}

impl Optimizer for Bfgs {
    type State = Inverse;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "BFGS",
        order: Order::First,
        elementwise: false,
        formula: "d = −H g,   x ← x + t d\ns = t d,   y = Δg,   ρ = 1 / y·s\nH ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ",
        source: "Broyden; Fletcher; Goldfarb; Shanno 1970. Nocedal and Wright 2006, Algorithm 6.1",
        variant: "strong Wolfe search with curvature 0.9, H starts as I",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        let n = x0.len();
        let mut state = Inverse {
            h: vec![0.0; n * n],
            pairs: 0,
            direction: vec![0.0; n],
            t: 0.0,
            grad: vec![0.0; n],
            y: vec![0.0; n],
            hy: vec![0.0; n],
            search: Search::new(n, 0.9),
        };
        state.reset(1.0);
        state
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let squares = vector::dot(ctx.grad, ctx.grad);
        if squares == 0.0 {
            return StepEvent::Moved;
        }
        if state.t > 0.0 {
            state.learn(ctx.grad);
        }
        state.point(ctx.grad);
        let mut slope = vector::dot(ctx.grad, &state.direction);
        if slope.is_nan() || slope >= 0.0 {
            // What was learnt elsewhere is of no use here.
            state.pairs = 0;
            state.reset(1.0);
            state.point(ctx.grad);
            slope = -squares;
        }
        let lr = self.lr * ctx.lr_scale;
        let first = if state.pairs == 0 {
            lr * (1.0 / squares.sqrt()).min(1.0)
        } else {
            lr
        };
        state.search.begin(ctx.value, slope, ctx.grad);
        state.search.run(x, &state.direction, first, 1e-14, 25, &mut ctx.oracle);
        state.t = state.search.new.t;
        state.grad.copy_from_slice(ctx.grad);
        vector::axpy(state.t, &state.direction, x);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        super::too_many_for_a_matrix(offer)
    }
}
