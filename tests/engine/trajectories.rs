//! Update rules against torch.optim, optax and pytorch_optimizer: every rule, function and setting. Tolerance: 1e-8 max(1, |x|) at every recorded step up to the
//! one from which rounding is amplified (`stable_until`, measured); the first non-finite step within ±1.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::golden::{items, numbers, read};
use optiscope::functions::FunctionConfig;
use optiscope::math::Rng;
use optiscope::objective::{Batch, Batches, Counts, MatrixSpan, Objective, Scratch};
use optiscope::optim::{Convention, Estimator, Fixed, OptimizerConfig, Overlay, RunStatus, Sophia, Stages, Trace, Walk};
use serde_json::Value;

/// A run of the reference as one of ours, or nothing where the rule is not in the catalogue.
fn translated(run: &Value) -> Option<(OptimizerConfig, Stages)> {
    let hyper = &run["hyper"];
    let positive = |name: &str| hyper[name].as_f64().is_some_and(|v| v != 0.0);
    let on = |name: &str| hyper[name].as_bool() == Some(true);
    assert!(!on("maximize"), "{}", run["id"]);
    let id = match run["optimizer"].as_str()? {
        "SGD" if on("nesterov") => "nesterov",
        "SGD" if positive("momentum") => "momentum",
        "lookahead" => return Some((lookahead(hyper), Stages::default())),
        "sophia" => return Some((sophia_optax(hyper), Stages::default())),
        "SophiaH" => return Some((sophia_h(hyper), Stages::default())),
        name => &name.to_lowercase(),
    };
    let mut rule = OptimizerConfig::from_id(id)?;
    let mut stages = Stages::default();
    let none = Value::from("none");
    for (name, value) in hyper.as_object()? {
        match (name.as_str(), value) {
            ("betas", Value::Array(betas)) => {
                for (i, beta) in betas.iter().enumerate() {
                    set(&mut rule, &format!("beta{}", i + 1), beta);
                }
            }
            ("etas", Value::Array(etas)) => {
                set(&mut rule, "etaminus", &etas[0]);
                set(&mut rule, "etaplus", &etas[1]);
            }
            ("step_sizes", Value::Array(sizes)) => {
                set(&mut rule, "step_min", &sizes[0]);
                set(&mut rule, "step_max", &sizes[1]);
            }
            ("eps", Value::Array(eps)) => {
                // null is PyTorch's default, 2^-52.
                if !eps[0].is_null() {
                    set(&mut rule, "eps1", &eps[0]);
                }
                set(&mut rule, "eps2", &eps[1]);
            }
            ("adjust_lr_fn", Value::Null) => set(&mut rule, name, &Value::from("original")),
            ("ns_coefficients", value) => assert_eq!(numbers(value), [3.4445, -4.775, 2.0315]),
            ("line_search_fn", value) => set(&mut rule, "line_search", if value.is_null() { &none } else { value }),
            ("learning_rate", value) => set(&mut rule, "lr", value),
            ("b1", value) => set(&mut rule, "beta1", value),
            ("b2", value) => set(&mut rule, "beta2", value),
            // Where a rule has no decay of its own, decay is coupled: a stage before it.
            ("weight_decay", value) if rule.get(name).is_none() => stages.weight_decay = value.as_f64()?,
            // Switches that tell one of our rules from another, and what a rule does not have.
            ("momentum" | "nesterov" | "dampening" | "maximize" | "decoupled_weight_decay" | "max_grad_norm", value)
                if rule.get(name).is_none() =>
            {
                assert!(
                    positive(name) || on(name) || value.as_f64() == Some(0.0) || value.as_bool() == Some(false),
                    "{name}"
                );
            }
            (name, value) => set(&mut rule, name, value),
        }
    }
    Some((rule, stages))
}

#[track_caller]
fn set(rule: &mut OptimizerConfig, name: &str, value: &Value) {
    // A switch, a number or a word, written as on a command line.
    let id = rule.id();
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    rule.set_text(name, &text).unwrap_or_else(|e| panic!("{id}: {e}"));
}

