//! Update rules against torch.optim: every rule, function and setting. Tolerance: 1e-8 max(1, |x|) at every recorded step up to the
//! one from which rounding is amplified (`stable_until`, measured); the first non-finite step within ±1.

mod golden;

use golden::{items, numbers, read};
use optiscope::functions::FunctionConfig;
use optiscope::objective::Batches;
use optiscope::optim::{Fixed, OptimizerConfig, RunStatus, Stages, Trace, Walk};
use serde_json::{Value, json};

/// A run of the reference as one of ours, or nothing where the rule is not in the catalogue.
fn translated(run: &Value) -> Option<(OptimizerConfig, Stages)> {
    let hyper = &run["hyper"];
    let positive = |name: &str| hyper[name].as_f64().is_some_and(|v| v != 0.0);
    let on = |name: &str| hyper[name].as_bool() == Some(true);
    assert!(!on("maximize"), "{}", run["id"]);
    // Weight decay inside the rule is decoupled; elsewhere it is a stage.
    let mut coupled = hyper["weight_decay"].as_f64().unwrap_or(0.0);
    let rule = match run["optimizer"].as_str()? {
        "SGD" if on("nesterov") => json!({ "id": "nesterov", "lr": hyper["lr"], "momentum": hyper["momentum"] }),
        "SGD" if positive("momentum") => {
            json!({ "id": "momentum", "lr": hyper["lr"], "momentum": hyper["momentum"], "dampening": hyper["dampening"] })
        }
        "SGD" => json!({ "id": "sgd", "lr": hyper["lr"] }),
        "Adam" => {
            json!({ "id": "adam", "lr": hyper["lr"], "beta1": hyper["betas"][0], "beta2": hyper["betas"][1], "eps": hyper["eps"],
                    "amsgrad": hyper["amsgrad"] })
        }
        "RMSprop" => {
            json!({ "id": "rmsprop", "lr": hyper["lr"], "alpha": hyper["alpha"], "eps": hyper["eps"], "momentum": hyper["momentum"],
                    "centered": hyper["centered"] })
        }
        _ => return None,
    };
    if on("decoupled_weight_decay") {
        coupled = 0.0;
    }
    let rule = serde_json::from_value(rule).unwrap_or_else(|e| panic!("{}: {e}", run["id"]));
    let stages = Stages {
        weight_decay: coupled,
        ..Stages::default()
    };
    Some((rule, stages))
}

/// Walks like the reference; returns how it ended and every point.
fn walk(function: &str, rule: &OptimizerConfig, stages: &Stages, x0: &[f64], steps: u64) -> (RunStatus, Trace) {
    let objective = FunctionConfig::from_id(function).unwrap().objective();
    let fixed = Fixed {
        objective: objective.as_ref(),
        batches: &Batches::Full,
        stages,
        seed: 0,
    };
    let (mut walk, mut trace) = (Walk::new(x0), Trace::new(x0.len()));
    rule.start(x0).advance(&fixed, &mut walk, steps, &mut trace);
    walk.finish(&fixed, &mut trace);
    (walk.status, trace)
}

#[track_caller]
fn check(run: &Value, record_steps: &[f64], rule: &OptimizerConfig, stages: &Stages) {
    let id = run["id"].as_str().unwrap();
    let (x, y, f) = (numbers(&run["x"]), numbers(&run["y"]), numbers(&run["f"]));
    let (status, trace) = walk(run["function"].as_str().unwrap(), rule, stages, &[x[0], y[0]], 200);

    let ended = match (status, run["first_nonfinite_step"].as_u64()) {
        (RunStatus::Diverged { step }, Some(expected)) => {
            assert!(step.abs_diff(expected) <= 1, "{id}: diverged at {step}, not {expected}");
            step.min(expected)
        }
        (RunStatus::Finished, None) => 201,
        (status, expected) => panic!("{id}: {status:?}, but first non-finite step {expected:?}"),
    };
    let stable_until = run["stable_until"].as_u64().unwrap();
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
        compared += 1;
    }
    assert!(compared > 1, "{id}: nothing was compared");
}

#[test]
fn as_torch() {
    let file = read("trajectories.json");
    let record_steps = numbers(&file["meta"]["record_steps"]);
    let mut skipped = std::collections::BTreeSet::new();
    let mut checked = 0;
    for run in items(&file["runs"]) {
        match translated(run) {
            Some((rule, stages)) => {
                check(run, &record_steps, &rule, &stages);
                checked += 1;
            }
            None => {
                skipped.insert(run["variant"].as_str().unwrap());
            }
        }
    }
    println!("{checked} runs; not in the catalogue: {skipped:?}");
    assert_eq!(checked, 92);
}
