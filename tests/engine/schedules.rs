//! Learning rates over time against torch.optim.lr_scheduler: every schedule, 200 steps, to 1e-12 of the rate.

use crate::golden::{items, numbers, read};
use optiscope::functions::FunctionConfig;
use optiscope::objective::{Batch, Batches, Offer, Scratch};
use optiscope::optim::schedules::Memory;
use optiscope::optim::{Fixed, OptimizerConfig, ScheduleConfig, Stages, Trace, Walk};
use optiscope::param::{Range, Value as Parameter};
use serde_json::{Value, json};

/// PyTorch's name of a schedule as ours.
fn id_of(scheduler: &str) -> &'static str {
    match scheduler {
        "ConstantLR" => "constant",
        "StepLR" => "step",
        "MultiStepLR" => "multistep",
        "ExponentialLR" => "exponential",
        "LinearLR" => "linear",
        "PolynomialLR" => "polynomial",
        "CosineAnnealingLR" => "cosine",
        "CosineAnnealingWarmRestarts" => "cosine_restarts",
        "OneCycleLR" => "one_cycle",
        "CyclicLR" => "cyclic",
        "ReduceLROnPlateau" => "reduce_on_plateau",
        other => panic!("what is {other}?"),
    }
}

#[track_caller]
fn translated(scheduler: &str, params: &Value) -> ScheduleConfig {
    if scheduler == "SequentialLR" {
        let schedules: Vec<_> = items(&params["schedulers"])
            .iter()
            .map(|s| translated(s["scheduler"].as_str().unwrap(), &s["params"]))
            .collect();
        return in_sequence(&schedules, &numbers(&params["milestones"]), 0.0);
    }
    let mut schedule = ScheduleConfig::from_id(id_of(scheduler)).unwrap();
    for (name, value) in params.as_object().unwrap() {
        let name = name.to_lowercase();
        let text = match value {
            Value::String(word) => word.clone(),
            Value::Array(list) => list.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
            value => value.to_string(),
        };
        schedule.set_text(&name, &text).unwrap_or_else(|e| panic!("{scheduler}: {e}"));
    }
    schedule
}

fn in_sequence(schedules: &[ScheduleConfig], milestones: &[f64], begun: f64) -> ScheduleConfig {
    match (schedules, milestones) {
        ([last], _) | ([last, ..], []) => last.clone(),
        ([first, later @ ..], [milestone, rest @ ..]) => {
            let then = in_sequence(later, rest, *milestone);
            let sequence = json!({ "id": "sequential", "first": first, "milestone": (milestone - begun) as u64, "then": then });
            serde_json::from_value(sequence).unwrap()
        }
        ([], _) => panic!("nothing to follow"),
    }
}

#[test]
fn as_torch() {
    let file = read("schedules.json");
    let mut seen = std::collections::BTreeSet::new();
    for entry in items(&file["schedules"]) {
        let id = entry["id"].as_str().unwrap();
        let schedule = translated(entry["scheduler"].as_str().unwrap(), &entry["params"]);
        seen.insert(schedule.id());
        let base = entry["base_lr"].as_f64().unwrap();
        let metrics = entry["metric_series"].is_array().then(|| numbers(&entry["metric_series"]));
        let cycled = entry["momentum_series"]
            .is_array()
            .then(|| numbers(&entry["momentum_series"]));
        let mut memory = Memory::default();
        for (t, want) in numbers(&entry["lr"]).into_iter().enumerate() {
            let got = schedule.lr(base, t as u64, &memory);
            assert!((got - want).abs() <= 1e-12 * want.abs(), "{id} step {t}: {got} not {want}");
            match (schedule.momentum(t as u64), &cycled) {
                (Some(got), Some(cycled)) => {
                    assert!(
                        (got - cycled[t]).abs() <= 1e-12,
                        "{id} step {t}: momentum {got} not {}",
                        cycled[t]
                    );
                }
                (got, cycled) => assert!(got.is_none() && cycled.is_none(), "{id} cycles momentum, or does not"),
            }
            if let Some(metrics) = &metrics {
                schedule.observe(base, t as u64, metrics[t], &mut memory);
            }
        }
    }
    // Warm-up is a sequence with a name of its own.
    let unseen = ScheduleConfig::IDS
        .iter()
        .filter(|id| !seen.contains(*id))
        .collect::<Vec<_>>();
    assert_eq!(unseen, [&"warmup"]);
}

