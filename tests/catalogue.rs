//! What every rule and every landscape must do, whatever it is: tables over the registries.

use optiscope::functions::FunctionConfig;
use optiscope::math::{Purpose, Rng};
use optiscope::objective::{Batch, Batches, Objective, Scratch};
use optiscope::optim::{
    Fixed, OptimizerConfig, Overlay, RandomRestarts, RunStatus, Sgd, SimulatedAnnealing, Stages, StepEvent, Trace, Walk,
};
use optiscope::param::{Limit, List, Parameters, Range, Value};
use serde_json::json;

fn is_snake_case(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && !id.ends_with('_')
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[track_caller]
fn check_ids(ids: &[&str]) {
    let mut unique = ids.to_vec();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "an id is there twice: {ids:?}");
    assert!(ids.iter().all(|id| is_snake_case(id)), "{ids:?}");
}

#[test]
fn ids_are_permanent_words() {
    check_ids(OptimizerConfig::IDS);
    check_ids(FunctionConfig::IDS);
    for id in OptimizerConfig::IDS {
        assert_eq!(OptimizerConfig::from_id(id).unwrap().id(), *id);
    }
    for id in FunctionConfig::IDS {
        assert_eq!(FunctionConfig::from_id(id).unwrap().id(), *id);
    }
    assert!(OptimizerConfig::from_id("no_such_rule").is_none());
}

#[test]
fn files_keep_every_value() {
    for rule in OptimizerConfig::all() {
        let text = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<OptimizerConfig>(&text).unwrap(), rule, "{text}");
        let bare = json!({ "id": rule.id() });
        assert_eq!(serde_json::from_value::<OptimizerConfig>(bare).unwrap(), rule, "defaults");
    }
    for function in FunctionConfig::all() {
        let text = serde_json::to_string(&function).unwrap();
        assert_eq!(serde_json::from_str::<FunctionConfig>(&text).unwrap(), function, "{text}");
    }
}

#[test]
fn unknown_fields_are_refused_by_name() {
    for id in OptimizerConfig::IDS {
        let error = serde_json::from_value::<OptimizerConfig>(json!({ "id": id, "learning_rat": 1.0 })).unwrap_err();
        assert!(error.to_string().contains("learning_rat"), "{id}: {error}");
    }
    for id in FunctionConfig::IDS {
        let error = serde_json::from_value::<FunctionConfig>(json!({ "id": id, "kapa": 1.0 })).unwrap_err();
        assert!(error.to_string().contains("kapa"), "{id}: {error}");
    }
    let error = serde_json::from_value::<OptimizerConfig>(json!({ "id": "adan2" })).unwrap_err();
    assert!(error.to_string().contains("adan2"), "{error}");
}

/// Values that a parameter with this limit must refuse.
fn refused_by(limit: Limit) -> &'static [f64] {
    match limit {
        Limit::Finite => &[f64::NAN, f64::INFINITY],
        Limit::Positive => &[0.0, -1.0, f64::NAN],
        Limit::NonNegative => &[-1e-300, f64::INFINITY],
        Limit::UnitOpen => &[1.0, -0.1, f64::NAN],
        Limit::UnitClosed => &[1.000_000_1, -0.1],
        Limit::AtLeastOne => &[0.0],
    }
}

