//! Landscapes against 50-digit values: f, gradient, Hessian, minima. Tolerance: max(1e-12, 20 `f64_err`), relative to max(1, |f|), to
//! the largest entry of the gradient, to the largest entry of the Hessian.

use std::f64::consts::PI;

use crate::golden::{items, numbers, read};
use optiscope::functions::{FunctionConfig, Tag};
use optiscope::objective::{Batch, Scratch};

/// Largest deviation of `got` from `want` relative to the largest entry of `want`, but at least to `floor`.
fn deviation(got: &[f64], want: &[f64], floor: f64) -> f64 {
    let scale = want.iter().fold(floor, |m, v| m.max(v.abs()));
    let worst = got.iter().zip(want).map(|(g, w)| (g - w).abs()).fold(0.0, f64::max);
    if worst == 0.0 { 0.0 } else { worst / scale }
}

/// Whether the user makes it: then there is nothing to hold it to.
fn is_custom(function: &FunctionConfig) -> bool {
    function.info().tags.contains(&Tag::Custom)
}

#[test]
fn values_gradients_and_hessians() {
    let file = read("functions.json");
    let mut seen = 0;
    for entry in items(&file["functions"]) {
        let id = entry["id"].as_str().unwrap();
        let Some(function) = FunctionConfig::from_id(id) else {
            continue;
        };
        seen += 1;
        let tolerance = |of: &str| (20.0 * entry["f64_err"][of].as_f64().unwrap()).max(1e-12);
        let objective = function.objective();
        let mut scratch = Scratch::default();
        for point in items(&entry["points"]) {
            let x: [f64; 2] = numbers(&point["x"]).try_into().unwrap();
            let (f, g, h) = (point["f"].as_f64().unwrap(), numbers(&point["g"]), numbers(&point["h"]));
            let got = function.derivatives(x);
            assert!(
                deviation(&[got.value], &[f], 1.0) <= tolerance("f"),
                "{id} at {x:?}: f = {} not {f}",
                got.value
            );
            assert!(
                deviation(&got.gradient, &g, 0.0) <= tolerance("g"),
                "{id} at {x:?}: g = {:?} not {g:?}",
                got.gradient
            );
            let [[xx, xy], [yx, yy]] = got.hessian;
            assert!(
                deviation(&[xx, xy, yy], &h, 0.0) <= tolerance("h") && deviation(&[yx], &h[1..2], 0.0) <= 1e-9,
                "{id} at {x:?}: h = {:?} not {h:?}",
                got.hessian
            );

            // What an optimizer is told is the same thing.
            let mut grad = [0.0; 2];
            let value = objective.value_and_grad(&x, Batch::Full, &mut grad, &mut scratch);
            assert_eq!(value, objective.value(&x, Batch::Full, &mut scratch), "{id} at {x:?}");
            assert!(
                deviation(&[value], &[f], 1.0) <= tolerance("f") && deviation(&grad, &g, 0.0) <= tolerance("g"),
                "{id} at {x:?}"
            );
            for (i, v) in [[1.0, 0.0], [0.0, 1.0]].iter().enumerate() {
                let mut column = [0.0; 2];
                objective.hess_vec(&x, v, Batch::Full, &mut column, &mut scratch);
                let scale = h.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
                let want = [h[i], h[i + 1]];
                assert!(
                    deviation(&column, &want, scale) <= tolerance("h"),
                    "{id} at {x:?}: column {i} is {column:?}"
                );
            }
        }
    }
    let known = FunctionConfig::all().into_iter().filter(|function| !is_custom(function));
    assert_eq!(seen, known.count(), "every function has reference values");
}

#[test]
fn stated_minima_are_the_minima() {
    let file = read("functions.json");
    for entry in items(&file["functions"]) {
        let id = entry["id"].as_str().unwrap();
        let Some(function) = FunctionConfig::from_id(id) else {
            continue;
        };
        let domain: Vec<_> = items(&entry["domain"]).iter().map(numbers).collect();
        assert_eq!(function.domain().map(Vec::from).to_vec(), domain, "{id}");
        let known = items(&entry["minima"]);
        let stated = function.minima();
        assert_eq!(stated.len(), known.len(), "{id}");
        for minimum in known {
            let x = numbers(&minimum["x"]);
            let f = minimum["f"].as_f64().unwrap();
            let found = stated.iter().find(|s| deviation(&s.x, &x, 1.0) <= 1e-15);
            let found = found.unwrap_or_else(|| panic!("{id}: no minimum stated at {x:?}"));
            assert!(
                (found.value - f).abs() <= 1e-15 * f.abs().max(1.0),
                "{id}: {} not {f}",
                found.value
            );
            let here = function.derivatives(found.x);
            assert!(
                (here.value - f).abs() <= 1e-12 * f.abs().max(1.0),
                "{id} at {x:?}: {} not {f}",
                here.value
            );
            match minimum["kind"].as_str().unwrap() {
                "interior" => {
                    let eigenvalues = numbers(&minimum["hess_eig"]);
                    // A rounded coordinate leaves a gradient of the order of the curvature times an ulp.
                    let slope = 1e-14 * eigenvalues[1].max(1.0) * x.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
                    assert!(
                        here.gradient.iter().all(|g| g.abs() <= slope),
                        "{id}: gradient {:?}",
                        here.gradient
                    );
                    assert!(
                        deviation(&eigenvalues_of(here.hessian), &eigenvalues, 0.0) <= 1e-9,
                        "{id}: {:?}",
                        here.hessian
                    );
                }
                "boundary_x" => assert!(here.gradient[1].abs() <= 1e-10, "{id}: gradient {:?}", here.gradient),
                "nonsmooth_exact" => assert!(here.value.is_finite(), "{id}"),
                kind => panic!("{id}: what is a {kind}?"),
            }
        }
    }
}

