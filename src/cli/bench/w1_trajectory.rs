//! w1: one Adam trajectory on Rosenbrock from (-1.5, 2), lr 0.01, every position kept.

use super::{CliError, Conditions, Measured};
use crate::cli::named;
use crate::functions::FunctionConfig;
use crate::objective::Batches;
use crate::optim::{Fixed, Stages, Trace, Walk};

const STEPS: u64 = 100_000;
/// Trajectories in one timed run: a single one is too short for a clock.
const REPEATS: u64 = 20;

pub(super) fn run(conditions: &Conditions<'_>) -> Result<(), CliError> {
    let objective = FunctionConfig::default().objective();
    let rule = named::optimizer("adam", &["lr=0.01".to_owned()])?;
    let fixed = Fixed {
        objective: objective.as_ref(),
        batches: &Batches::Full,
        stages: &Stages::default(),
        seed: conditions.seed,
    };
    let steps = conditions.scaled(STEPS);
    let start = [-1.5, 2.0];
    let mut trace = Trace::new(start.len());
    trace.reserve(steps as usize);
    let what = Measured {
        workload: "W1",
        work: (steps * REPEATS) as f64,
        unit: "steps/s",
        threads: 1,
        flops: 0.0,
        peak_memory: false,
    };
    conditions.measure(&what, || {
        let mut end = f64::NAN;
        for _ in 0..REPEATS {
            let mut walk = Walk::new(&start);
            trace.clear();
            rule.start(&start).advance(&fixed, &mut walk, steps, &mut trace);
            end = walk.x[0];
        }
        end
    })
}
