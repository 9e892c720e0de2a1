//! Rules that look for the lowest of many minima: what they draw, what they keep, and how often they find it.

use optiscope::functions::FunctionConfig;
use optiscope::math::Rng;
use optiscope::objective::{Answer, Batch, Batches, Counts, Objective, Offer, Oracle, Scratch};
use optiscope::optim::{
    BasinHopping, CoolingSchedule, Fixed, Kernel, Optimizer, OptimizerConfig, Overlay, Proposal, SimulatedAnnealing, Slot,
    Stages, StepCtx, StepEvent, Surrogate, Trace, Walk, expected_improvement,
};

/// A run of `rule` to its end.
fn run(rule: &OptimizerConfig, objective: &dyn Objective, x0: &[f64], seed: u64, steps: u64) -> (Walk, Trace, Box<dyn Slot>) {
    let stages = Stages::default();
    let fixed = Fixed {
        objective,
        batches: &Batches::Full,
        stages: &stages,
        seed,
    };
    let (mut walk, mut trace, mut slot) = (Walk::new(x0), Trace::new(x0.len()), rule.start(x0));
    slot.advance(&fixed, &mut walk, steps, &mut trace);
    walk.finish(&fixed, &mut trace);
    (walk, trace, slot)
}

fn on_function(rule: &OptimizerConfig, id: &str, x0: &[f64], seed: u64, steps: u64) -> (Walk, Trace, Box<dyn Slot>) {
    let objective = FunctionConfig::from_id(id).unwrap().objective();
    run(rule, objective.as_ref(), x0, seed, steps)
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
    // Metropolis et al. 1953: the share of time in a state is exp(-E/T)/Z, whatever the proposals, as long as they are symmetric.
    let energies = [0.0, 1.0, 0.4];
    let kinds = [Proposal::Gaussian, Proposal::Cauchy];
    for (proposal, temperature) in kinds.into_iter().flat_map(|p| [0.5, 1.0, 2.0].map(|t| (p, t))) {
        let rule = OptimizerConfig::SimulatedAnnealing(SimulatedAnnealing {
            proposal,
            proposal_scale: 1.0,
            start_temperature: temperature,
            cooling: 1.0,
            ..SimulatedAnnealing::default()
        });
        let (_, trace, _) = run(&rule, &ThreeWells(energies), &[0.5], 11, 200_000);
        // So far apart that they are as good as independent.
        let seen: Vec<usize> = trace.x.iter().step_by(40).map(|x| *x as usize).collect();
        let weights = energies.map(|e| (-e / temperature).exp());
        let z: f64 = weights.iter().sum();
        let chi_square: f64 = (0..3)
            .map(|well| {
                let expected = seen.len() as f64 * weights[well] / z;
                (seen.iter().filter(|w| **w == well).count() as f64 - expected).powi(2) / expected
            })
            .sum();
        // Two degrees of freedom: once in 1000.
        assert!(chi_square < 13.8, "{proposal:?}, T = {temperature}: {chi_square}");
    }
}

/// The temperature of every step of an annealing over Rastrigin, the first included.
fn temperatures(rule: &SimulatedAnnealing, steps: u64) -> Vec<f64> {
    let objective = FunctionConfig::from_id("rastrigin").unwrap().objective();
    let (mut x, mut scratch, mut counts, mut answer) = ([2.3, -1.7], Scratch::default(), Counts::default(), Answer::default());
    let mut state = rule.init(&x);
    let mut all = vec![state.temperature()];
    for step in 0..steps {
        let value = objective.value(&x, Batch::Full, &mut scratch);
        let oracle = Oracle::new(objective.as_ref(), Batch::Full, &mut scratch, &mut counts, &mut answer);
        let mut ctx = StepCtx {
            step,
            lr_scale: 1.0,
            momentum: None,
            value,
            grad: &[0.0, 0.0],
            oracle,
            seed: 4,
        };
        rule.step(&mut state, &mut x, &mut ctx);
        all.push(state.temperature());
    }
    all
}

