//! w3: a function on 1024 x 1024 points.

use super::{CliError, Conditions, Measured};
use crate::functions::FunctionConfig;
use crate::landscape::{Grid, GridSpec, Slice};

const POINTS: usize = 1024;
/// Pictures in one timed run.
const REPEATS: u64 = 10;

/// Function, where x runs and where y runs.
const BOXES: [(&str, [f64; 2], [f64; 2]); 3] = [
    ("rosenbrock", [-2.0, 2.0], [-1.0, 3.0]),
    ("rastrigin", [-5.12, 5.12], [-5.12, 5.12]),
    ("ackley", [-5.0, 5.0], [-5.0, 5.0]),
];

pub(super) fn run(conditions: &Conditions<'_>) -> Result<(), CliError> {
    for (id, a, b) in BOXES {
        // A function that the catalogue does not have yet is left out.
        let Some(function) = FunctionConfig::from_id(id) else {
            continue;
        };
        let objective = function.objective();
        let spec = GridSpec {
            a,
            b,
            n_a: POINTS,
            n_b: POINTS,
        };
        let repeats = conditions.scaled(REPEATS);
        let what = Measured {
            workload: &format!("W3-{id}"),
            work: (repeats * (POINTS * POINTS) as u64) as f64,
            unit: "points/s",
            threads: conditions.threads,
            flops: 0.0,
            peak_memory: false,
        };
        let mut grid = Grid::empty(spec);
        conditions.measure(&what, || {
            for _ in 0..repeats {
                grid.refill(objective.as_ref(), &Slice::plane(), conditions.threads, &|_| true);
            }
            grid.at(300, 511)
        })?;
    }
    Ok(())
}
