//! A landscape given by a grid of heights: from a file, or drawn by hand.
//!
//! Between the samples lies the bicubic spline through them, so gradient and Hessian are continuous and exact. Beyond the edge the height
//! levels off within about one cell and stays what it is, C2 as well.

mod error;
mod grid;
mod saved;
mod spline;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

pub use error::HeightMapError;

use grid::{Grid, is_height};
use saved::Saved;
use spline::Spline;

use super::domain::{Domain, end};
use super::{FunctionInfo, Minimum, Tag, TestFunction};
use crate::math::Real;
use crate::param::{ParamSpec, Parametric};

/// Samples and the spline through them: shared, because an experiment is copied often.
#[derive(Debug)]
struct Surface {
    grid: Grid,
    spline: Spline,
}

impl Surface {
    fn of(grid: Grid) -> Arc<Self> {
        let spline = Spline::through(grid.columns, &grid.heights);
        Arc::new(Self { grid, spline })
    }
}

/// Heights on a grid, the box that they fill, and a factor for all of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct HeightMap {
    surface: Arc<Surface>,
    scale: f64,
    domain: Domain,
}

impl PartialEq for HeightMap {
    fn eq(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.surface, &other.surface) || self.surface.grid == other.surface.grid;
        same && self.scale == other.scale && self.domain == other.domain
    }
}

impl Default for HeightMap {
    /// A shallow bowl with a few hollows and hills.
    fn default() -> Self {
        static FIRST: LazyLock<HeightMap> = LazyLock::new(|| HeightMap::on(grid::first()));
        FIRST.clone()
    }
}

impl HeightMap {
    /// Most samples along a side; a larger grid is averaged down to it.
    pub const MOST: usize = grid::MOST;

    /// The map of a grid, its rows from the top. Its cells are squares, and its longer side reaches from -5 to 5.
    ///
    /// # Errors
    /// Fewer than 4 rows or columns, rows of different lengths, or a cell that is no height.
    pub fn new(rows: &[Vec<f64>]) -> Result<Self, HeightMapError> {
        Grid::of(rows).map(Self::on)
    }

    fn on(grid: Grid) -> Self {
        let sides = [grid.columns, grid.rows()].map(|n| (n - 1) as f64);
        let [x, y] = sides.map(|side| 5.0 * side / sides[0].max(sides[1]));
        Self {
            surface: Surface::of(grid),
            scale: 1.0,
            domain: Domain {
                x_min: -x,
                x_max: x,
                y_min: -y,
                y_max: y,
            },
        }
    }

    /// Samples along a row, and rows.
    pub fn size(&self) -> [usize; 2] {
        let grid = &self.surface.grid;
        [grid.columns, grid.rows()]
    }

    /// The samples, row after row from the top, without the factor.
    pub fn heights(&self) -> &[f64] {
        &self.surface.grid.heights
    }

    /// Raises (or lowers) the landscape around a point: by `height` at the centre, less outwards, not at all from `radius` on. Centre and
    /// radius are in the units of the box, the height is the one that is seen. The bump is height (1 − d²/radius²)³ at the samples.
    pub fn stroke(&mut self, centre: [f64; 2], radius: f64, height: f64) {
        let height = height / self.scale;
        if !(radius > 0.0 && height.is_finite()) {
            return;
        }
        let mut grid = self.surface.grid.clone();
        let [[left, right], [bottom, top]] = self.domain.ends();
        let [columns, rows] = self.size();
        let at = |k: usize, n: usize, from: f64, to: f64| from + (to - from) * k as f64 / (n - 1) as f64;
        for (r, row) in grid.heights.chunks_exact_mut(columns).enumerate() {
            let dy = at(r, rows, top, bottom) - centre[1];
            for (c, sample) in row.iter_mut().enumerate() {
                let dx = at(c, columns, left, right) - centre[0];
                let rest = 1.0 - (dx * dx + dy * dy) / (radius * radius);
                let raised = *sample + height * rest * rest * rest;
                if rest > 0.0 && is_height(raised) {
                    *sample = raised;
                }
            }
        }
        self.surface = Surface::of(grid);
    }
}

impl Parametric for HeightMap {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("scale", "Scale", |map: &mut Self| &mut map.scale)
            .linear(-5.0, 5.0)
            .symbol("s")
            .help("Every height is multiplied by it; below 0, hills become hollows"),
        end("x_min", "Left end", |map| &mut map.domain.x_min),
        end("x_max", "Right end", |map| &mut map.domain.x_max),
        end("y_min", "Lower end", |map| &mut map.domain.y_min),
        end("y_max", "Upper end", |map| &mut map.domain.y_max),
    ];
}

impl TestFunction for HeightMap {
    const INFO: FunctionInfo = FunctionInfo {
        name: "Height map",
        formula: "s · heights on a grid, a bicubic spline between them",
        source: "drawn by you or from your file; the spline: de Boor 1978, A Practical Guide to Splines",
        teaches: "Yours: draw hills and hollows, or load a grid or a grey image, and see what every rule makes of them",
        tags: &[Tag::Custom],
        start: [-0.4, 3.9],
    };

    fn formula(&self) -> Cow<'static, str> {
        let [columns, rows] = self.size();
        format!("s · {columns} × {rows} heights, a bicubic spline between them").into()
    }

    fn eval<T: Real>(&self, x: &[T]) -> T {
        let [[left, right], [bottom, top]] = self.domain.ends();
        let [columns, rows] = self.size().map(|n| (n - 1) as f64);
        let u = (x[0] - left) * (columns / (right - left));
        let v = (-x[1] + top) * (rows / (top - bottom));
        self.surface.spline.eval(u, v) * self.scale
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        self.domain.ends()
    }

    fn start(&self) -> [f64; 2] {
        self.domain.start(Self::INFO.start)
    }

    fn minima(&self) -> Vec<Minimum> {
        Vec::new()
    }
}
