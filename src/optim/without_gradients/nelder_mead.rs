//! Nelder and Mead's simplex: n + 1 points; the worst is reflected through the others, and the simplex stretches, contracts or shrinks.
//!
//! Nelder and Mead 1965, A Simplex Method for Function Minimization, with the first simplex and the order of tests of SciPy.

use serde::{Deserialize, Serialize};

use crate::objective::Offer;
use crate::optim::{Optimizer, OptimizerInfo, Order, Overlay, StepCtx, StepEvent};
use crate::param::{Limit, ParamSpec, Parametric};

/// The downhill simplex.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NelderMead {
    pub initial_size: f64,
}

impl Default for NelderMead {
    fn default() -> Self {
        Self { initial_size: 0.05 }
    }
}

impl Parametric for NelderMead {
    const PARAMS: &'static [ParamSpec<Self>] =
        &[
            ParamSpec::number("initial_size", "Initial size", |r: &mut Self| &mut r.initial_size)
                .log(1e-3, 1.0)
                .limit(Limit::Positive)
                .symbol("δ")
                .help("Edge of the first simplex as a share of each coordinate of the start; 0.005 of it where that is 0"),
        ];
}

/// A corner of the simplex.
#[derive(Debug, Clone, PartialEq)]
struct Vertex {
    x: Vec<f64>,
    value: f64,
}

/// The simplex, best corner first.
#[derive(Debug, Clone, PartialEq)]
pub struct Simplex {
    vertices: Vec<Vertex>,
    started: bool,
    centre: Vec<f64>,
    first_try: Vec<f64>,
    second_try: Vec<f64>,
}

impl Simplex {
    fn sort(&mut self) {
        self.vertices.sort_by(|a, b| a.value.total_cmp(&b.value));
    }

    /// Puts a point in the place of the worst.
    fn replace(&mut self, second: bool, value: f64) {
        if let Some(worst) = self.vertices.last_mut() {
            worst
                .x
                .copy_from_slice(if second { &self.second_try } else { &self.first_try });
            worst.value = value;
        }
    }

    /// f at (1 + a) centre − a worst.
    fn ask(&mut self, second: bool, a: f64, ctx: &mut StepCtx<'_>) -> f64 {
        let to = if second { &mut self.second_try } else { &mut self.first_try };
        if let Some(worst) = self.vertices.last() {
            for ((to, c), w) in to.iter_mut().zip(&self.centre).zip(&worst.x) {
                *to = (1.0 + a) * c - a * w;
            }
        }
        ctx.oracle.value(to)
    }
}

impl Optimizer for NelderMead {
    type State = Simplex;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Nelder-Mead",
        order: Order::Zeroth,
        elementwise: false,
        formula: "c = mean of all corners but the worst w\nw ← 2c − w, further 3c − 2w, nearer 1.5c − 0.5w or 0.5c + 0.5w, by how f compares\nelse every corner goes half way to the best",
        source: "Nelder and Mead 1965, A Simplex Method for Function Minimization",
        variant: "as in scipy.optimize: coefficients 1, 2, ½, ½, not adaptive",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        let corner = |k: usize| {
            let mut x = x0.to_vec();
            if let Some(moved) = k.checked_sub(1) {
                x[moved] = if x[moved] == 0.0 {
                    self.initial_size * 0.005
                } else {
                    (1.0 + self.initial_size) * x[moved]
                };
            }
            Vertex { x, value: f64::INFINITY }
        };
        Simplex {
            vertices: (0..=x0.len()).map(corner).collect(),
            started: false,
            centre: vec![0.0; x0.len()],
            first_try: x0.to_vec(),
            second_try: x0.to_vec(),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let n = x.len();
        if n == 0 {
            return StepEvent::Moved;
        }
        if !state.started {
            state.started = true;
            for (k, vertex) in state.vertices.iter_mut().enumerate() {
                vertex.value = if k == 0 { ctx.value } else { ctx.oracle.value(&vertex.x) };
            }
            state.sort();
        }
        state.centre.fill(0.0);
        for vertex in &state.vertices[..n] {
            for (c, v) in state.centre.iter_mut().zip(&vertex.x) {
                *c += v;
            }
        }
        for c in &mut state.centre {
            *c /= n as f64;
        }
        let [best, second_worst, worst] = [0, n - 1, n].map(|k| state.vertices[k].value);
        let reflected = state.ask(false, 1.0, ctx);
        let mut shrink = false;
        if reflected < best {
            let expanded = state.ask(true, 2.0, ctx);
            let farther = expanded < reflected;
            state.replace(farther, if farther { expanded } else { reflected });
        } else if reflected < second_worst {
            state.replace(false, reflected);
        } else {
            let outside = reflected < worst;
            let contracted = state.ask(true, if outside { 0.5 } else { -0.5 }, ctx);
            shrink = !if outside {
                contracted <= reflected
            } else {
                contracted < worst
            };
            if !shrink {
                state.replace(true, contracted);
            }
        }
        if shrink && let [best, others @ ..] = &mut state.vertices[..] {
            for vertex in others {
                for (v, b) in vertex.x.iter_mut().zip(&best.x) {
                    *v = b + 0.5 * (*v - b);
                }
                vertex.value = ctx.oracle.value(&vertex.x);
            }
        }
        state.sort();
        let moved = state.vertices[0].x != x;
        x.copy_from_slice(&state.vertices[0].x);
        if moved { StepEvent::Moved } else { StepEvent::Rejected }
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        offer.beyond(2000, "keeps a simplex with a corner for every variable")
    }

    fn overlays(&self, state: &Self::State) -> Vec<Overlay> {
        vec![Overlay::Simplex(
            state.vertices.iter().map(|vertex| vertex.x.clone()).collect(),
        )]
    }
}
