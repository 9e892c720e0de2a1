//! A model on a data set, as something to be minimised.

use std::sync::Arc;

use super::architecture::Layer;
use super::forward::{Arena, Keep, Memory, Portion};
use super::gradient::{GRADIENT_SAMPLES, capacity};
use super::kernels::{Chunk, LossSum, PANEL, Transpose};
use super::plane::OnPlane;
use super::tangent::Tangents;
use super::{Activations, Architecture, Init, Loss, ModelError};
use crate::data::{Dataset, Targets};
use crate::math::simd::{LANES, Path};
use crate::math::{Rng, vector};
use crate::objective::{Batch, LeastSquares, MatrixSpan, Objective, PlaneValues, Scratch};

/// Samples that a value works on at once: one panel, which stays in the first-level cache.
const VALUE_SAMPLES: usize = PANEL;

/// The loss of a model over the samples of a data set, as a function of all its parameters.
///
/// f = mean loss + l1 Σ|w| + l2/2 Σw², the sums over weights only, not biases; both penalties count in full in every batch.
#[derive(Debug, Clone)]
pub struct Network {
    pub(super) architecture: Architecture,
    pub(super) layers: Vec<Layer>,
    /// The weights of each layer.
    matrices: Vec<MatrixSpan>,
    pub(super) loss: Loss,
    pub(super) l1: f64,
    pub(super) l2: f64,
    init: Init,
    /// How much each class counts; none: every row alike.
    class_weights: Option<Arc<[f64]>>,
    /// The chance of a hidden unit to be left out in a batch with a key.
    pub(super) dropout: f64,
    pub(super) data: Arc<Dataset>,
    pub(super) path: Path,
}

impl Network {
    /// A model with these hidden layers; inputs and outputs follow from the data and the loss.
    pub fn new(
        hidden: Vec<usize>,
        activations: impl Into<Activations>,
        loss: Loss,
        data: Arc<Dataset>,
    ) -> Result<Self, ModelError> {
        if data.n_rows == 0 {
            return Err(ModelError::NoRows);
        }
        if data.n_features == 0 {
            return Err(ModelError::NoFeatures);
        }
        let architecture = Architecture {
            inputs: data.n_features,
            activations: activations.into().of_layers(hidden.len())?,
            hidden,
            outputs: loss.outputs(&data.targets)?,
        };
        if let Some((layer, &units)) = architecture.hidden.iter().enumerate().find(|&(_, &n)| n == 0) {
            let max = super::config::MAX_UNITS;
            return Err(ModelError::HiddenUnits { layer, units, max });
        }
        let layers = architecture.layers();
        Ok(Self {
            matrices: layers.iter().map(|l| l.matrix()).collect(),
            layers,
            architecture,
            loss,
            l1: 0.0,
            l2: 0.0,
            init: Init::default(),
            class_weights: None,
            dropout: 0.0,
            data,
            path: Path::detect(),
        })
    }

    /// The same with penalties: l1 Σ|w| + l2/2 Σw² over the weights.
    pub fn with_penalties(self, l1: f64, l2: f64) -> Self {
        Self { l1, l2, ..self }
    }

    /// The same with another way to draw fresh parameters.
    pub fn with_init(self, init: Init) -> Self {
        Self { init, ..self }
    }

    /// The same with a weight for each class: every mean over samples becomes Σ wᵢ lᵢ / Σ wᵢ.
    pub fn with_class_weights(self, weights: &[f64]) -> Self {
        let class_weights = Some(weights.into());
        Self { class_weights, ..self }
    }

    /// The same with dropout (Srivastava et al. 2014), inverted as in PyTorch: in a [`Batch::Masked`] every hidden unit of every sample is 0 with
    /// probability `p` from 0 to below 1, and divided by 1 - p otherwise. Everywhere else nothing is left out.
    pub fn with_dropout(self, p: f64) -> Self {
        Self { dropout: p, ..self }
    }

    /// The same on another data set of the same features and targets.
    pub fn with_data(self, data: Arc<Dataset>) -> Self {
        assert_eq!(data.n_features, self.architecture.inputs, "the same features");
        Self { data, ..self }
    }

    /// The same with other instructions. The numbers do not change by a bit.
    pub fn with_path(self, path: Path) -> Self {
        Self { path, ..self }
    }

    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    pub fn loss(&self) -> Loss {
        self.loss
    }

    pub fn data(&self) -> &Arc<Dataset> {
        &self.data
    }

    /// The smallest loss that one and the same answer for every row can have on these data ([`Loss::of_best_constant`]).
    pub fn loss_of_best_constant(&self) -> f64 {
        self.loss.of_best_constant(&self.data.targets, self.class_weights())
    }

