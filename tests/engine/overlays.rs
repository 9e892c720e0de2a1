//! What first-order rules show of their state: where memory alone leads, and what has been gathered of squared gradients.

use optiscope::functions::FunctionConfig;
use optiscope::math::Rng;
use optiscope::objective::{Batch, Batches, Objective, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, Overlay, Stages, Trace, Walk};
use serde_json::json;

struct Plain;

impl Objective for Plain {
    fn dim(&self) -> usize {
        2
    }
    fn value(&self, _x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        0.0
    }
    fn value_and_grad(&self, _x: &[f64], _batch: Batch<'_>, grad: &mut [f64], _scratch: &mut Scratch) -> f64 {
        grad.fill(0.0);
        0.0
    }
    fn hess_vec(&self, _x: &[f64], _v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        hv.fill(0.0);
    }
    fn sample_start(&self, _rng: &mut Rng, _x: &mut [f64]) {}
}

const X0: [f64; 2] = [-1.2, 0.7];

fn advance(rule: &OptimizerConfig, steps: u64, mut look: impl FnMut(&Walk, &dyn optiscope::optim::Slot)) -> Trace {
    let objective = FunctionConfig::from_id("himmelblau").unwrap().objective();
    let stages = Stages::default();
    let fixed = fixed(objective.as_ref(), &stages);
    let (mut walk, mut trace, mut slot) = (Walk::new(&X0), Trace::new(2), rule.start(&X0));
    look(&walk, slot.as_ref());
    for _ in 0..steps {
        slot.advance(&fixed, &mut walk, 1, &mut trace);
        look(&walk, slot.as_ref());
    }
    trace
}

fn fixed<'a>(objective: &'a dyn Objective, stages: &'a Stages) -> Fixed<'a> {
    Fixed {
        objective,
        batches: &Batches::Full,
        stages,
        seed: 0,
    }
}

/// First-order rules without weight decay, which would move x on a plain by itself.
fn without_decay() -> Vec<OptimizerConfig> {
    let ids = [
        "sgd",
        "momentum",
        "nesterov",
        "adagrad",
        "adadelta",
        "rmsprop",
        "adam",
        "adamw",
        "adamax",
        "nadam",
        "radam",
        "rprop",
        "adafactor",
        "lion",
        "adabelief",
        "yogi",
        "adan",
        "qhm",
        "qhadam",
    ];
    let rule = |id| {
        let mut rule = OptimizerConfig::from_id(id).unwrap();
        if rule.get("weight_decay").is_some() {
            rule.set_text("weight_decay", "0").unwrap();
        }
        rule
    };
    let with_momentum = serde_json::from_value(json!({ "id": "rmsprop", "momentum": 0.8 })).unwrap();
    ids.into_iter().map(rule).chain([with_momentum]).collect()
}

#[test]
fn velocity_is_the_step_that_memory_alone_makes() {
    let stages = Stages::default();
    for rule in without_decay() {
        let mut moved = false;
        advance(&rule, 30, |walk, slot| {
            let (mut walk, mut alone) = (walk.clone(), slot.boxed_clone());
            let before = walk.x.clone();
            alone.advance(&fixed(&Plain, &stages), &mut walk, 1, &mut Trace::new(2));
            let shown = slot.overlays().into_iter().find_map(|overlay| match overlay {
                Overlay::Velocity(v) => Some(v),
                _ => None,
            });
            for (i, (after, before)) in walk.x.iter().zip(&before).enumerate() {
                let displacement = after - before;
                let shown = shown.as_ref().map_or(0.0, |v| v[i]);
                assert!(
                    (shown - displacement).abs() <= 1e-12 * before.abs().max(1.0),
                    "{} step {}: shows {shown}, memory moves x by {displacement}",
                    rule.id(),
                    walk.step - 1
                );
                moved |= displacement != 0.0;
            }
        });
        let remembers = !["sgd", "adagrad", "adadelta", "rprop", "adafactor"].contains(&rule.id());
        let remembers = remembers && rule.get("momentum").is_none_or(|m| m != optiscope::param::Value::Number(0.0));
        assert_eq!(moved, remembers, "{}", rule.id());
    }
}

/// Running mean of a series, and what is left of its start at 0.
fn mean(series: impl Iterator<Item = f64>, beta: f64) -> (f64, f64) {
    series.fold((0.0, 1.0), |(mean, left), v| (beta * mean + (1.0 - beta) * v, left * beta))
}