fn lookahead(hyper: &Value) -> OptimizerConfig {
    let fast = &hyper["fast"];
    let id = match fast["optimizer"].as_str().unwrap() {
        "sgd" if fast["momentum"].is_number() => "momentum",
        id => id,
    };
    let mut rule = OptimizerConfig::from_id("lookahead").unwrap();
    rule.set_text("rule", id).unwrap();
    let inner = rule.inner_mut("rule").unwrap();
    for (name, value) in fast.as_object().unwrap().iter().filter(|(name, _)| *name != "optimizer") {
        let name = match name.as_str() {
            "learning_rate" => "lr",
            "b1" => "beta1",
            name => name,
        };
        set(inner, name, value);
    }
    set(&mut rule, "sync_period", &hyper["sync_period"]);
    set(&mut rule, "slow_step_size", &hyper["slow_step_size"]);
    rule
}

/// Of pytorch_optimizer: clips m / max(h, eps) at p, which is the paper's form with lr p, gamma = p and eps p.
fn sophia_h(hyper: &Value) -> OptimizerConfig {
    let number = |name: &str| hyper[name].as_f64().unwrap();
    let p = number("p");
    OptimizerConfig::Sophia(Sophia {
        lr: number("lr") * p,
        beta1: hyper["betas"][0].as_f64().unwrap(),
        beta2: hyper["betas"][1].as_f64().unwrap(),
        gamma: p,
        clip_threshold: 1.0,
        eps: number("eps") * p,
        weight_decay: number("weight_decay") / p,
        update_interval: hyper["update_period"].as_u64().unwrap(),
        estimator: Estimator::Exact,
        convention: Convention::Paper,
    })
}

fn sophia_optax(hyper: &Value) -> OptimizerConfig {
    let number = |name: &str| hyper[name].as_f64().unwrap();
    OptimizerConfig::Sophia(Sophia {
        lr: number("learning_rate"),
        beta1: number("b1"),
        beta2: number("b2"),
        gamma: number("gamma"),
        clip_threshold: number("clip_threshold"),
        eps: number("eps"),
        weight_decay: number("weight_decay"),
        update_interval: hyper["update_interval"].as_u64().unwrap(),
        estimator: match hyper["hessian_diag"].as_str().unwrap() {
            "exact" => Estimator::Exact,
            _ => Estimator::Hutchinson,
        },
        convention: Convention::Optax,
    })
}

/// A function whose Hessian is only ever asked about along given signs, whatever signs the asker chose: v ⊙ (∇²f v) is then what it
/// would be for the given ones.
struct GivenSigns {
    objective: Arc<dyn Objective>,
    signs: Vec<Vec<f64>>,
    asked: AtomicUsize,
}

impl Objective for GivenSigns {
    fn dim(&self) -> usize {
        self.objective.dim()
    }
    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        self.objective.value(x, batch, scratch)
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        self.objective.value_and_grad(x, batch, grad, scratch)
    }
    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
        let signs = &self.signs[self.asked.fetch_add(1, Ordering::Relaxed)];
        self.objective.hess_vec(x, signs, batch, hv, scratch);
        for ((hv, sign), v) in hv.iter_mut().zip(signs).zip(v) {
            *hv *= sign * v;
        }
    }
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        self.objective.sample_start(rng, x);
    }
}

/// A function whose two variables are a matrix of one row, as in the reference.
struct Row(Arc<dyn Objective>);

impl Objective for Row {
    fn dim(&self) -> usize {
        self.0.dim()
    }
    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        self.0.value(x, batch, scratch)
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        self.0.value_and_grad(x, batch, grad, scratch)
    }
    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
        self.0.hess_vec(x, v, batch, hv, scratch);
    }
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        self.0.sample_start(rng, x);
    }
    fn layout(&self) -> &[MatrixSpan] {
        const ROW: [MatrixSpan; 1] = [MatrixSpan {
            start: 0,
            rows: 1,
            columns: 2,
        }];
        &ROW
    }
}

fn objective_of(run: &Value) -> Arc<dyn Objective> {
    let objective = FunctionConfig::from_id(run["function"].as_str().unwrap())
        .unwrap()
        .objective();
    match run["hyper"]["rademacher"].as_array() {
        None if run["optimizer"] == "Muon" => Arc::new(Row(objective)),
        None => objective,
        Some(signs) => Arc::new(GivenSigns {
            objective,
            signs: signs.iter().map(numbers).collect(),
            asked: AtomicUsize::new(0),
        }),
    }
}

/// What a run leaves: how it ended, every point, and the point that follows behind it, if there is one.
struct Walked {
    status: RunStatus,
    counts: Counts,
    trace: Trace,
    behind: Vec<Option<Vec<f64>>>,
}

