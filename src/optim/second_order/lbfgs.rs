//! L-BFGS: Newton's direction with an inverse Hessian rebuilt from the last few steps and changes of the gradient.
//!
//! Liu and Nocedal 1989, On the Limited Memory BFGS Method for Large Scale Optimization; the two-loop recursion is Nocedal 1980. Everything
//! else as in PyTorch, which follows minFunc: a step here is a call of `step(closure)` there, up to `max_iter` iterations.

use serde::{Deserialize, Serialize};

use crate::math::vector;
use crate::optim::line_search::Search;
use crate::optim::{Optimizer, OptimizerInfo, Order, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// Limited-memory BFGS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lbfgs {
    pub lr: f64,
    pub max_iter: u64,
    pub max_eval: u64,
    pub tolerance_grad: f64,
    pub tolerance_change: f64,
    pub history_size: u64,
    pub line_search: LineSearch,
}

/// How far to go along a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineSearch {
    /// As far as the learning rate says.
    None,
    /// Until the strong Wolfe conditions hold.
    StrongWolfe,
}

impl Default for Lbfgs {
    fn default() -> Self {
        Self {
            lr: 1.0,
            max_iter: 1,
            max_eval: 26,
            tolerance_grad: 1e-7,
            tolerance_change: 1e-9,
            history_size: 10,
            line_search: LineSearch::StrongWolfe,
        }
    }
}

impl Parametric for Lbfgs {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr).help("Length of a step in units of the direction; a line search only starts from it"),
        ParamSpec::integer("max_iter", "Iterations", 1, 50, |r: &mut Self| &mut r.max_iter)
            .limit(Limit::AtLeastOne)
            .help("Iterations in one step, at the most"),
        ParamSpec::integer("max_eval", "Evaluations", 1, 100, |r: &mut Self| &mut r.max_eval)
            .limit(Limit::AtLeastOne)
            .help("Gradients asked for in one step, about the most"),
        ParamSpec::number("tolerance_grad", "Gradient tolerance", |r: &mut Self| &mut r.tolerance_grad)
            .log(1e-12, 1e-2)
            .limit(Limit::NonNegative)
            .help("Stands still where no coordinate of the gradient is larger"),
        ParamSpec::number("tolerance_change", "Change tolerance", |r: &mut Self| &mut r.tolerance_change)
            .log(1e-14, 1e-4)
            .limit(Limit::NonNegative)
            .help("Ends a step when value or point change by less"),
        ParamSpec::integer("history_size", "History", 1, 100, |r: &mut Self| &mut r.history_size)
            .limit(Limit::AtLeastOne)
            .symbol("m")
            .help("How many past steps the curvature is rebuilt from"),
        ParamSpec::choice(
            "line_search",
            "Line search",
            &["none", "strong_wolfe"],
            |r: &Self| match r.line_search {
                LineSearch::None => "none",
                LineSearch::StrongWolfe => "strong_wolfe",
            },
            |r: &mut Self, word| {
                r.line_search = match word {
                    "none" => LineSearch::None,
                    _ => LineSearch::StrongWolfe,
                }
            },
        )
        .help("How far to go along a direction: as the learning rate says, or until f falls and flattens enough"),
    ];
}

/// A step s, the change y of the gradient over it, and 1 / y·s.
#[derive(Debug, Clone, PartialEq)]
struct Pair {
    s: Vec<f64>,
    y: Vec<f64>,
    inverse: f64,
    /// The first loop's coefficient.
    alpha: f64,
}

/// What is remembered of the curvature.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Oldest first.
    pairs: Vec<Pair>,
    /// The initial inverse Hessian is this times the identity.
    scale: f64,
    direction: Vec<f64>,
    /// How far the last step went along the direction.
    t: f64,
    previous_grad: Vec<f64>,
    grad: Vec<f64>,
    search: Search,
    iterations: u64,
}

fn largest(v: &[f64]) -> f64 {
    v.iter().fold(0.0, |m: f64, v| m.max(v.abs()))
}

