//! w7: the largest eigenvalue of the Hessian of trained network a on 2,000 rows, right to 1e-3.

use super::{CliError, Conditions, Measured, nets};
use crate::landscape::top_eigenvalue;
use crate::objective::{Batch, Scratch};

const ROWS: usize = 2_000;

pub(super) fn run(conditions: &Conditions<'_>) -> Result<(), CliError> {
    let network = nets::A.network(ROWS, conditions)?;
    let x = nets::A.trained(conditions)?;
    let repeats = conditions.scaled(1);
    let what = Measured {
        workload: "W7",
        work: repeats as f64,
        unit: "eigenvalues/s",
        threads: 1,
        flops: 0.0,
        peak_memory: false,
    };
    let mut scratch = Scratch::default();
    conditions.measure(&what, || {
        let mut top = f64::NAN;
        for _ in 0..repeats {
            top = top_eigenvalue(&network, &x, Batch::Full, 1e-3, &mut scratch);
        }
        top
    })
}