    /// Units of all layers.
    pub(super) fn units(&self) -> usize {
        self.layers.last().map_or(0, |l| l.units_before + l.outputs)
    }

    /// The outputs (numbers, or scores of classes before softmax or sigmoid) for rows of features, row-major on both sides.
    pub fn predict(&self, params: &[f64], x: &[f64], outputs: &mut [f64], scratch: &mut Scratch) {
        assert_eq!(params.len(), self.dim(), "one number a parameter");
        let n = x.len() / self.architecture.inputs;
        let m = self.architecture.outputs;
        assert_eq!(outputs.len(), n * m, "a row of outputs for every row of features");
        let floats = Memory::floats(self, VALUE_SAMPLES, Keep::Nothing) + self.output_floats();
        let mut arena = Arena::new(scratch.floats(floats + Arena::SLACK));
        let mut memory = Memory::new(self, VALUE_SAMPLES, Keep::Nothing, &mut arena);
        let rows = arena.take(self.output_floats());
        for portion in Portion::all(Batch::Full, n, VALUE_SAMPLES) {
            let Portion { first, chunk, .. } = portion;
            self.fetch_features(x, portion, &mut memory);
            self.forward(params, chunk, &mut memory);
            let to = outputs[first * m..(first + chunk.n) * m].chunks_exact_mut(m);
            for (to, row) in to.zip(self.output_rows(chunk, &memory, rows)) {
                to.copy_from_slice(row);
            }
        }
    }

    /// The mean loss over all samples without penalties, showing the outputs of each row on the way.
    pub(super) fn survey(&self, params: &[f64], scratch: &mut Scratch, mut see: impl FnMut(usize, &[f64])) -> f64 {
        let n = self.data.n_rows;
        let weight = self.weight(Batch::Full);
        let floats = Memory::floats(self, VALUE_SAMPLES, Keep::Nothing) + self.output_floats();
        let mut arena = Arena::new(scratch.floats(floats + Arena::SLACK));
        let mut memory = Memory::new(self, VALUE_SAMPLES, Keep::Nothing, &mut arena);
        let rows = arena.take(self.output_floats());
        let mut sum = LossSum::default();
        for portion in Portion::all(Batch::Full, n, VALUE_SAMPLES) {
            self.fetch(portion, weight, &mut memory);
            self.forward(params, portion.chunk, &mut memory);
            self.losses(portion.chunk, &mut memory, &mut sum);
            for (i, row) in self.output_rows(portion.chunk, &memory, rows).enumerate() {
                see(portion.first + i, row);
            }
        }
        sum.total() * weight
    }

    /// Floats that [`Self::output_rows`] works in.
    fn output_floats(&self) -> usize {
        VALUE_SAMPLES * self.architecture.outputs.next_multiple_of(LANES)
    }

    /// The outputs of a chunk of up to `VALUE_SAMPLES` samples, sample by sample.
    fn output_rows<'r>(&self, chunk: Chunk, memory: &Memory<'_>, rows: &'r mut [f64]) -> impl Iterator<Item = &'r [f64]> {
        let m = self.architecture.outputs;
        self.path.run(Transpose::to_rows(m, self.outputs(chunk, memory), rows, chunk));
        rows.chunks_exact(m.next_multiple_of(LANES))
            .take(chunk.n)
            .map(move |row| &row[..m])
    }

    /// The mean loss over all samples without penalties: what is compared between data sets.
    pub fn data_loss(&self, params: &[f64], scratch: &mut Scratch) -> f64 {
        self.mean_loss(params, Batch::Full, scratch)
    }

    pub(super) fn batch_size(&self, batch: Batch<'_>) -> usize {
        batch.rows().map_or(self.data.n_rows, <[u32]>::len)
    }

    /// The weight in the mean of one sample that counts once.
    pub(super) fn weight(&self, batch: Batch<'_>) -> f64 {
        let terms = self.loss.terms(self.architecture.outputs);
        match (&self.class_weights, &self.data.targets) {
            (Some(weights), Targets::Classes { labels, .. }) => {
                let of = |row: usize| weights[labels[row] as usize];
                let total: f64 = match batch.rows() {
                    None => (0..self.data.n_rows).map(of).sum(),
                    Some(rows) => rows.iter().map(|row| of(*row as usize)).sum(),
                };
                // Of classes that do not count there is nothing to learn.
                if total > 0.0 { 1.0 / (total * terms as f64) } else { 0.0 }
            }
            _ => 1.0 / (self.batch_size(batch) * terms) as f64,
        }
    }

    /// How much each class counts, if they differ.
    pub(super) fn class_weights(&self) -> Option<&[f64]> {
        self.class_weights.as_deref()
    }

