//! The heat map with its contour lines, as one texture that all panes share.

use std::sync::Arc;

use eframe::egui::{Color32, ColorImage, Context, Painter, Pos2, Rect, TextureHandle, TextureOptions, pos2};

use crate::app::camera::{Area, PaneMap};
use crate::app::theme::{self, on_map};
use crate::landscape::GridSpec;
use crate::workbench::Picture;

/// Colours that a map is cut into: more than an eye can tell apart.
const SHADES: usize = 512;
/// Pictures with fewer columns than this are drawn finer than they were computed, so that contour lines are smooth.
const SMOOTH_BELOW: usize = 400;

/// The painted landscape.
#[derive(Default)]
pub struct Heat {
    texture: Option<TextureHandle>,
    painted: Option<(u64, bool)>,
    area: Area,
}

impl Heat {
    /// Paints the picture if it is a new one.
    pub fn update(&mut self, ctx: &Context, picture: &Arc<Picture>, dark: bool) {
        if self.painted == Some((picture.number, dark)) {
            return;
        }
        let image = bake(picture, theme::of(dark).map_dimming);
        self.area = outer_area(&picture.grid.spec);
        match &mut self.texture {
            Some(texture) => texture.set(image, TextureOptions::LINEAR),
            None => self.texture = Some(ctx.load_texture("landscape", image, TextureOptions::LINEAR)),
        }
        self.painted = Some((picture.number, dark));
    }

    /// Draws the texture where it belongs in a pane.
    pub fn draw(&self, painter: &Painter, map: &PaneMap) {
        if let Some(texture) = &self.texture {
            let [[a_low, a_high], [b_low, b_high]] = self.area;
            let rect = Rect::from_two_pos(map.to_screen([a_low, b_high]), map.to_screen([a_high, b_low]));
            painter.image(texture.id(), rect, whole(), Color32::WHITE);
        }
    }
}

fn whole() -> Rect {
    Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0))
}

/// Values are at the centres of pixels, so the picture reaches half a pixel further than its points.
fn outer_area(spec: &GridSpec) -> Area {
    let wider = |[low, high]: [f64; 2], n: usize| {
        let half = (high - low) / (n.max(2) - 1) as f64 / 2.0;
        [low - half, high + half]
    };
    [wider(spec.a, spec.n_a), wider(spec.b, spec.n_b)]
}

/// Viridis at a position from 0 to 1, dimmed.
pub fn shade(position: f64, dimming: f32) -> Color32 {
    let c = colorous::VIRIDIS.eval_continuous(position.clamp(0.0, 1.0));
    let dim = |v: u8| (f32::from(v) * dimming).round() as u8;
    Color32::from_rgb(dim(c.r), dim(c.g), dim(c.b))
}

/// Heights as positions on the colour scale, possibly between the points that were computed.
struct Heights {
    columns: usize,
    rows: usize,
    at: Vec<f32>,
}

impl Heights {
    fn of(picture: &Picture) -> Self {
        let spec = &picture.grid.spec;
        let computed = Self {
            columns: spec.n_a,
            rows: spec.n_b,
            at: picture
                .grid
                .values
                .iter()
                .map(|v| picture.scale.position(*v) as f32)
                .collect(),
        };
        let factor = SMOOTH_BELOW.div_ceil(spec.n_a.max(2)).min(16);
        if spec.n_a < SMOOTH_BELOW {
            computed.finer(factor)
        } else {
            computed
        }
    }

    /// Bilinear, between the same outermost points.
    fn finer(&self, factor: usize) -> Self {
        let (columns, rows) = ((self.columns.max(1) - 1) * factor + 1, (self.rows.max(1) - 1) * factor + 1);
        let mut at = Vec::with_capacity(columns * rows);
        for j in 0..rows {
            let (row, v) = (j / factor, (j % factor) as f32 / factor as f32);
            let below = (row + 1).min(self.rows - 1);
            for i in 0..columns {
                let (column, u) = (i / factor, (i % factor) as f32 / factor as f32);
                let right = (column + 1).min(self.columns - 1);
                let mix = |row: usize| self.get(column, row) * (1.0 - u) + self.get(right, row) * u;
                at.push(mix(row) * (1.0 - v) + mix(below) * v);
            }
        }
        Self { columns, rows, at }
    }

    fn get(&self, i: usize, j: usize) -> f32 {
        self.at[j * self.columns + i]
    }

    /// Change of height from one pixel to the next, squared.
    fn steepness(&self, i: usize, j: usize) -> f32 {
        let dx = self.get((i + 1).min(self.columns - 1), j) - self.get(i.saturating_sub(1), j);
        let dy = self.get(i, (j + 1).min(self.rows - 1)) - self.get(i, j.saturating_sub(1));
        0.25 * (dx * dx + dy * dy)
    }
}

/// The picture in colours, highest b on top.
pub fn bake(picture: &Picture, dimming: f32) -> ColorImage {
    let heights = Heights::of(picture);
    let shades: Vec<Color32> = (0..SHADES).map(|k| shade(k as f64 / (SHADES - 1) as f64, dimming)).collect();
    let mut levels: Vec<f32> = picture
        .levels
        .iter()
        .map(|level| picture.scale.position(*level) as f32)
        .collect();
    levels.sort_by(f32::total_cmp);
    let mut pixels = Vec::with_capacity(heights.at.len());
    for j in (0..heights.rows).rev() {
        for i in 0..heights.columns {
            pixels.push(pixel(&heights, i, j, &shades, &levels));
        }
    }
    ColorImage::new([heights.columns, heights.rows], pixels)
}

fn pixel(heights: &Heights, i: usize, j: usize, shades: &[Color32], levels: &[f32]) -> Color32 {
    let height = heights.get(i, j);
    if height.is_nan() {
        return on_map::NOT_FINITE;
    }
    let ground = shades[((height * (SHADES - 1) as f32) as usize).min(SHADES - 1)];
    let line = line_strength(height, heights.steepness(i, j), levels) * on_map::CONTOUR_ALPHA;
    if line > 0.0 {
        ground.lerp_to_gamma(Color32::WHITE, line)
    } else {
        ground
    }
}

/// How far a contour line reaches, in pixels.
const REACH: f32 = 1.1;

/// How much of a pixel a contour line covers: a line about a pixel wide, its edges smoothed by the distance in pixels.
fn line_strength(height: f32, steepness: f32, levels: &[f32]) -> f32 {
    let next = levels.partition_point(|level| *level < height);
    let near = [next.checked_sub(1), Some(next)]
        .into_iter()
        .flatten()
        .filter_map(|k| levels.get(k));
    let distance = near.map(|level| (level - height).abs()).fold(f32::INFINITY, f32::min);
    // Most pixels are far from any line and need no root; beside what is not finite there is none either.
    if distance * distance < REACH * REACH * steepness {
        (REACH - distance / steepness.sqrt()).min(1.0)
    } else {
        0.0
    }
}
