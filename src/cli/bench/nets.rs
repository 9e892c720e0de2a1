//! The three networks that are trained, sliced and measured, and their data.

use std::path::Path;
use std::sync::Arc;

use super::{CliError, Conditions};
use crate::cli::named;
use crate::data::{Dataset, Targets};
use crate::math::{Purpose, Rng};
use crate::model::{Activation, Loss, Network};
use crate::objective::{Batches, Objective as _};
use crate::optim::{Fixed, OptimizerConfig, Stages, Trace, Walk};

/// A network with the way it is trained.
pub(super) struct Net {
    /// First letter of its data files.
    pub file: &'static str,
    pub sizes: &'static [usize],
    activation: &'static str,
    loss: &'static str,
    rows: usize,
    /// Rows a step; none = all of them.
    batch: Option<usize>,
    pub epochs: u64,
    rule: (&'static str, &'static str),
}

/// 13-64-64-3, ReLU, cross-entropy, Adam.
pub(super) const A: Net = Net {
    file: "a",
    sizes: &[13, 64, 64, 3],
    activation: "relu",
    loss: "cross_entropy",
    rows: 10_000,
    batch: Some(32),
    epochs: 5,
    rule: ("adam", "lr=0.001"),
};

/// 2-16-16-1, tanh, mean squared error, gradient descent on all rows.
pub(super) const B: Net = Net {
    file: "b",
    sizes: &[2, 16, 16, 1],
    activation: "tanh",
    loss: "mse",
    rows: 60,
    batch: None,
    epochs: 20_000,
    rule: ("sgd", "lr=0.05"),
};

/// 784-128-10, ReLU, cross-entropy, Adam.
pub(super) const C: Net = Net {
    file: "c",
    sizes: &[784, 128, 10],
    activation: "relu",
    loss: "cross_entropy",
    rows: 60_000,
    batch: Some(128),
    epochs: 1,
    rule: ("adam", "lr=0.001"),
};

impl Net {
    /// The network on its first `rows` rows.
    pub fn network(&self, rows: usize, conditions: &Conditions<'_>) -> Result<Network, CliError> {
        let refused = || CliError::Usage(format!("bench: network {} cannot be built", self.file));
        let data = match conditions.data {
            Some(folder) => self.read(folder, rows)?,
            None => self.make(rows, conditions.seed),
        };
        let activation = Activation::from_id(self.activation).ok_or_else(refused)?;
        let loss = Loss::from_id(self.loss).ok_or_else(refused)?;
        let hidden = self.sizes[1..self.sizes.len() - 1].to_vec();
        Ok(Network::new(hidden, activation, loss, Arc::new(data))?)
    }

