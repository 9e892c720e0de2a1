//! Models beyond the golden cases: every activation with every loss, the same bits on every path, files, refusals.

use std::sync::Arc;

use optiscope::data::{Dataset, Targets};
use optiscope::landscape::top_eigenvalue;
use optiscope::math::simd::Path;
use optiscope::math::threads::on_threads;
use optiscope::math::{Purpose, Rng, vector};
use optiscope::model::{Activation, Evaluator, Init, Loss, ModelConfig, ModelKind, Network, metrics, weights};
use optiscope::objective::{Batch, Objective as _, Scratch};

/// Random rows; classes if `classes` > 0, else two columns of numbers.
fn dataset(n_rows: usize, n_features: usize, classes: u32) -> Arc<Dataset> {
    let mut rng = Rng::stream(7, Purpose::Generate, u64::from(classes));
    let x = (0..n_rows * n_features).map(|_| rng.normal()).collect();
    let targets = if classes > 0 {
        Targets::Classes {
            labels: (0..n_rows).map(|_| rng.below(u64::from(classes)) as u32).collect(),
            names: (0..classes).map(|c| c.to_string()).collect(),
        }
    } else {
        Targets::Values {
            columns: 2,
            values: (0..2 * n_rows).map(|_| 2.0 * rng.normal()).collect(),
        }
    };
    Arc::new(Dataset {
        name: "random".into(),
        feature_names: (0..n_features).map(|i| format!("x{i}")).collect(),
        target_name: "y".into(),
        n_rows,
        n_features,
        x,
        targets,
    })
}

/// Every loss with the classes it is tried on: hinge has one form for two classes and another for more.
const LOSSES: [(Loss, u32); 7] = [
    (Loss::Mse, 0),
    (Loss::Mae, 0),
    (Loss::Huber, 0),
    (Loss::CrossEntropy, 4),
    (Loss::Bce, 2),
    (Loss::Hinge, 2),
    (Loss::Hinge, 4),
];

fn start(network: &Network, index: u64) -> Vec<f64> {
    let mut x = vec![0.0; network.dim()];
    network.sample_start(&mut Rng::stream(3, Purpose::Start, index), &mut x);
    vector::scale(2.0, &mut x);
    x
}

#[track_caller]
fn check_close(what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    let scale = expected.iter().fold(1e-3_f64, |m, e| m.max(e.abs()));
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (got - expected).abs() <= tolerance * scale,
            "{what}[{i}]: {got}, expected {expected}"
        );
    }
}

#[test]
fn derivatives_of_every_activation_with_every_loss() {
    let mut scratch = Scratch::default();
    for (loss, classes) in LOSSES {
        for activation in Activation::ALL {
            let what = format!("{} {} {classes}", activation.id(), loss.id());
            let data = dataset(45, 3, classes);
            let network = Network::new(vec![7, 5], activation, loss, data)
                .unwrap()
                .with_penalties(0.01, 0.02);
            let x = start(&network, 0);
            let v = start(&network, 1);
            let n = network.dim();
            let (mut grad, mut hv, mut ahead, mut behind) = (vec![0.0; n], vec![0.0; n], vec![0.0; n], vec![0.0; n]);
            let value = network.value_and_grad(&x, Batch::Full, &mut grad, &mut scratch);
            assert_eq!(value, network.value(&x, Batch::Full, &mut scratch), "{what}: the value alone");
            network.hess_vec(&x, &v, Batch::Full, &mut hv, &mut scratch);

            let h = 1e-6;
            let at = |h: f64| x.iter().zip(&v).map(|(x, v)| x + h * v).collect::<Vec<_>>();
            let up = network.value_and_grad(&at(h), Batch::Full, &mut ahead, &mut scratch);
            let down = network.value_and_grad(&at(-h), Batch::Full, &mut behind, &mut scratch);
            let difference: Vec<f64> = ahead.iter().zip(&behind).map(|(a, b)| (a - b) / (2.0 * h)).collect();
            check_close(&format!("{what} hv"), &hv, &difference, 1e-6);
            check_close(
                &format!("{what} slope"),
                &[vector::dot(&grad, &v)],
                &[(up - down) / (2.0 * h)],
                1e-6,
            );
        }
    }
}

