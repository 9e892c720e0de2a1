//! Noise and the other stages: what a rule is told, wherever it asks, and that what is recorded stays exact.

use optiscope::experiment::{Experiment, FunctionProblem, Problem, RunConfig, from_json, to_json};
use optiscope::functions::FunctionConfig;
use optiscope::math::{Purpose, Rng};
use optiscope::objective::{Batch, Batches, Objective, Scratch};
use optiscope::optim::{Fixed, Noise, NoiseKind, OptimizerConfig, Stages, StepEvent, Trace, Walk};
use optiscope::run::Trajectory;
use serde_json::{Value, json};

/// f(x) = |x − a|² / 2 times a steepness; 0 = a plain.
struct Bowl {
    at: [f64; 2],
    steepness: f64,
}

const PLAIN: Bowl = Bowl {
    at: [0.0, 0.0],
    steepness: 0.0,
};

impl Objective for Bowl {
    fn dim(&self) -> usize {
        2
    }
    fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        0.5 * self.steepness * x.iter().zip(self.at).map(|(x, at)| (x - at).powi(2)).sum::<f64>()
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        for ((g, x), at) in grad.iter_mut().zip(x).zip(self.at) {
            *g = self.steepness * (x - at);
        }
        self.value(x, batch, scratch)
    }
    fn hess_vec(&self, _x: &[f64], v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        for (hv, v) in hv.iter_mut().zip(v) {
            *hv = self.steepness * v;
        }
    }
    fn sample_start(&self, _rng: &mut Rng, _x: &mut [f64]) {}
}

fn walk(objective: &dyn Objective, rule: Value, stages: &Stages, x0: [f64; 2], steps: u64) -> Trace {
    let rule: OptimizerConfig = serde_json::from_value(rule).expect("a rule");
    let fixed = Fixed {
        objective,
        batches: &Batches::Full,
        stages,
        seed: 5,
    };
    let (mut walk, mut trace, mut slot) = (Walk::new(&x0), Trace::new(2), rule.start(&x0));
    slot.advance(&fixed, &mut walk, steps, &mut trace);
    walk.finish(&fixed, &mut trace);
    trace
}

fn with(noise: Noise) -> Stages {
    Stages {
        noise,
        ..Stages::default()
    }
}

fn sgd(lr: f64) -> Value {
    json!({ "id": "sgd", "lr": lr })
}

/// The steps of a run, coordinate after coordinate.
fn moves(trace: &Trace) -> Vec<f64> {
    trace.x.iter().zip(&trace.x[2..]).map(|(from, to)| to - from).collect()
}

