//! Rules around other rules: they do what their formulas say, and nothing else to the rule inside.

use optiscope::functions::FunctionConfig;
use optiscope::objective::{Batch, Batches, Counts, Objective, Scratch};
use optiscope::optim::{Fixed, Noise, OptimizerConfig, Overlay, ScheduleConfig, Slot, Stages, Trace, Walk};
use serde_json::{Value, json};

const X0: [f64; 2] = [-1.2, 0.7];

fn rule(json: Value) -> OptimizerConfig {
    serde_json::from_value(json).unwrap()
}

fn himmelblau() -> std::sync::Arc<dyn Objective> {
    FunctionConfig::from_id("himmelblau").unwrap().objective()
}

/// What a run leaves: its rows, what it asked for, and the rule as it stands after each step.
struct Walked {
    trace: Trace,
    counts: Counts,
    slots: Vec<Box<dyn Slot>>,
}

impl Walked {
    fn overlay(&self, step: usize, found: impl Fn(&Overlay) -> Option<Vec<f64>>) -> Vec<f64> {
        self.slots[step].overlays().iter().find_map(found).expect("it is shown")
    }
}

fn walk(rule: &OptimizerConfig, x0: [f64; 2], stages: &Stages, steps: u64) -> Walked {
    let objective = himmelblau();
    let fixed = Fixed {
        objective: objective.as_ref(),
        batches: &Batches::Full,
        stages,
        seed: 4,
    };
    let (mut walk, mut trace, mut slot) = (Walk::new(&x0), Trace::new(2), rule.start(&x0));
    let mut slots = vec![slot.clone()];
    for _ in 0..steps {
        slot.advance(&fixed, &mut walk, 1, &mut trace);
        slots.push(slot.clone());
    }
    let counts = walk.counts;
    walk.finish(&fixed, &mut trace);
    Walked { trace, counts, slots }
}

fn plain(rule: &OptimizerConfig, steps: u64) -> Walked {
    walk(rule, X0, &Stages::default(), steps)
}

/// The same bits at every row.
#[track_caller]
fn same_path(a: Value, b: Value) {
    let (one, other) = (plain(&rule(a.clone()), 60), plain(&rule(b.clone()), 60));
    assert_eq!(one.trace.x, other.trace.x, "{a} {b}");
}

#[test]
fn at_their_limits_they_are_the_rule_inside() {
    for inner in [json!({ "id": "adam" }), json!({ "id": "momentum", "lr": 0.002 })] {
        same_path(json!({ "id": "sam", "rho": 0.0, "rule": inner }), inner.clone());
        same_path(json!({ "id": "averaging", "start": 3, "rule": inner }), inner.clone());
        same_path(json!({ "id": "switch", "at": 0, "second": inner }), inner.clone());
        same_path(json!({ "id": "switch", "at": 1000, "first": inner }), inner.clone());
        same_path(
            json!({ "id": "lookahead", "sync_period": 1000, "rule": inner }),
            inner.clone(),
        );
    }
}

#[test]
fn sam_steps_along_the_gradient_from_above() {
    let objective = himmelblau();
    let gradient = |x: &[f64]| {
        let mut grad = vec![0.0; 2];
        objective.value_and_grad(x, Batch::Full, &mut grad, &mut Scratch::default());
        grad
    };
    for adaptive in [false, true] {
        let sam = json!({ "id": "sam", "rho": 0.3, "adaptive": adaptive, "rule": { "id": "sgd", "lr": 0.01 } });
        let walked = plain(&rule(sam), 20);
        assert_eq!(walked.counts.grads, 40, "two a step");
        for step in 0..20 {
            let x = walked.trace.point(step).unwrap();
            let g = gradient(x);
            let size = |i: usize| if adaptive { x[i].abs() } else { 1.0 };
            let norm = (size(0) * g[0]).hypot(size(1) * g[1]);
            let above = [0, 1].map(|i| x[i] + 0.3 * size(i) * size(i) * g[i] / norm);
            let next = walked.trace.point(step + 1).unwrap();
            let told = gradient(&above);
            for i in 0..2 {
                assert!((next[i] - (x[i] - 0.01 * told[i])).abs() < 1e-12, "step {step}");
            }
            let probe = walked.overlay(step + 1, |overlay| match overlay {
                Overlay::Probe(x) => Some(x.clone()),
                _ => None,
            });
            assert!((probe[0] - above[0]).hypot(probe[1] - above[1]) < 1e-12, "step {step}");
        }
    }
}

fn average(walked: &Walked, step: usize) -> Vec<f64> {
    walked.overlay(step, |overlay| match overlay {
        Overlay::Average(x) => Some(x.clone()),
        _ => None,
    })
}

