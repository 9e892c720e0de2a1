//! Levenberg-Marquardt: exact on what is linear, far quicker than descent on what is not, and never uphill.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use optiscope::data::{Dataset, Targets};
use optiscope::functions::FunctionConfig;
use optiscope::math::{Purpose, Rng};
use optiscope::model::{Activation, Loss, Network};
use optiscope::objective::{Batch, Batches, Objective, Offer, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, Stages, StepEvent, Trace, Walk};
use serde_json::{Value, json};

fn rule(json: Value) -> OptimizerConfig {
    serde_json::from_value(json).unwrap()
}

const ROWS: usize = 50;
const FEATURES: usize = 3;

/// Rows with a target that is not linear in them.
fn data() -> Arc<Dataset> {
    let mut rng = Rng::stream(5, Purpose::Generate, 0);
    let x: Vec<f64> = (0..ROWS * FEATURES).map(|_| rng.normal()).collect();
    let values = x.chunks(FEATURES).map(|x| (2.0 * x[0]).sin() + x[1] * x[2] + 0.3).collect();
    Arc::new(Dataset {
        name: "made".into(),
        feature_names: (0..FEATURES).map(|i| format!("x{i}")).collect(),
        target_name: "y".into(),
        n_rows: ROWS,
        n_features: FEATURES,
        x,
        targets: Targets::Values { columns: 1, values },
    })
}

fn network(hidden: &[usize], loss: Loss) -> Network {
    Network::new(hidden.to_vec(), Activation::Tanh, loss, data()).unwrap()
}

fn start(network: &Network) -> Vec<f64> {
    let mut x = vec![0.0; network.dim()];
    network.sample_start(&mut Rng::stream(1, Purpose::Start, 0), &mut x);
    x
}

fn walk(objective: &dyn Objective, rule: &OptimizerConfig, x0: &[f64], steps: u64) -> (Walk, Trace) {
    decayed(objective, rule, x0, steps, 0.0)
}

