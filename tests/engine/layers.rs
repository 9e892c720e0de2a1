//! Networks whose hidden layers differ: each with an activation of its own.

use std::sync::Arc;

use optiscope::data::{Dataset, Targets};
use optiscope::math::{Purpose, Rng};
use optiscope::model::{Activation, Activations, Loss, ModelConfig, ModelError, ModelKind, Network};
use optiscope::objective::{Batch, Objective, Scratch};

fn data(n: usize) -> Arc<Dataset> {
    let mut rng = Rng::stream(1, Purpose::Bench, 0);
    Arc::new(Dataset {
        name: "points".to_owned(),
        feature_names: ["a", "b", "c"].map(str::to_owned).to_vec(),
        target_name: "class".to_owned(),
        n_rows: n,
        n_features: 3,
        x: (0..3 * n).map(|_| rng.normal()).collect(),
        targets: Targets::Classes {
            labels: (0..n as u32).map(|i| i % 3).collect(),
            names: ["p", "q", "r"].map(str::to_owned).to_vec(),
        },
    })
}

fn start(network: &Network) -> Vec<f64> {
    let mut x = vec![0.0; network.dim()];
    network.sample_start(&mut Rng::stream(2, Purpose::Start, 0), &mut x);
    x
}

#[test]
fn derivatives_are_exact_whatever_the_layers() {
    use Activation::{Elu, Gelu, Identity, Relu, Sigmoid, Silu, Softplus, Tanh};
    for each in [
        vec![Tanh, Gelu],
        vec![Silu, Sigmoid],
        vec![Relu, Softplus, Tanh],
        vec![Identity, Elu],
    ] {
        let hidden: Vec<usize> = (0..each.len()).map(|k| 4 + k).collect();
        let network = Network::new(hidden, Activations::Each(each.clone()), Loss::CrossEntropy, data(50)).expect("a model");
        let (x, mut scratch) = (start(&network), Scratch::default());
        let n = x.len();
        let mut rng = Rng::stream(3, Purpose::Bench, 0);
        let v: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
        let along = |t: f64| x.iter().zip(&v).map(|(x, v)| x + t * v).collect::<Vec<f64>>();
        let mut at = |t: f64| {
            let mut grad = vec![0.0; n];
            let value = network.value_and_grad(&along(t), Batch::Full, &mut grad, &mut scratch);
            (value, grad)
        };
        let h = 1e-5;
        let ((up, grad_up), (down, grad_down), (_, grad)) = (at(h), at(-h), at(0.0));
        let slope: f64 = grad.iter().zip(&v).map(|(g, v)| g * v).sum();
        assert!((slope - (up - down) / (2.0 * h)).abs() < 1e-7, "{each:?}");
        let mut hv = vec![0.0; n];
        network.hess_vec(&x, &v, Batch::Full, &mut hv, &mut scratch);
        for (hv, (up, down)) in hv.iter().zip(grad_up.iter().zip(&grad_down)) {
            assert!((hv - (up - down) / (2.0 * h)).abs() < 1e-6, "{each:?}");
        }
    }
}

#[test]
fn one_for_all_and_the_same_for_each_are_the_same_model() {
    let of = |activations: Activations| {
        let network = Network::new(vec![5, 4], activations, Loss::CrossEntropy, data(40)).expect("a model");
        let x = start(&network);
        network.value(&x, Batch::Full, &mut Scratch::default())
    };
    let gelu = Activation::Gelu;
    assert_eq!(of(gelu.into()), of(Activations::Each(vec![gelu; 2])));
    assert_ne!(of(gelu.into()), of(Activations::Each(vec![gelu, Activation::Relu])));
}

#[test]
fn a_list_of_another_length_is_refused_and_a_name_is_written_as_ever() {
    let config = ModelConfig {
        hidden: vec![4, 4, 4],
        activation: Activations::Each(vec![Activation::Relu; 2]),
        ..ModelConfig::default()
    };
    let refusal = config.build(data(9)).expect_err("three layers");
    assert!(matches!(refusal, ModelError::Activations { given: 2, layers: 3 }));
    let logistic = ModelConfig {
        kind: ModelKind::Logistic,
        ..config
    };
    assert!(logistic.build(data(9)).is_ok(), "a model without hidden layers asks for none");
    let written = serde_json::to_string(&ModelConfig::default()).expect("written");
    assert!(written.contains(r#""activation":"tanh""#), "{written}");
}