#[test]
fn all_paths_give_the_same_bits() {
    let mut scratch = Scratch::default();
    for (loss, classes) in LOSSES {
        for (i, activation) in Activation::ALL.into_iter().enumerate() {
            // Sizes that fill no tile, panel or vector, and one that takes several chunks.
            let data = dataset([301, 45, 8, 1][i % 4], 13, classes);
            let network = Network::new(vec![17, 9], activation, loss, data)
                .unwrap()
                .with_penalties(0.01, 0.02);
            let (x, v, n) = (start(&network, 0), start(&network, 1), network.dim());
            let mut results = Path::available().map(|path| {
                let network = network.clone().with_path(path);
                let (mut grad, mut hv) = (vec![0.0; n], vec![0.0; n]);
                let value = network.value_and_grad(&x, Batch::Full, &mut grad, &mut scratch);
                network.hess_vec(&x, &v, Batch::Full, &mut hv, &mut scratch);
                let numbers: Vec<u64> = [vec![value], grad, hv].concat().into_iter().map(f64::to_bits).collect();
                (path.name(), numbers)
            });
            let (_, first) = results.next().unwrap();
            for (name, numbers) in results {
                assert_eq!(numbers, first, "{name}: {} {}", activation.id(), loss.id());
            }
        }
    }
}

#[test]
fn a_batch_of_all_rows_is_the_full_batch_bit_for_bit_on_any_thread() {
    let network = Network::new(vec![20], Activation::Tanh, Loss::CrossEntropy, dataset(500, 5, 3)).unwrap();
    let x = start(&network, 0);
    let rows: Vec<u32> = (0..500).collect();
    let of = |batch: Batch<'_>| {
        let mut grad = vec![0.0; network.dim()];
        let value = network.value_and_grad(&x, batch, &mut grad, &mut Scratch::default());
        (value, grad)
    };
    let full = of(Batch::Full);
    assert_eq!(full, of(Batch::Rows(&rows)));
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| of(Batch::Full))).collect();
        for one in all {
            assert_eq!(one.join().unwrap(), full);
        }
    });
}

#[test]
fn a_large_gradient_has_the_same_bits_on_any_number_of_threads() {
    for (loss, classes) in LOSSES {
        // Rows that fill neither a panel nor a group of panels; layers that no block of rows divides.
        let data = dataset(301, 700, classes);
        let network = Network::new(vec![61, 23], Activation::Gelu, loss, data)
            .unwrap()
            .with_penalties(0.0, 0.02)
            .with_dropout(0.25);
        let weighted = (classes > 0).then(|| {
            let weights = &[0.5, 2.0, 1.0, 3.0][..classes as usize];
            network.clone().with_class_weights(weights)
        });
        let batches = [Batch::Full, Batch::Rows(&[7; 140]), Batch::Masked { rows: None, key: 3 }];
        for network in [Some(network), weighted].into_iter().flatten() {
            let x = start(&network, 0);
            for batch in batches {
                let on = |threads: usize| {
                    let mut grad = vec![0.0; network.dim()];
                    let value = on_threads(threads, || {
                        network.value_and_grad(&x, batch, &mut grad, &mut Scratch::default())
                    });
                    assert_eq!(value, network.value(&x, batch, &mut Scratch::default()), "the value alone");
                    grad.push(value);
                    grad.into_iter().map(f64::to_bits).collect::<Vec<_>>()
                };
                let one = on(1);
                assert!(one == on(2) && one == on(5), "{} on {batch:?}", loss.id());
            }
        }
    }
}

#[test]
fn the_mean_of_batches_is_the_full_batch() {
    let network = Network::new(vec![6], Activation::Relu, Loss::Bce, dataset(96, 4, 2)).unwrap();
    let (x, mut scratch) = (start(&network, 0), Scratch::default());
    let rows: Vec<u32> = (0..96).collect();
    let batches: Vec<f64> = rows
        .chunks(24)
        .map(|rows| network.value(&x, Batch::Rows(rows), &mut scratch))
        .collect();
    let mean = batches.iter().sum::<f64>() / batches.len() as f64;
    check_close("mean", &[mean], &[network.value(&x, Batch::Full, &mut scratch)], 1e-14);
    assert_eq!(network.value(&x, Batch::Rows(&[]), &mut scratch), 0.0, "a mean of nothing");
}

