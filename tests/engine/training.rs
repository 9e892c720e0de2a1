//! Models against PyTorch: losses, gradients, Hessian-vector products, Hessian spectra and whole training runs.

use std::sync::Arc;

use nalgebra::{DMatrix, SymmetricEigen};
use optiscope::data::{Dataset, Targets};
use optiscope::landscape::top_eigenvalue;
use optiscope::model::{Activation, Evaluator, Loss, Network};
use optiscope::objective::{Batch, Batches, Objective as _, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, RunStatus, Stages, Trace, Walk};
use serde_json::{Value, json};

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/training.json")).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(floats).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn dataset(golden: &Value, name: &str) -> Arc<Dataset> {
    let set = &golden["datasets"][name];
    let x = floats(&set["X"]);
    let n_rows = set["X"].as_array().unwrap().len();
    let y = floats(&set["y"]);
    let targets = if set["task"] == "regression" {
        Targets::Values { columns: 1, values: y }
    } else {
        let labels: Vec<u32> = y.iter().map(|&y| y as u32).collect();
        let names = (0..=labels.iter().copied().max().unwrap()).map(|c| c.to_string()).collect();
        Targets::Classes { labels, names }
    };
    Arc::new(Dataset {
        name: name.into(),
        feature_names: (0..x.len() / n_rows).map(|i| format!("x{i}")).collect(),
        target_name: "y".into(),
        n_rows,
        n_features: x.len() / n_rows,
        x,
        targets,
    })
}

fn network(golden: &Value, net: &Value) -> Network {
    let layers: Vec<usize> = floats(&net["layers"]).iter().map(|&n| n as usize).collect();
    let loss = match net["loss"].as_str().unwrap() {
        "bce_with_logits" => Loss::Bce,
        id => Loss::from_id(id).unwrap(),
    };
    let activation = Activation::from_id(net["activation"].as_str().unwrap()).unwrap();
    let hidden = layers[1..layers.len() - 1].to_vec();
    let data = dataset(golden, net["dataset"].as_str().unwrap());
    let l2 = net["l2_penalty"].as_f64().unwrap();
    Network::new(hidden, activation, loss, data).unwrap().with_penalties(0.0, l2)
}

#[track_caller]
fn check_close(what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let off = (got - expected).abs();
        assert!(
            off <= tolerance * expected.abs().max(1.0),
            "{what}[{i}]: {got}, expected {expected}, off by {off:e}"
        );
    }
}

/// The Hessian, column by column from products with unit vectors.
fn dense_hessian(network: &Network, params: &[f64], scratch: &mut Scratch) -> DMatrix<f64> {
    let n = network.dim();
    let mut hessian = DMatrix::zeros(n, n);
    let (mut unit, mut column) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..n {
        unit[i] = 1.0;
        network.hess_vec(params, &unit, Batch::Full, &mut column, scratch);
        unit[i] = 0.0;
        hessian.column_mut(i).copy_from_slice(&column);
    }
    hessian
}

fn check_hessian(what: &str, network: &Network, params: &[f64], expected: &Value, scratch: &mut Scratch) {
    let hessian = dense_hessian(network, params, scratch);
    let asymmetry = (&hessian - hessian.transpose()).amax();
    assert!(
        asymmetry <= 1e-14 * hessian.amax().max(1.0),
        "{what}: asymmetric by {asymmetry:e}"
    );
    let trace = hessian.trace();
    let mut eigenvalues = SymmetricEigen::new(hessian).eigenvalues.as_slice().to_vec();
    eigenvalues.sort_by(|a, b| b.total_cmp(a));
    let scale = eigenvalues[0].abs();
    let near = |name: &str, got: f64, expected: f64| {
        assert!(
            (got - expected).abs() <= 1e-8 * scale,
            "{what}: {name} {got}, expected {expected}"
        );
    };
    near("top", eigenvalues[0], expected["top"].as_f64().unwrap());
    for (got, expected) in eigenvalues.iter().zip(floats(&expected["top5"])) {
        near("top5", *got, expected);
    }
    near("min", eigenvalues[eigenvalues.len() - 1], expected["min"].as_f64().unwrap());
    let expected_trace = expected["trace"].as_f64().unwrap();
    assert!(
        (trace - expected_trace).abs() <= 1e-8 * expected_trace.abs().max(scale),
        "{what}: trace"
    );
    let sharpness = top_eigenvalue(network, params, Batch::Full, 1e-6, scratch);
    near("Lanczos", sharpness, eigenvalues[0]);
}

