//! What rules do: resume, special cases, invariances, and the statistics of those that draw.

use std::sync::Arc;

use optiscope::data::{Dataset, Targets};
use optiscope::functions::FunctionConfig;
use optiscope::math::threads::on_threads;
use optiscope::math::{Purpose, Rng};
use optiscope::model::{Activation, Loss, Network};
use optiscope::objective::{Batch, Batches, Objective, Offer, Scratch};
use optiscope::optim::{Fixed, Noise, OptimizerConfig, Overlay, RandomRestarts, RunStatus, Sgd, Stages, StepEvent, Trace, Walk};
use optiscope::param::Value;
use serde_json::json;

/// Every rule that can be used on a function of two variables.
fn on_functions() -> Vec<OptimizerConfig> {
    let objective = FunctionConfig::default().objective();
    let offer = Offer::of(objective.as_ref(), &Batches::Full);
    let mut rules = OptimizerConfig::all();
    rules.retain(|rule| rule.refusal(&offer).is_none());
    rules
}

/// A run of `rule`, in portions of the given sizes.
fn walk(
    rule: &OptimizerConfig,
    objective: &dyn Objective,
    x0: &[f64],
    stages: &Stages,
    seed: u64,
    portions: &[u64],
) -> (Walk, Trace) {
    let fixed = Fixed {
        objective,
        batches: &Batches::Full,
        stages,
        seed,
    };
    let (mut walk, mut trace, mut slot) = (Walk::new(x0), Trace::new(x0.len()), rule.start(x0));
    for steps in portions {
        slot.advance(&fixed, &mut walk, *steps, &mut trace);
    }
    walk.finish(&fixed, &mut trace);
    (walk, trace)
}

/// Equal bit for bit; NaN equals NaN.
fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// The points of a run, made of its parameters alone.
fn path(rule: &serde_json::Value, function: &str, steps: u64) -> Vec<f64> {
    let rule: OptimizerConfig = serde_json::from_value(rule.clone()).unwrap();
    let objective = FunctionConfig::from_id(function).unwrap().objective();
    walk(&rule, objective.as_ref(), &[-1.2, 0.7], &Stages::default(), 0, &[steps])
        .1
        .x
}

#[track_caller]
fn check_same_path(a: &serde_json::Value, b: &serde_json::Value) {
    for function in ["rosenbrock", "himmelblau"] {
        for (a, b) in path(a, function, 120).iter().zip(path(b, function, 120)) {
            assert!((a - b).abs() <= 1e-11 * a.abs().max(1.0), "{function}: {a} not {b}");
        }
    }
}

#[test]
fn special_cases_are_the_rules_they_should_be() {
    // Ma and Yarats 2019, table 1.
    check_same_path(
        &json!({ "id": "qhm", "lr": 1e-3, "nu": 0.0 }),
        &json!({ "id": "sgd", "lr": 1e-3 }),
    );
    let nesterov = json!({ "id": "nesterov", "lr": 1e-4, "momentum": 0.9 });
    check_same_path(&json!({ "id": "qhm", "lr": 1e-3, "momentum": 0.9, "nu": 0.9 }), &nesterov);
    let qhadam = json!({ "id": "qhadam", "lr": 0.05, "beta1": 0.9, "beta2": 0.99, "nu1": 1.0, "nu2": 1.0 });
    check_same_path(&qhadam, &json!({ "id": "adam", "lr": 0.05, "beta1": 0.9, "beta2": 0.99 }));
    check_same_path(&json!({ "id": "adamw", "weight_decay": 0.0 }), &json!({ "id": "adam" }));
    // Slow weights that go all the way are the fast ones.
    let lookahead = json!({ "id": "lookahead", "slow_step_size": 1.0, "rule": { "id": "adam" } });
    check_same_path(&lookahead, &json!({ "id": "adam" }));
}