#[test]
fn each_cooling_follows_its_law() {
    use CoolingSchedule::{Adaptive, Fast, Geometric, Linear, Logarithmic};
    for cooling_schedule in [Geometric, Linear, Logarithmic, Fast] {
        let law = |k: f64| match cooling_schedule {
            Geometric => 3.0 * 0.99_f64.powf(k),
            Linear => 3.0 * (1.0 - k / 200.0).max(0.0),
            Logarithmic => 3.0 / (k + 1.0_f64.exp()).ln(),
            Fast => 3.0 / (1.0 + k),
            Adaptive => f64::NAN,
        };
        let rule = SimulatedAnnealing {
            start_temperature: 3.0,
            cooling_schedule,
            cooling: 0.99,
            cooling_steps: 200,
            ..SimulatedAnnealing::default()
        };
        for (k, temperature) in temperatures(&rule, 300).into_iter().enumerate() {
            let expected = law(k as f64);
            assert!(
                (temperature - expected).abs() <= 1e-12 * expected.max(1e-3),
                "{cooling_schedule:?}, step {k}: {temperature}, not {expected}"
            );
        }
    }
}

#[test]
fn adaptive_cooling_accepts_as_many_as_it_should() {
    // Lam and Delosme: nearly all at first, 44 % from 15 % of the run to 65 %, nearly none in the end.
    let steps = 20_000;
    let rule = SimulatedAnnealing {
        proposal_scale: 0.5,
        start_temperature: 20.0,
        cooling_schedule: CoolingSchedule::Adaptive,
        cooling_steps: steps,
        ..SimulatedAnnealing::default()
    };
    for pair in temperatures(&rule, 200).windows(2) {
        let factor = pair[1] / pair[0];
        assert!(
            (factor - 0.999).abs() < 1e-12 || (factor - 1.0 / 0.999).abs() < 1e-12,
            "{factor}"
        );
    }
    let (_, trace, _) = on_function(&OptimizerConfig::SimulatedAnnealing(rule), "rastrigin", &[4.5, 4.5], 1, steps);
    let accepted = |from: f64, to: f64| {
        let events = &trace.event[(from * steps as f64) as usize..(to * steps as f64) as usize];
        events.iter().filter(|e| **e != StepEvent::Rejected).count() as f64 / events.len() as f64
    };
    assert!(accepted(0.0, 0.03) > 0.55, "{}", accepted(0.0, 0.03));
    assert!((accepted(0.25, 0.65) - 0.44).abs() < 0.03, "{}", accepted(0.25, 0.65));
    assert!(accepted(0.95, 1.0) < 0.03, "{}", accepted(0.95, 1.0));
}

#[test]
fn files_from_before_there_was_a_choice_of_cooling_mean_what_they_meant() {
    let old = r#"{ "id": "simulated_annealing", "proposal_scale": 0.3, "start_temperature": 20.0, "cooling": 0.999 }"#;
    let rule: OptimizerConfig = serde_json::from_str(old).unwrap();
    let same = SimulatedAnnealing {
        proposal: Proposal::Gaussian,
        proposal_scale: 0.3,
        start_temperature: 20.0,
        cooling_schedule: CoolingSchedule::Geometric,
        cooling: 0.999,
        ..SimulatedAnnealing::default()
    };
    assert_eq!(rule, OptimizerConfig::SimulatedAnnealing(same));
}

#[test]
fn only_parameters_that_matter_are_shown() {
    let mut rule = OptimizerConfig::from_id("simulated_annealing").unwrap();
    for (schedule, shown, hidden) in [
        ("geometric", "cooling", "cooling_steps"),
        ("linear", "cooling_steps", "cooling"),
        ("adaptive", "cooling_steps", "cooling"),
        ("logarithmic", "start_temperature", "cooling"),
        ("fast", "start_temperature", "cooling_steps"),
    ] {
        rule.set_text("cooling_schedule", schedule).unwrap();
        let names: Vec<_> = rule.params().iter().map(|info| info.name).collect();
        assert!(names.contains(&shown) && !names.contains(&hidden), "{schedule}: {names:?}");
    }
}