#[test]
fn value_gradient_outputs_and_hessian_vector_products_at_the_start() {
    let golden = golden();
    let mut scratch = Scratch::default();
    for net in golden["nets"].as_array().unwrap() {
        let id = net["id"].as_str().unwrap();
        let network = network(&golden, net);
        let params = floats(&net["init_flat"]);
        let at = &net["at_init"];
        let mut grad = vec![0.0; network.dim()];
        let value = network.value_and_grad(&params, Batch::Full, &mut grad, &mut scratch);
        check_close(&format!("{id} loss"), &[value], &floats(&at["loss"]), 1e-10);
        assert_eq!(
            value,
            network.value(&params, Batch::Full, &mut scratch),
            "{id}: the value alone"
        );
        check_close(&format!("{id} grad"), &grad, &floats(&at["grad"]), 1e-10);

        let expected = floats(&at["output_rows0_4"]);
        let mut outputs = vec![0.0; expected.len()];
        let x = &network.data().x[..5 * network.data().n_features];
        network.predict(&params, x, &mut outputs, &mut scratch);
        check_close(&format!("{id} outputs"), &outputs, &expected, 1e-10);

        for pair in at["hvp"].as_array().unwrap() {
            let mut hv = vec![0.0; network.dim()];
            network.hess_vec(&params, &floats(&pair["v"]), Batch::Full, &mut hv, &mut scratch);
            check_close(&format!("{id} hvp"), &hv, &floats(&pair["hv"]), 1e-10);
        }
    }
}

#[test]
fn spectra_of_the_hessian_at_the_start_and_at_the_end() {
    let golden = golden();
    let mut scratch = Scratch::default();
    for net in golden["nets"].as_array().unwrap() {
        let id = net["id"].as_str().unwrap();
        let network = network(&golden, net);
        check_hessian(
            id,
            &network,
            &floats(&net["init_flat"]),
            &net["at_init"]["hessian"],
            &mut scratch,
        );
        // The largest net's decomposition takes seconds: one of its runs gets it, the others their largest eigenvalue.
        let runs = net["runs"].as_array().unwrap();
        let some = if network.dim() > 500 { 1 } else { runs.len() };
        for run in &runs[some..] {
            let at = floats(&run["final_params"]);
            let top = top_eigenvalue(&network, &at, Batch::Full, 1e-6, &mut scratch);
            let expected = run["final_hessian"]["top"].as_f64().unwrap();
            assert!(
                (top - expected).abs() <= 1e-8 * expected.abs(),
                "{id} {}: {top} for {expected}",
                run["id"]
            );
        }
        for run in &runs[..some] {
            let what = format!("{id} {}", run["id"]);
            check_hessian(
                &what,
                &network,
                &floats(&run["final_params"]),
                &run["final_hessian"],
                &mut scratch,
            );
        }
    }
}

