//! Rules that look at many points at once: what they find and at what price, and what they do not see.

use std::sync::Arc;

use crate::golden::{items, numbers, read};
use optiscope::functions::FunctionConfig;
use optiscope::math::{Purpose, Rng};
use optiscope::objective::{Batch, Batches, Bounds, Objective, Offer, Scratch};
use optiscope::optim::{
    CmaEs, Fixed, Optimizer, OptimizerConfig, Overlay, RunStatus, SearchDistribution, Slot, Stages, Trace, Walk,
};
use optiscope::param::{Range, Value};
use serde_json::json;

/// Those that keep the best of a population.
const KEEPS_BEST: [&str; 3] = ["differential_evolution", "particle_swarm", "genetic_algorithm"];

/// Those that move a mean.
const MOVES_MEAN: [&str; 2] = ["cma_es", "evolution_strategy"];

fn rule(config: &serde_json::Value) -> OptimizerConfig {
    serde_json::from_value(config.clone()).unwrap_or_else(|e| panic!("{config}: {e}"))
}

fn function(id: &str) -> Arc<dyn Objective> {
    FunctionConfig::from_id(id).unwrap().objective()
}

/// A run that can be watched step by step.
struct Watched<'a> {
    objective: &'a dyn Objective,
    stages: Stages,
    seed: u64,
    walk: Walk,
    trace: Trace,
    slot: Box<dyn Slot>,
}

impl<'a> Watched<'a> {
    fn new(rule: &OptimizerConfig, objective: &'a dyn Objective, x0: &[f64], seed: u64) -> Self {
        Self {
            objective,
            stages: Stages::default(),
            seed,
            walk: Walk::new(x0),
            trace: Trace::new(x0.len()),
            slot: rule.start(x0),
        }
    }

    fn advance(&mut self, steps: u64) {
        let fixed = Fixed {
            objective: self.objective,
            batches: &Batches::Full,
            stages: &self.stages,
            seed: self.seed,
        };
        self.slot.advance(&fixed, &mut self.walk, steps, &mut self.trace);
    }

    fn value(&self) -> f64 {
        self.objective.value(&self.walk.x, Batch::Full, &mut Scratch::default())
    }

    fn population(&self) -> Vec<Vec<f64>> {
        let of = |overlay| match overlay {
            Overlay::Population(points) => Some(points),
            _ => None,
        };
        self.slot.overlays().into_iter().find_map(of).unwrap_or_default()
    }
}

/// What may be told to a user: from the function's own start, at least `at_least` of 30 seeds come within `tolerance` of the minimum with
/// at most `values` values.
#[track_caller]
fn solves(config: &serde_json::Value, id: &str, tolerance: f64, values: u64, at_least: usize) {
    let (rule, chosen) = (rule(config), FunctionConfig::from_id(id).unwrap());
    let objective = chosen.objective();
    let minimum = chosen.minima()[0].value;
    let solved = (0..30).filter(|seed| {
        let mut run = Watched::new(&rule, objective.as_ref(), &chosen.info().start, *seed);
        while run.value() - minimum > tolerance && run.walk.counts.values < values && run.walk.status == RunStatus::Running {
            run.advance(1);
        }
        assert_eq!(
            run.walk.counts.grads + run.walk.counts.hess_vecs,
            0,
            "{config} asks for values only"
        );
        run.value() - minimum <= tolerance && run.walk.counts.values <= values
    });
    let solved = solved.count();
    assert!(solved >= at_least, "{config} on {id}: {solved} of 30 within {values} values");
}

#[test]
fn differential_evolution_solves_what_it_should() {
    let rand1 = json!({ "id": "differential_evolution" });
    solves(&rand1, "sphere", 1e-8, 1500, 30);
    solves(&rand1, "rosenbrock", 1e-8, 2500, 29);
    solves(&rand1, "rastrigin", 1e-8, 3000, 29);
    // Faster, and more easily trapped.
    let best1 = json!({ "id": "differential_evolution", "mutant": "best1", "differential_weight": 0.7 });
    solves(&best1, "sphere", 1e-8, 1000, 30);
    solves(&best1, "rosenbrock", 1e-8, 2000, 29);
    solves(&best1, "rastrigin", 1e-8, 2000, 12);
}

