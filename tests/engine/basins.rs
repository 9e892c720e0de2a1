//! Maps of basins: every start leads where a run of its own leads.

use std::sync::Arc;

use optiscope::functions::FunctionConfig;
use optiscope::landscape::GridSpec;
use optiscope::objective::Batches;
use optiscope::optim::{OptimizerConfig, RunStatus, Stages};
use optiscope::run::{BasinMap, BasinPlan, RunPlan, Trajectory};

fn plan(function: &str, rule: &str, settings: &[(&str, &str)], n: usize, steps: u64) -> BasinPlan {
    let function = FunctionConfig::from_id(function).unwrap();
    let mut rule = OptimizerConfig::from_id(rule).unwrap();
    for (name, value) in settings {
        rule.set_text(name, value).unwrap();
    }
    BasinPlan {
        run: RunPlan {
            objective: function.objective(),
            rule,
            stages: Stages::default(),
            batches: Batches::Full,
            seed: 3,
            x0: Arc::new([0.0, 0.0]),
            steps,
            patience: None,
            free: None,
            evaluator: None,
        },
        minima: function.minima().iter().map(|minimum| minimum.x).collect(),
        spec: GridSpec {
            a: [-6.0, 6.0],
            b: [-5.0, 5.5],
            n_a: n,
            n_b: n - 1,
        },
    }
}

/// The label that a run on its own has earned.
fn label_alone(plan: &BasinPlan, a: f64, b: f64) -> u8 {
    let run = RunPlan {
        x0: Arc::new([a, b]),
        ..plan.run.clone()
    };
    let trajectory = Trajectory::of(&run);
    let trace = trajectory.trace();
    if trajectory.status() != RunStatus::Finished {
        return BasinMap::DIVERGED;
    }
    let end = trace.point(trace.len() - 1).unwrap();
    let distances = plan.minima.iter().map(|[x, y]| (end[0] - x).powi(2) + (end[1] - y).powi(2));
    let nearest = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    nearest.map_or(BasinMap::UNKNOWN, |(label, _)| label as u8)
}

#[track_caller]
fn check(plan: &BasinPlan) -> BasinMap {
    let map = plan.map(2, &|_| true);
    for j in 0..plan.spec.n_b {
        for i in 0..plan.spec.n_a {
            let (a, b) = (plan.spec.a_at(i), plan.spec.b_at(j));
            let got = map.labels[j * plan.spec.n_a + i];
            assert_eq!(got, label_alone(plan, a, b), "{} from ({a}, {b})", plan.run.rule.id());
        }
    }
    map
}

#[test]
fn every_start_leads_where_its_own_run_leads() {
    for rule in OptimizerConfig::all().iter().filter(|rule| rule.info().elementwise) {
        check(&plan("himmelblau", rule.id(), &[], 13, 40));
    }
    // Rules that see several coordinates at once, or more than gradients, run one by one.
    for rule in ["lbfgs", "nelder_mead", "simulated_annealing"] {
        check(&plan("himmelblau", rule, &[], 5, 30));
    }
    // Formulas that go through the recorded way.
    for function in ["ackley", "levy", "eggholder"] {
        check(&plan(function, "adam", &[], 13, 30));
    }
}

#[test]
fn starts_that_diverge_disturb_nobody() {
    let map = check(&plan("himmelblau", "momentum", &[("lr", "0.018")], 24, 60));
    let diverged = map.labels.iter().filter(|label| **label == BasinMap::DIVERGED).count();
    assert!(diverged > 50 && diverged < 500, "{diverged} of 552");
}

#[test]
fn threads_change_nothing_and_a_stop_leaves_the_rest_unknown() {
    let plan = plan("himmelblau", "momentum", &[("lr", "0.005")], 16, 200);
    let one = plan.map(1, &|_| true);
    assert_eq!(plan.map(3, &|_| true), one);
    let labels: std::collections::BTreeSet<u8> = one.labels.iter().copied().collect();
    assert_eq!(
        labels.into_iter().collect::<Vec<_>>(),
        [0, 1, 2, 3],
        "all four minima are found"
    );

    let stopped = plan.map(1, &|done| done < 3);
    assert_eq!(stopped.labels[..48], one.labels[..48]);
    assert!(stopped.labels[48..].iter().all(|label| *label == BasinMap::UNKNOWN));
}