fn check_parameters(id: &str, owner: &mut dyn Parameters) {
    owner.check().unwrap_or_else(|e| panic!("{id}: defaults: {e}"));
    let mut names = Vec::new();
    for info in owner.params() {
        let at = format!("{id}.{}", info.name);
        names.push(info.name);
        assert!(!info.label.is_empty() && !info.help.is_empty(), "{at} is not explained");
        assert!(!info.help.ends_with('.'), "{at}: a tooltip has no final stop");
        let before = owner.get(info.name).unwrap_or_else(|| panic!("{at} cannot be read"));
        owner.set(info.name, before).unwrap_or_else(|e| panic!("{at}: {e}"));

        let (refused, other) = match info.range {
            Range::Switch => (vec![Value::Number(1.0)], None),
            Range::Choice(choices) => {
                assert!(choices.len() > 1, "{at} leaves no choice");
                (
                    vec![Value::Choice("nothing of the kind")],
                    choices.last().map(|c| Value::Choice(c)),
                )
            }
            Range::List => (vec![Value::Number(1.0)], Some(Value::List(List::of(&[3, 5])))),
            Range::Integer { min, max } => {
                assert!(min < max, "{at}");
                let refused = refused_by(info.limit).iter().filter(|v| **v == 0.0);
                (
                    refused.map(|_| Value::Integer(0)).chain([Value::Switch(true)]).collect(),
                    Some(Value::Integer(max)),
                )
            }
            Range::Linear { min, max } | Range::Log { min, max } => {
                assert!(min < max, "{at}");
                info.check(Value::Number(min))
                    .unwrap_or_else(|e| panic!("{at}: the slider's left end: {e}"));
                (
                    refused_by(info.limit).iter().map(|v| Value::Number(*v)).collect(),
                    Some(Value::Number(max)),
                )
            }
            Range::NearOne { max } => (
                refused_by(info.limit).iter().map(|v| Value::Number(*v)).collect(),
                Some(Value::Number(max)),
            ),
        };
        for value in refused {
            let error = owner.set(info.name, value).expect_err(&at).to_string();
            assert!(error.contains(info.name), "{at}: {error}");
            assert_eq!(owner.get(info.name), Some(before), "{at}: a refused value changed something");
        }
        if let Some(other) = other {
            owner.set(info.name, other).unwrap_or_else(|e| panic!("{at}: {e}"));
            assert_eq!(owner.get(info.name), Some(other), "{at}");
            owner
                .set_text(info.name, &before.to_string())
                .unwrap_or_else(|e| panic!("{at}: {e}"));
            assert_eq!(owner.get(info.name), Some(before), "{at}: text");
        }
        owner.set_text(info.name, "no such thing").expect_err(&at);
    }
    let error = owner.set_text("no_such_name", "1").expect_err(id).to_string();
    assert!(error.contains("no_such_name"), "{id}: {error}");
    assert!(
        names.iter().all(|name| error.contains(name)),
        "{id}: {error} does not say what there is"
    );
}

#[test]
fn parameters_are_declared_and_guarded() {
    for mut rule in OptimizerConfig::all() {
        let id = rule.id();
        check_parameters(id, &mut *rule);
        assert_eq!(
            rule.lr().is_some(),
            rule.get("lr").is_some() || rule.inner().is_some(),
            "{id}"
        );
    }
    for mut function in FunctionConfig::all() {
        let id = function.id();
        check_parameters(id, &mut *function);
    }
}