#[test]
fn particle_swarms_solve_what_they_should() {
    let swarm = json!({ "id": "particle_swarm" });
    solves(&swarm, "sphere", 1e-8, 3500, 30);
    solves(&swarm, "rosenbrock", 1e-8, 9000, 29);
    solves(&swarm, "rastrigin", 1e-8, 8000, 29);
}

#[test]
fn genetic_algorithms_solve_what_they_should() {
    let genes = json!({ "id": "genetic_algorithm" });
    solves(&genes, "sphere", 1e-8, 3000, 30);
    solves(&genes, "rosenbrock", 1e-3, 12_000, 29);
    solves(&genes, "rastrigin", 1e-8, 5000, 29);
}

#[test]
fn cma_es_solves_what_it_should() {
    let normal = json!({ "id": "cma_es" });
    solves(&normal, "sphere", 1e-8, 800, 30);
    solves(&normal, "rosenbrock", 1e-8, 2200, 29);
    // A search with few points ends in a dimple nearby more often than not.
    solves(&normal, "rastrigin", 1e-8, 2000, 8);
    let wide = json!({ "id": "cma_es", "sigma": 2.0, "population": 60 });
    solves(&wide, "rastrigin", 1e-8, 3500, 23);
    let hansens = json!({ "id": "cma_es", "sigma": 0.5, "population": 0 });
    solves(&hansens, "rosenbrock", 1e-8, 1700, 29);
}

#[test]
fn evolution_strategies_solve_what_they_should() {
    let slope = json!({ "id": "evolution_strategy" });
    solves(&slope, "sphere", 1e-6, 20_000, 29);
    solves(&slope, "rosenbrock", 1e-2, 30_000, 29);
}

#[test]
fn many_pairs_see_the_gradient() {
    // Salimans et al. 2017, equation 1: the mean of ε f(x + σ ε) / σ is the slope of f smoothed over σ.
    let rule = rule(&json!({ "id": "evolution_strategy", "shaping": "values", "pairs": 10_000, "sigma": 1e-3, "lr": 1e-3 }));
    let x0 = [-1.2, 0.7];
    let (objective, mut grad) = (function("himmelblau"), [0.0; 2]);
    objective.value_and_grad(&x0, Batch::Full, &mut grad, &mut Scratch::default());
    let length = grad[0].hypot(grad[1]);
    for seed in 0..5 {
        let mut run = Watched::new(&rule, objective.as_ref(), &x0, seed);
        run.advance(1);
        for (j, g) in grad.iter().enumerate() {
            let slope = (x0[j] - run.walk.x[j]) / 1e-3;
            // The standard error is at most √(3 / 10 000) of the length.
            assert!((slope - g).abs() < 0.07 * length, "coordinate {j}: {slope}, not {g}");
        }
    }
}

#[test]
fn a_generation_costs_as_many_values_as_it_has_new_members() {
    let objective = function("rastrigin");
    for id in KEEPS_BEST {
        let rule = OptimizerConfig::from_id(id).unwrap();
        let Some(Value::Integer(members)) = rule.get("population") else {
            panic!("{id} has a population");
        };
        let kept = match rule.get("elites") {
            Some(Value::Integer(elites)) => elites,
            _ => 0,
        };
        let mut run = Watched::new(&rule, objective.as_ref(), &[2.3, -1.7], 3);
        for generation in 0..20 {
            run.advance(1);
            assert_eq!(run.walk.counts.values, members + generation * (members - kept), "{id}");
            assert_eq!(run.population().len() as u64, members, "{id}");
        }
    }
}

