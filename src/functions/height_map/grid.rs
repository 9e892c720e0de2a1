//! Grids of samples: from rows of any length to at most [`MOST`] a side, and the first one to be seen.

use super::HeightMapError;
use super::spline::FEWEST;
use crate::math::ops;

/// Most samples along a side. What has more is averaged down.
pub(super) const MOST: usize = 256;
/// Beyond it a spline through the samples could overflow.
const HIGHEST: f64 = 1e100;
/// Samples along a side of the first map.
const FIRST: usize = 33;

/// Samples, row after row from the top.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    pub columns: usize,
    pub heights: Vec<f64>,
}

impl Grid {
    /// Checks rows of the same length and averages them down.
    pub fn of(rows: &[Vec<f64>]) -> Result<Self, HeightMapError> {
        let columns = rows.first().map_or(0, Vec::len);
        if rows.len() < FEWEST || columns < FEWEST {
            return Err(HeightMapError::TooSmall {
                columns,
                rows: rows.len(),
            });
        }
        for (r, row) in rows.iter().enumerate() {
            if row.len() != columns {
                return Err(HeightMapError::Ragged {
                    row: r + 1,
                    given: row.len(),
                    expected: columns,
                });
            }
            if let Some(c) = row.iter().position(|height| !is_height(*height)) {
                return Err(HeightMapError::NoHeight {
                    row: r + 1,
                    column: c + 1,
                    given: row[c].to_string(),
                });
            }
        }
        Ok(averaged(rows, columns.min(MOST), rows.len().min(MOST)))
    }

    pub fn rows(&self) -> usize {
        self.heights.len() / self.columns
    }
}

/// Whether a number can be a height.
pub(super) fn is_height(height: f64) -> bool {
    height.abs() <= HIGHEST
}

/// Each sample is the mean of the block of samples that it stands for.
fn averaged(rows: &[Vec<f64>], n_columns: usize, n_rows: usize) -> Grid {
    let block = |k: usize, n: usize, all: usize| k * all / n..(k + 1) * all / n;
    let mut heights = Vec::with_capacity(n_columns * n_rows);
    for r in 0..n_rows {
        let rows = &rows[block(r, n_rows, rows.len())];
        for c in 0..n_columns {
            let cells = || rows.iter().flat_map(|row| &row[block(c, n_columns, row.len())]);
            heights.push(cells().sum::<f64>() / cells().count() as f64);
        }
    }
    Grid {
        columns: n_columns,
        heights,
    }
}

/// Hollows and hills of the first map on [-5, 5]²: where, how high, how wide (standard deviation).
const HILLS: [([f64; 2], f64, f64); 6] = [
    ([-2.6, -2.2], -3.4, 1.1),
    ([2.4, -1.6], -2.4, 0.8),
    ([1.7, 2.7], -1.8, 0.9),
    ([0.1, 0.3], 2.2, 1.0),
    ([-2.8, 2.6], 1.4, 1.2),
    ([3.8, 0.9], 1.0, 0.7),
];

/// A shallow bowl with hollows and hills.
pub(super) fn first() -> Grid {
    let coordinate = |k: usize| 10.0 * k as f64 / (FIRST - 1) as f64 - 5.0;
    let height = |x: f64, y: f64| {
        let hill = |([hx, hy], high, wide): &([f64; 2], f64, f64)| {
            let square = (x - hx).powi(2) + (y - hy).powi(2);
            high * ops::exp(-square / (2.0 * wide * wide))
        };
        let height = 0.06 * (x * x + y * y) + HILLS.iter().map(hill).sum::<f64>();
        (height * 1e3).round() / 1e3
    };
    let row = |r: usize| (0..FIRST).map(move |c| height(coordinate(c), -coordinate(r)));
    Grid {
        columns: FIRST,
        heights: (0..FIRST).flat_map(row).collect(),
    }
}
