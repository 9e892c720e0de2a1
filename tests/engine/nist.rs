//! Linear regression on NIST's reference sets: as many digits as the data hold, and a word where they hold few.

use std::sync::Arc;

use crate::golden::{numbers, read};
use optiscope::data::{Preparation, Prepared, Progress, ReadOptions, Targets, Task, moments, prepare, read_bytes};
use optiscope::math::least_squares::{Equations, Solution};
use optiscope::math::vector;
use optiscope::model::{Activation, Loss, Network};
use optiscope::objective::{Batch, Batches, Objective, Offer, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, RunStatus, Slot, Stages, Trace, Walk};

/// The numbers of a set, row by row: y, then the predictors.
fn rows(set: &str) -> Vec<Vec<f64>> {
    let path = format!("{}/tests/golden/nist/{set}.csv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let numbers = |line: &str| line.split(',').map(|cell| cell.parse().unwrap()).collect();
    text.lines().skip(1).filter(|line| !line.is_empty()).map(numbers).collect()
}

/// y and the predictors of NIST's model but the constant: powers of x, or the columns as they are.
fn design(set: &str) -> Vec<(f64, Vec<f64>)> {
    let powers = match set {
        "pontius" => 2,
        "wampler1" | "wampler2" => 5,
        _ => 1,
    };
    let of = |row: Vec<f64>| match row.as_slice() {
        [y, x] => (*y, (1..=powers).map(|k| x.powi(k)).collect()),
        [y, x @ ..] => (*y, x.to_vec()),
        [] => panic!("an empty row"),
    };
    rows(set).into_iter().map(of).collect()
}

fn certified(set: &str) -> Vec<f64> {
    let file = read("nist/certified.json");
    numbers(&file[set]["beta_exact20"])
}

/// The smallest number of digits that agree (NIST's LRE).
fn digits(ours: &[f64], certified: &[f64]) -> f64 {
    assert_eq!(ours.len(), certified.len());
    let pairs = ours.iter().zip(certified);
    let digits = pairs.map(|(a, b)| if a == b { 16.0 } else { -((a - b) / b).abs().log10() });
    digits.fold(16.0, f64::min)
}

/// Solved as a model without an intercept is written: no column of ones, unless it is asked for.
fn solved(set: &str, intercept: bool) -> Solution {
    let design = design(set);
    let columns = design[0].1.len() + usize::from(intercept);
    let mut equations = Equations::new(design.len(), columns);
    for (row, (y, x)) in design.iter().enumerate() {
        let constant = intercept.then_some(1.0);
        let coefficients: Vec<f64> = constant.into_iter().chain(x.iter().copied()).collect();
        equations.set(row, &coefficients, *y);
    }
    equations.solve()
}

const SETS: [(&str, f64); 5] = [
    ("norris", 12.0),
    ("pontius", 12.0),
    ("wampler1", 12.0),
    ("wampler2", 12.0),
    ("longley", 12.0),
];

#[test]
fn the_solver_has_twelve_digits_of_every_set() {
    for (set, intercept) in SETS
        .map(|(set, _)| (set, true))
        .into_iter()
        .chain([("noint1", false), ("noint2", false)])
    {
        let solution = solved(set, intercept);
        let right = digits(&solution.x, &certified(set));
        assert!(right >= 12.0, "{set}: {right} digits, {solution:?}");
        assert_eq!(solution.rank, solution.x.len(), "{set}");
    }
    // Longley's seven columns nearly depend on each other, Norris's two do not.
    assert_eq!(solved("norris", true).digits_lost(), 0);
    assert!(solved("longley", true).digits_lost() >= 4);
}

/// The set as a file that the program reads, and what it prepares of it.
fn prepared(set: &str, standardize: bool) -> Prepared {
    let design = design(set);
    let names: Vec<String> = (1..=design[0].1.len()).map(|k| format!("x{k}")).collect();
    let mut text = format!("y,{}\n", names.join(","));
    for (y, x) in &design {
        let cells: Vec<String> = std::iter::once(y).chain(x).map(|v| format!("{v:?}")).collect();
        text += &format!("{}\n", cells.join(","));
    }
    let table = read_bytes("nist.csv", text.as_bytes(), &ReadOptions::default(), &Progress::default()).unwrap();
    let preparation = Preparation {
        target: "y".to_owned(),
        features: Some(names),
        task: Some(Task::Regression),
        standardize,
        validation: 0.0,
        ..Preparation::default()
    };
    prepare(&table, &preparation).unwrap_or_else(|e| panic!("{set}: {e}"))
}

/// Where the rule stands after its steps, and what it has to say.
fn trained(network: &Network, steps: u64) -> (Walk, Box<dyn Slot>) {
    let stages = Stages::default();
    let fixed = Fixed {
        objective: network,
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let x0 = vec![0.3; network.dim()];
    let (mut walk, mut slot) = (Walk::new(&x0), least_squares().start(&x0));
    slot.advance(&fixed, &mut walk, steps, &mut Trace::new(0));
    assert_eq!(walk.status, RunStatus::Running);
    (walk, slot)
}

fn least_squares() -> OptimizerConfig {
    OptimizerConfig::from_id("least_squares").unwrap()
}

fn linear(prepared: &Prepared, l2: f64) -> Network {
    let network = Network::new(vec![], Activation::Identity, Loss::Mse, Arc::clone(&prepared.train)).unwrap();
    network.with_penalties(0.0, l2)
}

/// Intercept and slopes in the units of the file, from weights for standardised columns or plain ones.
fn in_units(weights: &[f64], prepared: &Prepared, set: &str) -> Vec<f64> {
    let (slopes, intercept) = weights.split_at(weights.len() - 1);
    let Some(scaling) = &prepared.scaling else {
        return intercept.iter().chain(slopes).copied().collect();
    };
    let (mean, sd) = scaling.target.as_ref().unwrap()[0];
    let design = design(set);
    let columns = (0..slopes.len()).map(|k| moments(design.iter().map(move |(_, x)| x[k])));
    let (means, sds): (Vec<f64>, Vec<f64>) = columns.unzip();
    let slopes: Vec<f64> = slopes.iter().zip(&sds).map(|(w, s)| w * sd / s).collect();
    let intercept = intercept[0] * sd + mean - vector::dot(&slopes, &means);
    std::iter::once(intercept).chain(slopes).collect()
}

#[test]
fn a_model_trained_on_the_file_has_them_too() {
    for (set, plain) in SETS {
        for standardize in [false, true] {
            let prepared = prepared(set, standardize);
            let (walk, slot) = trained(&linear(&prepared, 0.0), 1);
            let right = digits(&in_units(&walk.x, &prepared, set), &certified(set));
            // Standardising rounds the columns; what is lost by that is lost to the solver too.
            let least = if standardize { 8.0 } else { plain };
            assert!(right >= least, "{set}, standardised {standardize}: {right} digits");
            if set == "longley" && !standardize {
                let said = slot.remark().unwrap();
                assert!(said.contains("ill-conditioned") && said.contains("digits are lost"), "{said}");
            }
            if set == "norris" {
                assert_eq!(slot.remark(), None);
            }
        }
    }
}

#[test]
fn one_step_is_at_the_minimum_with_a_penalty_or_without() {
    let prepared = prepared("longley", true);
    for l2 in [0.0, 0.1, 3.0] {
        let network = linear(&prepared, l2);
        let (walk, slot) = trained(&network, 1);
        let mut grad = walk.x.clone();
        network.value_and_grad(&walk.x, Batch::Full, &mut grad, &mut Scratch::default());
        assert!(vector::norm(&grad) < 1e-13, "{l2}: {grad:?}");
        let (later, again) = trained(&network, 5);
        assert!(later.x == walk.x && again == slot, "there it stays");
    }
}

#[test]
fn weight_decay_around_the_rule_is_part_of_the_problem() {
    let prepared = prepared("norris", true);
    let network = linear(&prepared, 0.0);
    let stages = Stages {
        weight_decay: 0.2,
        ..Stages::default()
    };
    let fixed = Fixed {
        objective: &network,
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let x0 = vec![1.0; network.dim()];
    let mut walk = Walk::new(&x0);
    least_squares().start(&x0).advance(&fixed, &mut walk, 1, &mut Trace::new(0));
    let mut grad = x0.clone();
    network.value_and_grad(&walk.x, Batch::Full, &mut grad, &mut Scratch::default());
    vector::axpy(0.2, &walk.x, &mut grad);
    assert!(vector::norm(&grad) < 1e-14, "{grad:?}");
}

#[test]
fn columns_that_follow_from_others_are_told() {
    let mut prepared = prepared("longley", false);
    let mut data = (*prepared.train).clone();
    // The third column twice.
    for row in data.x.chunks_mut(6) {
        row[4] = 2.0 * row[2];
    }
    prepared.train = Arc::new(data);
    let network = linear(&prepared, 0.0);
    let (walk, slot) = trained(&network, 1);
    assert!(slot.remark().unwrap().starts_with("1 of 7 parameters"), "{:?}", slot.remark());
    assert!(walk.x.iter().all(|w| w.is_finite()) && walk.x.contains(&0.0));
}

#[test]
fn more_columns_than_rows_and_several_targets() {
    let mut wide = Equations::new(2, 3);
    wide.set(0, &[1.0, 2.0, 3.0], 6.0);
    wide.set(1, &[1.0, -1.0, 2.0], 2.0);
    let solution = wide.solve();
    assert_eq!(solution.rank, 2);
    let misfit = |a: [f64; 3], b: f64| (vector::dot(&a, &solution.x) - b).abs();
    assert!(misfit([1.0, 2.0, 3.0], 6.0) < 1e-14 && misfit([1.0, -1.0, 2.0], 2.0) < 1e-14);
    assert!(Equations::new(3, 2).solve().x.iter().all(|x| *x == 0.0));

    let mut data = (*prepared("longley", true).train).clone();
    let Targets::Values { values, .. } = &data.targets else {
        panic!("numbers")
    };
    let values = values.iter().flat_map(|y| [*y, 3.0 - 2.0 * y]).collect();
    data.targets = Targets::Values { columns: 2, values };
    let network = Network::new(vec![], Activation::Identity, Loss::Mse, Arc::new(data)).unwrap();
    let (walk, _) = trained(&network.with_penalties(0.0, 0.0), 1);
    let [first, second] = [0, 6].map(|start| &walk.x[start..start + 6]);
    assert!(
        first.iter().zip(second).all(|(a, b)| (b + 2.0 * a).abs() < 1e-11),
        "{first:?} {second:?}"
    );
}

#[test]
fn it_says_why_it_cannot_be_used() {
    let prepared = prepared("norris", true);
    let network = linear(&prepared, 0.0);
    let mini = Batches::Mini {
        n: network.n_samples(),
        size: 8,
        shuffle: true,
        seed: 0,
    };
    let refusal = |network: &Network, batches| least_squares().refusal(&Offer::of(network, batches));
    assert_eq!(refusal(&network, &Batches::Full), None);
    assert!(refusal(&network, &mini).unwrap().contains("full batch"));
    let mlp = Network::new(vec![3], Activation::Tanh, Loss::Mse, Arc::clone(&prepared.train)).unwrap();
    let absolute = Network::new(vec![], Activation::Tanh, Loss::Mae, Arc::clone(&prepared.train)).unwrap();
    for other in [mlp, absolute, network.with_penalties(0.1, 0.0)] {
        let why = refusal(&other, &Batches::Full).unwrap();
        assert!(
            why.starts_with("Exact least squares needs a model without hidden layers"),
            "{why}"
        );
    }
}
