//! Random directions, scaled as the weights are.
//!
//! Li, Xu, Taylor, Studer and Goldstein 2018, Visualizing the Loss Landscape of Neural Nets, section 4: a network may scale one
//! layer up and the next one down without computing anything else, so a direction must be measured against the weights it moves. The
//! variant is that of the authors' code (tomgoldstein/loss-landscape), down to the 1e-10 in the denominator.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::math::{Purpose, Rng, vector};
use crate::model::Tensor;

/// How a random direction is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalization {
    /// Every row of a matrix (the incoming weights of one neuron) gets the norm of that row of weights.
    #[default]
    Filter,
    /// Every matrix gets the norm of that matrix of weights.
    Layer,
    /// Every entry is multiplied by its weight.
    Weight,
    /// As drawn: standard normal.
    None,
}

/// What a random direction does to biases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Biases {
    /// They stay where they are.
    #[default]
    Fixed,
    /// The direction's biases are those of the network, as the authors' code does when told not to ignore them.
    Copied,
}

/// A part of a parameter vector that is scaled as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub range: Range<usize>,
    /// Rows of the matrix that lies there, row-major; none = a vector of biases.
    pub rows: Option<usize>,
}

impl Block {
    /// Where a tensor of a model lies: a row of a weight matrix holds the incoming weights of one unit.
    pub fn of(tensor: &Tensor) -> Self {
        Self {
            range: tensor.range.clone(),
            rows: tensor.is_weight().then(|| tensor.shape[0]),
        }
    }
}

/// Two random directions at `center`, scaled block by block. Entries outside all blocks are 0.
pub fn random_directions(
    seed: u64,
    center: &[f64],
    blocks: &[Block],
    normalization: Normalization,
    biases: Biases,
) -> [Vec<f64>; 2] {
    [0, 1].map(|k| {
        let mut rng = Rng::stream(seed, Purpose::Directions, k);
        let raw: Vec<f64> = center.iter().map(|_| rng.normal()).collect();
        normalized(&raw, center, blocks, normalization, biases)
    })
}

/// The direction `raw` scaled to the weights at `center`, block by block.
pub fn normalized(raw: &[f64], center: &[f64], blocks: &[Block], normalization: Normalization, biases: Biases) -> Vec<f64> {
    assert_eq!(raw.len(), center.len(), "a direction is as long as a point");
    let mut scaled = vec![0.0; raw.len()];
    for block in blocks {
        let (d, raw, w) = (
            &mut scaled[block.range.clone()],
            &raw[block.range.clone()],
            &center[block.range.clone()],
        );
        match (block.rows, biases) {
            (None, Biases::Fixed) => {}
            (None, Biases::Copied) => d.copy_from_slice(w),
            (Some(rows), _) => {
                d.copy_from_slice(raw);
                let columns = (d.len() / rows.max(1)).max(1);
                match normalization {
                    Normalization::Filter => {
                        for (d, w) in d.chunks_mut(columns).zip(w.chunks(columns)) {
                            match_norm(d, w);
                        }
                    }
                    Normalization::Layer => match_norm(d, w),
                    Normalization::Weight => d.iter_mut().zip(w).for_each(|(d, w)| *d *= w),
                    Normalization::None => {}
                }
            }
        }
    }
    scaled
}

/// Gives `d` the norm of `w`.
fn match_norm(d: &mut [f64], w: &[f64]) {
    let factor = vector::norm(w) / (vector::norm(d) + 1e-10);
    vector::scale(factor, d);
}
