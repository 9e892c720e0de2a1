//! What is minimised: a function, or the training loss of a model on data.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data::Preparation;
use crate::functions::{Derivatives, FunctionConfig, Minimum, Placed, Placement, Transform};
use crate::model::ModelConfig;
use crate::objective::Objective;
use crate::optim::Noise;

/// What is minimised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Problem {
    Function(FunctionProblem),
    Model(ModelProblem),
}

/// A landscape: a function, and where it is laid. Everything that is asked about it is asked here, in the coordinates in which it lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionProblem {
    pub function: FunctionConfig,
    /// Turned, stretched and moved; not written where it is not, so that older files stay as they are.
    #[serde(default, skip_serializing_if = "Transform::is_identity")]
    pub transform: Transform,
    pub start: [f64; 2],
    /// Noise on what rules are told of values and gradients.
    #[serde(default)]
    pub noise: Noise,
}

impl FunctionProblem {
    /// A function from where a first look at it starts.
    pub fn of(function: FunctionConfig) -> Self {
        Self {
            start: function.start(),
            function,
            transform: Transform::default(),
            noise: Noise::default(),
        }
    }

    /// Where the function is laid; none if it lies where its formula says.
    fn placement(&self) -> Option<Placement> {
        let moved = !self.transform.is_identity();
        moved.then(|| Placement::new(&self.transform, self.function.domain()))
    }

    /// Lays the landscape elsewhere; the start stays at the same place of the landscape.
    pub fn lay(&mut self, transform: Transform) {
        let before = self.placement();
        self.transform = transform;
        let place = before.map_or(self.start, |before| before.inward(self.start));
        let domain = self.domain();
        let start = self.placement().map_or(place, |after| after.outward(place));
        // Rounding must not push a start off the edge.
        self.start = [0, 1].map(|i| start[i].max(domain[i][0]).min(domain[i][1]));
    }

    /// Where a first look starts.
    pub fn first_start(&self) -> [f64; 2] {
        let start = self.function.start();
        self.placement().map_or(start, |placement| placement.outward(start))
    }

    /// The box in which it is studied: the smallest around the function's own domain.
    pub fn domain(&self) -> [[f64; 2]; 2] {
        let domain = self.function.domain();
        self.placement().map_or(domain, |placement| placement.around(domain))
    }

    /// The function's global minima, where they lie now.
    pub fn minima(&self) -> Vec<Minimum> {
        let minima = self.function.minima();
        let Some(placement) = self.placement() else {
            return minima;
        };
        let moved = |minimum: Minimum| Minimum {
            x: placement.outward(minimum.x),
            ..minimum
        };
        minima.into_iter().map(moved).collect()
    }

    /// Value, gradient and Hessian at `x`, exact.
    pub fn derivatives(&self, x: [f64; 2]) -> Derivatives {
        match self.placement() {
            None => self.function.derivatives(x),
            Some(placement) => placement.derivatives(self.function.derivatives(placement.inward(x))),
        }
    }

    /// The landscape as something to minimise.
    pub fn objective(&self) -> Arc<dyn Objective> {
        let plain = self.function.objective();
        match self.placement() {
            None => plain,
            Some(placement) => Arc::new(Placed::new(plain, placement)),
        }
    }
}

/// The training loss of a model on data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelProblem {
    pub source: Source,
    pub preparation: Preparation,
    pub model: ModelConfig,
    /// Rows a step; none = all of them.
    #[serde(default)]
    pub batch: Option<u64>,
    /// A new order of the rows every epoch.
    #[serde(default = "yes")]
    pub shuffle: bool,
    #[serde(default)]
    pub slice: super::SliceConfig,
}

fn yes() -> bool {
    true
}

/// Where data come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A CSV file; a relative path is relative to the experiment's folder.
    File { path: PathBuf },
    /// A data set that comes with the program.
    Bundled { id: String },
    /// A data set made from a formula and a seed.
    Generated { id: String, rows: u64, noise: f64, seed: u64 },
}
