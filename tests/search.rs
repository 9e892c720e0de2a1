//! Rules that look for the lowest of many minima: what they draw, what they keep, and how often they find it.

use optiscope::functions::FunctionConfig;
use optiscope::math::Rng;
use optiscope::objective::{Answer, Batch, Batches, Counts, Objective, Oracle, Scratch};
use optiscope::optim::{
    CoolingSchedule, Fixed, Optimizer, OptimizerConfig, Overlay, Proposal, SimulatedAnnealing, Slot, Stages, StepCtx, StepEvent,
    Trace, Walk,
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
    let laws: [(CoolingSchedule, fn(f64) -> f64); 4] = [
        (CoolingSchedule::Geometric, |k| 3.0 * 0.99_f64.powf(k)),
        (CoolingSchedule::Linear, |k| 3.0 * (1.0 - k / 200.0).max(0.0)),
        (CoolingSchedule::Logarithmic, |k| 3.0 / (k + 1.0_f64.exp()).ln()),
        (CoolingSchedule::Fast, |k| 3.0 / (1.0 + k)),
    ];
    for (cooling_schedule, law) in laws {
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
    for (id, steps) in [("simulated_annealing", 1000), ("simulated_annealing", 10)] {
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
