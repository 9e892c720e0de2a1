//! Landscapes turned, stretched and moved: the same landscape elsewhere, with exact derivatives.

use optiscope::experiment::{Experiment, FunctionProblem, Problem, RunConfig, from_json, to_json};
use optiscope::functions::{FunctionConfig, Transform};
use optiscope::math::{Purpose, Rng};
use optiscope::objective::{Batch, Objective, Scratch};
use optiscope::optim::OptimizerConfig;
use optiscope::param::{Parameters as _, Value};
use optiscope::run::Trajectory;

/// Nothing in it is round.
const AWRY: Transform = Transform {
    rotation: 33.3,
    scale_x: 1.7,
    scale_y: 0.6,
    shift_x: 0.37,
    shift_y: -1.21,
};

fn laid(function: &FunctionConfig, transform: Transform) -> FunctionProblem {
    let mut problem = FunctionProblem::of(function.clone());
    problem.lay(transform);
    problem
}

/// Where a point of the formula lies, worked out anew.
fn outward(function: &FunctionConfig, t: &Transform, z: [f64; 2]) -> [f64; 2] {
    let centre = function.domain().map(|[low, high]| low + (high - low) / 2.0);
    let (sin, cos) = t.rotation.to_radians().sin_cos();
    let [a, b] = [t.scale_x * (z[0] - centre[0]), t.scale_y * (z[1] - centre[1])];
    [
        centre[0] + t.shift_x + cos * a - sin * b,
        centre[1] + t.shift_y + sin * a + cos * b,
    ]
}

fn random_points(function: &FunctionConfig, n: u64) -> Vec<[f64; 2]> {
    let domain = function.domain();
    let mut rng = Rng::stream(11, Purpose::Bench, n);
    (0..n).map(|_| domain.map(|[low, high]| rng.uniform_in(low, high))).collect()
}

#[track_caller]
fn near(a: f64, b: f64, scale: f64, what: &str) {
    assert!((a - b).abs() <= 1e-9 * scale.max(1.0), "{what}: {a} is not {b}");
}

#[test]
fn a_laid_landscape_has_the_same_heights_at_the_moved_points() {
    for function in FunctionConfig::all() {
        let (problem, objective) = (laid(&function, AWRY), laid(&function, AWRY).objective());
        for z in random_points(&function, 20) {
            let x = outward(&function, &AWRY, z);
            let there = function.derivatives(z);
            let steep = there.gradient[0].hypot(there.gradient[1]) + there.value.abs();
            let value = objective.value(&x, Batch::Full, &mut Scratch::default());
            near(value, there.value, steep, function.id());
            assert_eq!(problem.derivatives(x).value, value, "{}", function.id());
        }
        for (minimum, before) in problem.minima().iter().zip(function.minima()) {
            assert_eq!(minimum.value, before.value);
            let moved = outward(&function, &AWRY, before.x);
            assert!((0..2).all(|i| (minimum.x[i] - moved[i]).abs() < 1e-12 * moved[i].abs().max(1.0)));
            let inside = |i: usize| (problem.domain()[i][0]..=problem.domain()[i][1]).contains(&minimum.x[i]);
            assert!(inside(0) && inside(1), "{}", function.id());
        }
    }
}

#[test]
fn derivatives_follow_the_chain_rule_in_every_form_they_are_asked_for() {
    for function in FunctionConfig::all() {
        let problem = laid(&function, AWRY);
        let objective = problem.objective();
        let mut scratch = Scratch::default();
        for z in random_points(&function, 10) {
            let x = outward(&function, &AWRY, z);
            let d = problem.derivatives(x);
            let size = d.hessian.as_flattened().iter().fold(0.0_f64, |m, h| m.max(h.abs()));
            let mut grad = [0.0; 2];
            objective.value_and_grad(&x, Batch::Full, &mut grad, &mut scratch);
            let steep = d.gradient[0].abs() + d.gradient[1].abs();
            for i in 0..2 {
                near(grad[i], d.gradient[i], steep, function.id());
                let mut v = [0.0; 2];
                v[i] = 1.0;
                let mut hv = [0.0; 2];
                objective.hess_vec(&x, &v, Batch::Full, &mut hv, &mut scratch);
                near(hv[0], d.hessian[0][i], size, function.id());
                near(hv[1], d.hessian[1][i], size, function.id());
            }
        }
    }
}

#[test]
fn the_gradient_is_the_slope_and_the_hessian_its_change() {
    for id in ["rosenbrock", "himmelblau", "rastrigin", "branin", "goldstein_price"] {
        let problem = laid(&FunctionConfig::from_id(id).unwrap(), AWRY);
        for x in [[0.3, -0.4], [-0.7, 0.2]] {
            let d = problem.derivatives(x);
            for i in 0..2 {
                let at = |h: f64| {
                    let mut moved = x;
                    moved[i] += h;
                    problem.derivatives(moved)
                };
                let h = 1e-5;
                let slope = (at(h).value - at(-h).value) / (2.0 * h);
                let bend = [0, 1].map(|k| (at(h).gradient[k] - at(-h).gradient[k]) / (2.0 * h));
                let size = d.hessian.as_flattened().iter().fold(1.0_f64, |m, h| m.max(h.abs()));
                assert!((slope - d.gradient[i]).abs() < 1e-5 * size, "{id}: {slope} {d:?}");
                assert!(
                    (0..2).all(|k| (bend[k] - d.hessian[i][k]).abs() < 1e-5 * size),
                    "{id}: {bend:?} {d:?}"
                );
            }
        }
    }
}

