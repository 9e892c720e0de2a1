//! The figures of the lessons on looking for the lowest of many minima. Each test is a lesson, and what it says to a user must hold.

use std::sync::Arc;

use optiscope::functions::FunctionConfig;
use optiscope::math::{Purpose, Rng};
use optiscope::objective::{Batch, Batches, Objective, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, Overlay, Slot, Stages, Trace, Walk};
use serde_json::{Value, json};

const START: [f64; 2] = [4.5, 4.5];

fn rule(settings: Value) -> OptimizerConfig {
    serde_json::from_value(settings).unwrap()
}

fn rastrigin() -> Arc<dyn Objective> {
    FunctionConfig::from_id("rastrigin").unwrap().objective()
}

/// The value of the point where a run of Rastrigin ends, the point, and the rule as it ends.
fn run(rule: &OptimizerConfig, x0: [f64; 2], seed: u64, steps: u64) -> (f64, Vec<f64>, Box<dyn Slot>) {
    run_on(rastrigin().as_ref(), rule, x0, seed, steps)
}

/// The same on another landscape.
fn run_on(
    objective: &dyn Objective,
    rule: &OptimizerConfig,
    x0: [f64; 2],
    seed: u64,
    steps: u64,
) -> (f64, Vec<f64>, Box<dyn Slot>) {
    let stages = Stages::default();
    let fixed = Fixed {
        objective,
        batches: &Batches::Full,
        stages: &stages,
        seed,
    };
    let (mut walk, mut trace, mut slot) = (Walk::new(&x0), Trace::new(2), rule.start(&x0));
    slot.advance(&fixed, &mut walk, steps, &mut trace);
    let value = objective.value(&walk.x, Batch::Full, &mut Scratch::default());
    (value, walk.x, slot)
}

/// The lowest value that a rule has met.
fn best(slot: &dyn Slot) -> f64 {
    slot.overlays().iter().find_map(Overlay::best).expect("it keeps the best")
}

/// The slope of Rastrigin along one axis; the other axis does not matter.
fn slope(x: f64) -> f64 {
    let mut grad = [0.0; 2];
    rastrigin().value_and_grad(&[x, 0.0], Batch::Full, &mut grad, &mut Scratch::default());
    grad[0]
}

/// Where the slope changes its sign, upwards at a minimum.
fn zeros_of_the_slope() -> (Vec<f64>, Vec<f64>) {
    let (mut minima, mut maxima) = (Vec::new(), Vec::new());
    let places: Vec<f64> = (0..=10_240).map(|k| -5.12 + 0.001 * f64::from(k) + 1e-7).collect();
    for pair in places.windows(2) {
        let [mut low, mut high] = [pair[0], pair[1]];
        let rising = slope(high) > slope(low);
        if (slope(low) > 0.0) == (slope(high) > 0.0) {
            continue;
        }
        while high - low > 1e-12 {
            let middle = 0.5 * (low + high);
            let before = (slope(middle) > 0.0) == (slope(low) > 0.0);
            *(if before { &mut low } else { &mut high }) = middle;
        }
        if rising { minima.push(low) } else { maxima.push(low) }
    }
    (minima, maxima)
}

#[test]
fn lesson_16_121_traps() {
    // The axes do not mix, so minima are pairs of minima along one axis.
    let (minima, _) = zeros_of_the_slope();
    assert_eq!(minima.len() * minima.len(), 121);

    // All end in the same wrong hole. RMSprop goes round it by half a learning rate for ever (lesson 11), so it gets a small one.
    for settings in [
        json!({ "id": "sgd", "lr": 0.001 }),
        json!({ "id": "momentum", "lr": 0.0002, "momentum": 0.9 }),
        json!({ "id": "adam", "lr": 0.01 }),
        json!({ "id": "rmsprop", "lr": 0.0001 }),
    ] {
        let id = settings["id"].clone();
        let (value, x, _) = run(&rule(settings), START, 0, 20_000);
        assert!(x.iter().all(|x| (x - 3.9798).abs() < 2e-4), "{id}: {x:?}");
        assert!((value - 31.838).abs() < 1e-3, "{id}: {value}");
    }
}