impl History {
    /// Takes in the last step, if the function curved upwards along it.
    fn learn(&mut self, most: usize) {
        let Self {
            pairs,
            direction,
            t,
            previous_grad,
            grad,
            ..
        } = self;
        // Written over the oldest pair once there are enough.
        let mut pair = if pairs.len() >= most {
            pairs.remove(0)
        } else {
            let n = grad.len();
            Pair {
                s: vec![0.0; n],
                y: vec![0.0; n],
                inverse: 0.0,
                alpha: 0.0,
            }
        };
        let changes = grad.iter().zip(previous_grad.iter());
        for ((s, y), (d, (g, before))) in pair.s.iter_mut().zip(&mut pair.y).zip(direction.iter().zip(changes)) {
            *s = d * *t;
            *y = g - before;
        }
        let curvature = vector::dot(&pair.y, &pair.s);
        pair.inverse = 1.0 / curvature;
        self.scale = curvature / vector::dot(&pair.y, &pair.y);
        pairs.push(pair);
    }

    /// Whether the function curved upwards along the last step.
    fn curved_up(&self) -> bool {
        let changes = self.grad.iter().zip(&self.previous_grad);
        let curvature: f64 = changes
            .zip(&self.direction)
            .map(|((g, before), d)| (g - before) * (d * self.t))
            .sum();
        curvature > 1e-10
    }

    /// d = −H g (two-loop recursion, Nocedal 1980).
    fn point(&mut self) {
        let d = &mut self.direction;
        for (d, g) in d.iter_mut().zip(&self.grad) {
            *d = -g;
        }
        for pair in self.pairs.iter_mut().rev() {
            pair.alpha = vector::dot(&pair.s, d) * pair.inverse;
            vector::axpy(-pair.alpha, &pair.y, d);
        }
        vector::scale(self.scale, d);
        for pair in &self.pairs {
            let beta = vector::dot(&pair.y, d) * pair.inverse;
            vector::axpy(pair.alpha - beta, &pair.s, d);
        }
    }
}

impl Optimizer for Lbfgs {
    type State = History;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "L-BFGS",
        order: Order::First,
        elementwise: false,
        formula: "d = −H g,   H from the last m pairs s = Δx, y = Δg with y·s > 0, starting from (y·s / y·y) I\nx ← x + t d,   t = η or by line search",
        source: "Liu and Nocedal 1989, On the Limited Memory BFGS Method for Large Scale Optimization",
        variant: "torch.optim.LBFGS; by default one iteration a step, with strong Wolfe line search",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        let n = x0.len();
        History {
            pairs: Vec::new(),
            scale: 1.0,
            direction: vec![0.0; n],
            t: 0.0,
            previous_grad: vec![0.0; n],
            grad: vec![0.0; n],
            search: Search::new(n, 0.9),
            iterations: 0,
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        state.grad.copy_from_slice(ctx.grad);
        let mut value = ctx.value;
        let mut evaluations = 1;
        if largest(&state.grad) <= self.tolerance_grad {
            return StepEvent::Moved;
        }
        for iteration in 1..=self.max_iter {
            state.iterations += 1;
            let first = state.iterations == 1;
            if !first && state.curved_up() {
                state.learn(self.history_size.max(1) as usize);
            }
            state.point();
            state.previous_grad.copy_from_slice(&state.grad);
            let previous_value = value;
            state.t = if first {
                let sum: f64 = state.grad.iter().map(|g| g.abs()).sum();
                (1.0 / sum).min(1.0) * lr
            } else {
                lr
            };
            let slope = vector::dot(&state.grad, &state.direction);
            if slope > -self.tolerance_change {
                break;
            }
            match self.line_search {
                LineSearch::StrongWolfe => {
                    let History {
                        search,
                        direction,
                        grad,
                        t,
                        ..
                    } = state;
                    search.begin(value, slope, grad);
                    let left = self.max_eval.saturating_sub(evaluations);
                    evaluations += search.run(x, direction, *t, self.tolerance_change, left, &mut ctx.oracle);
                    *t = search.new.t;
                    value = search.new.value;
                    grad.copy_from_slice(&search.new.grad);
                    vector::axpy(*t, direction, x);
                }
                LineSearch::None => {
                    vector::axpy(state.t, &state.direction, x);
                    if iteration < self.max_iter {
                        value = ctx.oracle.value_and_grad(x, &mut state.grad);
                        evaluations += 1;
                    }
                }
            }
            if evaluations >= self.max_eval
                || largest(&state.grad) <= self.tolerance_grad
                || largest(&state.direction) * state.t.abs() <= self.tolerance_change
                || (value - previous_value).abs() < self.tolerance_change
            {
                break;
            }
        }
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }
}