    /// All rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn rule(&self) -> Result<OptimizerConfig, CliError> {
        named::optimizer(self.rule.0, &[self.rule.1.to_owned()])
    }

    pub fn batches(&self, seed: u64) -> Batches {
        match self.batch {
            Some(size) => Batches::Mini {
                n: self.rows,
                size,
                shuffle: true,
                seed,
            },
            None => Batches::Full,
        }
    }

    /// Products and sums of a sample in the matrices, forward and backward; the inputs need no gradient.
    pub fn training_flops(&self) -> f64 {
        let forward: usize = self.sizes.windows(2).map(|pair| 2 * pair[0] * pair[1]).sum();
        (3 * forward - 2 * self.sizes[0] * self.sizes[1]) as f64
    }

    /// The weights training starts from.
    pub fn start(&self, network: &Network, conditions: &Conditions<'_>) -> Result<Vec<f64>, CliError> {
        match conditions.data {
            Some(folder) => self.read_parameters(folder, "w"),
            None => {
                let mut x = vec![0.0; network.dim()];
                network.sample_start(&mut Rng::stream(conditions.seed, Purpose::Start, 0), &mut x);
                Ok(x)
            }
        }
    }

    /// The weights after training.
    pub fn trained(&self, conditions: &Conditions<'_>) -> Result<Vec<f64>, CliError> {
        if let Some(folder) = conditions.data {
            return self.read_parameters(folder, "trained");
        }
        let network = self.network(self.rows, conditions)?;
        let start = self.start(&network, conditions)?;
        let batches = self.batches(conditions.seed);
        let fixed = Fixed {
            objective: &network,
            batches: &batches,
            stages: &Stages::default(),
            seed: conditions.seed,
        };
        let mut walk = Walk::new(&start);
        let steps = self.epochs * batches.steps_per_epoch();
        self.rule()?
            .start(&start)
            .advance(&fixed, &mut walk, steps, &mut Trace::new(0));
        Ok(walk.x)
    }

    /// Parameters from a file that has them layer by layer, W[in][out] before b; here W is [out][in].
    pub fn read_parameters(&self, folder: &Path, what: &str) -> Result<Vec<f64>, CliError> {
        let flat = read_f64(&folder.join(format!("{}_{what}.f64", self.file)))?;
        let mut params = Vec::with_capacity(flat.len());
        let mut rest = flat.as_slice();
        for pair in self.sizes.windows(2) {
            let (inputs, outputs) = (pair[0], pair[1]);
            let Some((layer, after)) = rest.split_at_checked((inputs + 1) * outputs) else {
                return Err(CliError::Usage(format!(
                    "bench: {}_{what}.f64 in {} is too short",
                    self.file,
                    folder.display()
                )));
            };
            let (weights, biases) = layer.split_at(inputs * outputs);
            params.extend((0..outputs).flat_map(|o| (0..inputs).map(move |i| weights[i * outputs + o])));
            params.extend_from_slice(biases);
            rest = after;
        }
        Ok(params)
    }

    fn outputs(&self) -> usize {
        self.sizes[self.sizes.len() - 1]
    }

    fn dataset(&self, rows: usize, mut x: Vec<f64>, targets: Targets) -> Dataset {
        let n_features = self.sizes[0];
        x.truncate(rows * n_features);
        Dataset {
            name: self.file.to_owned(),
            feature_names: (0..n_features).map(|i| format!("x{i}")).collect(),
            target_name: "y".to_owned(),
            n_rows: rows,
            n_features,
            x,
            targets,
        }
    }

    fn classes(&self, labels: Vec<u32>) -> Targets {
        Targets::Classes {
            labels,
            names: (0..self.outputs()).map(|class| class.to_string()).collect(),
        }
    }

    fn read(&self, folder: &Path, rows: usize) -> Result<Dataset, CliError> {
        let x = read_f64(&folder.join(format!("{}_x.f64", self.file)))?;
        let too_short = || {
            CliError::Usage(format!(
                "bench: the files of network {} in {} are too short",
                self.file,
                folder.display()
            ))
        };
        let targets = if self.loss == "mse" {
            let values = read_f64(&folder.join(format!("{}_y.f64", self.file)))?;
            let values = values.get(..rows).ok_or_else(too_short)?.to_vec();
            Targets::Values { columns: 1, values }
        } else {
            let labels = read_words(&folder.join(format!("{}_y.i64", self.file)))?;
            let labels: Vec<u32> = labels.into_iter().take(rows).map(|l| i64::from_le_bytes(l) as u32).collect();
            if labels.len() < rows || labels.iter().any(|l| *l as usize >= self.outputs()) {
                return Err(too_short());
            }
            self.classes(labels)
        };
        if x.len() < rows * self.sizes[0] {
            return Err(too_short());
        }
        Ok(self.dataset(rows, x, targets))
    }

    /// Gaussian features; the target is a noisy linear function of them, or the largest of several.
    fn make(&self, rows: usize, seed: u64) -> Dataset {
        let (inputs, outputs) = (self.sizes[0], self.outputs());
        let mut rng = Rng::stream(seed, Purpose::Bench, 0);
        let teacher: Vec<f64> = (0..inputs * outputs).map(|_| rng.normal() / (inputs as f64).sqrt()).collect();
        let x: Vec<f64> = (0..rows * inputs).map(|_| rng.normal()).collect();
        let mut scores = Vec::with_capacity(rows * outputs);
        for row in x.chunks(inputs) {
            for weights in teacher.chunks(inputs) {
                let clean: f64 = row.iter().zip(weights).map(|(x, w)| x * w).sum();
                scores.push(clean + 0.3 * rng.normal());
            }
        }
        let targets = if self.loss == "mse" {
            Targets::Values {
                columns: outputs,
                values: scores,
            }
        } else {
            self.classes(scores.chunks(outputs).map(index_of_largest).collect())
        };
        self.dataset(rows, x, targets)
    }
}

fn index_of_largest(scores: &[f64]) -> u32 {
    let largest = scores.iter().zip(0..).max_by(|p, q| p.0.total_cmp(q.0));
    largest.map_or(0, |(_, k)| k)
}

/// Raw little-endian doubles.
fn read_f64(path: &Path) -> Result<Vec<f64>, CliError> {
    Ok(read_words(path)?.into_iter().map(f64::from_le_bytes).collect())
}

fn read_words(path: &Path) -> Result<Vec<[u8; 8]>, CliError> {
    let bytes = std::fs::read(path).map_err(|source| CliError::Read {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes.as_chunks().0.to_vec())
}
