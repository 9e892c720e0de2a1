//! Dropout: exact for the units that are left, the same at every replay, and only where a step is taken.

use std::sync::Arc;

use optiscope::data::{Bundled, Dataset, Targets};
use optiscope::experiment::{Experiment, LoadedModel, ModelProblem, Problem, RunConfig, Source};
use optiscope::math::{Purpose, Rng};
use optiscope::model::{Activation, Activations, Loss, Network};
use optiscope::objective::{Batch, Objective, Scratch};
use optiscope::optim::OptimizerConfig;
use optiscope::run::{Run, Trajectory};

fn data(n: usize) -> Arc<Dataset> {
    let mut rng = Rng::stream(1, Purpose::Bench, 0);
    Arc::new(Dataset {
        name: "points".to_owned(),
        feature_names: ["a", "b", "c"].map(str::to_owned).to_vec(),
        target_name: "y".to_owned(),
        n_rows: n,
        n_features: 3,
        x: (0..3 * n).map(|_| rng.normal()).collect(),
        targets: Targets::Values {
            columns: 1,
            values: (0..n).map(|_| rng.normal()).collect(),
        },
    })
}

fn network(activations: &[Activation], n: usize) -> (Network, Vec<f64>) {
    let hidden = vec![7; activations.len()];
    let network = Network::new(hidden, Activations::Each(activations.to_vec()), Loss::Mse, data(n)).expect("a model");
    let mut x = vec![0.0; network.dim()];
    network.sample_start(&mut Rng::stream(2, Purpose::Start, 0), &mut x);
    (network, x)
}

#[test]
fn gauss_newton_products_are_those_of_the_units_that_are_left() {
    // Where the model says what it should, whoever is left out, the Hessian is the Gauss-Newton matrix: here it says its last bias.
    let (network, mut x) = network(&[Activation::Tanh, Activation::Relu], 200);
    let mut all_same = (**network.data()).clone();
    all_same.targets = Targets::Values {
        columns: 1,
        values: vec![0.75; 200],
    };
    let (network, mut scratch) = (network.with_data(Arc::new(all_same)).with_dropout(0.4), Scratch::default());
    let last = x.len() - 8;
    x[last..].fill(0.0);
    x[last + 7] = 0.75;
    let v: Vec<f64> = (0..x.len()).map(|i| (1.7 * i as f64).sin()).collect();
    let mut products = |batch: Batch<'_>| {
        let (mut gv, mut hv) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        let squares = network.least_squares().expect("squares");
        squares.gauss_newton_vec(&x, &v, batch, &mut gv, &mut scratch);
        network.hess_vec(&x, &v, batch, &mut hv, &mut scratch);
        for (gv, hv) in gv.iter().zip(&hv) {
            assert!((gv - hv).abs() < 1e-12, "{gv} not {hv}");
        }
        gv
    };
    let whole = products(Batch::Full);
    let masked = products(Batch::Masked { rows: None, key: 5 });
    assert!(
        whole.iter().zip(&masked).any(|(a, b)| (a - b).abs() > 1e-3),
        "units are left out"
    );
}

#[test]
fn derivatives_are_those_of_the_units_that_are_left() {
    use Activation::{Gelu, Relu, Softplus, Tanh};
    for activations in [&[Tanh][..], &[Tanh, Gelu], &[Softplus, Relu, Tanh]] {
        // More rows than fit into one portion, so that pieces are put together.
        let (network, x) = network(activations, 700);
        let (network, mut scratch) = (network.with_dropout(0.4), Scratch::default());
        let v: Vec<f64> = x.iter().map(|x| (9.0 * x).sin()).collect();
        let batch = Batch::Masked { rows: None, key: 77 };
        let mut at = |t: f64| {
            let point: Vec<f64> = x.iter().zip(&v).map(|(x, v)| x + t * v).collect();
            let mut grad = vec![0.0; x.len()];
            let value = network.value_and_grad(&point, batch, &mut grad, &mut scratch);
            assert!((network.value(&point, batch, &mut scratch) - value).abs() < 1e-13);
            (value, grad)
        };
        let h = 1e-5;
        let ((up, grad_up), (down, grad_down), (_, grad)) = (at(h), at(-h), at(0.0));
        let slope: f64 = grad.iter().zip(&v).map(|(g, v)| g * v).sum();
        assert!((slope - (up - down) / (2.0 * h)).abs() < 1e-6, "{activations:?}");
        let mut hv = vec![0.0; x.len()];
        network.hess_vec(&x, &v, batch, &mut hv, &mut scratch);
        for (hv, (up, down)) in hv.iter().zip(grad_up.iter().zip(&grad_down)) {
            assert!((hv - (up - down) / (2.0 * h)).abs() < 1e-5, "{activations:?}");
        }
    }
}

