//! drag: what the window computes at every move of a slider: twelve runs anew, 5,000 steps each, with all that the window keeps of
//! them. A frame has 16 ms. One line for all of them together, then one for each.

use super::{CliError, Conditions, Measured};
use crate::cli::named;
use crate::experiment::{Experiment, RunConfig};
use crate::run::{RunPlan, Trajectory};

const STEPS: u64 = 5_000;

/// Rules of every kind, dear ones too.
const RULES: [&str; 12] = [
    "momentum",
    "adam",
    "rmsprop",
    "adan",
    "lookahead",
    "conjugate_gradient",
    "lbfgs",
    "newton",
    "trust_region_newton",
    "nelder_mead",
    "simulated_annealing",
    "random_restarts",
];

pub(super) fn run(conditions: &Conditions<'_>) -> Result<(), CliError> {
    let mut plans = Vec::with_capacity(RULES.len());
    for (id, style) in RULES.into_iter().zip(0..) {
        let rule = named::optimizer(id, &[])?;
        let experiment = Experiment {
            steps: conditions.scaled(STEPS),
            runs: vec![RunConfig::of(rule, style)],
            ..Experiment::default()
        };
        plans.push(experiment.plan(&experiment.runs[0], None)?);
    }
    measure(conditions, "drag", &plans)?;
    for (id, plan) in RULES.iter().zip(&plans) {
        measure(conditions, &format!("drag-{id}"), std::slice::from_ref(plan))?;
    }
    Ok(())
}

fn measure(conditions: &Conditions<'_>, workload: &str, plans: &[RunPlan]) -> Result<(), CliError> {
    let what = Measured {
        workload,
        work: 1.0,
        unit: "recomputations/s",
        threads: 1,
        flops: 0.0,
        peak_memory: false,
    };
    conditions.measure(&what, || {
        let ends = plans.iter().map(|plan| Trajectory::of(plan).trace().value.last().copied());
        ends.flatten().sum()
    })
}