fn walk(objective: &dyn Objective, rule: &OptimizerConfig, stages: &Stages, x0: &[f64], steps: u64) -> Walked {
    let fixed = Fixed {
        objective,
        batches: &Batches::Full,
        stages,
        seed: 0,
    };
    let (mut walk, mut trace, mut slot) = (Walk::new(x0), Trace::new(x0.len()), rule.start(x0));
    let mut behind = Vec::new();
    for _ in 0..=steps {
        behind.push(slot.overlays().into_iter().find_map(|overlay| match overlay {
            Overlay::Average(x) => Some(x),
            _ => None,
        }));
        if walk.step < steps {
            slot.advance(&fixed, &mut walk, 1, &mut trace);
        }
    }
    walk.finish(&fixed, &mut trace);
    Walked {
        status: walk.status,
        counts: walk.counts,
        trace,
        behind,
    }
}

#[track_caller]
fn check(run: &Value, record_steps: &[f64], rule: &OptimizerConfig, stages: &Stages) {
    let id = run["id"].as_str().unwrap();
    let (x, y, f) = (numbers(&run["x"]), numbers(&run["y"]), numbers(&run["f"]));
    let followers = [("ax", "ay"), ("slow_x", "slow_y")]
        .into_iter()
        .find(|(name, _)| run[name].is_array());
    let followers = followers.map(|(x, y)| [numbers(&run[x]), numbers(&run[y])]);
    let objective = objective_of(run);
    let Walked {
        status,
        counts,
        trace,
        behind,
    } = walk(objective.as_ref(), rule, stages, &[x[0], y[0]], 200);

    let ended = match (status, run["first_nonfinite_step"].as_u64()) {
        (RunStatus::Diverged { step }, Some(expected)) => {
            assert!(step.abs_diff(expected) <= 1, "{id}: diverged at {step}, not {expected}");
            step.min(expected)
        }
        (RunStatus::Finished, None) => 201,
        (status, expected) => panic!("{id}: {status:?}, but first non-finite step {expected:?}"),
    };
    let stable_until = run["stable_until"].as_u64().unwrap();
    if let Some(evaluations) = run["func_evals"].as_u64()
        && stable_until == 200
    {
        // PyTorch asks again where the last step ended.
        assert!(
            counts.grads <= evaluations,
            "{id}: {} gradients asked for, not {evaluations}",
            counts.grads
        );
    }
    let mut compared = 0;
    for (i, step) in record_steps.iter().map(|s| *s as u64).enumerate() {
        if step > stable_until || step >= ended {
            continue;
        }
        let got = trace.point(step as usize).unwrap_or_else(|| panic!("{id}: no row {step}"));
        for (got, want) in got.iter().zip([x[i], y[i]]) {
            let tolerance = 1e-8 * want.abs().max(1.0);
            assert!((got - want).abs() <= tolerance, "{id} step {step}: {got} not {want}");
        }
        let value = trace.value[step as usize];
        let close = (value - f[i]).abs() <= 1e-8 * f[i].abs().max(1.0);
        assert!(close || value == f[i], "{id} step {step}: f = {value} not {}", f[i]);
        if let Some([ax, ay]) = &followers {
            let got = behind[step as usize]
                .as_deref()
                .unwrap_or_else(|| panic!("{id}: nothing follows"));
            for (got, want) in got.iter().zip([ax[i], ay[i]]) {
                assert!(
                    (got - want).abs() <= 1e-8 * want.abs().max(1.0),
                    "{id} step {step}: follower at {got} not {want}"
                );
            }
        }
        compared += 1;
    }
    assert!(compared > 1, "{id}: nothing was compared");
}

#[track_caller]
fn check_file(name: &str, expected: usize, elsewhere: &[&str]) {
    let file = read(name);
    let record_steps = numbers(&file["meta"]["record_steps"]);
    let mut checked = 0;
    for run in items(&file["runs"]) {
        let variant = run["variant"].as_str().unwrap();
        if elsewhere.contains(&variant) {
            continue;
        }
        let (rule, stages) = translated(run).unwrap_or_else(|| panic!("{variant} is not in the catalogue"));
        check(run, &record_steps, &rule, &stages);
        checked += 1;
    }
    assert_eq!(checked, expected);
}

#[test]
fn as_torch() {
    // PyTorch's own Newton-Schulz is in bfloat16: those runs are informational.
    check_file("trajectories.json", 189, &["muon_bf16"]);
}

#[test]
fn as_optax_and_pytorch_optimizer() {
    // optax weights the difference of gradients otherwise than the paper of Adan: its runs are informational.
    check_file("trajectories_extra.json", 72, &["adan_optax"]);
}
