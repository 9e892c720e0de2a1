//! A small network learns iris from every start.

use std::sync::Arc;

use optiscope::data::{Bundled, Dataset, Preparation, prepare};
use optiscope::math::{Purpose, Rng};
use optiscope::model::{Activation, Evaluator, Loss, Network};
use optiscope::objective::{Batches, Objective, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, RunStatus, Stages, Trace, Walk};
use serde_json::{Value, json};

/// All 150 flowers, every feature from 0 to 1.
fn iris() -> Arc<Dataset> {
    let preparation = Preparation {
        target: "species".to_owned(),
        standardize: false,
        validation: 0.0,
        ..Preparation::default()
    };
    let table = Bundled::from_id("iris").unwrap().table().unwrap();
    let mut data = Dataset::clone(&prepare(&table, &preparation).unwrap().train);
    for column in 0..data.n_features {
        let values = || data.x.iter().skip(column).step_by(data.n_features);
        let low = values().copied().fold(f64::INFINITY, f64::min);
        let high = values().copied().fold(f64::NEG_INFINITY, f64::max);
        data.x
            .iter_mut()
            .skip(column)
            .step_by(data.n_features)
            .for_each(|x| *x = (*x - low) / (high - low));
    }
    Arc::new(data)
}

/// Training accuracy after 400 epochs of the full batch, from each of 20 starts.
fn accuracies(rule: Value) -> Vec<f64> {
    let rule: OptimizerConfig = serde_json::from_value(rule).unwrap();
    let network = Network::new(vec![100], Activation::Relu, Loss::CrossEntropy, iris()).unwrap();
    let network = network.with_penalties(0.0, 1e-4);
    let evaluator = Evaluator::new(network.clone(), None, None);
    let stages = Stages::default();
    let fixed = Fixed {
        objective: &network,
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let accuracy = |seed| {
        let mut x0 = vec![0.0; network.dim()];
        network.sample_start(&mut Rng::stream(seed, Purpose::Start, 0), &mut x0);
        let mut walk = Walk::new(&x0);
        rule.start(&x0).advance(&fixed, &mut walk, 400, &mut Trace::new(0));
        assert_eq!(walk.status, RunStatus::Running);
        evaluator.measure(&walk.x, &mut Scratch::default()).train_metric
    };
    (0..20).map(accuracy).collect()
}

#[test]
fn momentum_learns_iris_from_every_start() {
    let accuracies = accuracies(json!({ "id": "momentum", "lr": 0.2, "momentum": 0.9 }));
    assert!(accuracies.iter().all(|a| (0.96..=1.0).contains(a)), "{accuracies:?}");
}

#[test]
fn adam_learns_iris_from_every_start() {
    let accuracies = accuracies(json!({ "id": "adam", "lr": 0.01 }));
    assert!(accuracies.iter().all(|a| (0.96..=1.0).contains(a)), "{accuracies:?}");
}