    fn mean_loss(&self, params: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        assert_eq!(params.len(), self.dim(), "one number a parameter");
        let n = self.batch_size(batch);
        if n == 0 {
            return 0.0;
        }
        let (weight, capacity) = (self.weight(batch), capacity(n, VALUE_SAMPLES));
        let floats = Memory::floats(self, capacity, Keep::Nothing);
        let mut arena = Arena::new(scratch.floats(floats + Arena::SLACK));
        let mut memory = Memory::new(self, capacity, Keep::Nothing, &mut arena);
        let mut sum = LossSum::default();
        for portion in Portion::all(batch, n, capacity) {
            self.fetch(portion, weight, &mut memory);
            self.forward(params, portion.chunk, &mut memory);
            self.losses(portion.chunk, &mut memory, &mut sum);
        }
        sum.total() * weight
    }

    fn penalty(&self, params: &[f64]) -> f64 {
        let mut penalty = 0.0;
        for layer in &self.layers {
            let weights = &params[layer.weights()];
            if self.l1 != 0.0 {
                penalty += self.l1 * weights.iter().map(|w| w.abs()).sum::<f64>();
            }
            if self.l2 != 0.0 {
                penalty += 0.5 * self.l2 * vector::dot(weights, weights);
            }
        }
        penalty
    }

    fn add_penalty_gradient(&self, params: &[f64], grad: &mut [f64]) {
        for layer in &self.layers {
            let weights = params[layer.weights()].iter();
            for (g, &w) in grad[layer.weights()].iter_mut().zip(weights) {
                let sign = if w == 0.0 { 0.0 } else { w.signum() };
                *g += self.l2 * w + self.l1 * sign;
            }
        }
    }

    fn is_penalised(&self) -> bool {
        self.l1 != 0.0 || self.l2 != 0.0
    }
}

impl Objective for Network {
    fn dim(&self) -> usize {
        self.layers.last().map_or(0, |l| l.biases().end)
    }

    fn n_samples(&self) -> usize {
        self.data.n_rows
    }

    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        let loss = self.mean_loss(x, batch, scratch);
        if self.is_penalised() { loss + self.penalty(x) } else { loss }
    }

    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        assert!(x.len() == self.dim() && grad.len() == self.dim(), "one number a parameter");
        let n = self.batch_size(batch);
        let mut loss = 0.0;
        if n == 0 {
            grad.fill(0.0);
        } else {
            loss = self.loss_and_gradient(x, batch, grad, scratch);
        }
        if self.is_penalised() {
            loss += self.penalty(x);
            self.add_penalty_gradient(x, grad);
        }
        loss
    }

    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
        assert!(
            x.len() == self.dim() && v.len() == self.dim() && hv.len() == self.dim(),
            "one number a parameter"
        );
        let n = self.batch_size(batch);
        if n == 0 {
            hv.fill(0.0);
        } else {
            let (weight, capacity) = (self.weight(batch), capacity(n, GRADIENT_SAMPLES));
            let floats = Memory::floats(self, capacity, Keep::Curvatures) + Tangents::floats(self, capacity);
            let mut arena = Arena::new(scratch.floats(floats + Arena::SLACK));
            let mut memory = Memory::new(self, capacity, Keep::Curvatures, &mut arena);
            let mut tangents = Tangents::new(self, capacity, &mut arena);
            let mut sum = LossSum::default();
            for portion in Portion::all(batch, n, capacity) {
                let chunk = portion.chunk;
                self.fetch(portion, weight, &mut memory);
                self.forward(x, chunk, &mut memory);
                self.losses(chunk, &mut memory, &mut sum);
                self.forward_tangents(x, v, chunk, &memory, &mut tangents);
                self.backward_tangents(x, v, weight, chunk, &mut memory, &mut tangents, hv, portion.first > 0);
            }
        }
        if self.l2 != 0.0 {
            for layer in &self.layers {
                vector::axpy(self.l2, &v[layer.weights()], &mut hv[layer.weights()]);
            }
        }
    }

    fn on_plane(&self, origin: &[f64], u: &[f64], v: &[f64]) -> Option<Arc<dyn PlaneValues>> {
        assert!(
            origin.len() == self.dim() && u.len() == self.dim() && v.len() == self.dim(),
            "one number a parameter"
        );
        if self.is_penalised() {
            return None;
        }
        Some(Arc::new(OnPlane::new(self, origin, u, v)?))
    }

    fn least_squares(&self) -> Option<&dyn LeastSquares> {
        self.is_sum_of_squares().then_some(self as &dyn LeastSquares)
    }

    fn layout(&self) -> &[MatrixSpan] {
        &self.matrices
    }

    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        self.init.fill(&self.architecture, rng, x);
    }
}