#[test]
fn averages_are_the_means_they_say() {
    let stages = Stages {
        noise: Noise::gaussian(1.0),
        ..Stages::default()
    };
    let sgd = json!({ "id": "sgd", "lr": 0.01 });
    let uniform = rule(json!({ "id": "averaging", "start": 10, "every": 4, "rule": sgd }));
    let walked = walk(&uniform, X0, &stages, 50);
    for step in 0..=50 {
        let counting: Vec<usize> = (10..=step).step_by(4).collect();
        let counting = if counting.is_empty() { vec![step] } else { counting };
        for i in 0..2 {
            let sum: f64 = counting.iter().map(|k| walked.trace.point(*k).unwrap()[i]).sum();
            let mean = sum / counting.len() as f64;
            assert!((average(&walked, step)[i] - mean).abs() < 1e-12, "step {step}");
        }
    }
    let exponential = rule(json!({ "id": "averaging", "mean": "exponential", "start": 10, "decay": 0.8, "rule": sgd }));
    let walked = walk(&exponential, X0, &stages, 50);
    let mut mean = walked.trace.point(10).unwrap().to_vec();
    for step in 11..=50 {
        for (mean, x) in mean.iter_mut().zip(walked.trace.point(step).unwrap()) {
            *mean = 0.8 * *mean + 0.2 * x;
        }
        let got = average(&walked, step);
        assert!((got[0] - mean[0]).hypot(got[1] - mean[1]) < 1e-12, "step {step}");
    }
}

#[test]
fn an_average_of_noisy_steps_is_nearer_to_the_minimum_than_the_steps() {
    // Polyak and Juditsky 1992: near a minimum the mean of n iterates has 1/n of the variance that the iterates keep.
    let stages = Stages {
        noise: Noise::gaussian(5.0),
        ..Stages::default()
    };
    let averaging = rule(json!({ "id": "averaging", "start": 200, "rule": { "id": "sgd", "lr": 0.01 } }));
    let walked = walk(&averaging, [3.5, 1.5], &stages, 3000);
    let off = |x: &[f64]| (x[0] - 3.0).hypot(x[1] - 2.0);
    let typical = (2000..3000).map(|step| off(walked.trace.point(step).unwrap())).sum::<f64>() / 1000.0;
    let mean = off(&average(&walked, 3000));
    assert!(mean < typical / 5.0, "{mean} against {typical}");
}

#[test]
fn the_second_rule_starts_where_the_first_has_come_with_nothing_remembered() {
    let (first, second) = (json!({ "id": "adam", "lr": 0.1 }), json!({ "id": "momentum", "lr": 0.003 }));
    let walked = plain(
        &rule(json!({ "id": "switch", "at": 30, "first": first, "second": second })),
        80,
    );
    let before = plain(&rule(first), 30);
    assert_eq!(walked.trace.x[..62], before.trace.x);
    let from = [before.trace.x[60], before.trace.x[61]];
    let after = walk(&rule(second), from, &Stages::default(), 50);
    assert_eq!(walked.trace.x[60..], after.trace.x);
}

#[test]
fn the_learning_rate_recorded_is_that_of_the_rule_that_steps() {
    let inner = json!({ "id": "switch", "at": 5, "first": { "id": "sgd", "lr": 0.01 }, "second": { "id": "sgd", "lr": 0.002 } });
    let stages = Stages {
        schedule: ScheduleConfig::from_id("exponential"),
        ..Stages::default()
    };
    let gamma = match stages.schedule.as_ref().and_then(|schedule| schedule.get("gamma")) {
        Some(optiscope::param::Value::Number(gamma)) => gamma,
        other => panic!("{other:?}"),
    };
    for wrapped in [inner.clone(), json!({ "id": "averaging", "rule": inner })] {
        let lr = plain(&rule(wrapped.clone()), 10).trace.lr;
        assert_eq!(lr[..10], [0.01, 0.01, 0.01, 0.01, 0.01, 0.002, 0.002, 0.002, 0.002, 0.002]);
        // A schedule scales both.
        let scheduled = walk(&rule(wrapped), X0, &stages, 10).trace.lr;
        for (step, (scheduled, lr)) in scheduled[..10].iter().zip(&lr).enumerate() {
            let expected = lr * gamma.powi(step as i32);
            assert!((scheduled - expected).abs() <= 1e-12 * expected, "step {step}");
        }
    }
}

#[test]
fn a_rule_without_gradients_costs_only_values_while_it_steps() {
    let annealing = json!({ "id": "simulated_annealing" });
    let switch = rule(json!({ "id": "switch", "at": 10, "first": annealing, "second": { "id": "sgd" } }));
    let counts = plain(&switch, 30).counts;
    assert_eq!((counts.values, counts.grads), (11, 20));
    let offer = optiscope::objective::Offer::of(himmelblau().as_ref(), &Batches::Full);
    let sam = rule(json!({ "id": "sam", "rule": annealing }));
    assert!(
        sam.refusal(&offer)
            .is_some_and(|why| why.starts_with("SAM changes the gradient"))
    );
}
