//! A plane through the space of a model's features, on which its answers and the rows are drawn: two features, or two principal components.

use super::{Slice, axes, pca};
use crate::data::{Dataset, Targets};
use crate::model::Network;
use crate::objective::Scratch;

/// Rows that are drawn of a set, at the most: an even choice.
const MOST_ROWS: usize = 600;
/// Rows that components are found from, at the most: an even choice.
const MOST_FITTED: usize = 4096;
/// Room around the rows, in shares of their range.
const MARGIN: f64 = 0.08;

/// The plane. Its coordinates are those of the features as the model sees them, after the recipe.
#[derive(Debug, Clone, PartialEq)]
pub struct FeaturePlane {
    /// Orthonormal directions through the mean of the training rows.
    pub slice: Slice,
    /// What the axes are called.
    pub names: [String; 2],
    /// Of the training rows' variance, the share that lies in the plane; none where the axes are features.
    pub explained: Option<f64>,
    /// Where rows are, lower and upper end along both axes.
    pub area: [[f64; 2]; 2],
    pub rows: Vec<PlacedRow>,
}

/// A row on the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedRow {
    pub at: [f64; 2],
    /// The number of its class, or its first target.
    pub target: f64,
    /// Whether the model has not seen it.
    pub is_held_out: bool,
}

/// What a model answers on a grid over the area: row-major, b from below.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// Points along each axis.
    pub grid: usize,
    /// Numbers a point: one a class, or 1.
    pub width: usize,
    /// Scores of classes, the largest being the answer (of two classes by one score, half of minus it and half of it, so that softmax gives
    /// the probabilities), or the first predicted number as the model is trained on it.
    pub values: Vec<f64>,
}

impl FeaturePlane {
    /// Through two features if they are given or the only ones, else through the two leading principal components of the training rows.
    /// None with fewer than two features, or without rows.
    pub fn new(train: &Dataset, held_out: Option<&Dataset>, features: Option<[usize; 2]>) -> Option<Self> {
        let n = train.n_features;
        if n < 2 || train.n_rows == 0 {
            return None;
        }
        let features = features
            .filter(|[a, b]| *a < n && *b < n && a != b)
            .or((n == 2).then_some([0, 1]));
        let mut plane = match features {
            Some(features) => Self::of_features(train, features),
            None => Self::of_components(train),
        };
        plane.place(train, false);
        plane.area = plane.around();
        held_out.into_iter().for_each(|data| plane.place(data, true));
        Some(plane)
    }

    fn through(origin: Vec<f64>, [u, v]: [Vec<f64>; 2], names: [String; 2]) -> Self {
        Self {
            slice: Slice { origin, u, v },
            names,
            explained: None,
            area: [[0.0, 1.0]; 2],
            rows: Vec::new(),
        }
    }

    /// The other features at their means; the coordinates are those of the two features.
    fn of_features(train: &Dataset, [a, b]: [usize; 2]) -> Self {
        let mut origin = mean(train);
        (origin[a], origin[b]) = (0.0, 0.0);
        let name = |i: usize| train.feature_names.get(i).cloned().unwrap_or_default();
        Self::through(origin, axes(train.n_features, a, b), [name(a), name(b)])
    }

    fn of_components(train: &Dataset) -> Self {
        let rows: Vec<&[f64]> = chosen(train.n_rows, MOST_FITTED).map(|i| train.row(i)).collect();
        let found = pca(&rows, 2);
        let explained = found.explained_variance_ratio.iter().sum();
        let mut directions = found.directions.into_iter();
        let mut next = || directions.next().unwrap_or_else(|| vec![0.0; train.n_features]);
        let names = ["component 1", "component 2"].map(str::to_owned);
        let plane = Self::through(found.mean, [next(), next()], names);
        Self {
            explained: Some(explained),
            ..plane
        }
    }

    fn place(&mut self, data: &Dataset, is_held_out: bool) {
        let target = |i: usize| match &data.targets {
            Targets::Values { columns, values } => values.get(i * columns).copied().unwrap_or(f64::NAN),
            Targets::Classes { labels, .. } => labels.get(i).map_or(f64::NAN, |label| f64::from(*label)),
        };
        let placed = chosen(data.n_rows, MOST_ROWS).map(|i| PlacedRow {
            at: self.slice.project(data.row(i)).0,
            target: target(i),
            is_held_out,
        });
        let placed: Vec<PlacedRow> = placed.collect();
        self.rows.extend(placed);
    }

    /// The box around the rows, with some room.
    fn around(&self) -> [[f64; 2]; 2] {
        [0, 1].map(|axis| {
            let low = self.rows.iter().map(|row| row.at[axis]).fold(f64::INFINITY, f64::min);
            let high = self.rows.iter().map(|row| row.at[axis]).fold(f64::NEG_INFINITY, f64::max);
            let room = if high > low { MARGIN * (high - low) } else { 1.0 };
            [low - room, high + room]
        })
    }

    /// What the model answers with these parameters at `grid` x `grid` points of the area.
    pub fn answers(&self, network: &Network, params: &[f64], grid: usize, scratch: &mut Scratch) -> Answers {
        let outputs = network.architecture().outputs;
        let at = |axis: usize, i: usize| {
            let [low, high] = self.area[axis];
            low + (high - low) * i as f64 / (grid.max(2) - 1) as f64
        };
        let mut x = vec![0.0; grid * grid * self.slice.dim()];
        for (k, x) in x.chunks_exact_mut(self.slice.dim()).enumerate() {
            self.slice.embed(at(0, k % grid), at(1, k / grid), x);
        }
        let mut z = vec![0.0; grid * grid * outputs];
        network.predict(params, &x, &mut z, scratch);
        let first = || z.iter().step_by(outputs.max(1));
        let (width, values) = match (network.loss().is_for_classes(), outputs) {
            (true, 1) => (2, first().flat_map(|z| [-z / 2.0, z / 2.0]).collect()),
            (true, _) => (outputs, z),
            (false, _) => (1, first().copied().collect()),
        };
        Answers { grid, width, values }
    }
}

/// An even choice of at most `most` of `n` rows.
fn chosen(n: usize, most: usize) -> impl Iterator<Item = usize> {
    let count = n.min(most);
    (0..count).map(move |k| k * n / count.max(1))
}

fn mean(data: &Dataset) -> Vec<f64> {
    let mut mean = vec![0.0; data.n_features];
    for i in 0..data.n_rows {
        for (mean, x) in mean.iter_mut().zip(data.row(i)) {
            *mean += x / data.n_rows as f64;
        }
    }
    mean
}