#[test]
fn the_best_member_never_gets_worse_and_is_where_x_is() {
    for id in KEEPS_BEST {
        for on in ["rastrigin", "eggholder", "rosenbrock"] {
            let (objective, rule) = (function(on), OptimizerConfig::from_id(id).unwrap());
            let mut run = Watched::new(&rule, objective.as_ref(), &[0.7, 1.3], 11);
            for _ in 0..80 {
                run.advance(1);
                let best = run.slot.overlays().iter().find_map(Overlay::best);
                assert_eq!(best, Some(run.value()), "{id} on {on}");
            }
            assert!(run.trace.value.is_sorted_by(|a, b| a >= b), "{id} on {on}");
            assert!(run.trace.value[79] < run.trace.value[0], "{id} on {on} finds nothing");
        }
    }
}

#[test]
fn the_first_generation_follows_from_seed_and_start() {
    let objective = function("rastrigin");
    for id in KEEPS_BEST {
        let rule = OptimizerConfig::from_id(id).unwrap();
        let first = |x0: [f64; 2], seed| {
            let mut run = Watched::new(&rule, objective.as_ref(), &x0, seed);
            assert!(run.population().is_empty(), "{id}: nothing is drawn before the first step");
            run.advance(1);
            run.population()
        };
        let population = first([2.3, -1.7], 5);
        assert!(population.contains(&vec![2.3, -1.7]), "{id}: the start is a member");
        assert_eq!(population, first([2.3, -1.7], 5), "{id}");
        assert_ne!(population, first([2.3, -1.7], 6), "{id}");
        // The others fill the domain wherever the start is.
        assert_eq!(population[1..], first([0.1, 4.0], 5)[1..], "{id}");
        for quadrant in [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]] {
            let there = |x: &&Vec<f64>| x[0] * quadrant[0] > 0.0 && x[1] * quadrant[1] > 0.0;
            assert!(population.iter().filter(there).count() > 1, "{id}: nobody in {quadrant:?}");
        }
    }
}

#[test]
fn the_search_stays_in_the_domain() {
    for on in ["eggholder", "saddle", "schwefel"] {
        let objective = function(on);
        let Bounds { low, high } = objective.domain().unwrap().clone();
        for id in KEEPS_BEST {
            let rule = OptimizerConfig::from_id(id).unwrap();
            let mut run = Watched::new(&rule, objective.as_ref(), &[0.7, 1.3], 2);
            for _ in 0..60 {
                run.advance(1);
                let inside = |x: &Vec<f64>| (0..2).all(|j| (low[j]..=high[j]).contains(&x[j]));
                assert!(run.population().iter().all(inside), "{id} leaves {on}");
            }
        }
    }
}

type Formula = fn(&[f64]) -> f64;

/// A function without a domain, given by its values alone; it tells no slopes.
struct Free(Formula);

impl Objective for Free {
    fn dim(&self) -> usize {
        2
    }
    fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        self.0(x)
    }
    fn value_and_grad(&self, x: &[f64], _batch: Batch<'_>, grad: &mut [f64], _scratch: &mut Scratch) -> f64 {
        grad.fill(0.0);
        self.0(x)
    }
    fn hess_vec(&self, _x: &[f64], _v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        hv.fill(0.0);
    }
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        x.fill(rng.normal());
    }
}

/// A curved valley of values from 0 up.
fn valley(x: &[f64]) -> f64 {
    let along = 1.0 - x[0];
    let across = x[1] - x[0] * x[0];
    along * along + 10.0 * across * across
}

/// The points that a rule visits.
fn path(rule: &OptimizerConfig, formula: Formula, x0: &[f64], steps: u64) -> Vec<f64> {
    let objective = Free(formula);
    let mut run = Watched::new(rule, &objective, x0, 4);
    run.advance(steps);
    assert_eq!(run.walk.status, RunStatus::Running, "{}", rule.id());
    run.trace.x
}

#[test]
fn only_the_order_of_values_matters() {
    for id in KEEPS_BEST.into_iter().chain(MOVES_MEAN) {
        let rule = OptimizerConfig::from_id(id).unwrap();
        let plain = path(&rule, valley, &[-1.2, 0.7], 60);
        assert_eq!(plain, path(&rule, |x| 1024.0 * valley(x), &[-1.2, 0.7], 60), "{id}");
        assert_eq!(plain, path(&rule, |x| valley(x).sqrt(), &[-1.2, 0.7], 60), "{id}");
        assert_ne!(plain, path(&rule, |x| valley(&[x[1], x[0]]), &[-1.2, 0.7], 60), "{id}");
    }
}

