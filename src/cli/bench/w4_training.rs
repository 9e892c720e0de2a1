//! w4a, w4b, w4c: training, with a new order of the rows in every epoch.

use super::nets::Net;
use super::{CliError, Conditions, Measured};
use crate::math::threads::on_threads;
use crate::objective::{Batch, Objective as _, Scratch};
use crate::optim::{Fixed, Stages, Trace, Walk};

pub(super) fn run(net: &Net, workload: &str, conditions: &Conditions<'_>) -> Result<(), CliError> {
    let network = net.network(net.rows(), conditions)?;
    let start = net.start(&network, conditions)?;
    let batches = net.batches(conditions.seed);
    let rule = net.rule()?;
    let fixed = Fixed {
        objective: &network,
        batches: &batches,
        stages: &Stages::default(),
        seed: conditions.seed,
    };
    let epochs = conditions.scaled(net.epochs);
    let steps = epochs * batches.steps_per_epoch();
    let mut end = start.clone();
    let what = Measured {
        workload,
        work: (epochs * net.rows() as u64) as f64,
        unit: "samples/s",
        threads: conditions.threads,
        flops: net.training_flops(),
        peak_memory: false,
    };
    let mut loss = None;
    conditions.measure(&what, || {
        let mut walk = Walk::new(&start);
        let mut trace = Trace::new(0);
        let mut slot = rule.start(&start);
        on_threads(conditions.threads, || slot.advance(&fixed, &mut walk, steps, &mut trace));
        end.copy_from_slice(&walk.x);
        // Only the first run, which is not timed, pays for the check.
        *loss.get_or_insert_with(|| network.value(&end, Batch::Full, &mut Scratch::default()))
    })
}