/// A run with coupled weight decay around the rule.
fn decayed(objective: &dyn Objective, rule: &OptimizerConfig, x0: &[f64], steps: u64, weight_decay: f64) -> (Walk, Trace) {
    let stages = Stages {
        weight_decay,
        ..Stages::default()
    };
    let fixed = Fixed {
        objective,
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let (mut walk, mut trace) = (Walk::new(x0), Trace::new(0));
    rule.start(x0).advance(&fixed, &mut walk, steps, &mut trace);
    walk.finish(&fixed, &mut trace);
    (walk, trace)
}

#[test]
fn a_linear_model_is_solved_as_by_the_normal_equations() {
    let data = data();
    let Targets::Values { values, .. } = &data.targets else {
        panic!("numbers");
    };
    for l2 in [0.0, 0.1] {
        let model = network(&[], Loss::Mse).with_penalties(0.0, l2);
        // [X 1], and 2/n Xᵀ(Xw - y) + l2 w = 0 with no penalty on the bias.
        let design = DMatrix::from_fn(
            ROWS,
            FEATURES + 1,
            |i, j| if j < FEATURES { data.x[i * FEATURES + j] } else { 1.0 },
        );
        let mut normal = 2.0 / ROWS as f64 * design.transpose() * &design;
        (0..FEATURES).for_each(|i| normal[(i, i)] += l2);
        let right = 2.0 / ROWS as f64 * design.transpose() * DVector::from_column_slice(values);
        let solution = normal.cholesky().unwrap().solve(&right);
        for scaled in [false, true] {
            let config = json!({ "id": "levenberg_marquardt", "scaled": scaled });
            let (walk, trace) = walk(&model, &rule(config), &start(&model), 8);
            for (got, want) in walk.x.iter().zip(&solution) {
                assert!((got - want).abs() < 1e-8, "{got} not {want} (scaled {scaled}, l2 {l2})");
            }
            // A step is kept if the value falls: below the root of its rounding nothing does.
            assert!(trace.grad_norm[8] < 1e-8, "{:?}", trace.grad_norm);
        }
    }
}

#[test]
fn weight_decay_around_it_is_part_of_what_it_minimises() {
    // Over all variables, as PyTorch's: the same as a penalty on the weights and one on the bias.
    let model = network(&[], Loss::Mse);
    let (walk, _) = decayed(&model, &rule(json!({ "id": "levenberg_marquardt" })), &start(&model), 8, 0.2);
    let mut grad = vec![0.0; model.dim()];
    model.value_and_grad(&walk.x, Batch::Full, &mut grad, &mut Scratch::default());
    for (g, x) in grad.iter().zip(&walk.x) {
        assert!((g + 0.2 * x).abs() < 1e-7, "{g} at {x}");
    }
}

#[test]
fn a_network_is_fitted_in_far_fewer_steps_than_by_descent() {
    let model = network(&[8], Loss::Mse);
    let x0 = start(&model);
    let (_, fast) = walk(&model, &rule(json!({ "id": "levenberg_marquardt" })), &x0, 20);
    let (_, slow) = walk(&model, &rule(json!({ "id": "sgd", "lr": 0.1 })), &x0, 1000);
    assert!(
        fast.value[20] < 0.5 * slow.value[1000],
        "{} {}",
        fast.value[20],
        slow.value[1000]
    );
    // It never goes uphill, and says so where it cannot go down.
    for (step, pair) in fast.value.windows(2).enumerate() {
        match fast.event[step] {
            StepEvent::Moved => assert!(pair[1] < pair[0], "step {step}: {pair:?}"),
            event => assert!(event == StepEvent::Rejected && pair[1] == pair[0], "step {step}: {event:?}"),
        }
    }
}

#[test]
fn gauss_newton_products_are_those_of_the_jacobian() {
    // By central differences of the outputs; every activation, so that none is taken for another.
    for activation in Activation::ALL {
        let model = Network::new(vec![4, 3], activation, Loss::Mse, data())
            .unwrap()
            .with_penalties(0.0, 0.2);
        let (x, n) = (start(&model), model.dim());
        let outputs = |x: &[f64]| {
            let mut outputs = vec![0.0; ROWS];
            model.predict(x, &model.data().x, &mut outputs, &mut Scratch::default());
            DVector::from_vec(outputs)
        };
        let column = |i: usize| {
            let (mut low, mut high) = (x.clone(), x.clone());
            low[i] -= 1e-5;
            high[i] += 1e-5;
            (outputs(&high) - outputs(&low)) / 2e-5
        };
        let jacobian = DMatrix::from_columns(&(0..n).map(column).collect::<Vec<_>>());
        let mut rng = Rng::stream(2, Purpose::Bench, 0);
        let v = DVector::from_fn(n, |_, _| rng.normal());
        let mut want = 2.0 / ROWS as f64 * jacobian.transpose() * (&jacobian * &v);
        for span in model.layout() {
            span.range().for_each(|i| want[i] += 0.2 * v[i]);
        }
        let mut got = vec![0.0; n];
        let squares = model.least_squares().expect("a squared loss");
        squares.gauss_newton_vec(&x, v.as_slice(), Batch::Full, &mut got, &mut Scratch::default());
        for (got, want) in got.iter().zip(&want) {
            assert!(
                (got - want).abs() < 1e-5 * want.abs().max(1.0),
                "{activation:?}: {got} not {want}"
            );
        }
    }
}

#[test]
fn the_gauss_newton_matrix_has_no_negative_curvature_where_the_hessian_has() {
    let model = network(&[6], Loss::Mse);
    let (x, n) = (start(&model), model.dim());
    let squares = model.least_squares().expect("a squared loss");
    let mut matrices = [DMatrix::zeros(n, n), DMatrix::zeros(n, n)];
    let (mut unit, mut scratch) = (vec![0.0; n], Scratch::default());
    for i in 0..n {
        unit[i] = 1.0;
        let mut column = vec![0.0; n];
        squares.gauss_newton_vec(&x, &unit, Batch::Full, &mut column, &mut scratch);
        matrices[0].column_mut(i).copy_from_slice(&column);
        model.hess_vec(&x, &unit, Batch::Full, &mut column, &mut scratch);
        matrices[1].column_mut(i).copy_from_slice(&column);
        unit[i] = 0.0;
    }
    let [gauss_newton, hessian] = matrices.map(|matrix| SymmetricEigen::new(matrix).eigenvalues.min());
    assert!(gauss_newton > -1e-12 && hessian < -1e-3, "{gauss_newton} {hessian}");
}

#[test]
fn what_is_no_sum_of_squares_is_refused() {
    let refusal = |objective: &dyn Objective| {
        let rule = rule(json!({ "id": "levenberg_marquardt" }));
        rule.refusal(&Offer::of(objective, &Batches::Full))
    };
    assert_eq!(refusal(&network(&[4], Loss::Mse)), None);
    assert_eq!(refusal(&network(&[4], Loss::Mse).with_penalties(0.0, 0.1)), None);
    let others: [Arc<dyn Objective>; 3] = [
        Arc::new(network(&[4], Loss::Huber)),
        Arc::new(network(&[4], Loss::Mse).with_penalties(0.1, 0.0)),
        FunctionConfig::default().objective(),
    ];
    for other in others {
        let why = refusal(other.as_ref()).expect("a refusal");
        assert!(why.starts_with("Levenberg-Marquardt needs a sum of squares"), "{why}");
    }
    let large = refusal(&network(&[60, 60], Loss::Mse)).expect("too large");
    assert!(large.contains("up to 2000"), "{large}");
}