#[test]
fn adam_does_not_see_the_scale_of_the_objective() {
    // Kingma and Ba 2015, section 2.1; with ε = 0 the invariance is exact for powers of 2.
    struct Scaled(Arc<dyn Objective>, f64);
    impl Objective for Scaled {
        fn dim(&self) -> usize {
            self.0.dim()
        }
        fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
            self.1 * self.0.value(x, batch, scratch)
        }
        fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
            let value = self.0.value_and_grad(x, batch, grad, scratch);
            grad.iter_mut().for_each(|g| *g *= self.1);
            self.1 * value
        }
        fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
            self.0.hess_vec(x, v, batch, hv, scratch);
            hv.iter_mut().for_each(|h| *h *= self.1);
        }
        fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
            self.0.sample_start(rng, x);
        }
    }
    let rosenbrock = FunctionConfig::from_id("rosenbrock").unwrap().objective();
    for id in ["adam", "adamax", "nadam", "qhadam", "adagrad", "rmsprop", "adan", "lion"] {
        let mut rule = OptimizerConfig::from_id(id).unwrap();
        if rule.get("eps").is_some() {
            rule.set("eps", Value::Number(0.0)).unwrap();
        }
        let run = |objective: &dyn Objective| walk(&rule, objective, &[-1.5, 2.0], &Stages::default(), 0, &[300]).1.x;
        assert_eq!(
            bits(&run(rosenbrock.as_ref())),
            bits(&run(&Scaled(rosenbrock.clone(), 1024.0))),
            "{id}"
        );
    }
}

/// A network of so many hidden units, or none, that learns a sine.
fn small_model(hidden: &[usize]) -> Network {
    let x: Vec<f64> = (0..20).map(|i| f64::from(i) / 10.0 - 1.0).collect();
    let data = Dataset {
        name: "sine".into(),
        feature_names: vec!["x".into()],
        target_name: "y".into(),
        n_rows: x.len(),
        n_features: 1,
        targets: Targets::Values {
            columns: 1,
            values: x.iter().map(|x| (3.0 * x).sin()).collect(),
        },
        x,
    };
    Network::new(hidden.to_vec(), Activation::Tanh, Loss::Mse, Arc::new(data)).unwrap()
}

#[test]
fn a_clone_is_a_checkpoint() {
    let function = FunctionConfig::from_id("himmelblau").unwrap().objective();
    let models = [small_model(&[3]), small_model(&[])];
    let stages = Stages {
        noise: Noise {
            value: 0.1,
            ..Noise::gaussian(0.1)
        },
        ..Stages::default()
    };
    let usable = on_functions();
    for rule in OptimizerConfig::all() {
        let id = rule.id();
        let can = |model: &&Network| rule.refusal(&Offer::of(*model, &Batches::Full)).is_none();
        let on: &dyn Objective = match models.iter().find(can) {
            Some(model) if !usable.contains(&rule) => model,
            _ => function.as_ref(),
        };
        let fixed = Fixed {
            objective: on,
            batches: &Batches::Full,
            stages: &stages,
            seed: 3,
        };
        let mut x0 = vec![0.0; on.dim()];
        on.sample_start(&mut Rng::stream(2, Purpose::Start, 0), &mut x0);
        let (mut whole, mut rows, mut slot) = (Walk::new(&x0), Trace::new(2), rule.start(&x0));
        slot.advance(&fixed, &mut whole, 137, &mut rows);
        let (mut resumed, mut again) = (whole.clone(), slot.clone());
        assert!(slot.equals(again.as_ref()), "{id}: a clone is not equal");
        let (mut first, mut second) = (Trace::new(2), Trace::new(2));
        slot.advance(&fixed, &mut whole, 300, &mut first);
        for steps in [1, 99, 200] {
            again.advance(&fixed, &mut resumed, steps, &mut second);
        }
        assert!(slot.equals(again.as_ref()), "{id}: another state after the same steps");
        assert_eq!((whole.step, whole.counts), (resumed.step, resumed.counts), "{id}");
        assert_eq!(bits(&whole.x), bits(&resumed.x), "{id}");
        assert_eq!(
            (bits(&first.x), bits(&first.value)),
            (bits(&second.x), bits(&second.value)),
            "{id}"
        );
    }
}