#[test]
fn warm_up_is_linear_and_then_something_else() {
    let file = read("schedules.json");
    let entry = items(&file["schedules"]).iter().find(|e| e["id"] == "warmup_cosine").unwrap();
    let schedule = json!({ "id": "warmup", "steps": 20, "start_factor": 0.01, "then": { "id": "cosine", "t_max": 180 } });
    let schedule: ScheduleConfig = serde_json::from_value(schedule).unwrap();
    for (t, want) in numbers(&entry["lr"]).into_iter().enumerate() {
        let got = schedule.lr(0.1, t as u64, &Memory::default());
        assert!((got - want).abs() <= 1e-12 * want, "step {t}: {got} not {want}");
    }
}

#[test]
fn the_catalogue_is_sound() {
    for mut schedule in ScheduleConfig::all() {
        let id = schedule.id();
        assert_eq!(ScheduleConfig::from_id(id), Some(schedule.clone()));
        let text = serde_json::to_string(&schedule).unwrap();
        assert_eq!(serde_json::from_str::<ScheduleConfig>(&text).unwrap(), schedule, "{text}");
        let error = serde_json::from_value::<ScheduleConfig>(json!({ "id": id, "gama": 1.0 })).unwrap_err();
        assert!(error.to_string().contains("gama"), "{id}: {error}");
        let info = schedule.info();
        assert!(
            !info.name.is_empty() && !info.formula.is_empty() && !info.source.is_empty(),
            "{id}"
        );
        schedule.check().unwrap();
        for info in schedule.params() {
            let at = format!("{id}.{}", info.name);
            assert!(
                !info.label.is_empty() && !info.help.is_empty() && !info.help.ends_with('.'),
                "{at}"
            );
            let before = schedule.get(info.name).unwrap();
            if !matches!(info.range, Range::Switch | Range::Choice(_) | Range::List) {
                schedule.set(info.name, Parameter::Number(f64::NAN)).expect_err(&at);
            }
            schedule.set_text(info.name, "no such thing").expect_err(&at);
            assert_eq!(schedule.get(info.name), Some(before), "{at}");
            schedule
                .set_text(info.name, &before.to_string())
                .unwrap_or_else(|e| panic!("{at}: {e}"));
        }
        // Every rate of a long run is a number, and none is negative.
        let rates = (0..5000).map(|t| schedule.lr(0.1, t, &Memory::default()));
        assert!(rates.into_iter().all(|lr| lr.is_finite() && lr >= 0.0), "{id}");
    }
}