/// The rule of a golden run with its settings, as files and the command line name them, and its coupled weight decay.
fn rule(run: &Value) -> (&'static str, Value, f64) {
    let hyper = &run["hyper"];
    let betas = |at: usize| hyper["betas"][at].clone();
    let coupled = hyper["weight_decay"].as_f64().unwrap_or(0.0);
    let momentum = hyper["momentum"].as_f64().unwrap_or(0.0) != 0.0;
    match run["optimizer"].as_str().unwrap() {
        "SGD" if momentum => (
            "momentum",
            json!({"lr": hyper["lr"], "momentum": hyper["momentum"], "dampening": hyper["dampening"]}),
            coupled,
        ),
        "SGD" => ("sgd", json!({"lr": hyper["lr"]}), coupled),
        "Adam" => (
            "adam",
            json!({"lr": hyper["lr"], "beta1": betas(0), "beta2": betas(1), "eps": hyper["eps"], "amsgrad": hyper["amsgrad"]}),
            coupled,
        ),
        "AdamW" => (
            "adamw",
            json!({"lr": hyper["lr"], "beta1": betas(0), "beta2": betas(1), "eps": hyper["eps"], "weight_decay": coupled}),
            0.0,
        ),
        "RMSprop" => (
            "rmsprop",
            json!({"lr": hyper["lr"], "alpha": hyper["alpha"], "eps": hyper["eps"], "centered": hyper["centered"], "momentum": hyper["momentum"]}),
            coupled,
        ),
        "MuonF64+AdamW" => {
            let (muon, adamw) = (&hyper["muon"], &hyper["adamw"]);
            let settings = json!({"lr": muon["lr"], "momentum": muon["momentum"], "weight_decay": muon["weight_decay"],
                "adamw_lr": adamw["lr"], "adamw_beta1": adamw["betas"][0], "adamw_beta2": adamw["betas"][1],
                "adamw_weight_decay": adamw["weight_decay"]});
            ("muon", settings, 0.0)
        }
        other => panic!("what is {other}?"),
    }
}

#[test]
fn training_runs_of_every_rule_there_is() {
    let golden = golden();
    let epochs: Vec<Vec<u32>> = serde_json::from_value(golden["index_orders"]["n60"].clone()).unwrap();
    let mut scratch = Scratch::default();
    let mut tested = std::collections::BTreeSet::new();
    for net in golden["nets"].as_array().unwrap() {
        let network = network(&golden, net);
        let init = floats(&net["init_flat"]);
        for run in net["runs"].as_array().unwrap() {
            let (id, mut settings, weight_decay) = rule(run);
            tested.insert(id);
            settings["id"] = json!(id);
            let config: OptimizerConfig = serde_json::from_value(settings).unwrap();
            let batches = match run["batching"]["mode"].as_str().unwrap() {
                "full" => Batches::Full,
                _ => Batches::Given {
                    size: run["batching"]["batch_size"].as_u64().unwrap() as usize,
                    epochs: epochs.clone().into(),
                },
            };
            let stages = Stages {
                weight_decay,
                ..Stages::default()
            };
            let fixed = Fixed {
                objective: &network,
                batches: &batches,
                stages: &stages,
                seed: 0,
            };
            let what = format!("{} {}", net["id"], run["id"]);
            let mut walk = Walk::new(&init);
            let mut trace = Trace::new(0);
            config.start(&init).advance(&fixed, &mut walk, 100, &mut trace);
            assert_eq!(walk.status, RunStatus::Running, "{what}");
            check_close(&format!("{what} loss"), &trace.value, &floats(&run["loss"]), 1e-9);
            check_close(&format!("{what} params"), &walk.x, &floats(&run["final_params"]), 1e-9);

            let measured = Evaluator::new(network.clone(), None, None).measure(&walk.x, &mut scratch);
            let expected = &run["final"];
            check_close(&what, &[measured.train_loss], &floats(&expected["data_loss"]), 1e-9);
            let metric = expected.get("accuracy").unwrap_or(&expected["r2"]);
            check_close(&what, &[measured.train_metric], &floats(metric), 1e-9);
            let value = network.value(&walk.x, Batch::Full, &mut scratch);
            check_close(&what, &[value], &floats(&expected["loss"]), 1e-9);
        }
    }
    let expected = ["adam", "adamw", "momentum", "muon", "rmsprop", "sgd"];
    assert!(tested.iter().eq(&expected), "{tested:?}");
}