/// Many copies of a function of two variables as one, of all their variables together.
struct Stacked(Arc<dyn Objective>, usize);

impl Objective for Stacked {
    fn dim(&self) -> usize {
        2 * self.1
    }
    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        x.chunks(2).map(|x| self.0.value(x, batch, scratch)).sum()
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        let parts = x.chunks(2).zip(grad.chunks_mut(2));
        parts.map(|(x, grad)| self.0.value_and_grad(x, batch, grad, scratch)).sum()
    }
    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
        for ((x, v), hv) in x.chunks(2).zip(v.chunks(2)).zip(hv.chunks_mut(2)) {
            self.0.hess_vec(x, v, batch, hv, scratch);
        }
    }
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        x.chunks_mut(2).for_each(|x| self.0.sample_start(rng, x));
    }
}

#[test]
fn elementwise_rules_take_many_runs_in_one_vector() {
    // Unrolled for two coordinates, in a plain loop, with wide instructions, and shared among threads: the same bits.
    let one = FunctionConfig::from_id("himmelblau").unwrap().objective();
    for rule in OptimizerConfig::all().into_iter().filter(|rule| rule.info().elementwise) {
        for (copies, steps, every) in [(2, 80, 1), (40, 80, 1), (20_000, 6, 777)] {
            let all = Stacked(one.clone(), copies);
            let starts: Vec<f64> = (0..2 * copies).map(|i| -2.0 + 0.1 * (i % 80) as f64).collect();
            let (together, _) = on_threads(2, || walk(&rule, &all, &starts, &Stages::default(), 0, &[steps]));
            for (start, end) in starts.chunks(2).zip(together.x.chunks(2)).step_by(every) {
                let (alone, _) = walk(&rule, one.as_ref(), start, &Stages::default(), 0, &[steps]);
                assert_eq!(bits(&alone.x), bits(end), "{} from {start:?}, {copies} copies", rule.id());
            }
        }
    }
}

#[test]
fn the_welcome_runs_well() {
    let objective = FunctionConfig::from_id("rosenbrock").unwrap().objective();
    for rule in on_functions() {
        let (walk, trace) = walk(&rule, objective.as_ref(), &[-1.5, 2.0], &Stages::default(), 0, &[1500]);
        assert_eq!(walk.status, RunStatus::Finished, "{}", rule.id());
        let best = trace.value.iter().copied().fold(f64::INFINITY, f64::min);
        // From 12.5; those that start first are to come close.
        let bound = if rule.id() == "radam" { 2.0 } else { 0.3 };
        assert!(best < bound, "{}: {best}", rule.id());
    }
}

#[test]
fn the_best_point_is_never_worse_than_any_visited() {
    let objective = FunctionConfig::from_id("rastrigin").unwrap().objective();
    let stages = Stages::default();
    let fixed = Fixed {
        objective: objective.as_ref(),
        batches: &Batches::Full,
        stages: &stages,
        seed: 8,
    };
    for rule in on_functions() {
        let x0 = [2.3, -1.7];
        let (mut walk, mut trace, mut slot) = (Walk::new(&x0), Trace::new(2), rule.start(&x0));
        for _ in 0..60 {
            slot.advance(&fixed, &mut walk, 20, &mut trace);
            for overlay in slot.overlays() {
                let Overlay::Best { x, value } = overlay else { continue };
                let visited = trace.value.iter().copied().fold(f64::INFINITY, f64::min);
                assert!(value <= visited, "{}: keeps {value}, has seen {visited}", rule.id());
                assert_eq!(
                    objective.value(&x, Batch::Full, &mut Scratch::default()),
                    value,
                    "{}",
                    rule.id()
                );
            }
        }
    }
}

