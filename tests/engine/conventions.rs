//! Where frameworks differ: each variant is the recurrence that its framework documents, and PyTorch's is the default.

use optiscope::functions::FunctionConfig;
use optiscope::objective::{Batch, Batches, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, Stages, Trace, Walk};
use serde_json::{Value, json};

const X0: [f64; 2] = [-1.2, 0.7];
const STEPS: usize = 60;

/// The points of a run on Himmelblau's function, the start first.
fn path(rule: &Value, schedule: Option<Value>) -> Vec<[f64; 2]> {
    let rule: OptimizerConfig = serde_json::from_value(rule.clone()).unwrap();
    let objective = FunctionConfig::from_id("himmelblau").unwrap().objective();
    let stages = Stages {
        schedule: schedule.map(|schedule| serde_json::from_value(schedule).unwrap()),
        ..Stages::default()
    };
    let fixed = Fixed {
        objective: objective.as_ref(),
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let (mut walk, mut trace, mut slot) = (Walk::new(&X0), Trace::new(2), rule.start(&X0));
    slot.advance(&fixed, &mut walk, STEPS as u64, &mut trace);
    trace.x.chunks(2).map(|x| [x[0], x[1]]).collect()
}

/// The same from a recurrence: what a coordinate moves by at step t (from 1), with its own memory of three numbers.
fn recurrence(start: [f64; 3], step: impl Fn(usize, f64, &mut [f64; 3]) -> f64) -> Vec<[f64; 2]> {
    let objective = FunctionConfig::from_id("himmelblau").unwrap().objective();
    let (mut x, mut memory, mut points) = (X0, [start; 2], Vec::new());
    for t in 1..=STEPS {
        points.push(x);
        let mut g = [0.0; 2];
        objective.value_and_grad(&x, Batch::Full, &mut g, &mut Scratch::default());
        for i in 0..2 {
            x[i] += step(t, g[i], &mut memory[i]);
        }
    }
    points
}

fn difference(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    assert_eq!(a.len(), b.len());
    let of = |(a, b): (&[f64; 2], &[f64; 2])| (a[0] - b[0]).abs().max((a[1] - b[1]).abs());
    a.iter().zip(b).map(of).fold(0.0, f64::max)
}

#[track_caller]
fn check(rule: &Value, start: [f64; 3], step: impl Fn(usize, f64, &mut [f64; 3]) -> f64) {
    let off = difference(&path(rule, None), &recurrence(start, step));
    assert!(off < 1e-9, "{rule} is {off} off its recurrence");
}

#[test]
fn the_learning_rate_inside_or_outside_the_velocity_is_the_same_until_it_changes() {
    for rule in [
        json!({ "id": "momentum", "lr": 5e-3, "momentum": 0.8 }),
        json!({ "id": "momentum", "lr": 5e-3, "momentum": 0.8, "dampening": 0.8 }),
        json!({ "id": "nesterov", "lr": 5e-3, "momentum": 0.8 }),
        json!({ "id": "rmsprop", "lr": 5e-3, "momentum": 0.8, "eps": 0.0 }),
    ] {
        let mut inside = rule.clone();
        inside["convention"] = "keras".into();
        let constant = difference(&path(&rule, None), &path(&inside, None));
        assert!(constant < 1e-9, "{rule}: {constant}");
        let falling = || Some(json!({ "id": "step", "step_size": 5, "gamma": 0.5 }));
        let changed = difference(&path(&rule, falling()), &path(&inside, falling()));
        assert!(changed > 1e-3, "{rule}: {changed}");
    }
}

#[test]
fn momentum_and_nesterov_are_their_recurrences() {
    // torch.optim.SGD, and keras.optimizers.SGD: velocity = momentum velocity − lr g.
    check(
        &json!({ "id": "momentum", "lr": 5e-3, "momentum": 0.8 }),
        [0.0; 3],
        |_, g, [v, ..]| {
            *v = 0.8 * *v + g;
            -5e-3 * *v
        },
    );
    check(
        &json!({ "id": "momentum", "lr": 5e-3, "momentum": 0.8, "convention": "keras" }),
        [0.0; 3],
        |_, g, [v, ..]| {
            *v = 0.8 * *v - 5e-3 * g;
            *v
        },
    );
    check(
        &json!({ "id": "nesterov", "lr": 5e-3, "momentum": 0.8 }),
        [0.0; 3],
        |_, g, [v, ..]| {
            *v = 0.8 * *v + g;
            -5e-3 * (g + 0.8 * *v)
        },
    );
    check(
        &json!({ "id": "nesterov", "lr": 5e-3, "momentum": 0.8, "convention": "keras" }),
        [0.0; 3],
        |_, g, [v, ..]| {
            *v = 0.8 * *v - 5e-3 * g;
            0.8 * *v - 5e-3 * g
        },
    );
}

#[test]
fn rmsprop_and_adagrad_are_their_recurrences() {
    // A large ε, so that its place matters.
    let rmsprop = |more: Value| {
        let mut rule = json!({ "id": "rmsprop", "lr": 0.02, "alpha": 0.9, "momentum": 0.5, "eps": 0.3 });
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rule
    };
    check(&rmsprop(json!({})), [0.0; 3], |_, g, [v, b, _]| {
        *v = 0.9 * *v + 0.1 * g * g;
        *b = 0.5 * *b + g / (v.sqrt() + 0.3);
        -0.02 * *b
    });
    // tf.compat.v1.train.RMSPropOptimizer starts from 1.
    let tensorflow = rmsprop(json!({ "convention": "keras", "initial_accumulator_value": 1.0 }));
    check(&tensorflow, [1.0, 0.0, 0.0], |_, g, [v, b, _]| {
        *v = 0.9 * *v + 0.1 * g * g;
        *b = 0.5 * *b + 0.02 * g / (*v + 0.3).sqrt();
        -*b
    });
    let centered = rmsprop(json!({ "convention": "keras", "centered": true }));
    check(&centered, [0.0; 3], |_, g, [v, b, m]| {
        *v = 0.9 * *v + 0.1 * g * g;
        *m = 0.9 * *m + 0.1 * g;
        *b = 0.5 * *b + 0.02 * g / ((*v - *m * *m).max(0.0) + 0.3).sqrt();
        -*b
    });
    check(
        &json!({ "id": "adagrad", "lr": 0.5, "eps": 0.3 }),
        [0.0; 3],
        |_, g, [s, ..]| {
            *s += g * g;
            -0.5 * g / (s.sqrt() + 0.3)
        },
    );
    let keras = json!({ "id": "adagrad", "lr": 0.5, "eps": 0.3, "convention": "keras", "initial_accumulator_value": 0.1 });
    check(&keras, [0.1, 0.0, 0.0], |_, g, [s, ..]| {
        *s += g * g;
        -0.5 * g / (*s + 0.3).sqrt()
    });
}

#[test]
fn adam_is_its_recurrence() {
    let power = |beta: f64, t: usize| beta.powi(t as i32);
    for id in ["adam", "adamw"] {
        let mut rule = json!({ "id": id, "lr": 0.05, "eps": 0.3 });
        if id == "adamw" {
            rule["weight_decay"] = 0.0.into();
        }
        let moments = |g: f64, [m, v, _]: &mut [f64; 3]| {
            *m = 0.9 * *m + 0.1 * g;
            *v = 0.999 * *v + 0.001 * g * g;
            (*m, *v)
        };
        check(&rule, [0.0; 3], |t, g, memory| {
            let (m, v) = moments(g, memory);
            -0.05 * m / (1.0 - power(0.9, t)) / ((v / (1.0 - power(0.999, t))).sqrt() + 0.3)
        });
        // Kingma and Ba 2015, end of section 2, with ε̂; Keras and TensorFlow.
        rule["convention"] = "keras".into();
        check(&rule, [0.0; 3], |t, g, memory| {
            let (m, v) = moments(g, memory);
            let lr = 0.05 * (1.0 - power(0.999, t)).sqrt() / (1.0 - power(0.9, t));
            -lr * m / (v.sqrt() + 0.3)
        });
    }
}

#[test]
fn pytorch_is_the_default_and_the_difference_is_told() {
    let mut with_choice = 0;
    for rule in OptimizerConfig::all() {
        let params = rule.params();
        let Some(info) = params.iter().find(|info| info.name == "convention") else {
            continue;
        };
        let first = rule.get("convention").unwrap().to_string();
        assert!(["pytorch", "paper"].contains(&first.as_str()), "{}: {first}", rule.id());
        assert!(info.help.len() > 50, "{}: {}", rule.id(), info.help);
        with_choice += 1;
    }
    assert!(with_choice >= 7, "{with_choice}");
}
