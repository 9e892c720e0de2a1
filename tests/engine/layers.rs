//! Networks whose hidden layers or classes differ: each layer with an activation, each class with a weight of its own.

use std::sync::Arc;

use optiscope::data::{Dataset, Targets};
use optiscope::math::{Purpose, Rng};
use optiscope::model::{Activation, Activations, ClassWeight, Loss, ModelConfig, ModelError, ModelKind, Network};
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

/// The same rows, those of each class as often as `times` says.
fn repeated(data: &Dataset, times: &[usize]) -> Arc<Dataset> {
    let Targets::Classes { labels, .. } = &data.targets else {
        panic!("classes");
    };
    let often = |(row, label): (usize, &u32)| vec![row as u32; times[*label as usize]];
    let rows: Vec<u32> = labels.iter().enumerate().flat_map(often).collect();
    Arc::new(data.rows(&rows))
}

#[test]
fn a_weight_of_a_class_is_worth_as_many_rows() {
    let three = data(70);
    let mut two = three.as_ref().clone();
    if let Targets::Classes { labels, names } = &mut two.targets {
        labels.iter_mut().for_each(|label| *label = u32::from(*label > 1));
        names.truncate(2);
    }
    for (data, loss, times) in [
        (three.clone(), Loss::CrossEntropy, &[3, 1, 2][..]),
        (three, Loss::Hinge, &[3, 1, 2]),
        (Arc::new(two.clone()), Loss::Bce, &[1, 4]),
        (Arc::new(two), Loss::Hinge, &[2, 5]),
    ] {
        let weights: Vec<f64> = times.iter().map(|n| *n as f64).collect();
        let weighted = Network::new(vec![6], Activation::Tanh, loss, Arc::clone(&data)).expect("a model");
        let weighted = weighted.with_class_weights(&weights).with_penalties(0.0, 0.01);
        let many = Network::new(vec![6], Activation::Tanh, loss, repeated(&data, times)).expect("a model");
        let many = many.with_penalties(0.0, 0.01);
        let (x, mut scratch) = (start(&weighted), Scratch::default());
        let v: Vec<f64> = x.iter().map(|x| (7.0 * x).sin()).collect();
        let mut all = |network: &Network| {
            let (mut grad, mut hv) = (vec![0.0; x.len()], vec![0.0; x.len()]);
            let value = network.value_and_grad(&x, Batch::Full, &mut grad, &mut scratch);
            assert!((network.value(&x, Batch::Full, &mut scratch) - value).abs() < 1e-13);
            network.hess_vec(&x, &v, Batch::Full, &mut hv, &mut scratch);
            [vec![value], grad, hv].concat()
        };
        for (a, b) in all(&weighted).iter().zip(all(&many)) {
            assert!((a - b).abs() < 1e-12, "{loss:?}: {a} {b}");
        }
        let constant = [weighted.loss_of_best_constant(), many.loss_of_best_constant()];
        assert!(
            constant[0].is_nan() || (constant[0] - constant[1]).abs() < 1e-12,
            "{loss:?}: {constant:?}"
        );
    }
}

#[test]
fn equal_weights_change_nothing_and_a_batch_is_weighted_by_itself() {
    let data = data(60);
    let plain = Network::new(vec![6], Activation::Relu, Loss::CrossEntropy, Arc::clone(&data)).expect("a model");
    let (x, mut scratch) = (start(&plain), Scratch::default());
    let rows: Vec<u32> = vec![0, 1, 2, 3, 4, 5, 9];
    let mut of = |network: &Network| {
        let mut grad = vec![0.0; x.len()];
        let value = network.value_and_grad(&x, Batch::Rows(&rows), &mut grad, &mut scratch);
        [vec![value], grad].concat()
    };
    let twice = of(&plain.clone().with_class_weights(&[2.0; 3]));
    for (a, b) in of(&plain).iter().zip(twice) {
        assert!((a - b).abs() < 1e-14);
    }
    let first_only = of(&plain.clone().with_class_weights(&[1.0, 0.0, 0.0]));
    let chosen: Vec<u32> = rows.iter().copied().filter(|row| row % 3 == 0).collect();
    let mut grad = vec![0.0; x.len()];
    let value = plain.value_and_grad(&x, Batch::Rows(&chosen), &mut grad, &mut Scratch::default());
    for (a, b) in first_only.iter().zip([vec![value], grad].concat()) {
        assert!((a - b).abs() < 1e-13);
    }
}

#[test]
fn balanced_weights_are_those_of_scikit_learn_and_names_are_checked() {
    let mut rare = data(10).as_ref().clone();
    if let Targets::Classes { labels, .. } = &mut rare.targets {
        *labels = vec![0, 0, 0, 0, 0, 0, 1, 1, 1, 2];
    }
    let balanced = ClassWeight::Balanced.of(&rare).expect("classes");
    assert_eq!(balanced, [10.0 / 18.0, 10.0 / 9.0, 10.0 / 3.0]);
    let given = |name: &str, weight: f64| ClassWeight::Given([(name.to_owned(), weight)].into()).of(&rare);
    assert_eq!(given("q", 5.0).expect("a class"), [1.0, 5.0, 1.0]);
    let refusal = given("z", 1.0).expect_err("no class").to_string();
    assert!(refusal.contains("'z'") && refusal.contains("p, q, r"), "{refusal}");
    assert!(given("p", -1.0).is_err());
    let none = ["p", "q", "r"].map(|name| (name.to_owned(), 0.0));
    let refusal = ClassWeight::Given(none.into())
        .of(&rare)
        .expect_err("nothing counts")
        .to_string();
    assert!(refusal.contains("weight above 0"), "{refusal}");
}