#[test]
fn n_restarts_succeed_as_often_as_independent_starts_would() {
    let objective = FunctionConfig::from_id("himmelblau").unwrap().objective();
    let sgd = OptimizerConfig::Sgd(Sgd { lr: 0.005 });
    let (budget, starts, runs) = (100_u64, 4_u64, 1500_u64);
    let found = |x: &[f64]| (x[0] - 3.0).hypot(x[1] - 2.0) < 0.2;
    let uniform = |seed: u64| {
        let mut x = [0.0; 2];
        objective.sample_start(&mut Rng::stream(seed, Purpose::Bench, 0), &mut x);
        x
    };

    let singles = 4000;
    let hits = (0..singles).filter(|seed| {
        let (walk, _) = walk(
            &sgd,
            objective.as_ref(),
            &uniform(1_000_000 + seed),
            &Stages::default(),
            0,
            &[budget],
        );
        found(&walk.x)
    });
    let p = hits.count() as f64 / singles as f64;
    assert!((0.15..0.5).contains(&p), "{p}");

    let restarts = OptimizerConfig::RandomRestarts(RandomRestarts {
        rule: Box::new(sgd.clone()),
        budget,
    });
    let successes = (0..runs).filter(|seed| {
        let steps = starts * (budget + 1) - 1;
        let (walk, trace) = walk(
            &restarts,
            objective.as_ref(),
            &uniform(*seed),
            &Stages::default(),
            *seed,
            &[steps],
        );
        let jumps = trace.event.iter().enumerate().filter(|(_, e)| **e == StepEvent::Restarted);
        assert_eq!(jumps.clone().count() as u64, starts - 1);
        found(&walk.x) || jumps.map(|(row, _)| trace.point(row).unwrap()).any(found)
    });
    let share = successes.count() as f64 / runs as f64;
    let expected = 1.0 - (1.0 - p).powi(starts as i32);
    // Errors of both measured shares.
    let slope = starts as f64 * (1.0 - p).powi(starts as i32 - 1);
    let error = (expected * (1.0 - expected) / runs as f64 + slope * slope * p * (1.0 - p) / singles as f64).sqrt();
    assert!((share - expected).abs() < 4.0 * error, "{share} ± {error}, not {expected}");
}

#[test]
fn restarts_survive_a_rule_that_escapes() {
    let objective = FunctionConfig::from_id("rosenbrock").unwrap().objective();
    let rule = OptimizerConfig::RandomRestarts(RandomRestarts {
        rule: Box::new(OptimizerConfig::Sgd(Sgd { lr: 0.05 })),
        budget: 50,
    });
    let (walk, trace) = walk(&rule, objective.as_ref(), &[-1.5, 2.0], &Stages::default(), 0, &[2000]);
    assert_eq!(walk.status, RunStatus::Finished);
    assert!(trace.event.iter().filter(|e| **e == StepEvent::Restarted).count() > 2000 / 51);
    assert!(trace.value.iter().all(|v| v.is_finite()));
}

#[test]
fn what_cannot_be_used_on_a_problem_says_so() {
    let small = Offer {
        dim: 2,
        domain: true,
        matrices: true,
        least_squares: true,
        equations: Some(10),
        minibatches: false,
    };
    let large = Offer { dim: 5000, ..small };
    for rule in OptimizerConfig::all() {
        let id = rule.id();
        if let Some(why) = rule.refusal(&large) {
            assert!(why.starts_with(rule.info().name) && !why.ends_with('.'), "{id}: {why}");
        }
        let kept = ["bfgs", "newton", "levenberg_marquardt", "nelder_mead"].contains(&id);
        assert!(
            !kept || rule.refusal(&large).is_some_and(|why| why.contains("here are 5000")),
            "{id}"
        );
        assert_eq!(rule.refusal(&small), None, "{id}");
    }
    let function = FunctionConfig::default().objective();
    let muon = OptimizerConfig::from_id("muon")
        .unwrap()
        .refusal(&Offer::of(function.as_ref(), &Batches::Full));
    assert_eq!(
        muon.as_deref(),
        Some("Muon works on the weight matrices of a model; a function of x and y has none")
    );
    // A rule around another asks that one too.
    let wrapped: OptimizerConfig = serde_json::from_value(json!({ "id": "lookahead", "rule": { "id": "bfgs" } })).unwrap();
    assert!(
        wrapped
            .refusal(&large)
            .is_some_and(|why| why.starts_with("BFGS keeps a matrix"))
    );
}