#[test]
fn divergence_is_seen_in_value_and_gradient() {
    let mut scratch = Scratch::default();
    for (loss, classes) in LOSSES {
        for activation in Activation::ALL {
            let network = Network::new(vec![4], activation, loss, dataset(20, 3, classes)).unwrap();
            let mut grad = vec![0.0; network.dim()];
            let x = vec![f64::NAN; network.dim()];
            let value = network.value_and_grad(&x, Batch::Full, &mut grad, &mut scratch);
            assert!(!value.is_finite(), "{} {}: {value}", activation.id(), loss.id());
        }
    }
}

#[test]
fn extreme_scores_keep_the_loss_exact() {
    // One feature, no hidden layer, weights 0: the biases are the scores.
    let data = Arc::new(Dataset {
        x: vec![0.0; 3],
        n_rows: 3,
        n_features: 1,
        targets: Targets::Classes {
            labels: vec![0, 1, 2],
            names: vec!["a".into(), "b".into(), "c".into()],
        },
        ..Arc::unwrap_or_clone(dataset(3, 1, 3))
    });
    let network = Network::new(vec![], Activation::Identity, Loss::CrossEntropy, data).unwrap();
    let (mut grad, mut scratch) = (vec![0.0; 6], Scratch::default());
    let value = network.value_and_grad(&[0.0, 0.0, 0.0, 2000.0, 0.0, -1000.0], Batch::Full, &mut grad, &mut scratch);
    // (0 + 2000 + 3000) / 3
    check_close("value", &[value], &[5000.0 / 3.0], 1e-15);
    check_close("gradient", &grad[3..], &[2.0 / 3.0, -1.0 / 3.0, -1.0 / 3.0], 1e-15);
}

#[test]
fn sharpness_of_a_quadratic_loss_is_known() {
    // Least squares: the Hessian is 2/n XᵀX for every output, whatever the point.
    let data = dataset(50, 4, 0);
    let network = Network::new(vec![], Activation::Identity, Loss::Mse, Arc::clone(&data)).unwrap();
    let design = nalgebra::DMatrix::from_fn(50, 5, |i, j| if j < 4 { data.row(i)[j] } else { 1.0 });
    // The mean is over both columns of targets: 2 / (2 n).
    let hessian = design.transpose() * design / 50.0;
    let expected = nalgebra::SymmetricEigen::new(hessian).eigenvalues.max();
    let got = top_eigenvalue(&network, &start(&network, 0), Batch::Full, 1e-10, &mut Scratch::default());
    check_close("sharpness", &[got], &[expected], 1e-10);
}

#[test]
fn weights_survive_a_file_and_strangers_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.safetensors");
    let build = |hidden: &[usize]| Network::new(hidden.to_vec(), Activation::Relu, Loss::Mse, dataset(9, 3, 0)).unwrap();
    let network = build(&[5, 4]);
    let params = start(&network, 0);
    weights::save(&path, network.architecture(), &params).unwrap();
    assert_eq!(weights::load(&path, network.architecture()).unwrap(), params);

    let bytes = std::fs::read(&path).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.tensor("layers.0.weight").unwrap().shape(), [5, 3]);
    assert_eq!(file.tensor("layers.2.bias").unwrap().shape(), [2]);

    let refusal = |hidden: &[usize]| weights::load(&path, build(hidden).architecture()).unwrap_err().to_string();
    let message = refusal(&[6, 4]);
    assert!(
        message.contains("layers.0.weight") && message.contains("[5, 3]") && message.contains("[6, 3]"),
        "{message}"
    );
    assert!(refusal(&[5, 4, 4]).contains("layers.2.weight"), "{}", refusal(&[5, 4, 4]));
    // The first layers of a deeper model are not a model.
    let shallow = Network::new(vec![5], Activation::Relu, Loss::CrossEntropy, dataset(9, 3, 4)).unwrap();
    let message = weights::load(&path, shallow.architecture()).unwrap_err().to_string();
    assert!(message.contains("layers.2.bias"), "{message}");
    std::fs::write(&path, "not weights").unwrap();
    assert!(refusal(&[5, 4]).contains("not a safetensors file"), "{}", refusal(&[5, 4]));
}

