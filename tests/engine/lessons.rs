//! The figures of the lessons, to the digits in which they are told. Each test is a lesson, and what it says to a user must hold.

use std::sync::Arc;

use optiscope::functions::FunctionConfig;
use optiscope::math::Rng;
use optiscope::objective::{Answer, Batch, Batches, Counts, Objective, Oracle, Scratch};
use optiscope::optim::{OptimizerConfig, Stages, StepCtx};
use optiscope::run::{RunPlan, Trajectory};
use serde_json::{Value, json};

fn function(settings: Value) -> FunctionConfig {
    serde_json::from_value(settings).unwrap()
}

fn rule(settings: Value) -> OptimizerConfig {
    serde_json::from_value(settings).unwrap()
}

fn gd(lr: f64) -> Value {
    json!({ "id": "sgd", "lr": lr })
}

fn heavy_ball(lr: f64, momentum: f64) -> Value {
    json!({ "id": "momentum", "lr": lr, "momentum": momentum })
}

fn nesterov(lr: f64, momentum: f64) -> Value {
    json!({ "id": "nesterov", "lr": lr, "momentum": momentum })
}

fn adam(lr: f64) -> Value {
    json!({ "id": "adam", "lr": lr })
}

/// (x² + κ y²) / 2
fn bowl(kappa: f64) -> FunctionConfig {
    function(json!({ "id": "quadratic_ill", "kappa": kappa }))
}

/// s x² / 2, of one variable.
struct Parabola(f64);

impl Objective for Parabola {
    fn dim(&self) -> usize {
        1
    }
    fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        self.0 * x[0] * x[0] / 2.0
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        grad[0] = self.0 * x[0];
        self.value(x, batch, scratch)
    }
    fn hess_vec(&self, _x: &[f64], v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        hv[0] = self.0 * v[0];
    }
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        x[0] = rng.uniform_in(-5.0, 5.0);
    }
}

/// A run as the window and the command line make it.
fn run(objective: Arc<dyn Objective>, settings: Value, stages: Stages, x0: &[f64], steps: u64) -> Trajectory {
    Trajectory::of(&RunPlan {
        objective,
        rule: rule(settings),
        stages,
        batches: Batches::Full,
        seed: 0,
        x0: x0.into(),
        steps,
        patience: None,
        free: None,
        evaluator: None,
    })
}

fn on(function: &FunctionConfig, settings: Value, x0: [f64; 2], steps: u64) -> Trajectory {
    run(function.objective(), settings, Stages::default(), &x0, steps)
}

/// The points of a run, from the start on.
fn points(run: &Trajectory) -> Vec<[f64; 2]> {
    let trace = run.trace();
    (0..trace.len())
        .map(|row| trace.point(row).unwrap().try_into().unwrap())
        .collect()
}

/// Steps until |x| < 10⁻⁶.
fn steps_to_the_bottom(run: &Trajectory) -> Option<usize> {
    points(run).iter().position(|[x, y]| x.hypot(*y) < 1e-6)
}

/// Steps until f < 10⁻⁶.
fn steps_to_a_millionth(run: &Trajectory) -> Option<usize> {
    run.trace().value.iter().position(|f| *f < 1e-6)
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}

#[test]
fn lesson_1_exactly_at_2_over_l() {
    for (lr, ratio, after_100) in [
        (0.19, "0.9000", "3.5e-9"),
        (0.20, "1.0000", "5.0e0"),
        (0.21, "1.1000", "9.5e8"),
    ] {
        let run = on(&bowl(10.0), gd(lr), [9.0, 1.0], 100);
        for pair in points(&run).windows(2) {
            assert_eq!(format!("{:.4}", (pair[1][1] / pair[0][1]).abs()), ratio, "lr {lr}");
        }
        assert_eq!(format!("{:.1e}", run.trace().value[100]), after_100, "lr {lr}");
    }
}

#[test]
fn lesson_2_condition_number() {
    for (kappa, steps) in [(10.0, 71), (100.0, 709), (1000.0, 7082)] {
        let run = on(&bowl(kappa), gd(2.0 / (1.0 + kappa)), [1.0, 1.0], steps + 10);
        assert_eq!(steps_to_the_bottom(&run), Some(steps as usize), "kappa {kappa}");
    }
}

#[test]
fn lesson_3_momentum_is_a_square_root() {
    for (kappa, steps, printed) in [(10.0_f64, 27, "0.2699"), (100.0, 95, "0.6694"), (1000.0, 321, "0.8811")] {
        let root = kappa.sqrt();
        let momentum = ((root - 1.0) / (root + 1.0)).powi(2);
        assert_eq!(format!("{momentum:.4}"), printed);
        let rule = heavy_ball(4.0 / (root + 1.0).powi(2), momentum);
        let run = on(&bowl(kappa), rule, [1.0, 1.0], steps + 10);
        assert_eq!(steps_to_the_bottom(&run), Some(steps as usize), "kappa {kappa}");
    }
}