#[test]
fn everything_is_explained() {
    for rule in OptimizerConfig::all() {
        let info = rule.info();
        assert!(
            !info.name.is_empty() && !info.formula.is_empty() && !info.source.is_empty(),
            "{}",
            rule.id()
        );
        assert!(
            info.source.contains(|c: char| c.is_ascii_digit()),
            "{}: a source has a year",
            rule.id()
        );
    }
    for function in FunctionConfig::all() {
        let (id, info) = (function.id(), function.info());
        assert!(
            !info.formula.is_empty() && !info.source.is_empty() && !info.tags.is_empty(),
            "{id}"
        );
        assert!(
            info.teaches.len() > 20 && !info.teaches.ends_with('.'),
            "{id}: {}",
            info.teaches
        );
        let [[x_low, x_high], [y_low, y_high]] = function.domain();
        let [x, y] = info.start;
        assert!(
            (x_low..=x_high).contains(&x) && (y_low..=y_high).contains(&y),
            "{id}: starts outside its domain"
        );
        let gradient = function.derivatives(info.start).gradient;
        assert!(gradient.iter().any(|g| *g != 0.0), "{id}: nothing happens at the start");
    }
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
    struct Scaled(std::sync::Arc<dyn Objective>, f64);
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

#[test]
fn a_clone_is_a_checkpoint() {
    let objective = FunctionConfig::from_id("himmelblau").unwrap().objective();
    let stages = Stages {
        noise: 0.1,
        ..Stages::default()
    };
    let fixed = Fixed {
        objective: objective.as_ref(),
        batches: &Batches::Full,
        stages: &stages,
        seed: 3,
    };
    for rule in OptimizerConfig::all() {
        let id = rule.id();
        let x0 = [-0.5, 1.0];
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

#[test]
fn the_welcome_runs_well() {
    let objective = FunctionConfig::from_id("rosenbrock").unwrap().objective();
    for rule in OptimizerConfig::all() {
        let (walk, trace) = walk(&rule, objective.as_ref(), &[-1.5, 2.0], &Stages::default(), 0, &[1500]);
        assert_eq!(walk.status, RunStatus::Finished, "{}", rule.id());
        let best = trace.value.iter().copied().fold(f64::INFINITY, f64::min);
        // From 12.5; those that start first are to come close.
        let bound = if rule.id() == "radam" { 2.0 } else { 0.3 };
        assert!(best < bound, "{}: {best}", rule.id());
    }
}

/// Three wells of equal width in x between walls; y does not matter. Its gradient is 0 wherever it has one.
struct ThreeWells([f64; 3]);

impl Objective for ThreeWells {
    fn dim(&self) -> usize {
        1
    }
    fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        let well = if x[0] >= 0.0 { self.0.get(x[0] as usize) } else { None };
        well.copied().unwrap_or(f64::INFINITY)
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        grad.fill(0.0);
        self.value(x, batch, scratch)
    }
    fn hess_vec(&self, _x: &[f64], _v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        hv.fill(0.0);
    }
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        x.fill(rng.uniform_in(0.0, 3.0));
    }
}

#[test]
fn annealing_at_constant_temperature_visits_wells_as_boltzmann_says() {
    // Metropolis et al. 1953: the share of time in a state is exp(-E/T)/Z.
    let energies = [0.0, 1.0, 0.4];
    for temperature in [0.5, 1.0, 2.0] {
        let rule = OptimizerConfig::SimulatedAnnealing(SimulatedAnnealing {
            proposal_scale: 1.5,
            start_temperature: temperature,
            cooling: 1.0,
        });
        let (_, trace) = walk(&rule, &ThreeWells(energies), &[0.5], &Stages::default(), 11, &[200_000]);
        let weights = energies.map(|e| (-e / temperature).exp());
        let z: f64 = weights.iter().sum();
        for (i, weight) in weights.iter().enumerate() {
            let expected = weight / z;
            // Means of 100 stretches are nearly independent: their spread gives the standard error of the whole.
            let share = |rows: &[f64]| rows.iter().filter(|x| **x as usize == i).count() as f64 / rows.len() as f64;
            let stretches: Vec<f64> = trace.x.chunks(trace.x.len().div_ceil(100)).map(share).collect();
            let n = stretches.len() as f64;
            let mean = stretches.iter().sum::<f64>() / n;
            let error = (stretches.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n * (n - 1.0))).sqrt();
            assert!(
                (mean - expected).abs() < 4.0 * error && error < 0.01,
                "T = {temperature}, well {i}: {mean} ± {error}, not {expected}"
            );
        }
    }
}

#[test]
fn annealing_marks_what_it_does() {
    let objective = FunctionConfig::from_id("rastrigin").unwrap().objective();
    let rule = OptimizerConfig::from_id("simulated_annealing").unwrap();
    let (walk, trace) = walk(&rule, objective.as_ref(), &[2.3, -1.7], &Stages::default(), 5, &[2000]);
    for (row, event) in trace.event.iter().enumerate().take(2000) {
        let (before, after) = (trace.value[row], trace.value[row + 1]);
        match event {
            StepEvent::Rejected => assert_eq!(trace.point(row), trace.point(row + 1)),
            StepEvent::Uphill => assert!(after > before, "row {row}"),
            StepEvent::Moved => assert!(after <= before, "row {row}"),
            StepEvent::Restarted => panic!("row {row}"),
        }
    }
    assert!(trace.event.contains(&StepEvent::Uphill) && trace.event.contains(&StepEvent::Rejected));
    // The value of the start, and one for every proposal; the recorder's gradients are not the rule's.
    assert_eq!((walk.counts.values, walk.counts.grads), (2001, 0));
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
    for rule in OptimizerConfig::all() {
        let x0 = [2.3, -1.7];
        let (mut walk, mut trace, mut slot) = (Walk::new(&x0), Trace::new(2), rule.start(&x0));
        for _ in 0..60 {
            slot.advance(&fixed, &mut walk, 20, &mut trace);
            if let Overlay::Best { x, value } = slot.overlay() {
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