#[test]
fn pictures_show_what_optimizers_feel() {
    let objective = laid(&FunctionConfig::default(), AWRY).objective();
    let (origin, u, v) = ([0.3, -0.2], [1.0, 0.0], [0.0, 1.0]);
    let plane = objective.on_plane(&origin, &u, &v).expect("functions have a fast way");
    let (a, mut row) = ([-1.0, 0.0, 0.5, 2.0], [0.0; 4]);
    plane.fill_row(&plane.columns(&a), 0.75, &mut row, &mut Scratch::default());
    for (a, got) in a.iter().zip(row) {
        let value = objective.value(&[0.3 + a, 0.55], Batch::Full, &mut Scratch::default());
        near(got, value, value.abs(), "on a plane");
    }
}

#[test]
fn where_nothing_is_moved_nothing_changes_and_nothing_is_written() {
    for function in FunctionConfig::all() {
        let (plain, problem) = (function.objective(), FunctionProblem::of(function.clone()));
        let x = function.info().start;
        let value = |objective: &dyn Objective| objective.value(&x, Batch::Full, &mut Scratch::default());
        assert_eq!(value(plain.as_ref()).to_bits(), value(problem.objective().as_ref()).to_bits());
        assert_eq!(
            (problem.domain(), problem.minima(), problem.first_start()),
            (function.domain(), function.minima(), x)
        );
        let experiment = Experiment {
            problem: Problem::Function(problem),
            ..Experiment::default()
        };
        assert!(!to_json(&experiment).contains("transform"));
    }
}

#[test]
fn files_keep_where_a_landscape_lies_and_refuse_what_makes_no_sense() {
    let experiment = Experiment {
        problem: Problem::Function(laid(&FunctionConfig::default(), AWRY)),
        ..Experiment::default()
    };
    let text = to_json(&experiment);
    assert_eq!(from_json(&text, "memory").expect("readable"), experiment);
    for (from, to, words) in [
        ("\"scale_x\": 1.7", "\"scale_x\": 0.0", ["problem.transform", "scale_x = 0"]),
        ("\"scale_x\": 1.7", "\"scale_z\": 1.7", ["scale_z", "scale_x"]),
        ("\"shift_y\": -1.21", "\"shift_y\": -90.0", ["problem.start[1]", "from"]),
    ] {
        let error = from_json(&text.replace(from, to), "memory")
            .expect_err("no sense")
            .to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
}

#[test]
fn every_slider_of_the_transform_moves_the_landscape_and_the_start_with_it() {
    for info in Transform::default().params() {
        let mut problem = FunctionProblem::of(FunctionConfig::default());
        let height = problem.derivatives(problem.start).value;
        let mut transform = Transform::default();
        transform.set(info.name, Value::Number(2.5)).expect("within limits");
        problem.lay(transform);
        assert_ne!(problem.start, problem.function.info().start, "{}", info.name);
        near(problem.derivatives(problem.start).value, height, 1e3, info.name);
        assert_eq!(problem.start, problem.first_start());
        problem.lay(Transform::default());
        let back = problem.function.info().start;
        assert!((0..2).all(|i| (problem.start[i] - back[i]).abs() < 1e-12), "{}", info.name);
    }
}

#[test]
fn quarter_turns_are_exact() {
    let quarter = Transform {
        rotation: 90.0,
        ..Transform::default()
    };
    let himmelblau = FunctionConfig::from_id("himmelblau").unwrap();
    let problem = laid(&himmelblau, quarter);
    assert_eq!(
        problem.derivatives([-2.0, 3.0]),
        laid(
            &himmelblau,
            Transform {
                rotation: -270.0,
                ..quarter
            }
        )
        .derivatives([-2.0, 3.0])
    );
    assert_eq!(
        problem.derivatives([-2.0, 3.0]).value,
        0.0,
        "the minimum (3, 2) lies at (-2, 3)"
    );
    let full = Transform {
        rotation: 360.0,
        ..Transform::default()
    };
    assert_eq!(
        laid(&himmelblau, full).derivatives([1.5, 0.5]),
        himmelblau.derivatives([1.5, 0.5])
    );
}

/// Steps until f < 1e-6 on the bowl of condition 100, turned, from (1, 1) in its own axes.
fn steps_on_turned_bowl(rule: &str, lr: f64, rotation: f64) -> usize {
    let mut rule = OptimizerConfig::from_id(rule).unwrap();
    rule.set("lr", Value::Number(lr)).unwrap();
    let mut problem = FunctionProblem {
        start: [1.0, 1.0],
        ..FunctionProblem::of(FunctionConfig::from_id("quadratic_ill").unwrap())
    };
    problem.lay(Transform {
        rotation,
        ..Transform::default()
    });
    let experiment = Experiment {
        problem: Problem::Function(problem),
        steps: 4000,
        ..Experiment::default()
    };
    let plan = experiment.plan(&RunConfig::of(rule, 0), None).expect("a plan");
    let values = Trajectory::of(&plan).trace().value.clone();
    values.iter().position(|value| *value < 1e-6).expect("it gets there")
}

#[test]
fn adam_needs_the_axes_and_gradient_descent_does_not() {
    for (rotation, adam) in [(0.0, 305), (22.5, 2806), (45.0, 3306)] {
        assert_eq!(
            steps_on_turned_bowl("sgd", 2.0 / 101.0, rotation),
            444,
            "turned by {rotation}"
        );
        assert_eq!(steps_on_turned_bowl("adam", 0.01, rotation), adam, "turned by {rotation}");
    }
}