#[test]
fn a_problem_moved_elsewhere_is_the_same_problem() {
    for id in KEEPS_BEST.into_iter().chain(MOVES_MEAN) {
        let rule = OptimizerConfig::from_id(id).unwrap();
        let here = path(&rule, valley, &[-1.25, 0.75], 25);
        let there = path(&rule, |x| valley(&[x[0] - 8.0, x[1] + 16.0]), &[6.75, -15.25], 25);
        for (here, there) in here.chunks(2).zip(there.chunks(2)) {
            assert!(
                (here[0] + 8.0 - there[0]).hypot(here[1] - 16.0 - there[1]) < 1e-9,
                "{id}: {here:?}, {there:?}"
            );
        }
    }
}

#[test]
fn values_that_are_no_numbers_come_last() {
    let half: Formula = |x| if x[0] < 0.0 { f64::NAN } else { valley(x) };
    let high: Formula = |x| if x[0] < 0.0 { f64::INFINITY } else { valley(x) };
    let nowhere: Formula = |x| if x == [2.0, 3.0] { 1.0 } else { -f64::NAN };
    for id in KEEPS_BEST {
        let rule = OptimizerConfig::from_id(id).unwrap();
        for formula in [half, high] {
            let points = path(&rule, formula, &[2.0, 3.0], 60);
            assert!(points.chunks(2).all(|x| x[0] >= 0.0), "{id} goes where there are no values");
            assert!(valley(&points[118..]) < 0.1 * valley(&[2.0, 3.0]), "{id} finds nothing");
        }
        let points = path(&rule, nowhere, &[2.0, 3.0], 20);
        assert!(
            points.chunks(2).all(|x| x == [2.0, 3.0]),
            "{id} leaves the only value there is"
        );
    }
}

#[test]
fn every_number_of_members_is_survived() {
    let objective = function("himmelblau");
    for mut rule in OptimizerConfig::all() {
        let counts = rule
            .params()
            .into_iter()
            .filter(|info| matches!(info.range, Range::Integer { .. }));
        let counts: Vec<_> = counts.map(|info| info.name).collect();
        if !counts.contains(&"population") {
            continue;
        }
        for members in [1, 2, 3, 4, 5, 7, 50] {
            for name in &counts {
                rule.set(name, Value::Integer(members)).unwrap();
            }
            let mut run = Watched::new(&rule, objective.as_ref(), &[0.5, 1.0], 1);
            run.advance(30);
            assert_eq!(run.walk.status, RunStatus::Running, "{} of {members}", rule.id());
        }
    }
}

#[test]
fn what_a_population_cannot_do_it_says() {
    let small = Offer {
        dim: 2,
        domain: false,
        matrices: true,
        least_squares: false,
        equations: None,
        minibatches: false,
    };
    for id in KEEPS_BEST {
        let rule = OptimizerConfig::from_id(id).unwrap();
        assert_eq!(rule.refusal(&small), None, "{id}");
        let large = rule.refusal(&Offer { dim: 5000, ..small });
        assert!(large.is_some_and(|why| why.contains("here are 5000")), "{id}");
        // A value that a lucky batch gave would stand for ever.
        let in_batches = rule.refusal(&Offer {
            minibatches: true,
            ..small
        });
        assert!(in_batches.is_some_and(|why| why.contains("other samples")), "{id}");
    }
}