#[test]
fn nothing_is_left_out_but_in_a_step_and_keys_tell_steps_apart() {
    let (plain, x) = network(&[Activation::Tanh, Activation::Relu], 90);
    let dropping = plain.clone().with_dropout(0.5);
    let value = |network: &Network, batch| network.value(&x, batch, &mut Scratch::default());
    assert_eq!(value(&plain, Batch::Full), value(&dropping, Batch::Full));
    let masked = |key| value(&dropping, Batch::Masked { rows: None, key });
    assert_eq!(masked(1), masked(1));
    assert_ne!(masked(1), masked(2));
    assert_ne!(masked(1), value(&plain, Batch::Full));
    let rows: Vec<u32> = (0..90).collect();
    let named = value(
        &dropping,
        Batch::Masked {
            rows: Some(&rows),
            key: 1,
        },
    );
    assert_eq!(named, masked(1), "all rows by their numbers are all rows");
}

#[test]
fn on_average_an_affine_model_says_what_it_says_without() {
    // One hidden layer without a bend: the expectation of the output is the output. All inputs and the target are 0 but for the bias.
    let (network, x) = network(&[Activation::Identity], 1);
    let dropping = network.clone().with_dropout(0.3);
    let outputs = |network: &Network, batch| {
        // The gradient of the loss (z - y)² with respect to the last bias is 2 (z - y).
        let mut grad = vec![0.0; x.len()];
        network.value_and_grad(&x, batch, &mut grad, &mut Scratch::default());
        grad[x.len() - 1] / 2.0
    };
    let keys = 40_000;
    let mean = (0..keys)
        .map(|key| outputs(&dropping, Batch::Masked { rows: None, key }))
        .sum::<f64>()
        / f64::from(keys as u32);
    let exact = outputs(&network, Batch::Full);
    assert!((mean - exact).abs() < 0.01, "{mean} {exact}");
}

#[test]
fn a_run_with_dropout_is_replayed_exactly() {
    let source = Source::Bundled { id: "iris".to_owned() };
    let table = Bundled::from_id("iris").expect("bundled").table().expect("a table");
    let mut problem = ModelProblem::suggested(source, &table).expect("a problem");
    problem.model.dropout = 0.2;
    problem.batch = Some(16);
    let model = LoadedModel::new(&problem, 5, &table).expect("a model");
    let experiment = Experiment {
        problem: Problem::Model(problem),
        steps: 120,
        runs: vec![RunConfig::of(OptimizerConfig::from_id("adam").expect("a rule"), 0)],
        ..Experiment::default()
    };
    let plan = experiment.plan(&experiment.runs[0], Some(&model)).expect("a plan");
    let whole = Trajectory::of(&plan);
    let (mut run, mut pieces) = (Run::new(plan.clone()), Trajectory::new(&plan));
    while run.is_running() {
        pieces.append(run.advance(7));
    }
    assert_eq!(pieces.trace().value, whole.trace().value);
    let end = whole.keyframes().last().expect("a keyframe");
    for step in [3, 58, 119] {
        let state = whole.state_at(&plan, step).expect("a state");
        let on = optiscope::run::replay(&plan, &state, 120);
        assert_eq!(on.walk.x, end.walk.x, "from step {step}");
    }
}