/// The mean of squares of a series, corrected for its start at 0.
fn corrected(series: impl Iterator<Item = f64>, beta: f64) -> f64 {
    let (mean, left) = mean(series, beta);
    mean / (1.0 - left)
}

/// What each rule has gathered after these gradients, squared, from its paper.
fn gathered(rule: &serde_json::Value, g: &[f64]) -> f64 {
    let squares = || g.iter().map(|g| g * g);
    match rule["id"].as_str().unwrap() {
        "adagrad" => 0.25 + squares().sum::<f64>(),
        "adadelta" => mean(squares(), 0.9).0,
        "rmsprop" if rule["centered"] == true => {
            let m = mean(g.iter().copied(), 0.99).0;
            mean(squares(), 0.99).0 - m * m
        }
        "rmsprop" => mean(squares(), 0.99).0,
        "adam" if rule["amsgrad"] == true => {
            let largest = (1..=g.len()).map(|n| mean(squares().take(n), 0.999).0).fold(0.0, f64::max);
            largest / (1.0 - 0.999_f64.powi(g.len() as i32))
        }
        "adam" | "adamw" | "nadam" | "radam" | "qhadam" => corrected(squares(), 0.999),
        "adamax" => g.iter().fold(0.0_f64, |u, g| (0.999 * u).max(g.abs())).powi(2),
        "adabelief" => {
            let surprise = |n: usize| g[n - 1] - mean(g.iter().take(n).copied(), 0.9).0;
            corrected((1..=g.len()).map(|n| surprise(n).powi(2)), 0.999)
        }
        "yogi" => {
            let v = squares().fold(1e-6, |v, square| v - 0.001 * f64::signum(v - square) * square);
            v / (1.0 - 0.999_f64.powi(g.len() as i32))
        }
        "adan" => {
            let difference = |n: usize| if n == 0 { 0.0 } else { g[n] - g[n - 1] };
            corrected((0..g.len()).map(|n| (g[n] + 0.92 * difference(n)).powi(2)), 0.99)
        }
        "adafactor" => {
            let weighed = (1..).map(|t| f64::powf(f64::from(t), -0.8)).zip(squares());
            weighed.fold(0.0, |v, (weight, square)| v + weight * (square - v))
        }
        id => panic!("{id} has no second moment"),
    }
}

#[test]
fn squares_are_what_the_papers_say() {
    let objective = FunctionConfig::from_id("himmelblau").unwrap().objective();
    for rule in [
        json!({ "id": "adagrad", "initial_accumulator_value": 0.25 }),
        json!({ "id": "adadelta" }),
        json!({ "id": "rmsprop" }),
        json!({ "id": "rmsprop", "centered": true }),
        json!({ "id": "adam" }),
        json!({ "id": "adam", "amsgrad": true }),
        json!({ "id": "adamw" }),
        json!({ "id": "adamax" }),
        json!({ "id": "nadam" }),
        json!({ "id": "radam" }),
        json!({ "id": "adafactor" }),
        json!({ "id": "adabelief" }),
        json!({ "id": "yogi" }),
        json!({ "id": "adan" }),
        json!({ "id": "qhadam" }),
    ] {
        let config: OptimizerConfig = serde_json::from_value(rule.clone()).unwrap();
        let mut shown = Vec::new();
        let trace = advance(&config, 25, |_, slot| {
            shown.extend(slot.overlays().into_iter().find_map(|overlay| match overlay {
                Overlay::Squares(squares) => Some(squares),
                _ => None,
            }));
        });
        assert_eq!(shown.len(), 26, "{rule}: squares at every step");
        assert!(shown[0].iter().all(|s| s.is_finite()), "{rule}: before the first step");
        let mut gradients = [Vec::new(), Vec::new()];
        for (row, shown) in shown.iter().skip(1).enumerate() {
            let mut grad = [0.0; 2];
            objective.value_and_grad(trace.point(row).unwrap(), Batch::Full, &mut grad, &mut Scratch::default());
            for ((past, g), shown) in gradients.iter_mut().zip(grad).zip(shown) {
                past.push(g);
                let expected = gathered(&rule, past).max(0.0).sqrt();
                // A variance is a difference of squares: at its start all digits cancel.
                let tolerance = 1e-10 * expected + if rule["centered"] == true { 1e-6 } else { 1e-7 };
                assert!(
                    (shown - expected).abs() <= tolerance,
                    "{rule} after step {row}: {shown}, not {expected}"
                );
            }
        }
    }
}
