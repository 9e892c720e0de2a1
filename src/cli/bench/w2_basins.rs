//! w2: to which of Himmelblau's four minima the heavy ball leads from 512 x 512 starts.

use std::sync::Arc;

use super::{CliError, Conditions, Measured};
use crate::cli::named;
use crate::functions::FunctionConfig;
use crate::landscape::GridSpec;
use crate::objective::Batches;
use crate::optim::Stages;
use crate::run::{BasinMap, BasinPlan, RunPlan};

const STARTS: usize = 512;
const STEPS: u64 = 500;

pub(super) fn run(conditions: &Conditions<'_>) -> Result<(), CliError> {
    let Some(function) = FunctionConfig::from_id("himmelblau") else {
        return Ok(());
    };
    let plan = BasinPlan {
        run: RunPlan {
            objective: function.objective(),
            rule: named::optimizer("momentum", &["lr=0.005".to_owned(), "momentum=0.9".to_owned()])?,
            stages: Stages::default(),
            batches: Batches::Full,
            seed: conditions.seed,
            x0: Arc::new([0.0, 0.0]),
            steps: conditions.scaled(STEPS),
            patience: None,
            free: None,
            evaluator: None,
        },
        minima: function.minima().iter().map(|minimum| minimum.x).collect(),
        spec: GridSpec::square(6.0, STARTS),
    };
    let what = Measured {
        workload: "W2",
        work: (STARTS * STARTS) as f64 * plan.run.steps as f64,
        unit: "steps/s",
        threads: conditions.threads,
        flops: 0.0,
        peak_memory: false,
    };
    // As the other programs count: 4 for a start that diverges.
    let number = |label: &u8| {
        if *label == BasinMap::DIVERGED {
            4.0
        } else {
            f64::from(*label)
        }
    };
    conditions.measure(&what, || {
        plan.map(conditions.threads, &|_| true).labels.iter().map(number).sum()
    })
}
