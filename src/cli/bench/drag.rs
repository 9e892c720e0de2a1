//! drag: what the window computes at every move of a slider: the welcome's six runs anew, 5,000 steps each, with all that the
//! window keeps of them. A frame has 16 ms.

use super::{CliError, Conditions, Measured};
use crate::experiment::Experiment;
use crate::run::{RunPlan, Trajectory};

const STEPS: u64 = 5_000;

pub(super) fn run(conditions: &Conditions<'_>) -> Result<(), CliError> {
    let experiment = Experiment {
        steps: conditions.scaled(STEPS),
        ..Experiment::default()
    };
    let plans: Result<Vec<RunPlan>, _> = experiment.runs.iter().map(|run| experiment.plan(run, None)).collect();
    let plans = plans?;
    let what = Measured {
        workload: "drag",
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
