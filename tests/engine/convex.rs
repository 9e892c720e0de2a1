//! Convex problems have one minimum, and every rule that is made for them reaches it to nine digits.

use std::sync::Arc;

use optiscope::data::{Bundled, Dataset, Preparation, prepare};
use optiscope::math::{Purpose, Rng};
use optiscope::model::{Activation, Loss, Network};
use optiscope::objective::{Batch, Batches, Objective, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, Stages, Trace, Walk};
use serde_json::{Value, json};

fn bundled(id: &str, target: &str) -> Arc<Dataset> {
    let preparation = Preparation {
        target: target.to_owned(),
        validation: 0.0,
        ..Preparation::default()
    };
    let table = Bundled::from_id(id).unwrap().table().unwrap();
    prepare(&table, &preparation).unwrap().train
}

fn linear(data: Arc<Dataset>, loss: Loss, l2: f64) -> Network {
    let network = Network::new(vec![], Activation::Identity, loss, data).unwrap();
    network.with_penalties(0.0, l2)
}

/// The loss where the gradient vanishes, or after so many steps, from a fresh start.
fn reached(network: &Network, rule: Value, steps: u64) -> f64 {
    let rule: OptimizerConfig = serde_json::from_value(rule).unwrap();
    let mut x0 = vec![0.0; network.dim()];
    network.sample_start(&mut Rng::stream(0, Purpose::Start, 0), &mut x0);
    let stages = Stages::default();
    let fixed = Fixed {
        objective: network,
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let (mut walk, mut slot, mut trace) = (Walk::new(&x0), rule.start(&x0), Trace::new(0));
    let (mut grad, mut scratch) = (x0.clone(), Scratch::default());
    loop {
        let value = network.value_and_grad(&walk.x, Batch::Full, &mut grad, &mut scratch);
        if walk.step >= steps || grad.iter().all(|g| g.abs() <= 1e-9) {
            return value;
        }
        slot.advance(&fixed, &mut walk, 5, &mut trace);
    }
}

/// Rules that are made for smooth convex problems, and the most steps that they get.
fn rules() -> [(Value, u64); 4] {
    [
        (json!({ "id": "lbfgs", "tolerance_grad": 0.0, "tolerance_change": 0.0 }), 1500),
        (json!({ "id": "bfgs" }), 400),
        (json!({ "id": "newton_cg" }), 60),
        (json!({ "id": "trust_region_newton" }), 60),
    ]
}

#[track_caller]
fn check(what: &str, network: &Network, rules: &[(Value, u64)], minimum: f64) {
    for (rule, steps) in rules {
        let value = reached(network, rule.clone(), *steps);
        let off = (value / minimum - 1.0).abs();
        assert!(off <= 1e-9, "{what} by {rule}: {value}, off by {off:e}");
    }
}

/// Features standardised with the population deviation, the bias free; minima found with other programs.
#[test]
fn softmax_regression() {
    for (id, target, l2, minimum) in [
        ("iris", "species", 0.01, 0.243_677_226_649),
        ("wine", "cultivar", 0.01, 0.091_819_730_524),
        ("breast_cancer", "diagnosis", 0.001, 0.059_827_937_271),
    ] {
        let loss = if id == "breast_cancer" {
            Loss::Bce
        } else {
            Loss::CrossEntropy
        };
        check(id, &linear(bundled(id, target), loss, l2), &rules(), minimum);
    }
}

#[test]
fn least_squares_and_ridge_regression() {
    let data = bundled("diabetes", "progression");
    for (l2, minimum) in [(0.0, 0.482_251_577_780), (0.1, 0.499_047_875_227)] {
        let network = linear(Arc::clone(&data), Loss::Mse, l2);
        check("diabetes", &network, &rules(), minimum);
        let for_squares = [
            (json!({ "id": "levenberg_marquardt" }), 20),
            (json!({ "id": "least_squares" }), 1),
        ];
        check("diabetes", &network, &for_squares, minimum);
    }
}