#[test]
fn lesson_17_restarts() {
    let (_, maxima) = zeros_of_the_slope();
    let edge = maxima.iter().copied().filter(|x| *x > 0.0).fold(f64::INFINITY, f64::min);
    assert!((edge - 0.50255).abs() < 5e-6, "{edge}");
    let basin = (2.0 * edge / 10.24_f64).powi(2);
    assert!((basin - 0.00963).abs() < 5e-6, "{basin}");
    let starts = (0.05_f64.ln() / (1.0 - basin).ln()).ceil();
    assert_eq!(starts, 310.0);

    // Gradient descent from uniform starts finds the lowest hole from as many of them as lie in its basin.
    let descent = rule(json!({ "id": "sgd", "lr": 0.001 }));
    let (runs, objective) = (10_000, rastrigin());
    let found = (0..runs).filter(|seed| {
        let mut x = [0.0; 2];
        objective.sample_start(&mut Rng::stream(*seed, Purpose::Bench, 0), &mut x);
        run(&descent, x, 0, 60).0 < 0.5
    });
    let share = found.count() as f64 / runs as f64;
    let error = (basin * (1.0 - basin) / runs as f64).sqrt();
    assert!((share - basin).abs() < 4.0 * error, "{share}, not {basin} ± {error}");

    // And 310 of them succeed 19 times in 20: here with 60 steps for each start.
    let restarts = rule(json!({ "id": "random_restarts", "budget": 60, "rule": { "id": "sgd", "lr": 0.001 } }));
    let runs = 100;
    let found = (0..runs).filter(|seed| best(run(&restarts, START, *seed, 310 * 61 + 60).2.as_ref()) < 0.5);
    let found = found.count();
    // 95 ± 4 × 2.2 of 100.
    assert!((87..=100).contains(&found), "{found} of {runs}");
}

/// Rastrigin within its box: outside there is nothing to stand on.
struct Walled(Arc<dyn Objective>);

impl Walled {
    fn is_inside(x: &[f64]) -> bool {
        x.iter().all(|x| x.abs() <= 5.12)
    }
}

impl Objective for Walled {
    fn dim(&self) -> usize {
        2
    }
    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        if Self::is_inside(x) {
            self.0.value(x, batch, scratch)
        } else {
            f64::INFINITY
        }
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        self.0.value_and_grad(x, batch, grad, scratch)
    }
    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
        self.0.hess_vec(x, v, batch, hv, scratch);
    }
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        self.0.sample_start(rng, x);
    }
}

/// How many of so many runs of 8000 proposals meet the lowest hole, and how many stand in it in the end. The holes next to it are
/// 0.995 deep: below 0.9 is the lowest only.
fn annealed(settings: Value, runs: u64) -> [f64; 2] {
    const LOWEST: f64 = 0.9;
    let mut settings = settings;
    settings["id"] = json!("simulated_annealing");
    let (rule, objective) = (rule(settings), Walled(rastrigin()));
    let ends: Vec<[bool; 2]> = (0..runs)
        .map(|seed| {
            let (last, _, slot) = run_on(&objective, &rule, START, seed, 8000);
            [best(slot.as_ref()) < LOWEST, last < LOWEST]
        })
        .collect();
    [0, 1].map(|i| ends.iter().filter(|end| end[i]).count() as f64 / runs as f64)
}

#[track_caller]
fn check_share(what: &str, measured: f64, told: f64, runs: u64) {
    // Four standard errors of the difference to the share that is told, which comes from 400 runs.
    let error = (told * (1.0 - told) * (1.0 / runs as f64 + 1.0 / 400.0)).sqrt().max(0.005);
    assert!(
        (measured - told).abs() < 4.0 * error,
        "{what}: {measured}, not {told} ± {error}"
    );
}

#[test]
fn lesson_18_annealing_vs_greedy_vs_quench_vs_always_hot() {
    // 150 runs of each, not 400: a second of work instead of three.
    let runs = 150;
    let of = |scale: f64, start: f64, cooling: f64| {
        annealed(
            json!({ "proposal_scale": scale, "start_temperature": start, "cooling": cooling }),
            runs,
        )
    };
    let [cooled, _] = of(0.3, 20.0, 0.999);
    let [greedy, _] = of(0.3, 0.0, 1.0);
    let [quench, _] = of(0.3, 20.0, 0.95);
    let [hot, hot_in_the_end] = of(0.3, 100.0, 1.0);
    check_share("annealing", cooled, 0.80, runs);
    check_share("greedy", greedy, 0.17, runs);
    check_share("quench", quench, 0.16, runs);
    // It wanders all over the box, passes the lowest hole now and then, and stays nowhere.
    check_share("always hot", hot, 0.69, runs);
    check_share("always hot, in the end", hot_in_the_end, 0.0, runs);
    assert!(cooled > 2.0 * greedy.max(quench));

    // The trap: a greedy walk whose steps are half as long as the way to the next hole needs no temperature.
    let [long_steps, _] = of(0.5, 0.0, 1.0);
    check_share("greedy with longer steps", long_steps, 0.998, runs);
}