#[test]
fn single_precision_weights_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.safetensors");
    let network = Network::new(vec![], Activation::Relu, Loss::Bce, dataset(9, 3, 2)).unwrap();
    let bytes = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let (weight, bias) = (bytes(&[0.1, 0.2, 0.3]), bytes(&[-1.5]));
    let view =
        |shape: &[usize], data| safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.to_vec(), data).unwrap();
    let tensors = [
        ("layers.0.weight", view(&[1, 3], &weight)),
        ("layers.0.bias", view(&[1], &bias)),
    ];
    std::fs::write(&path, safetensors::serialize(tensors, None).unwrap()).unwrap();
    let params = weights::load(&path, network.architecture()).unwrap();
    assert_eq!(params, [0.1_f32, 0.2, 0.3, -1.5].map(f64::from));
}

#[test]
fn what_cannot_be_built_is_refused_with_a_sentence() {
    let numbers = dataset(9, 3, 0);
    let refusal = |config: ModelConfig, data: &Arc<Dataset>| config.build(Arc::clone(data)).unwrap_err().to_string();
    let config = ModelConfig::default;
    let linear = ModelConfig {
        kind: ModelKind::Linear,
        ..config()
    };
    let logistic = ModelConfig {
        kind: ModelKind::Logistic,
        ..config()
    };
    let with_loss = |loss| ModelConfig {
        loss: Some(loss),
        ..config()
    };
    let with_hidden = |hidden: &[usize]| ModelConfig {
        hidden: hidden.to_vec(),
        ..config()
    };
    for (config, data, expected) in [
        (linear, dataset(9, 3, 2), "a linear model predicts numbers"),
        (logistic, Arc::clone(&numbers), "a logistic model predicts classes"),
        (
            with_loss(Loss::Hinge),
            Arc::clone(&numbers),
            "hinge needs a target of classes",
        ),
        (with_loss(Loss::Mse), dataset(9, 3, 3), "mse needs a target of numbers"),
        (
            with_loss(Loss::Bce),
            dataset(9, 3, 3),
            "bce is for two classes, but the target has 3",
        ),
        (config(), dataset(9, 3, 1), "1 class(es)"),
        (with_hidden(&[8, 0]), Arc::clone(&numbers), "layer 1 has 0 units"),
        (with_hidden(&[5000]), Arc::clone(&numbers), "1 to 4096"),
        (with_hidden(&[2000, 2000]), Arc::clone(&numbers), "at most 2000000"),
        (ModelConfig { l2: -1.0, ..config() }, Arc::clone(&numbers), "model.l2"),
        (
            ModelConfig {
                l1: f64::NAN,
                ..config()
            },
            Arc::clone(&numbers),
            "model.l1",
        ),
    ] {
        let message = refusal(config, &data);
        assert!(message.contains(expected), "{message}");
    }
    let unknown = serde_json::from_str::<ModelConfig>(r#"{"hiden": [3]}"#)
        .unwrap_err()
        .to_string();
    assert!(unknown.contains("hiden"), "{unknown}");
    let written = serde_json::to_string(&config()).unwrap();
    assert_eq!(serde_json::from_str::<ModelConfig>(&written).unwrap(), config());
}

#[test]
fn kinds_lead_to_their_shapes() {
    let build = |kind, data| {
        ModelConfig {
            kind,
            ..ModelConfig::default()
        }
        .build(data)
        .unwrap()
    };
    assert_eq!(build(ModelKind::Linear, dataset(9, 3, 0)).dim(), 8);
    assert_eq!(build(ModelKind::Logistic, dataset(9, 3, 3)).dim(), 12);
    let mlp = build(ModelKind::Mlp, dataset(9, 3, 3));
    assert_eq!(mlp.dim(), 3 * 16 + 16 + 16 * 16 + 16 + 16 * 3 + 3);
    let names: Vec<String> = mlp.architecture().layout().into_iter().map(|t| t.name).collect();
    assert_eq!(names[..3], ["layers.0.weight", "layers.0.bias", "layers.1.weight"]);
    assert_eq!(mlp.architecture().layout().last().unwrap().range.end, mlp.dim());
}

#[test]
fn fresh_parameters_have_the_spread_of_their_scheme() {
    let network = Network::new(vec![200], Activation::Relu, Loss::Mse, dataset(9, 50, 0)).unwrap();
    let of = |init: Init| {
        let network = network.clone().with_init(init);
        let mut x = vec![0.0; network.dim()];
        network.sample_start(&mut Rng::stream(0, Purpose::Start, 0), &mut x);
        let weights = x[..200 * 50].to_vec();
        let biases = x[200 * 50..200 * 51].to_vec();
        (weights, biases)
    };
    let sd = |x: &[f64]| (x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64).sqrt();
    let largest = |x: &[f64]| x.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    let (torch, torch_biases) = of(Init::Torch);
    assert!(largest(&torch) <= (1.0_f64 / 50.0).sqrt() && largest(&torch) > 0.14 && largest(&torch_biases) > 0.13);
    let (xavier, xavier_biases) = of(Init::Xavier);
    assert!(largest(&xavier) <= (6.0_f64 / 250.0).sqrt() && largest(&xavier) > 0.154 && largest(&xavier_biases) == 0.0);
    let (he, _) = of(Init::He);
    assert!((sd(&he) / (2.0_f64 / 50.0).sqrt() - 1.0).abs() < 0.03);
}

#[test]
fn predictions_and_measurements_agree_with_brute_force() {
    let data = dataset(70, 3, 3);
    let network = Network::new(vec![], Activation::Identity, Loss::CrossEntropy, Arc::clone(&data)).unwrap();
    let (x, mut scratch) = (start(&network, 0), Scratch::default());
    let mut outputs = vec![0.0; 70 * 3];
    network.predict(&x, &data.x, &mut outputs, &mut scratch);
    let by_hand: Vec<f64> = (0..70)
        .flat_map(|i| (0..3).map(move |j| (i, j)))
        .map(|(i, j)| x[9 + j] + vector::dot(&x[3 * j..3 * j + 3], data.row(i)))
        .collect();
    check_close("outputs", &outputs, &by_hand, 1e-14);
    let Targets::Classes { labels, .. } = &data.targets else {
        unreachable!()
    };
    let held_out = Arc::new(data.rows(&[5, 6, 7]));
    let evaluator = Evaluator::new(network.with_penalties(0.0, 1.0), Some(held_out), None);
    let measured = evaluator.measure(&x, &mut scratch);
    assert_eq!(measured.train_metric, metrics::accuracy(&by_hand, 3, labels));
    let mut p = vec![0.0; 70 * 3];
    p.chunks_mut(3)
        .zip(by_hand.chunks(3))
        .for_each(|(p, s)| metrics::probabilities(s, p));
    check_close("log loss", &[measured.train_loss], &[metrics::log_loss(&p, 3, labels)], 1e-13);
    check_close(
        "held out",
        &[measured.validation_loss.unwrap()],
        &[metrics::log_loss(&p[15..24], 3, &labels[5..8])],
        1e-13,
    );
    assert_eq!(measured.test_loss, None);
}

#[test]
fn a_plane_of_a_wide_model_has_the_values_of_its_points() {
    let mut scratch = Scratch::default();
    for hidden in [vec![], vec![6], vec![4, 3]] {
        for (loss, classes) in LOSSES {
            let network = Network::new(hidden.clone(), Activation::Relu, loss, dataset(75, 40, classes)).unwrap();
            let [origin, u, v] = [0, 1, 2].map(|index| start(&network, index));
            let plane = network.on_plane(&origin, &u, &v).unwrap();
            let a = [-1.0, 0.0, 0.3, 2.0];
            let mut row = [0.0; 4];
            plane.fill_row(&plane.columns(&a), -0.7, &mut row, &mut scratch);
            let expected = a.map(|a| {
                let x: Vec<f64> = (0..network.dim()).map(|i| origin[i] + a * u[i] - 0.7 * v[i]).collect();
                network.value(&x, Batch::Full, &mut scratch)
            });
            check_close(&format!("{hidden:?} {}", loss.id()), &row, &expected, 1e-13);
            let mut alone = [0.0];
            plane.fill_row(&plane.columns(&a[2..3]), -0.7, &mut alone, &mut scratch);
            assert_eq!(alone[0], row[2], "the bits do not depend on the rest of the row");
        }
    }
    let narrow = Network::new(vec![9], Activation::Relu, Loss::Bce, dataset(9, 3, 2)).unwrap();
    let x = start(&narrow, 0);
    assert!(narrow.on_plane(&x, &x, &x).is_none(), "nothing to gain");
}