/// Of a symmetric 2x2 matrix, ascending.
fn eigenvalues_of([[a, b], [_, d]]: [[f64; 2]; 2]) -> [f64; 2] {
    let (mean, spread) = ((a + d) / 2.0, (((a - d) / 2.0).powi(2) + b * b).sqrt());
    [mean - spread, mean + spread]
}

#[test]
fn a_function_without_minimum_says_so() {
    for function in FunctionConfig::all() {
        let none = function.info().tags.contains(&Tag::Unbounded) || is_custom(&function);
        assert_eq!(none, function.minima().is_empty(), "{}", function.id());
    }
    let at_saddle = FunctionConfig::from_id("saddle").unwrap().derivatives([0.0, 0.0]);
    assert_eq!(at_saddle.gradient, [0.0, 0.0]);
    assert_eq!(eigenvalues_of(at_saddle.hessian), [-2.0, 2.0]);
}

#[test]
fn parameters_move_the_landscape() {
    let mut quadratic = FunctionConfig::from_id("quadratic_ill").unwrap();
    quadratic.set_text("kappa", "50").unwrap();
    quadratic.set_text("rotation", "30").unwrap();
    let d = quadratic.derivatives([3.0, -2.0]);
    let got = eigenvalues_of(d.hessian);
    assert!(deviation(&got, &[1.0, 50.0], 0.0) < 1e-13, "{got:?}");
    // The long axis points 30 degrees up: along it the curvature is 1.
    let along = quadratic.derivatives([3.0_f64.sqrt(), 1.0]);
    assert!((along.value - 2.0).abs() < 1e-13, "{}", along.value);

    let mut rastrigin = FunctionConfig::from_id("rastrigin").unwrap();
    rastrigin.set_text("A", "0").unwrap();
    assert_eq!(rastrigin.derivatives([3.0, 4.0]).value, 25.0);

    // As steep as can be typed: trenches without width.
    let mut michalewicz = FunctionConfig::from_id("michalewicz").unwrap();
    michalewicz.set_text("m", &u64::MAX.to_string()).unwrap();
    assert_eq!(michalewicz.derivatives([2.0, 1.2]).value, 0.0);
    assert!(michalewicz.minima().iter().all(|m| m.value.is_finite()));

    let mut rosenbrock = FunctionConfig::from_id("rosenbrock").unwrap();
    rosenbrock.set_text("a", "-0.5").unwrap();
    for minimum in rosenbrock.minima() {
        assert_eq!(minimum.x, [-0.5, 0.25]);
        assert_eq!(rosenbrock.derivatives(minimum.x).gradient, [0.0, 0.0]);
    }
}

#[test]
fn creases_and_tips_have_the_agreed_gradient() {
    // |u| has slope 0 at 0, and so has everything made of it.
    for (id, x) in [
        ("ackley", [0.0, 0.0]),
        ("bukin6", [-10.0, 1.0]),
        ("cross_in_tray", [0.0, 0.0]),
        ("schwefel", [0.0, 0.0]),
    ] {
        let d = FunctionConfig::from_id(id).unwrap().derivatives(x);
        assert!(d.value.is_finite(), "{id}");
        assert_eq!(d.gradient, [0.0, 0.0], "{id}");
    }
    // Drop-wave only looks as if it had a tip: its Hessian there is 72.5 I.
    let d = FunctionConfig::from_id("drop_wave").unwrap().derivatives([0.0, 0.0]);
    assert_eq!((d.value, d.gradient), (-1.0, [0.0, 0.0]));
    assert!(
        deviation(d.hessian.as_flattened(), &[72.5, 0.0, 0.0, 72.5], 0.0) < 1e-14,
        "{:?}",
        d.hessian
    );
}

type Points = &'static [[f64; 2]];

#[test]
fn functions_say_where_they_have_no_gradient() {
    let kinks: [(&str, Points, Points); 5] = [
        ("bukin6", &[[-10.0, 1.0], [-10.0, 0.0], [-5.0, 0.25]], &[[-9.0, 1.0]]),
        ("ackley", &[[0.0, 0.0]], &[[0.0, 1e-9], [1.0, 0.0]]),
        ("cross_in_tray", &[[0.0, 1.0], [-3.0, 0.0]], &[[1.349, 1.349]]),
        ("holder_table", &[[0.0, 2.0], [PI, 0.0]], &[[1.0, 0.0]]),
        ("eggholder", &[[94.0, -94.0], [100.0, 53.0]], &[[1.0, 0.0], [0.0, -47.0]]),
    ];
    for (id, without, with) in kinks {
        let function = FunctionConfig::from_id(id).unwrap();
        for x in with {
            assert!(function.is_differentiable_at(*x), "{id} at {x:?}");
        }
        for x in without {
            assert!(!function.is_differentiable_at(*x), "{id} at {x:?}");
            // Slopes on the two sides differ along one of the axes.
            let bend = |i: usize| {
                let at = |h: f64| {
                    let mut moved = *x;
                    moved[i] += h;
                    function.derivatives(moved).value
                };
                ((at(1e-6) - at(0.0)) + (at(-1e-6) - at(0.0))).abs() / 1e-6
            };
            assert!(bend(0).max(bend(1)) > 1e-5, "{id} at {x:?}");
        }
    }
    for function in FunctionConfig::all() {
        let smooth = !["bukin6", "ackley"].contains(&function.id());
        for minimum in function.minima() {
            assert_eq!(
                function.is_differentiable_at(minimum.x),
                smooth,
                "{} at its minimum",
                function.id()
            );
        }
    }
}
