//! Muon: momentum whose matrices are made orthogonal, so that a step changes every direction of a layer by as much.
//!
//! Jordan, Jin, Boza, You, Cesista, Newhouse and Bernstein 2024, Muon: An optimizer for hidden layers in neural networks. What is no
//! matrix (biases) is left to AdamW.

use serde::{Deserialize, Serialize};

use super::newton_schulz::Wide;
use crate::math::vector;
use crate::objective::{MatrixSpan, Offer, Scratch};
use crate::optim::first_order::{AdamW, Framework};
use crate::optim::{Optimizer, OptimizerInfo, Order, Sheet, StepCtx, StepEvent, hyper};
use crate::param::{Limit, ParamSpec, Parametric};

/// How the shape of a matrix scales its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// √max(1, rows / columns)
    Original,
    /// 0.2 √max(rows, columns): entries as large as those of Adam's steps (Liu et al. 2025).
    MatchRmsAdamw,
}

/// Orthogonalised momentum on matrices, AdamW on the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Muon {
    pub lr: f64,
    pub momentum: f64,
    pub nesterov: bool,
    pub weight_decay: f64,
    pub ns_steps: u64,
    pub eps: f64,
    pub adjust_lr_fn: Adjustment,
    pub adamw_lr: f64,
    pub adamw_beta1: f64,
    pub adamw_beta2: f64,
    pub adamw_eps: f64,
    pub adamw_weight_decay: f64,
}

impl Default for Muon {
    fn default() -> Self {
        Self {
            lr: 0.02,
            momentum: 0.95,
            nesterov: true,
            weight_decay: 0.1,
            ns_steps: 5,
            eps: 1e-7,
            adjust_lr_fn: Adjustment::Original,
            adamw_lr: 0.01,
            adamw_beta1: 0.9,
            adamw_beta2: 0.999,
            adamw_eps: 1e-8,
            adamw_weight_decay: 0.0,
        }
    }
}

const ADJUSTMENTS: &[&str] = &["original", "match_rms_adamw"];

impl Parametric for Muon {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        hyper::lr(|r: &mut Self| &mut r.lr).help("Length of a step on matrices: about this much along every direction of a layer"),
        hyper::momentum(|r: &mut Self| &mut r.momentum),
        ParamSpec::switch("nesterov", "Nesterov", |r: &mut Self| &mut r.nesterov)
            .help("Make orthogonal what the momentum will be after one more such gradient"),
        ParamSpec::number("weight_decay", "Weight decay", |r: &mut Self| &mut r.weight_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .symbol("λ")
            .help("Decoupled: every step first shrinks the matrices by the factor 1 − η λ"),
        ParamSpec::integer("ns_steps", "Newton-Schulz steps", 1, 10, |r: &mut Self| &mut r.ns_steps)
            .symbol("k")
            .help("Steps of the iteration that makes a matrix orthogonal; none leaves the normalised momentum"),
        hyper::eps(|r: &mut Self| &mut r.eps).help("Momentum whose norm is below this is not scaled up"),
        ParamSpec::choice(
            "adjust_lr_fn",
            "Adjustment",
            ADJUSTMENTS,
            |r: &Self| match r.adjust_lr_fn {
                Adjustment::Original => "original",
                Adjustment::MatchRmsAdamw => "match_rms_adamw",
            },
            |r: &mut Self, word| {
                r.adjust_lr_fn = match word {
                    "match_rms_adamw" => Adjustment::MatchRmsAdamw,
                    _ => Adjustment::Original,
                }
            },
        )
        .help("How the shape of a matrix scales its step: √max(1, rows/columns), or 0.2 √max(rows, columns) to be as long as AdamW's"),
        ParamSpec::number("adamw_lr", "AdamW rate", |r: &mut Self| &mut r.adamw_lr)
            .log(1e-6, 10.0)
            .limit(Limit::NonNegative)
            .help("Learning rate of AdamW on what is no matrix: the biases"),
        ParamSpec::number("adamw_beta1", "AdamW beta 1", |r: &mut Self| &mut r.adamw_beta1)
            .near_one(0.9999)
            .limit(Limit::UnitOpen)
            .help("AdamW's decay of the mean of gradients"),
        ParamSpec::number("adamw_beta2", "AdamW beta 2", |r: &mut Self| &mut r.adamw_beta2)
            .near_one(0.99999)
            .limit(Limit::UnitOpen)
            .help("AdamW's decay of the mean of squared gradients"),
        ParamSpec::number("adamw_eps", "AdamW epsilon", |r: &mut Self| &mut r.adamw_eps)
            .log(1e-12, 1.0)
            .limit(Limit::NonNegative)
            .help("Added to AdamW's denominator"),
        ParamSpec::number("adamw_weight_decay", "AdamW decay", |r: &mut Self| &mut r.adamw_weight_decay)
            .log(1e-6, 1.0)
            .limit(Limit::NonNegative)
            .help("Decoupled weight decay of the biases"),
    ];
}