/// The learning rates that a run with this schedule used, and its points.
fn run(schedule: Option<Value>, rule: &Value, steps: &[u64]) -> Trace {
    let stages = Stages {
        schedule: schedule.map(|s| serde_json::from_value(s).unwrap()),
        ..Stages::default()
    };
    let objective = FunctionConfig::from_id("rosenbrock").unwrap().objective();
    let fixed = Fixed {
        objective: objective.as_ref(),
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let rule: OptimizerConfig = serde_json::from_value(rule.clone()).unwrap();
    let x0 = [-1.5, 2.0];
    let (mut walk, mut trace, mut slot) = (Walk::new(&x0), Trace::new(2), rule.start(&x0));
    for steps in steps {
        // A clone is a checkpoint: the schedule's memory goes with it.
        (walk, slot) = (walk.clone(), slot.clone());
        slot.advance(&fixed, &mut walk, *steps, &mut trace);
    }
    trace
}

#[test]
fn a_schedule_drives_every_rule_that_has_a_learning_rate() {
    let sgd = json!({ "id": "sgd", "lr": 1e-3 });
    let trace = run(Some(json!({ "id": "step", "step_size": 10, "gamma": 0.5 })), &sgd, &[25]);
    assert_eq!(
        (trace.lr[0], trace.lr[9], trace.lr[10], trace.lr[24]),
        (1e-3, 1e-3, 5e-4, 2.5e-4)
    );
    let moved = trace.x[11 * 2] - trace.x[10 * 2];
    let twice = run(None, &json!({ "id": "sgd", "lr": 5e-4 }), &[1]);
    assert!(moved != 0.0 && twice.lr[0] == 5e-4);
    let offer = Offer::of(FunctionConfig::default().objective().as_ref(), &Batches::Full);
    // No schedule and a constant one are the same to the last bit.
    for rule in OptimizerConfig::all() {
        if rule.refusal(&offer).is_some() {
            continue;
        }
        let rule = serde_json::to_value(&rule).unwrap();
        let constant = json!({ "id": "constant", "factor": 1.0 });
        let (with, without) = (run(Some(constant), &rule, &[120]), run(None, &rule, &[120]));
        assert_eq!(with.x, without.x, "{rule}");
    }
}

#[test]
fn reductions_on_a_plateau_survive_a_checkpoint() {
    let rule = json!({ "id": "adam", "lr": 0.5 });
    let schedule = json!({ "id": "warmup", "steps": 5, "then": { "id": "reduce_on_plateau", "factor": 0.5, "patience": 3 } });
    let whole = run(Some(schedule.clone()), &rule, &[400]);
    let parts = run(Some(schedule), &rule, &[1, 2, 97, 300]);
    assert_eq!(whole, parts);
    let reductions = whole.lr.windows(2).filter(|pair| pair[1] < pair[0]).count();
    assert!(reductions > 3, "{reductions}");
}

#[test]
fn a_cycle_sets_momentum_too() {
    let objective = FunctionConfig::from_id("rosenbrock").unwrap().objective();
    let cycle = json!({ "id": "one_cycle", "total_steps": 60, "base_momentum": 0.7, "max_momentum": 0.9 });
    let schedule: ScheduleConfig = serde_json::from_value(cycle.clone()).unwrap();
    let at = |t: usize, base: f64| {
        let lr = schedule.lr(base, t as u64, &Memory::default());
        (lr, schedule.momentum(t as u64).unwrap())
    };
    let gradient = |x: &[f64]| {
        let mut grad = [0.0; 2];
        objective.value_and_grad(x, Batch::Full, &mut grad, &mut Scratch::default());
        grad
    };
    let momentum = run(
        Some(cycle.clone()),
        &json!({ "id": "momentum", "lr": 1e-3, "momentum": 0.1 }),
        &[50],
    );
    let (mut x, mut v) = ([-1.5, 2.0], [0.0; 2]);
    for t in 0..50 {
        assert_close(momentum.point(t).unwrap(), &x, t);
        let (lr, mu) = at(t, 1e-3);
        let g = gradient(&x);
        for i in 0..2 {
            v[i] = mu * v[i] + g[i];
            x[i] -= lr * v[i];
        }
    }
    // Adam: the correction is that of the newest β₁, as in PyTorch.
    let adam = run(Some(cycle), &json!({ "id": "adam", "lr": 0.1, "beta1": 0.1 }), &[50]);
    let (mut x, mut m, mut v) = ([-1.5, 2.0], [0.0; 2], [0.0; 2]);
    for t in 0..50 {
        assert_close(adam.point(t).unwrap(), &x, t);
        let (lr, beta1) = at(t, 0.1);
        let g = gradient(&x);
        for i in 0..2 {
            m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            let (c1, c2) = (1.0 - f64::powi(beta1, t as i32 + 1), 1.0 - f64::powi(0.999, t as i32 + 1));
            x[i] -= lr * (m[i] / c1) / ((v[i] / c2).sqrt() + 1e-8);
        }
    }
    // A rule without momentum, and a cycle that leaves it alone.
    let still = json!({ "id": "one_cycle", "total_steps": 60, "cycle_momentum": false });
    let sgd = json!({ "id": "sgd", "lr": 1e-3 });
    let cycled = json!({ "id": "one_cycle", "total_steps": 60 });
    assert_eq!(
        run(Some(still.clone()), &sgd, &[50]).x,
        run(Some(cycled.clone()), &sgd, &[50]).x
    );
    for id in [
        "momentum",
        "nesterov",
        "qhm",
        "adam",
        "adamw",
        "adamax",
        "nadam",
        "radam",
        "lion",
        "adabelief",
        "yogi",
        "adan",
        "qhadam",
        "sophia",
    ] {
        // Steps of the size of the rate alone must be long enough to turn round.
        let lr = if ["lion", "sophia"].contains(&id) { 0.05 } else { 1e-3 };
        let rule = json!({ "id": id, "lr": lr });
        assert_ne!(
            run(Some(still.clone()), &rule, &[50]).x,
            run(Some(cycled.clone()), &rule, &[50]).x,
            "{id}"
        );
    }
}

#[track_caller]
fn assert_close(got: &[f64], want: &[f64], step: usize) {
    for (got, want) in got.iter().zip(want) {
        assert!(
            (got - want).abs() <= 1e-10 * want.abs().max(1.0),
            "step {step}: {got}, not {want}"
        );
    }
}
