//! Many points at once: the same numbers as one by one, whatever the way.

use optiscope::functions::FunctionConfig;
use optiscope::math::simd::LANES;
use optiscope::math::{Purpose, Rng};
use optiscope::objective::{Batch, HeavyBall, Objective, Scratch};

/// Numbers that are equal, or neither of which is a number; zeros may differ in sign.
fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// Points spread over the domain of a function, and points at which formulas may bend: first coordinates, then second ones.
fn points(objective: &dyn Objective, n: usize) -> Vec<f64> {
    let mut rng = Rng::stream(3, Purpose::Bench, 0);
    let mut points = vec![0.0; 2 * n];
    for k in 0..n {
        let mut x = [0.0; 2];
        objective.sample_start(&mut rng, &mut x);
        match k % 16 {
            3 => x = [0.0, 0.0],
            7 => x[1] = x[0],
            11 => x = [x[0].round(), x[1].round()],
            _ => {}
        }
        (points[k], points[n + k]) = (x[0], x[1]);
    }
    points
}

#[test]
fn gradients_at_many_points_are_those_of_each() {
    let mut scratch = Scratch::default();
    for function in FunctionConfig::all() {
        let objective = function.objective();
        // Whole vectors in several blocks, and a number of points that fills none.
        for n in [LANES, 130 * LANES, 21] {
            let points = points(objective.as_ref(), n);
            let mut grads = vec![f64::NAN; 2 * n];
            let finite = objective.gradients(&points, &mut grads, &mut scratch);
            for k in 0..n {
                let x = [points[k], points[n + k]];
                let mut alone = [0.0; 2];
                let value = objective.value_and_grad(&x, Batch::Full, &mut alone, &mut scratch);
                let got = [grads[k], grads[n + k]];
                assert!(
                    same(alone[0], got[0]) && same(alone[1], got[1]),
                    "{} at {x:?}, {n} points: {got:?} not {alone:?}",
                    function.id()
                );
                let fine = value.is_finite() && alone.iter().all(|g| g.is_finite());
                assert!(fine || !finite, "{} at {x:?} is not finite", function.id());
            }
        }
    }
}

#[test]
fn a_gradient_that_is_not_finite_is_told_of() {
    let objective = FunctionConfig::from_id("rosenbrock").unwrap().objective();
    for far in [1e200, f64::INFINITY, f64::NAN] {
        let mut points = vec![0.5; 2 * LANES];
        points[5] = far;
        let mut grads = vec![0.0; 2 * LANES];
        assert!(!objective.gradients(&points, &mut grads, &mut Scratch::default()), "{far}");
    }
}

#[test]
fn a_row_of_a_plane_has_the_values_of_its_points() {
    let mut scratch = Scratch::default();
    let planes = [
        ([0.0, 0.0], [1.0, 0.0], [0.0, 1.0]),
        ([0.3, -0.2], [0.0, 2.0], [1.5, 0.0]),
        ([0.1, 0.0], [0.6, 0.8], [-0.8, 0.6]),
        ([0.5, 0.25], [0.0, 0.0], [0.0, 1.0]),
    ];
    for function in FunctionConfig::all() {
        let objective = function.objective();
        let [[low, high], _] = function.domain();
        for (origin, u, v) in planes {
            // A formula that looks at its numbers cannot be recorded.
            let Some(plane) = objective.on_plane(&origin, &u, &v) else {
                assert!(["formula", "height_map"].contains(&function.id()), "{}", function.id());
                continue;
            };
            for n in [1, LANES, 700] {
                let a: Vec<f64> = (0..n).map(|i| low + (high - low) * i as f64 / n as f64).collect();
                let columns = plane.columns(&a);
                for b in [0.0, 0.25 * low + 0.75 * high] {
                    let mut row = vec![f64::NAN; n];
                    plane.fill_row(&columns, b, &mut row, &mut scratch);
                    for (a, got) in a.iter().zip(row) {
                        let x = [0, 1].map(|i| origin[i] + a * u[i] + b * v[i]);
                        let value = objective.value(&x, Batch::Full, &mut scratch);
                        assert!(same(value, got), "{} at {x:?}: {got} not {value}", function.id());
                    }
                }
            }
        }
    }
}

#[test]
fn points_that_roll_many_steps_at_once_go_where_each_step_leads() {
    let mut scratch = Scratch::default();
    let mut rolled = 0;
    for function in FunctionConfig::all() {
        let objective = function.objective();
        let ball = HeavyBall {
            momentum: 0.9,
            share: 1.0,
            rate: -1e-3,
        };
        // More than go at a time, and some left over.
        let n = 8 * LANES + 1;
        let (mut points, mut speeds) = (points(objective.as_ref(), n), vec![0.1; 2 * n]);
        // One that has faded.
        speeds[3] = f64::MIN_POSITIVE / 8.0;
        let (mut by_step, mut by_step_speeds) = (points.clone(), speeds.clone());
        let steps = HeavyBall::SPAN - 3..HeavyBall::SPAN + 2;
        let Some(finite) = objective.roll(ball, steps.clone(), &mut points, &mut speeds) else {
            continue;
        };
        rolled += 1;
        let mut all_finite = true;
        let mut grads = vec![0.0; 2 * n];
        for step in steps {
            all_finite &= objective.gradients(&by_step, &mut grads, &mut scratch);
            for ((x, v), g) in by_step.iter_mut().zip(&mut by_step_speeds).zip(&grads) {
                (*x, *v) = ball.roll(*x, HeavyBall::remembered(step, *v), *g);
            }
        }
        assert!(all_finite || !finite, "{} does not tell", function.id());
        let pairs = points.iter().zip(&by_step).chain(speeds.iter().zip(&by_step_speeds));
        for (got, expected) in pairs {
            assert!(same(*got, *expected), "{}: {got} not {expected}", function.id());
        }
    }
    assert!(rolled > 10, "{rolled}");
    let rosenbrock = FunctionConfig::from_id("rosenbrock").unwrap().objective();
    let ball = HeavyBall {
        momentum: 0.9,
        share: 1.0,
        rate: -1.0,
    };
    let (mut points, mut speeds) = (vec![3.0; 128], vec![0.0; 128]);
    assert_eq!(
        rosenbrock.roll(ball, 0..40, &mut points, &mut speeds),
        Some(false),
        "all of them diverge"
    );
}
