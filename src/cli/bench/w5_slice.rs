//! w5a, w5c: the loss of a trained network on a 51 x 51 slice along filter-normalised directions.

use super::nets::Net;
use super::{CliError, Conditions, Measured};
use crate::landscape::{Biases, Block, Grid, GridSpec, Normalization, Slice, random_directions};

const POINTS: usize = 51;

pub(super) fn run(net: &Net, rows: usize, workload: &str, conditions: &Conditions<'_>) -> Result<(), CliError> {
    let network = net.network(rows, conditions)?;
    let origin = net.trained(conditions)?;
    let [u, v] = match conditions.data {
        Some(folder) => [net.read_parameters(folder, "d1")?, net.read_parameters(folder, "d2")?],
        None => {
            let blocks: Vec<Block> = network.architecture().layout().iter().map(Block::of).collect();
            random_directions(conditions.seed, &origin, &blocks, Normalization::Filter, Biases::Fixed)
        }
    };
    let slice = Slice { origin, u, v };
    // The work grows with the number of points.
    let points = ((POINTS as f64 * conditions.scale.sqrt()).round() as usize).max(2);
    let spec = GridSpec::square(1.0, points);
    let what = Measured {
        workload,
        work: (points * points) as f64,
        unit: "points/s",
        threads: conditions.threads,
        // How many of the products of the first layer are saved is the model's affair.
        flops: 0.0,
        peak_memory: false,
    };
    conditions.measure(&what, || {
        let grid = Grid::evaluate(&network, &slice, spec, conditions.threads, &|_| true);
        grid.values.get(7).copied().unwrap_or(f64::NAN)
    })
}