#[test]
fn a_number_in_a_file_is_gaussian_noise_on_the_gradient() {
    let text = to_json(&Experiment::default());
    let noise_of = |text: &str| match from_json(text, "memory").map(|experiment| experiment.problem) {
        Ok(Problem::Function(problem)) => Ok(problem.noise),
        Ok(Problem::Model(_)) => panic!("a function"),
        Err(error) => Err(error.to_string()),
    };
    let written = |noise: &str| text.replace("\"noise\": 0.0", &format!("\"noise\": {noise}"));
    assert_eq!(noise_of(&written("0.3")), Ok(Noise::gaussian(0.3)));
    assert_eq!(noise_of(&written("3")), Ok(Noise::gaussian(3.0)));
    let all = Noise {
        kind: NoiseKind::StudentT,
        gradient: 0.1 + 0.2,
        value: 1e-300,
        nu: 1.0,
        decay: 0.55,
    };
    let experiment = Experiment {
        problem: Problem::Function(FunctionProblem {
            noise: all,
            ..FunctionProblem::of(FunctionConfig::default())
        }),
        ..Experiment::default()
    };
    assert_eq!(from_json(&to_json(&experiment), "memory").expect("readable"), experiment);
    assert_eq!(
        noise_of(&written("{\"value\": 0.5}")),
        Ok(Noise {
            value: 0.5,
            ..Noise::default()
        })
    );
    for (noise, words) in [
        ("\"loud\"", ["loud", "a number"]),
        ("{\"sd\": 1}", ["sd", "gradient"]),
        ("{\"kind\": \"levy\"}", ["levy", "student_t"]),
        ("{\"nu\": 0}", ["problem.noise", "nu = 0"]),
        ("{\"value\": -1}", ["problem.noise", "value = -1"]),
    ] {
        let error = noise_of(&written(noise)).expect_err(noise);
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
}

#[test]
fn draws_have_the_distribution_they_are_named_after() {
    // Half of all draws, and 19 of 20, are this near to 0: tables of Student's distribution.
    for (nu, half, most) in [(1.0, 1.0, 12.706), (3.0, 0.764_892, 3.182_446), (10.0, 0.699_812, 2.228_139)] {
        let mut rng = Rng::stream(1, Purpose::Bench, 0);
        let draws: Vec<f64> = (0..40_000).map(|_| rng.student_t(nu)).collect();
        let within = |limit: f64| draws.iter().filter(|t| t.abs() < limit).count() as f64 / draws.len() as f64;
        assert!((within(half) - 0.5).abs() < 0.01, "nu {nu}: {}", within(half));
        assert!((within(most) - 0.95).abs() < 0.005, "nu {nu}: {}", within(most));
        let above = draws.iter().filter(|t| **t > 0.0).count();
        assert!(above.abs_diff(20_000) < 400, "nu {nu}: {above}");
    }
}

#[test]
fn on_a_plain_a_rule_walks_by_the_noise_alone_and_every_run_by_the_same() {
    let noise = Noise::gaussian(0.7);
    let [once, twice] = [1.0, 2.0].map(|lr| moves(&walk(&PLAIN, sgd(lr), &with(noise), [0.0, 0.0], 3000)));
    let sd = (once.iter().map(|d| d * d).sum::<f64>() / once.len() as f64).sqrt();
    assert!((sd - 0.7).abs() < 0.02, "{sd}");
    assert!(once.iter().zip(&twice).all(|(a, b)| (2.0 * a - b).abs() < 1e-9));
}

#[test]
fn fading_noise_is_the_same_noise_times_a_power_of_the_step() {
    let steady = Noise::gaussian(1.0);
    let fading = Noise { decay: 0.55, ..steady };
    let [steady, fading] = [steady, fading].map(|noise| moves(&walk(&PLAIN, sgd(1.0), &with(noise), [0.0, 0.0], 500)));
    for (i, (steady, fading)) in steady.iter().zip(&fading).enumerate() {
        let variance = 1.0 / (1.0 + (i / 2) as f64).powf(0.55);
        assert!((fading - steady * variance.sqrt()).abs() < 1e-10, "step {}", i / 2);
    }
}

#[test]
fn heavy_tails_throw_far_and_light_ones_do_not() {
    let noise = |kind| Noise {
        kind,
        nu: 1.0,
        ..Noise::gaussian(1.0)
    };
    let longest = |kind| {
        let steps = moves(&walk(&PLAIN, sgd(1.0), &with(noise(kind)), [0.0, 0.0], 2000));
        steps.iter().fold(0.0_f64, |m, d| m.max(d.abs()))
    };
    assert!(longest(NoiseKind::Gaussian) < 6.0);
    assert!(longest(NoiseKind::StudentT) > 200.0);
}

#[test]
fn the_level_at_which_descent_stops_under_noise_is_set_by_the_rate() {
    // x² / 2 in each coordinate: E f = lr / (2 (2 − lr)).
    let bowl = Bowl {
        at: [0.0, 0.0],
        steepness: 1.0,
    };
    for (lr, level) in [(0.1, 0.0263), (0.5, 0.1667), (1.0, 0.5)] {
        let trace = walk(&bowl, sgd(lr), &with(Noise::gaussian(1.0)), [0.0, 0.0], 60_000);
        let tail = &trace.value[1000..];
        let mean = tail.iter().sum::<f64>() / tail.len() as f64 / 2.0;
        assert!((mean / level - 1.0).abs() < 0.04, "lr {lr}: {mean}");
    }
}

#[test]
fn noise_on_values_misleads_rules_that_compare_them_and_is_not_recorded() {
    let noise = Noise {
        value: 3.0,
        ..Noise::default()
    };
    let bowl = Bowl {
        at: [1.0, -1.0],
        steepness: 1.0,
    };
    let rules = [
        "simulated_annealing",
        "nelder_mead",
        "line_search_descent",
        "trust_region_newton",
    ];
    for id in rules {
        let run = |stages: &Stages| walk(&bowl, json!({ "id": id }), stages, [3.0, 2.0], 60);
        let (misled, exact) = (run(&with(noise)), run(&Stages::default()));
        assert_ne!(misled.x, exact.x, "{id}");
        assert_eq!(run(&with(noise)).x, misled.x, "{id}: noise depends on the seed alone");
        for row in 0..misled.len() {
            let point = misled.point(row).expect("kept");
            let value = bowl.value(point, Batch::Full, &mut Scratch::default());
            assert_eq!(misled.value[row], value, "{id}: what is recorded is exact");
        }
    }
    // A rule that follows the gradient does not look at values.
    let [with_noise, without] = [with(noise), Stages::default()].map(|stages| walk(&bowl, sgd(0.1), &stages, [3.0, 2.0], 60).x);
    assert_eq!(with_noise, without);
    // On a plain every proposal is as good as the point, unless noise says otherwise.
    let turned_down = |stages: &Stages| {
        let trace = walk(&PLAIN, json!({ "id": "simulated_annealing" }), stages, [0.0, 0.0], 200);
        trace.event.iter().filter(|event| **event == StepEvent::Rejected).count()
    };
    assert_eq!(turned_down(&Stages::default()), 0);
    assert!(turned_down(&with(noise)) > 20);
}

#[test]
fn every_question_of_a_step_has_its_own_noise() {
    // SAM asks for a second gradient: with an ascent of length 0 it is asked at the same point.
    let sam = json!({ "id": "sam", "rho": 0.0, "rule": sgd(1.0) });
    let stages = with(Noise::gaussian(1.0));
    let second = moves(&walk(&PLAIN, sam.clone(), &stages, [0.0, 0.0], 50));
    let first = moves(&walk(&PLAIN, sgd(1.0), &stages, [0.0, 0.0], 50));
    assert!(first.iter().zip(&second).all(|(a, b)| a != b));
    assert_eq!(second, moves(&walk(&PLAIN, sam, &stages, [0.0, 0.0], 50)));
    let sd = (second.iter().map(|d| d * d).sum::<f64>() / second.len() as f64).sqrt();
    assert!((sd - 1.0).abs() < 0.3, "{sd}");
}

#[test]
fn clipping_holds_for_every_gradient_a_rule_asks_for() {
    let steep = Bowl {
        at: [0.0, 0.0],
        steepness: 1e3,
    };
    let sam = json!({ "id": "sam", "rho": 0.5, "rule": sgd(0.01) });
    let stages = Stages {
        clip_norm: Some(1.0),
        ..Stages::default()
    };
    let trace = walk(&steep, sam, &stages, [3.0, 4.0], 30);
    for step in moves(&trace).chunks(2) {
        assert!(step[0].hypot(step[1]) <= 0.01 + 1e-12, "{step:?}");
    }
}

#[test]
fn with_coupled_weight_decay_every_rule_minimises_the_penalised_function() {
    // |x − a|² / 2 + w |x|² / 2 is least at a / (1 + w).
    let bowl = Bowl {
        at: [2.0, -4.0],
        steepness: 1.0,
    };
    let stages = Stages {
        weight_decay: 1.0,
        ..Stages::default()
    };
    let rules = [
        sgd(0.1),
        json!({ "id": "line_search_descent" }),
        json!({ "id": "conjugate_gradient" }),
        json!({ "id": "bfgs" }),
        json!({ "id": "lbfgs", "line_search": "strong_wolfe" }),
        json!({ "id": "newton" }),
        json!({ "id": "newton_cg" }),
        json!({ "id": "trust_region_newton" }),
        json!({ "id": "nelder_mead" }),
    ];
    for rule in rules {
        let end = walk(&bowl, rule.clone(), &stages, [3.0, 1.0], 300);
        let x = end.point(end.len() - 1).expect("kept");
        assert!((x[0] - 1.0).abs() < 1e-4 && (x[1] + 2.0).abs() < 1e-4, "{rule}: {x:?}");
    }
}

#[test]
fn the_noise_of_an_experiment_reaches_its_runs() {
    let run = |noise: Noise| {
        let experiment = Experiment {
            problem: Problem::Function(FunctionProblem {
                noise,
                ..FunctionProblem::of(FunctionConfig::default())
            }),
            steps: 50,
            ..Experiment::default()
        };
        let rule = OptimizerConfig::from_id("simulated_annealing").expect("in the list");
        let plan = experiment.plan(&RunConfig::of(rule, 0), None).expect("a plan");
        Trajectory::of(&plan).trace().x.clone()
    };
    let value = Noise {
        value: 5.0,
        ..Noise::default()
    };
    assert_ne!(run(value), run(Noise::default()));
    assert_eq!(run(Noise::gaussian(5.0)), run(Noise::default()), "it asks for no gradient");
}