#[test]
fn cma_es_walks_as_purecma() {
    let file = read("cma.json");
    for run in items(&file["runs"]) {
        let id = run["id"].as_str().unwrap();
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let rule = CmaEs {
            sigma: number(&run["sigma0"]),
            population: run["popsize"].as_u64().unwrap(),
        };
        let mut state = rule.init(&numbers(&run["x0"]));
        for (k, generation) in items(&run["generations"]).iter().enumerate() {
            let at = format!("{id}, generation {k}");
            let near = |what: &str, got: &[f64], want: &[f64]| {
                assert_eq!(got.len(), want.len(), "{at}: {what}");
                let far = |(got, want): (&f64, &f64)| (got - want).abs() > 1e-9 * want.abs().max(1.0);
                assert!(!got.iter().zip(want).any(far), "{at}: {what} {got:?}, not {want:?}");
            };
            let normals: Vec<f64> = items(&generation["z"]).iter().flat_map(numbers).collect();
            state.normals_mut().copy_from_slice(&normals);
            state.sample();
            for (k, want) in items(&generation["x"]).iter().enumerate() {
                near("x", state.sampled().point(k), &numbers(want));
            }
            state.tell(&numbers(&generation["f"]));
            state.learn();
            near("mean", state.mean(), &numbers(&generation["mean"]));
            near("sigma", &[state.sigma()], &[number(&generation["sigma"])]);
            near("p_sigma", state.path_sigma(), &numbers(&generation["ps"]));
            near("p_c", state.path_c(), &numbers(&generation["pc"]));
            let n = state.mean().len();
            let lower: Vec<f64> = (0..n).flat_map(|i| state.covariance()[i * n..=i * n + i].to_vec()).collect();
            near("C", &lower, &numbers(&generation["C"]));
        }
    }
}

#[test]
fn cma_es_does_not_see_how_the_problem_is_turned() {
    let (cos, sin) = (0.6, 0.8);
    let turn = |x: &[f64]| [cos * x[0] - sin * x[1], sin * x[0] + cos * x[1]];
    let back = |x: &[f64]| [cos * x[0] + sin * x[1], cos * x[1] - sin * x[0]];
    let rule = CmaEs::default();
    let (mut here, mut there) = (rule.init(&[-1.2, 0.7]), rule.init(&turn(&[-1.2, 0.7])));
    let mut rng = Rng::stream(5, Purpose::Rule, 0);
    for generation in 0..60 {
        let normals: Vec<f64> = here.normals_mut().iter().map(|_| rng.normal()).collect();
        here.normals_mut().copy_from_slice(&normals);
        let turned: Vec<f64> = normals.chunks(2).flat_map(turn).collect();
        there.normals_mut().copy_from_slice(&turned);
        here.sample();
        there.sample();
        let values = |state: &SearchDistribution, of: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
            (0..state.sampled().len()).map(|k| of(state.sampled().point(k))).collect()
        };
        let (a, b) = (values(&here, &valley), values(&there, &|x| valley(&back(x))));
        here.tell(&a);
        there.tell(&b);
        here.learn();
        there.learn();
        let expected = turn(here.mean());
        for (expected, got) in expected.iter().zip(there.mean()) {
            assert!(
                (expected - got).abs() < 1e-8,
                "generation {generation}: {got}, not {expected}"
            );
        }
    }
    assert!(valley(here.mean()) < 1e-3, "and it gets somewhere");
}

#[test]
fn the_ellipse_is_the_distribution() {
    // Σ aₖ aₖᵀ over the axes is σ² C, and the axes are orthogonal.
    let objective = function("quadratic_ill");
    let rule = OptimizerConfig::from_id("cma_es").unwrap();
    let mut run = Watched::new(&rule, objective.as_ref(), &[2.0, 1.5], 1);
    run.advance(40);
    let ellipse = run.slot.overlays().into_iter().find_map(|overlay| match overlay {
        Overlay::Ellipse { centre, axes } => Some((centre, axes)),
        _ => None,
    });
    let (centre, axes) = ellipse.unwrap();
    assert_eq!(centre, run.walk.x);
    let [a, b] = [&axes[0], &axes[1]];
    let (long, short) = (a[0].hypot(a[1]), b[0].hypot(b[1]));
    assert!((a[0] * b[0] + a[1] * b[1]).abs() < 1e-12 * long * short);
    // A narrow valley makes a narrow ellipse.
    assert!(long.max(short) > 3.0 * long.min(short), "{long} {short}");
}
