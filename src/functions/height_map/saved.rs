//! A height map in a file: a line of numbers for each row, from the top, and its box.

use serde::{Deserialize, Serialize};

use super::{HeightMap, HeightMapError};
use crate::functions::domain::Domain;

#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Saved {
    scale: f64,
    x_min: f64,
    x_max: f64,
    y_min: f64,
    y_max: f64,
    heights: Vec<String>,
}

impl Default for Saved {
    fn default() -> Self {
        HeightMap::default().into()
    }
}

impl From<HeightMap> for Saved {
    fn from(map: HeightMap) -> Self {
        let line = |row: &[f64]| row.iter().map(|height| format!("{height:?}")).collect::<Vec<_>>().join(" ");
        let Domain {
            x_min,
            x_max,
            y_min,
            y_max,
        } = map.domain;
        Self {
            scale: map.scale,
            x_min,
            x_max,
            y_min,
            y_max,
            heights: map.heights().chunks(map.size()[0]).map(line).collect(),
        }
    }
}

impl TryFrom<Saved> for HeightMap {
    type Error = HeightMapError;

    fn try_from(saved: Saved) -> Result<Self, HeightMapError> {
        let numbers = |(row, line): (usize, &String)| -> Result<Vec<f64>, HeightMapError> {
            let number = |(column, text): (usize, &str)| {
                text.parse().map_err(|_| HeightMapError::NoHeight {
                    row: row + 1,
                    column: column + 1,
                    given: text.chars().take(24).collect(),
                })
            };
            line.split_whitespace().enumerate().map(number).collect()
        };
        let rows = saved.heights.iter().enumerate().map(numbers).collect::<Result<Vec<_>, _>>()?;
        let mut map = Self::new(&rows)?;
        map.scale = saved.scale;
        let Saved {
            x_min,
            x_max,
            y_min,
            y_max,
            ..
        } = saved;
        map.domain = Domain {
            x_min,
            x_max,
            y_min,
            y_max,
        };
        Ok(map)
    }
}