/// The momentum, and AdamW on the variables that are in no matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Orthogonalised {
    momentum: Vec<f64>,
    rest: Option<Rest>,
    update: Scratch,
    work: Scratch,
}

/// The variables that are in no matrix, one after another.
#[derive(Debug, Clone, PartialEq)]
struct Rest {
    x: Vec<f64>,
    grad: Vec<f64>,
    adamw: <AdamW as Optimizer>::State,
}

impl Muon {
    fn adamw(&self) -> AdamW {
        AdamW {
            convention: Framework::PyTorch,
            lr: self.adamw_lr,
            beta1: self.adamw_beta1,
            beta2: self.adamw_beta2,
            eps: self.adamw_eps,
            weight_decay: self.adamw_weight_decay,
            amsgrad: false,
        }
    }

    fn adjusted(&self, span: MatrixSpan) -> f64 {
        let (rows, columns) = (span.rows as f64, span.columns as f64);
        match self.adjust_lr_fn {
            Adjustment::Original => (rows / columns).max(1.0).sqrt(),
            Adjustment::MatchRmsAdamw => 0.2 * rows.max(columns).sqrt(),
        }
    }

    /// Remembers the gradient of one matrix; what is to be made orthogonal of it, lying on its side if it is tall, is left in `update`.
    fn remember(&self, momentum: &mut [f64], grad: &[f64], span: MatrixSpan, update: &mut [f64]) {
        let mu = self.momentum;
        for (k, (m, g)) in momentum.iter_mut().zip(grad).enumerate() {
            *m = mu * *m + (1.0 - mu) * g;
            update[place(span, k)] = if self.nesterov { (1.0 - mu) * g + mu * *m } else { *m };
        }
        let norm = vector::norm(update).max(self.eps);
        if norm > 0.0 {
            vector::scale(1.0 / norm, update);
        }
    }

    /// Steps one matrix along what has been made orthogonal.
    fn apply(&self, x: &mut [f64], span: MatrixSpan, lr: f64, update: &[f64]) {
        let (keep, length) = (1.0 - lr * self.weight_decay, lr * self.adjusted(span));
        for (k, x) in x.iter_mut().enumerate() {
            *x = *x * keep - length * update[place(span, k)];
        }
    }

    /// The orthogonal matrices of the next step and what scales them, an entry for every variable; 0 for those in no matrix.
    fn orthogonal(&self, state: &Orthogonalised, momentum: f64, grad: &[f64], layout: &[MatrixSpan]) -> [Vec<f64>; 2] {
        let now = Self {
            momentum,
            ..self.clone()
        };
        let mut after = state.clone();
        let (mut entries, mut scales) = (vec![0.0; grad.len()], vec![0.0; grad.len()]);
        for span in layout {
            let range = span.range();
            let update = after.update.floats(range.len());
            now.remember(&mut after.momentum[range.clone()], &grad[range.clone()], *span, update);
            let mut wide = Wide {
                entries: update,
                rows: span.rows.min(span.columns),
            };
            wide.orthogonalise(self.ns_steps, &mut after.work);
            for (k, i) in range.enumerate() {
                entries[i] = wide.entries[place(*span, k)];
                scales[i] = self.adjusted(*span);
            }
        }
        [entries, scales]
    }

    /// What the letters of a step stand for; o is what the matrices become, m and v of variables in no matrix are AdamW's.
    fn letters(&self, state: &Orthogonalised, sheet: &mut Sheet<'_>) {
        let (layout, n) = (sheet.layout(), sheet.x().len());
        let momentum = sheet.momentum().unwrap_or(self.momentum);
        let [entries, scales] = self.orthogonal(state, momentum, sheet.grad(), layout);
        let (mut m, mut v) = (state.momentum.clone(), vec![0.0; n]);
        let fresh = Rest::new(&self.adamw(), layout, sheet.x());
        let moments = &state.rest.as_ref().unwrap_or(&fresh).adamw;
        let [first, second] = moments.both();
        for (k, i) in gaps(layout, n).flatten().enumerate() {
            (m[i], v[i]) = (first[k], second[k]);
        }
        let [power1, power2] = moments.powers_ahead(self.adamw_beta1, self.adamw_beta2);
        sheet.each("m", &m).each("v", &v).each("o", &entries).each("a", &scales);
        sheet.same("β₁ᵗ", power1).same("β₂ᵗ", power2);
        sheet.same("β₁", self.adamw_beta1).same("β₂", self.adamw_beta2);
        sheet.same("ε", self.adamw_eps).same("d", self.adamw_weight_decay);
        sheet.same("ρ", self.adamw_lr * sheet.lr_scale()).same("μ", momentum);
    }