#[test]
fn lesson_4_momentum_lets_you_use_a_bigger_lr_nesterov_does_not() {
    let (l, beta) = (10.0, 0.9);
    let limits = [2.0 / l, 2.0 * (1.0 + beta) / l, (2.0 + 2.0 * beta) / ((1.0 + 2.0 * beta) * l)];
    assert_eq!(limits.map(|limit| format!("{limit:.4}")), ["0.2000", "0.3800", "0.1357"]);
    // Height on the steep axis after 3000 steps, from 1.
    let height = |rule: Value| points(&on(&bowl(l), rule, [9.0, 1.0], 3000)).pop().unwrap()[1].abs();
    assert!(height(heavy_ball(0.376, beta)) < 1e-40);
    assert!(height(heavy_ball(0.384, beta)) > 1e40);
    // Each limit is one: a thousandth of it decides.
    let rules: [fn(f64) -> Value; 3] = [gd, |lr| heavy_ball(lr, 0.9), |lr| nesterov(lr, 0.9)];
    for (rule, limit) in rules.iter().zip(limits) {
        let (below, above) = (height(rule(limit * 0.999)), height(rule(limit * 1.001)));
        assert!(below < 0.01 && above > 100.0, "{}: {below} {above}", rule(limit));
    }
}

#[test]
fn lesson_5_banana() {
    let rosenbrock = function(json!({ "id": "rosenbrock" }));
    for (settings, steps) in [
        (gd(0.001), 15068),
        (gd(0.0015), 10036),
        (gd(0.002), 7493),
        (heavy_ball(0.0005, 0.9), 2906),
        (heavy_ball(0.0002, 0.99), 1288),
        (adam(0.01), 4215),
        (adam(0.05), 1691),
        (adam(0.1), 1139),
    ] {
        let run = on(&rosenbrock, settings.clone(), [-1.2, 1.0], steps + 1);
        assert_eq!(steps_to_a_millionth(&run), Some(steps as usize), "{settings}");
    }
    let [flat, steep] = rosenbrock.derivatives([1.0, 1.0]).eigenvalues();
    assert_eq!([format!("{flat:.3}"), format!("{steep:.1}")], ["0.399", "1001.6"]);
}

#[test]
fn lesson_6_above_2_over_l_it_does_not_explode_it_parks() {
    let rosenbrock = function(json!({ "id": "rosenbrock" }));
    for (lr, sharpness, limit, level) in [(0.0021, "952.46", "952.38", "0.039"), (0.0025, "800.41", "800.00", "0.174")] {
        let run = on(&rosenbrock, gd(lr), [-1.2, 1.0], 200_000);
        // It bounces across the valley to the end: the second half is as good as the last thousand steps.
        for last in [1000, 100_000] {
            let points = points(&run);
            let tail = &points[points.len() - last..];
            let curvature = mean(tail.iter().map(|x| rosenbrock.derivatives(*x).eigenvalues()[1]));
            let value = mean(run.trace().value[200_001 - last..].iter().copied());
            assert_eq!(
                [format!("{curvature:.2}"), format!("{value:.3}")],
                [sharpness, level],
                "lr {lr}"
            );
        }
        assert_eq!(format!("{:.2}", 2.0 / lr), limit);
    }
}

#[test]
fn lesson_8_saddle() {
    let saddle = function(json!({ "id": "saddle" }));
    let away = |rule: Value, y0: f64| {
        let run = on(&saddle, rule, [1.0, y0], 500);
        points(&run).iter().position(|x| x[1].abs() >= 1.0)
    };
    for (y0, descent, with_adam) in [(1e-3, 38, 11), (1e-6, 76, 11), (1e-9, 114, 13)] {
        assert_eq!(away(gd(0.1), y0), Some(descent), "y0 {y0}");
        assert_eq!(((1.0 / y0).ln() / 1.2_f64.ln()).ceil(), descent as f64);
        assert_eq!(away(adam(0.1), y0), Some(with_adam), "y0 {y0}");
    }
    assert_eq!(away(gd(0.1), 0.0), None);
    assert_eq!(away(adam(0.1), 0.0), None);
}

#[test]
fn lesson_9_adam_needs_the_axes() {
    for (rotation, with_adam) in [(0.0_f64, 305), (22.5, 2806), (45.0, 3306)] {
        let turned = function(json!({ "id": "quadratic_ill", "kappa": 100.0, "rotation": rotation }));
        let (sin, cos) = rotation.to_radians().sin_cos();
        // (1, 1) in the axes of the bowl.
        let start = [cos - sin, sin + cos];
        let steps = |rule: Value| steps_to_a_millionth(&on(&turned, rule, start, 3400));
        assert_eq!(steps(adam(0.01)), Some(with_adam), "{rotation} degrees");
        assert_eq!(steps(gd(2.0 / 101.0)), Some(444), "{rotation} degrees");
    }
}

