//! What is minimised: a function, or the training loss of a model on data.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::SliceConfig;
use crate::data::{Preparation, ReadOptions};
use crate::functions::{Derivatives, FunctionConfig, Minimum, Placed, Placement, Transform};
use crate::model::{ModelConfig, StartWeights};
use crate::objective::{Batch, Objective, Scratch};
use crate::optim::Noise;

/// What is minimised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a document has one")]
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
    /// Number of variables: 2, or any up to [`MAX_DIM`] for a function whose formula has such a form. Not written where it is 2.
    #[serde(default = "two", skip_serializing_if = "is_two")]
    pub dim: usize,
    /// Where every run starts; in more than two variables the same two numbers, again and again.
    pub start: [f64; 2],
    /// The plane on which more than two variables are shown; not written where it is the usual one.
    #[serde(default, skip_serializing_if = "SliceConfig::is_usual")]
    pub slice: SliceConfig,
    /// Noise on what rules are told of values and gradients.
    #[serde(default)]
    pub noise: Noise,
}

impl Problem {
    /// The plane on which it is shown; none for functions of two variables, which are their own.
    pub fn slice(&self) -> Option<&SliceConfig> {
        match self {
            Self::Function(problem) => problem.is_on_plane().then_some(&problem.slice),
            Self::Model(problem) => Some(&problem.slice),
        }
    }

    /// Whether it is shown on a plane through the space of its variables or weights.
    pub fn is_on_plane(&self) -> bool {
        self.slice().is_some()
    }
}

impl FunctionProblem {
    /// A function from where a first look at it starts.
    pub fn of(function: FunctionConfig) -> Self {
        Self {
            start: function.start(),
            function,
            transform: Transform::default(),
            dim: 2,
            slice: SliceConfig::default(),
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

    /// The function's global minima in two variables, where they lie now.
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

    /// Whether there is a gradient at `x`. Where there is none, the derivatives are 0 or those of one side.
    pub fn is_differentiable_at(&self, x: [f64; 2]) -> bool {
        let Some(placement) = self.placement() else {
            return self.function.is_differentiable_at(x);
        };
        // A minimum that was moved is asked about where it came from: the way back there ends beside it, by rounding.
        let minimum = self
            .function
            .minima()
            .into_iter()
            .find(|minimum| placement.outward(minimum.x) == x);
        let z = minimum.map_or_else(|| placement.inward(x), |minimum| minimum.x);
        self.function.is_differentiable_at(z)
    }

    /// Value, gradient and Hessian at `x`, exact.
    pub fn derivatives(&self, x: [f64; 2]) -> Derivatives {
        match self.placement() {
            None => self.function.derivatives(x),
            Some(placement) => placement.derivatives(self.function.derivatives(placement.inward(x))),
        }
    }

    /// Whether it is shown on a plane through the space of its variables: functions of two variables are their own plane.
    pub fn is_on_plane(&self) -> bool {
        self.dim != 2
    }

    /// The start in all variables.
    pub fn x0(&self) -> Vec<f64> {
        self.start.iter().copied().cycle().take(self.dim).collect()
    }

    /// A global minimum in all variables, where one is known, and its value.
    pub fn minimum(&self) -> Option<(Vec<f64>, f64)> {
        if !self.is_on_plane() {
            return self.minima().first().map(|minimum| (minimum.x.to_vec(), minimum.value));
        }
        let mut x = self.function.minimum_in(self.dim)?;
        let plain = self.function.objective_in(self.dim);
        let value = plain.value(&x, Batch::Full, &mut Scratch::default());
        if let Some(placement) = self.placement() {
            placement.point_outward(&mut x);
        }
        Some((x, value))
    }

    /// The landscape as something to minimise.
    pub fn objective(&self) -> Arc<dyn Objective> {
        let plain = self.function.objective_in(self.dim);
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
    /// Early stopping: epochs without a lower validation loss after which a run ends, its best weights being restored; none = never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_stopping: Option<u64>,
    /// Weights to start from instead of fresh ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<StartWeights>,
    /// Layers (`layers.0`) or single tensors (`layers.0.bias`) that are not trained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frozen: Vec<String>,
    #[serde(default)]
    pub slice: SliceConfig,
}

fn two() -> usize {
    2
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_two(dim: &usize) -> bool {
    *dim == 2
}

fn yes() -> bool {
    true
}

/// Where data come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A CSV file; a relative path is relative to the experiment's folder.
    File {
        path: PathBuf,
        /// What of its dialect was said instead of found out; not written where it is nothing.
        #[serde(default, skip_serializing_if = "ReadOptions::is_detected")]
        dialect: ReadOptions,
    },
    /// A data set that comes with the program.
    Bundled { id: String },
    /// A data set made from a formula and a seed.
    Generated { id: String, rows: u64, noise: f64, seed: u64 },
}