    /// One step of AdamW on everything else.
    fn step_rest(&self, rest: &mut Option<Rest>, x: &mut [f64], ctx: &mut StepCtx<'_>) {
        let layout = ctx.oracle.layout();
        let rest = rest.get_or_insert_with(|| Rest::new(&self.adamw(), layout, x));
        let outside = gaps(layout, x.len());
        let mut at = 0;
        for gap in outside.clone() {
            let to = at..at + gap.len();
            rest.x[to.clone()].copy_from_slice(&x[gap.clone()]);
            rest.grad[to].copy_from_slice(&ctx.grad[gap.clone()]);
            at += gap.len();
        }
        let mut told = ctx.with_grad(&rest.grad);
        // A schedule cycles the momentum of the matrices.
        told.momentum = None;
        self.adamw().step(&mut rest.adamw, &mut rest.x, &mut told);
        at = 0;
        for gap in outside {
            let from = at..at + gap.len();
            at += gap.len();
            x[gap].copy_from_slice(&rest.x[from]);
        }
    }
}

impl Rest {
    fn new(adamw: &AdamW, layout: &[MatrixSpan], x: &[f64]) -> Self {
        let n = gaps(layout, x.len()).map(|gap| gap.len()).sum();
        let x = vec![0.0; n];
        Self {
            adamw: adamw.init(&x),
            grad: x.clone(),
            x,
        }
    }
}

/// Where entry number `k` of a matrix stands in what is made orthogonal, which lies on its side if it is tall.
fn place(span: MatrixSpan, k: usize) -> usize {
    if span.rows > span.columns {
        (k % span.columns) * span.rows + k / span.columns
    } else {
        k
    }
}

/// The variables between the matrices, and after the last, of n in all.
fn gaps(layout: &[MatrixSpan], n: usize) -> impl Iterator<Item = std::ops::Range<usize>> + Clone {
    let ends = [0].into_iter().chain(layout.iter().map(|span| span.range().end));
    let starts = layout.iter().map(|span| span.start).chain([n]);
    ends.zip(starts).map(|(from, to)| from..to)
}

impl Optimizer for Muon {
    type State = Orthogonalised;
    const INFO: OptimizerInfo = OptimizerInfo {
        name: "Muon",
        order: Order::First,
        elementwise: false,
        formula: "matrices:   M ← μ M + (1 − μ) G,   U = (1 − μ) G + μ M\nO = orthogonal(U / |U|):   k times X ← 3.4445 X + (−4.7750 S + 2.0315 S²) X,   S = X Xᵀ\nW ← W (1 − η λ) − η √max(1, rows / columns) O\nbiases:   AdamW",
        source: "Jordan et al. 2024, Muon: An optimizer for hidden layers in neural networks",
        variant: "torch.optim.Muon, with Newton-Schulz in float64 where PyTorch's is in bfloat16; all weight matrices, AdamW on the biases",
    };

    fn init(&self, x0: &[f64]) -> Self::State {
        Orthogonalised {
            momentum: vec![0.0; x0.len()],
            rest: None,
            update: Scratch::default(),
            work: Scratch::default(),
        }
    }

    fn step(&self, state: &mut Self::State, x: &mut [f64], ctx: &mut StepCtx<'_>) -> StepEvent {
        let lr = self.lr * ctx.lr_scale;
        let now = Self {
            momentum: ctx.momentum_or(self.momentum),
            ..self.clone()
        };
        for span in ctx.oracle.layout() {
            let range = span.range();
            let update = state.update.floats(range.len());
            now.remember(&mut state.momentum[range.clone()], &ctx.grad[range.clone()], *span, update);
            let mut wide = Wide {
                entries: update,
                rows: span.rows.min(span.columns),
            };
            wide.orthogonalise(self.ns_steps, &mut state.work);
            self.apply(&mut x[range], *span, lr, wide.entries);
        }
        self.step_rest(&mut state.rest, x, ctx);
        StepEvent::Moved
    }

    fn lr(&self) -> Option<f64> {
        Some(self.lr)
    }

    fn arithmetic(&self, state: &Self::State, sheet: &mut Sheet<'_>) {
        let layout = sheet.layout();
        let is_entry = |sheet: &Sheet<'_>, k: usize| layout.iter().any(|span| span.range().contains(&sheet.coordinate(k)));
        let choose = |entry: &'static str, other: &'static str| {
            move |sheet: &Sheet<'_>, k: usize| if is_entry(sheet, k) { entry } else { other }
        };
        self.letters(state, sheet);
        sheet.cases(
            "m",
            "μ m + (1 − μ) g;   no matrix: β₁ m + (1 − β₁) g",
            choose("μ m + (1 − μ) g", "β₁ m + (1 − β₁) g"),
        );
        sheet.cases("v", "no matrix: β₂ v + (1 − β₂) g²", choose("v", "β₂ v + (1 − β₂) g²"));
        sheet.cases(
            "o",
            "entry of orthogonal(U / |U|);   no matrix: (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)",
            choose("o", "(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)"),
        );
        sheet.cases(
            "x",
            "x (1 − η λ) − η a o;   no matrix: x (1 − ρ d) − ρ o",
            choose("x (1 − η λ) − η a o", "x (1 − ρ d) − ρ o"),
        );
    }

    fn refuses(&self, offer: &Offer) -> Option<String> {
        let why = "works on the weight matrices of a model; a function of x and y has none";
        (!offer.matrices).then(|| why.to_owned())
    }
}