#[test]
fn annealing_marks_what_it_does() {
    let rule = OptimizerConfig::from_id("simulated_annealing").unwrap();
    let (walk, trace, _) = on_function(&rule, "rastrigin", &[2.3, -1.7], 5, 2000);
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
fn the_latest_proposals_are_shown_with_what_became_of_them() {
    for (id, steps) in [
        ("simulated_annealing", 1000),
        ("simulated_annealing", 10),
        ("random_search", 500),
    ] {
        let rule = OptimizerConfig::from_id(id).unwrap();
        let (_, trace, slot) = on_function(&rule, "rastrigin", &[2.3, -1.7], 2, steps);
        let shown = slot.overlays().into_iter().find_map(|overlay| match overlay {
            Overlay::Proposals(proposals) => Some(proposals),
            _ => None,
        });
        let shown = shown.unwrap_or_else(|| panic!("{id} shows no proposals"));
        assert_eq!(shown.len() as u64, steps.min(64), "{id}");
        let first = steps as usize - shown.len();
        for (row, (x, event)) in (first..).zip(&shown) {
            assert_eq!(trace.event[row], *event, "{id}, row {row}");
            let accepted = trace.point(row + 1).unwrap() == x;
            assert_eq!(accepted, *event != StepEvent::Rejected, "{id}, row {row}");
        }
    }
}

#[test]
fn random_search_hits_as_often_as_chance_allows() {
    // A disc of radius 1 in the domain of the sphere: 1 − (1 − p)ⁿ.
    let sphere = FunctionConfig::from_id("sphere").unwrap();
    let area: f64 = sphere.domain().iter().map(|[low, high]| high - low).product();
    let p = std::f64::consts::PI / area;
    let rule = OptimizerConfig::from_id("random_search").unwrap();
    let (steps, runs) = (30, 2000);
    let hits = (0..runs).filter(|seed| {
        let (walk, trace, _) = on_function(&rule, "sphere", &[3.0, 3.0], *seed, steps);
        assert!(
            trace.value.windows(2).all(|pair| pair[1] <= pair[0]),
            "it stays at the best point"
        );
        walk.x[0].hypot(walk.x[1]) < 1.0
    });
    let share = hits.count() as f64 / runs as f64;
    let expected = 1.0 - (1.0 - p).powi(steps as i32);
    let error = (expected * (1.0 - expected) / runs as f64).sqrt();
    assert!((share - expected).abs() < 4.0 * error, "{share}, not {expected} ± {error}");
}

#[test]
fn random_search_around_the_best_point_needs_no_domain() {
    let mut rule = OptimizerConfig::from_id("random_search").unwrap();
    rule.set_text("proposal_scale", "0.5").unwrap();
    // Wells without a domain: uniform sampling has nothing to sample from.
    let (walk, trace, _) = run(&rule, &ThreeWells([1.0, 0.5, 0.0]), &[0.5], 3, 200);
    assert!(trace.value.windows(2).all(|pair| pair[1] <= pair[0]));
    assert_eq!(walk.x[0] as usize, 2, "{:?}", walk.x);
}

#[test]
fn basin_hopping_finds_the_lowest_of_121_holes() {
    // From the corner, within 4000 steps: 95 descents of 40 steps.
    let rule = OptimizerConfig::from_id("basin_hopping").unwrap();
    let found = (0..20).filter(|seed| {
        let (_, _, slot) = on_function(&rule, "rastrigin", &[4.5, 4.5], *seed, 4000);
        slot.overlays().iter().find_map(Overlay::best).unwrap() < 1e-6
    });
    let found = found.count();
    assert!(found >= 18, "{found} of 20 seeds");
}

#[test]
fn basin_hopping_decides_at_minima_and_hops_from_the_one_it_keeps() {
    let hopping = BasinHopping {
        temperature: 3.0,
        ..BasinHopping::default()
    };
    let (budget, stepsize) = (hopping.budget as usize, hopping.stepsize);
    let rule = OptimizerConfig::BasinHopping(hopping);
    let (_, trace, _) = on_function(&rule, "rastrigin", &[2.3, -1.7], 6, 4200);
    let mut kept = (vec![f64::NAN; 2], f64::INFINITY);
    let mut verdicts = Vec::new();
    for row in (budget..4200).step_by(budget + 2) {
        let (minimum, value) = (trace.point(row).unwrap().to_vec(), trace.value[row]);
        assert!(
            trace.grad_norm[row] < 0.01,
            "row {row} is no minimum: {}",
            trace.grad_norm[row]
        );
        assert_eq!(trace.point(row + 1).unwrap(), minimum, "a verdict moves nothing");
        match trace.event[row] {
            StepEvent::Uphill => assert!(value > kept.1),
            StepEvent::Moved => assert!(value <= kept.1),
            StepEvent::Rejected => assert!(value > kept.1),
            StepEvent::Restarted => panic!("row {row}"),
        }
        verdicts.push(trace.event[row]);
        if trace.event[row] != StepEvent::Rejected {
            kept = (minimum, value);
        }
        assert_eq!(trace.event[row + 1], StepEvent::Restarted, "the trail is cut at a hop");
        let landed = trace.point(row + 2).unwrap();
        assert!(
            landed.iter().zip(&kept.0).all(|(a, b)| (a - b).abs() <= stepsize),
            "row {row}"
        );
    }
    for verdict in [StepEvent::Uphill, StepEvent::Moved, StepEvent::Rejected] {
        assert!(verdicts.contains(&verdict), "{verdict:?} never happened");
    }
}

/// Correlation at distance d, by Rasmussen and Williams 2006, eq. 4.9 and 4.17.
fn correlation(kernel: Kernel, d: f64) -> f64 {
    match kernel {
        Kernel::SquaredExponential => (-d * d / 2.0).exp(),
        Kernel::Matern52 => (1.0 + 5.0_f64.sqrt() * d + 5.0 * d * d / 3.0) * (-(5.0_f64.sqrt()) * d).exp(),
    }
}

#[test]
fn a_surrogate_of_two_values_is_what_it_is_on_paper() {
    // y(0) = 1, y(1) = 3, length 1/2. By symmetry μ = 2; the 2 × 2 matrix R with r off the diagonal is inverted by hand.
    for kernel in [Kernel::SquaredExponential, Kernel::Matern52] {
        let mut surrogate = Surrogate::new(kernel, &[0.5], 0.0);
        surrogate.observe(&[0.0], 1.0, 10);
        surrogate.observe(&[1.0], 3.0, 10);
        let r = correlation(kernel, 2.0);
        for x in [-3.0, -0.2, 0.0, 0.3, 0.5, 0.9, 1.0, 4.0] {
            let (a, b) = (
                correlation(kernel, 2.0 * f64::abs(x)),
                correlation(kernel, 2.0 * f64::abs(x - 1.0)),
            );
            let mean = 2.0 + (b - a) / (1.0 - r);
            let known = (a * a + b * b - 2.0 * r * a * b) / (1.0 - r * r);
            let of_mean = (1.0 - (a + b) / (1.0 + r)).powi(2) * (1.0 + r) / 2.0;
            let deviation = ((1.0 - known + of_mean).max(0.0) / (1.0 - r)).sqrt();
            let [got_mean, got_deviation] = surrogate.at(&[x]);
            assert!((got_mean - mean).abs() < 1e-6, "{kernel:?} at {x}: {got_mean}, not {mean}");
            assert!(
                (got_deviation - deviation).abs() < 2e-4,
                "{kernel:?} at {x}: {got_deviation}, not {deviation}"
            );
        }
    }
}

#[test]
fn a_surrogate_passes_through_its_data_and_is_unsure_elsewhere() {
    let branin = FunctionConfig::from_id("branin").unwrap().objective();
    for kernel in [Kernel::SquaredExponential, Kernel::Matern52] {
        let mut surrogate = Surrogate::new(kernel, &[2.0, 2.0], 0.0);
        let mut rng = Rng::stream(1, optiscope::math::Purpose::Bench, 0);
        for _ in 0..25 {
            let mut x = [0.0; 2];
            branin.sample_start(&mut rng, &mut x);
            surrogate.observe(&x, branin.value(&x, Batch::Full, &mut Scratch::default()), 100);
        }
        let [_, far] = surrogate.at(&[500.0, 500.0]);
        assert!(far > 10.0, "{far}");
        assert_eq!(surrogate.observed().len(), 25);
        for (x, value) in surrogate.observed() {
            let [mean, deviation] = surrogate.at(x);
            assert!(
                (mean - value).abs() < 1e-5 * far && deviation < 1e-3 * far,
                "{kernel:?} {x:?}: {mean}, not {value}"
            );
        }
    }
}

#[test]
fn expected_improvement_is_the_integral_that_it_claims_to_be() {
    for (mean, deviation, best) in [
        (0.0, 1.0, 0.0),
        (1.0, 0.5, 0.0),
        (-2.0, 3.0, 1.5),
        (3.0, 0.7, 0.0),
        (-1.0, 0.1, 0.0),
    ] {
        // Simpson's rule over max(best − f, 0) times the normal density, from the kink down.
        let (low, steps) = (mean - 12.0 * deviation, 20_000);
        let h = (best - low) / f64::from(steps);
        let at = |k: i32| {
            let f = low + h * f64::from(k);
            (best - f) * (-0.5 * ((f - mean) / deviation).powi(2)).exp() / (deviation * std::f64::consts::TAU.sqrt())
        };
        let inner: f64 = (1..steps).map(|k| at(k) * if k % 2 == 1 { 4.0 } else { 2.0 }).sum();
        let integral = (at(0) + inner + at(steps)) * h / 3.0;
        let closed = expected_improvement(mean, deviation, best);
        assert!((closed - integral).abs() < 1e-9, "{closed}, not {integral}");
    }
    assert_eq!(expected_improvement(1.0, 0.0, 3.0), 2.0);
    assert_eq!(expected_improvement(3.0, 0.0, 1.0), 0.0);
}

#[test]
fn bayesian_optimisation_needs_few_values() {
    // Branin, whose minima are 0.398, in 40 values (the start is one more), against as many of random search.
    let end = |id: &str, seed: u64| {
        let rule = OptimizerConfig::from_id(id).unwrap();
        on_function(&rule, "branin", &[-1.0, 11.0], seed, 40).1.value[40]
    };
    let ends: Vec<[f64; 2]> = (0..10)
        .map(|seed| ["bayesian_optimisation", "random_search"].map(|id| end(id, seed)))
        .collect();
    let close = ends.iter().filter(|[bayes, _]| *bayes < 0.398 + 0.4).count();
    let better = ends.iter().filter(|[bayes, random]| bayes < random).count();
    assert!(close >= 9 && better >= 9, "{close} close, {better} better: {ends:?}");
}

#[test]
fn bayesian_optimisation_shows_what_it_believes_and_forgets_the_least_telling() {
    let mut rule = OptimizerConfig::from_id("bayesian_optimisation").unwrap();
    rule.set_text("memory", "30").unwrap();
    let (walk, trace, slot) = on_function(&rule, "himmelblau", &[0.0, 0.0], 3, 60);
    assert_eq!(walk.counts.values, 61, "one value a step, and the start");
    let surrogate = slot.overlays().into_iter().find_map(|overlay| match overlay {
        Overlay::Surrogate(surrogate) => Some(surrogate),
        _ => None,
    });
    let surrogate = surrogate.expect("it shows its surrogate");
    assert_eq!(surrogate.len(), 30);
    let lowest = surrogate.observed().map(|(_, value)| value).fold(f64::INFINITY, f64::min);
    assert_eq!(lowest, trace.value[60], "the best is never forgotten");
}

#[test]
fn bayesian_optimisation_says_where_it_does_not_apply() {
    let rule = OptimizerConfig::from_id("bayesian_optimisation").unwrap();
    let offer = |dim, domain| Offer {
        dim,
        domain,
        matrices: false,
        minibatches: false,
        least_squares: false,
        equations: None,
    };
    assert_eq!(rule.refusal(&offer(20, true)), None);
    assert!(rule.refusal(&offer(21, true)).unwrap().contains("20"));
    assert!(rule.refusal(&offer(2, false)).unwrap().contains("box"));
}
