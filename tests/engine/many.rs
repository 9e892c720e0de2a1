//! Functions in many variables: the literature's numbers, and the same function as in two.

use std::sync::Arc;

use optiscope::experiment::{Directions, Experiment, FunctionProblem, Problem, from_json, to_json};
use optiscope::functions::{FunctionConfig, MAX_DIM, Transform};
use optiscope::landscape::{GridSpec, Normalization};
use optiscope::math::{Purpose, Rng};
use optiscope::objective::{Batch, Scratch};
use optiscope::workbench::{Pool, Workbench};

use crate::golden::{items, numbers, read};

fn any_dim() -> impl Iterator<Item = FunctionConfig> {
    FunctionConfig::all().into_iter().filter(|function| function.any_dim())
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(1.0, |m, v| m.max(v.abs()))
}

#[test]
fn values_and_gradients_in_ten_dimensions() {
    let file = read("functions.json");
    let mut seen = 0;
    for entry in items(&file["functions_nd"]) {
        let id = entry["id"].as_str().unwrap();
        let n = entry["n"].as_u64().unwrap() as usize;
        let objective = FunctionConfig::from_id(id).unwrap().objective_in(n);
        for point in items(&entry["points"]) {
            let (x, f, g) = (numbers(&point["x"]), point["f"].as_f64().unwrap(), numbers(&point["g"]));
            let mut grad = vec![0.0; n];
            let value = objective.value_and_grad(&x, Batch::Full, &mut grad, &mut Scratch::default());
            assert!((value - f).abs() <= 1e-12 * f.abs().max(1.0), "{id}: {value} not {f}");
            let scale = largest(&g);
            for (i, (got, want)) in grad.iter().zip(&g).enumerate() {
                assert!((got - want).abs() <= 1e-12 * scale, "{id}: g[{i}] = {got} not {want}");
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 20);
}

#[test]
fn derivatives_agree_with_differences_whatever_the_number_of_variables() {
    for function in any_dim() {
        for n in [3, 8, 17, MAX_DIM] {
            let (id, objective) = (function.id(), function.objective_in(n));
            assert_eq!(
                (objective.dim(), objective.domain().map(|d| d.low.len())),
                (n, Some(n)),
                "{id}"
            );
            let (mut x, mut v) = (vec![0.0; n], vec![0.0; n]);
            let mut rng = Rng::stream(3, Purpose::Bench, n as u64);
            objective.sample_start(&mut rng, &mut x);
            v.iter_mut().for_each(|v| *v = rng.uniform_in(-1.0, 1.0));
            let mut scratch = Scratch::default();
            let mut at = |h: f64| {
                let moved: Vec<f64> = x.iter().zip(&v).map(|(x, v)| x + h * v).collect();
                let mut grad = vec![0.0; n];
                let value = objective.value_and_grad(&moved, Batch::Full, &mut grad, &mut scratch);
                assert_eq!(value, objective.value(&moved, Batch::Full, &mut scratch), "{id}");
                (value, grad)
            };
            let h = 1e-6;
            let ((above, up), (here, grad), (below, down)) = (at(h), at(0.0), at(-h));
            let slope: f64 = grad.iter().zip(&v).map(|(g, v)| g * v).sum();
            let rough = (above - below) / (2.0 * h);
            let noise = here.abs() * 1e-16 / h;
            assert!(
                (rough - slope).abs() < 1e-4 * largest(&grad) * n as f64 + 100.0 * noise,
                "{id} in {n}: {rough} {slope}"
            );
            let mut hv = vec![0.0; n];
            objective.hess_vec(&x, &v, Batch::Full, &mut hv, &mut Scratch::default());
            let noise = largest(&grad) * 1e-16 / h;
            for i in 0..n {
                let rough = (up[i] - down[i]) / (2.0 * h);
                assert!(
                    (rough - hv[i]).abs() < 1e-3 * largest(&hv) + 100.0 * noise,
                    "{id} in {n}: {rough} {}",
                    hv[i]
                );
            }
        }
    }
}

#[test]
fn stated_minima_are_stationary_and_nothing_near_is_lower() {
    for function in any_dim() {
        for n in [2, 3, 10, MAX_DIM] {
            let (id, objective) = (function.id(), function.objective_in(n));
            let Some(x) = function.minimum_in(n) else {
                assert_eq!(id, "michalewicz", "a function with no minimum stated in {n} variables");
                continue;
            };
            let mut scratch = Scratch::default();
            let mut grad = vec![0.0; n];
            let value = objective.value_and_grad(&x, Batch::Full, &mut grad, &mut scratch);
            assert!(grad.iter().all(|g| g.abs() < 1e-6), "{id} in {n}: {grad:?}");
            let mut rng = Rng::stream(9, Purpose::Bench, n as u64);
            for scale in [1e-3, 1e-2, 0.1, 1.0] {
                for _ in 0..30 {
                    let near: Vec<f64> = x.iter().map(|x| x + scale * rng.uniform_in(-1.0, 1.0)).collect();
                    assert!(
                        objective.value(&near, Batch::Full, &mut scratch) >= value - 1e-9,
                        "{id} in {n}"
                    );
                }
            }
        }
    }
}

#[test]
fn in_two_variables_it_is_the_function_of_two_variables() {
    for function in FunctionConfig::all() {
        let x = function.start();
        let value = |n: usize| function.objective_in(n).value(&x, Batch::Full, &mut Scratch::default());
        assert_eq!(value(2), function.derivatives(x).value, "{}", function.id());
        assert!(function.any_dim() || function.objective_in(10).dim() == 2);
    }
}

/// The welcome's runs on a function of many variables, laid askew.
fn in_many(id: &str, dim: usize, directions: Directions) -> Experiment {
    let mut problem = FunctionProblem::of(FunctionConfig::from_id(id).unwrap());
    problem.dim = dim;
    problem.slice.directions = directions;
    problem.slice.grid = 7;
    problem.lay(Transform {
        rotation: 20.0,
        shift_x: 0.1,
        ..Transform::default()
    });
    Experiment {
        problem: Problem::Function(problem),
        steps: 120,
        ..Experiment::default()
    }
}

fn settled(bench: &mut Workbench, experiment: &Experiment) {
    while {
        bench.poll(experiment);
        bench.is_busy()
    } {}
}

#[test]
fn a_function_of_many_variables_is_shown_on_a_plane_and_every_ball_says_how_far_it_is_from_it() {
    let random = Directions::Random {
        normalize: Normalization::Filter,
    };
    for (dim, directions) in [
        (10, Directions::Pca),
        (11, random),
        (MAX_DIM, Directions::Parameters { a: 0, b: 7 }),
    ] {
        let experiment = in_many("styblinski_tang", dim, directions);
        let Problem::Function(problem) = &experiment.problem else {
            unreachable!()
        };
        let objective = problem.objective();
        let value = |x: &[f64]| objective.value(x, Batch::Full, &mut Scratch::default());
        let mut bench = Workbench::new(Pool::inline(), Arc::new(|| {}));
        bench.reconcile(&experiment);
        settled(&mut bench, &experiment);
        let plane = Arc::clone(bench.plane().expect("a plane"));
        assert_eq!(plane.slice.dim(), dim);
        assert!(plane.slice.u.iter().any(|u| *u != 0.0) && plane.slice.v.iter().any(|v| *v != 0.0));
        assert_eq!(plane.paths.len(), experiment.runs.len());
        for step in [0, 37, 120] {
            bench.probe(&experiment, step);
            settled(&mut bench, &experiment);
            for (i, lane) in bench.lanes().iter().enumerate() {
                let probe = bench.probes().of(i).expect("an answer");
                let state = lane.trajectory().state_at(lane.plan(), step).expect("known").walk;
                let (ab, off) = plane.slice.project(&state.x);
                assert_eq!((probe.step, probe.ab, probe.off), (state.step, ab, off));
                assert_eq!(probe.true_loss, value(&state.x));
                let mut under = vec![0.0; dim];
                plane.slice.embed(ab[0], ab[1], &mut under);
                assert_eq!(probe.plane_loss, value(&under));
            }
        }
        let [a, b] = plane.everything;
        bench.paint(&experiment, GridSpec { a, b, n_a: 7, n_b: 7 });
        settled(&mut bench, &experiment);
        let picture = bench.easel().picture().expect("painted");
        let mut corner = vec![0.0; dim];
        plane.slice.embed(a[0], b[0], &mut corner);
        let deviation = (picture.grid.values[0] - value(&corner)).abs();
        assert!(deviation <= 1e-9 * value(&corner).abs(), "{deviation}");
        bench.read_at(&experiment, [0.25, -0.5]);
        settled(&mut bench, &experiment);
        bench.poll(&experiment);
        let mut there = vec![0.0; dim];
        plane.slice.embed(0.25, -0.5, &mut there);
        assert_eq!(
            bench.read_at(&experiment, [0.25, -0.5]).map(|reading| reading.loss),
            Some(value(&there))
        );
    }
}

#[test]
fn turned_landscapes_of_many_variables_keep_exact_derivatives_and_their_minimum() {
    for n in [3, 10] {
        let Problem::Function(mut problem) = in_many("rosenbrock", n, Directions::Pca).problem else {
            unreachable!()
        };
        problem.lay(Transform {
            rotation: 33.0,
            scale_x: 1.5,
            scale_y: 0.7,
            shift_x: 0.2,
            shift_y: -0.1,
        });
        let objective = problem.objective();
        let (minimum, lowest) = problem.minimum().expect("known");
        let mut grad = vec![0.0; n];
        let value = objective.value_and_grad(&minimum, Batch::Full, &mut grad, &mut Scratch::default());
        assert!(
            (value - lowest).abs() < 1e-20 && grad.iter().all(|g| g.abs() < 1e-10),
            "{value} {grad:?}"
        );
        let (x, mut hv) = (problem.x0(), vec![0.0; n]);
        let v: Vec<f64> = (0..n).map(|i| 1.0 - 0.3 * i as f64).collect();
        objective.hess_vec(&x, &v, Batch::Full, &mut hv, &mut Scratch::default());
        let at = |h: f64| {
            let moved: Vec<f64> = x.iter().zip(&v).map(|(x, v)| x + h * v).collect();
            let mut grad = vec![0.0; n];
            objective.value_and_grad(&moved, Batch::Full, &mut grad, &mut Scratch::default());
            grad
        };
        let (up, down) = (at(1e-6), at(-1e-6));
        for i in 0..n {
            let rough = (up[i] - down[i]) / 2e-6;
            assert!((rough - hv[i]).abs() < 1e-5 * largest(&hv), "{rough} {}", hv[i]);
        }
    }
}

#[test]
fn files_say_the_number_of_variables_only_where_it_is_not_two() {
    let experiment = in_many("rastrigin", 10, Directions::Pca);
    let text = to_json(&experiment);
    assert_eq!(from_json(&text, "memory").expect("readable"), experiment);
    assert!(!to_json(&Experiment::default()).contains("\"dim\""));
    for (from, to, words) in [
        ("\"dim\": 10", "\"dim\": 101", ["problem.dim = 101", "from 2 to 100"]),
        ("\"dim\": 10", "\"dim\": 1", ["problem.dim = 1", "from 2"]),
    ] {
        let error = from_json(&text.replace(from, to), "memory").expect_err("refused").to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
    let beale = to_json(&in_many("beale", 2, Directions::Pca)).replace("\"start\"", "\"dim\": 3, \"start\"");
    let error = from_json(&beale, "memory").expect_err("refused").to_string();
    assert!(error.contains("problem.dim = 3"), "{error}");
}