#[test]
fn lesson_10_first_step_of_adam_and_rmsprop() {
    for scale in [1e-3, 1.0, 1e3] {
        let first_step = |id: &str| {
            let rule = json!({ "id": id, "lr": 0.01 });
            let run = run(Arc::new(Parabola(scale)), rule, Stages::default(), &[1.0], 1);
            format!("{:.4}", run.trace().x[0] - run.trace().x[1])
        };
        assert_eq!(
            [first_step("adam"), first_step("rmsprop")],
            ["0.0100", "0.1000"],
            "scale {scale}"
        );
    }
    assert_eq!(format!("{:.4}", 0.01 / (1.0_f64 - 0.99).sqrt()), "0.1000");
}

#[test]
fn lesson_11_rmsprop_never_lands() {
    let distance = |rule: Value, steps: u64| -> Vec<f64> {
        let run = run(Arc::new(Parabola(1.0)), rule, Stages::default(), &[5.0], steps);
        run.trace().x.iter().map(|x| x.abs()).collect()
    };
    let rmsprop = distance(json!({ "id": "rmsprop", "lr": 0.1 }), 20_000);
    assert!(rmsprop[5000..].iter().all(|x| format!("{x:.4}") == "0.0500"));
    // Adam is there to 109 digits after 4800 steps. It does not stay: its second moment forgets the way down, its steps grow with every
    // step that is not needed, and at last they are too long for this curvature.
    let adam = distance(adam(0.1), 20_000);
    assert_eq!(adam.iter().position(|x| *x <= 1e-109), Some(4772));
    assert!(adam[4772..10_000].iter().all(|x| *x < 1e-100));
    assert!(adam[10_000..].iter().any(|x| *x > 0.05));
}

#[test]
fn lesson_12_when_adam_is_wrong() {
    // Reddi, Kale and Kumar 2018, theorem 1: the mean gradient is 1/3, so the best end of [-1, 1] is -1.
    let end = |amsgrad: bool| {
        let rule = rule(json!({ "id": "adam", "lr": 0.1, "beta1": 0.0, "beta2": 0.1, "amsgrad": amsgrad }));
        let (mut x, mut slot) = ([0.0], rule.start(&[0.0]));
        let (mut scratch, mut counts, mut answer) = (Scratch::default(), Counts::default(), Answer::default());
        for step in 0..20_000 {
            let slope = if step % 3 == 0 { 3.0 } else { -1.0 };
            slot.step(
                &mut x,
                &mut StepCtx {
                    step,
                    lr_scale: 1.0 / ((step + 1) as f64).sqrt(),
                    momentum: None,
                    value: 0.0,
                    grad: &[slope],
                    oracle: Oracle::new(&Parabola(0.0), Batch::Full, &mut scratch, &mut counts, &mut answer),
                    seed: 0,
                },
            );
            x[0] = x[0].clamp(-1.0, 1.0);
        }
        format!("{:.4}", x[0])
    };
    assert_eq!([end(false), end(true)], ["0.9998", "-0.9998"]);
}

#[test]
fn lesson_24_cliff_and_clipping() {
    let beale = function(json!({ "id": "beale" }));
    let start = [-3.0, 3.5];
    let [gx, gy] = beale.derivatives(start).gradient;
    assert_eq!(format!("{:.0}", gx.hypot(gy)), "30545");

    let off = on(&beale, gd(0.001), start, 3);
    let [x, y] = points(&off)[3];
    assert_eq!(x.abs().max(y.abs()).log10().floor(), 43.0, "{x} {y}");

    let stages = Stages {
        clip_norm: Some(1.0),
        ..Stages::default()
    };
    let clipped = run(beale.objective(), gd(0.001), stages, &start, 20_000);
    assert_eq!(format!("{:.3}", clipped.trace().value[20_000]), "0.778");
    let [x, y] = points(&clipped)[20_000];
    assert!((x - 3.0).hypot(y - 0.5) > 7.0, "far from the minimum: {x} {y}");
}

#[test]
fn lesson_25_two_momentums() {
    // QHM with all its weight on the mean: m ← 0.9 m + 0.1 g.
    let mean = json!({ "id": "qhm", "lr": 0.1, "momentum": 0.9, "nu": 1.0 });
    let [mean, sum] = [mean, heavy_ball(0.01, 0.9)].map(|rule| points(&on(&bowl(1.0), rule, [1.0, 1.0], 1000)));
    let differences = mean
        .iter()
        .zip(&sum)
        .map(|(a, b)| (a[0] - b[0]).abs().max((a[1] - b[1]).abs()));
    let largest = differences.fold(0.0, f64::max);
    assert_eq!(format!("{largest:.0e}"), "6e-17");
}
