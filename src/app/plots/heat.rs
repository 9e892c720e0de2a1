//! The heat map with its contour lines, as one texture that all panes share.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Color32, ColorImage, Context, Painter, Pos2, Rect, TextureHandle, TextureOptions, pos2};

use crate::app::camera::{Area, PaneMap};
use crate::app::theme::{self, on_map};
use crate::landscape::GridSpec;
use crate::workbench::Picture;

/// Colours that a map is cut into: more than an eye can tell apart.
const SHADES: usize = 512;
/// Pictures with fewer columns than this are drawn finer than they were computed, so that contour lines are smooth.
const SMOOTH_BELOW: usize = 400;
/// Pictures that follow each other within this time, in seconds, pass by.
const PASSING: f64 = 0.1;

/// The painted landscape.
#[derive(Default)]
pub struct Heat {
    texture: Option<TextureHandle>,
    painted: Option<Painted>,
    area: Area,
}

/// What is on the texture.
#[derive(Clone, Copy)]
struct Painted {
    picture: u64,
    dark: bool,
    smooth: bool,
    /// When.
    at: f64,
}

impl Painted {
    /// What is to be painted now, if it is something else. While a button is held, as when a slider is dragged, and while pictures pass by,
    /// they are as coarse as they were computed; the last is made smooth when it rests.
    fn next(before: Option<Self>, picture: u64, dark: bool, now: f64, held: bool) -> Option<Self> {
        let rested = before.is_none_or(|b| now - b.at > PASSING);
        let is_same = before.is_some_and(|b| (b.picture, b.dark) == (picture, dark));
        if is_same && (before.is_some_and(|b| b.smooth) || !rested) {
            return None;
        }
        // The number of a finished picture is that of its coarse pass and one more.
        let is_finished = before.is_some_and(|b| b.picture / 2 == picture / 2);
        Some(Self {
            picture,
            dark,
            smooth: is_same || (!held && (rested || is_finished)),
            at: now,
        })
    }
}

impl Heat {
    /// Paints the picture if it is a new one.
    pub fn update(&mut self, ctx: &Context, picture: &Arc<Picture>, dark: bool) {
        let (now, held) = ctx.input(|input| (input.time, input.pointer.any_down()));
        let Some(next) = Painted::next(self.painted, picture.number, dark, now, held) else {
            return;
        };
        if !next.smooth {
            ctx.request_repaint_after(Duration::from_secs_f64(1.5 * PASSING));
        }
        let image = bake(picture, theme::of(dark).map_dimming, next.smooth);
        self.area = outer_area(&picture.grid.spec);
        match &mut self.texture {
            Some(texture) => texture.set(image, TextureOptions::LINEAR),
            None => self.texture = Some(ctx.load_texture("landscape", image, TextureOptions::LINEAR)),
        }
        self.painted = Some(next);
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
    fn of(picture: &Picture, smooth: bool) -> Self {
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
        if smooth && spec.n_a < SMOOTH_BELOW {
            computed.finer(factor)
        } else {
            computed
        }
    }

    /// Bilinear, between the same outermost points.
    fn finer(&self, factor: usize) -> Self {
        let (columns, rows) = ((self.columns.max(1) - 1) * factor + 1, (self.rows.max(1) - 1) * factor + 1);
        let parts: Vec<f32> = (0..factor).map(|k| k as f32 / factor as f32).collect();
        let (mut at, mut mixed) = (Vec::with_capacity(columns * rows), Vec::with_capacity(self.columns));
        for j in 0..rows {
            let (above, v) = (j / factor, parts[j % factor]);
            let below = self.row((above + 1).min(self.rows - 1));
            mixed.clear();
            mixed.extend(self.row(above).iter().zip(below).map(|(a, b)| a * (1.0 - v) + b * v));
            for pair in mixed.windows(2) {
                at.extend(parts.iter().map(|u| pair[0] * (1.0 - u) + pair[1] * u));
            }
            at.extend(mixed.last());
        }
        Self { columns, rows, at }
    }

    fn row(&self, j: usize) -> &[f32] {
        &self.at[j * self.columns..][..self.columns]
    }
}

/// What stands for heights: colours, and lines over them.
struct Paint {
    shades: Vec<Color32>,
    /// Heights of the lines, rising.
    levels: Vec<f32>,
    /// For every shade the first line that is not below all of it.
    first: Vec<usize>,
}

/// How far a contour line reaches, in pixels.
const REACH: f32 = 1.1;

impl Paint {
    fn of(picture: &Picture, dimming: f32) -> Self {
        let position = |level: &f64| picture.scale.position(*level) as f32;
        let mut levels: Vec<f32> = picture.levels.iter().map(position).collect();
        levels.sort_by(f32::total_cmp);
        let part = |k: usize| k as f32 / (SHADES - 1) as f32;
        Self {
            shades: (0..SHADES).map(|k| shade(f64::from(part(k)), dimming)).collect(),
            first: (0..SHADES)
                .map(|k| levels.partition_point(|level| *level < part(k)))
                .collect(),
            levels,
        }
    }

    /// The colour of a pixel; `steepness` is the change of height from one pixel to the next, squared.
    fn colour(&self, height: f32, steepness: f32) -> Color32 {
        if height.is_nan() {
            return on_map::NOT_FINITE;
        }
        let k = ((height * (SHADES - 1) as f32) as usize).min(SHADES - 1);
        let line = self.line_strength(height, steepness, self.first[k]) * on_map::CONTOUR_ALPHA;
        if line > 0.0 {
            self.shades[k].lerp_to_gamma(Color32::WHITE, line)
        } else {
            self.shades[k]
        }
    }

    /// How much of a pixel a contour line covers: a line about a pixel wide, its edges smoothed by the distance in pixels. The lines before
    /// number `next` are below.
    fn line_strength(&self, height: f32, steepness: f32, mut next: usize) -> f32 {
        while self.levels.get(next).is_some_and(|level| *level < height) {
            next += 1;
        }
        let near = [next.checked_sub(1), Some(next)].into_iter().flatten();
        let distances = near.filter_map(|k| self.levels.get(k)).map(|level| (level - height).abs());
        let distance = distances.fold(f32::INFINITY, f32::min);
        // Most pixels are far from any line and need no root; beside what is not finite there is none either.
        if distance * distance < REACH * REACH * steepness {
            (REACH - distance / steepness.sqrt()).min(1.0)
        } else {
            0.0
        }
    }
}

/// The picture in colours, highest b on top; smooth ones are finer than they were computed where that is coarse.
pub fn bake(picture: &Picture, dimming: f32, smooth: bool) -> ColorImage {
    let (heights, paint) = (Heights::of(picture, smooth), Paint::of(picture, dimming));
    let (columns, rows) = (heights.columns, heights.rows);
    let mut pixels = Vec::with_capacity(heights.at.len());
    for j in (0..rows).rev() {
        let (row, before, after) = (
            heights.row(j),
            heights.row(j.saturating_sub(1)),
            heights.row((j + 1).min(rows - 1)),
        );
        pixels.extend((0..columns).map(|i| {
            let dx = row[(i + 1).min(columns - 1)] - row[i.saturating_sub(1)];
            let dy = after[i] - before[i];
            paint.colour(row[i], 0.25 * (dx * dx + dy * dy))
        }));
    }
    ColorImage::new([columns, rows], pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_pass_by_are_coarse_and_the_last_one_is_smooth_when_it_rests() {
        let mut painted = None;
        let mut paint = |picture, now, held| {
            let next = Painted::next(painted, picture, true, now, held);
            painted = next.or(painted);
            next.map(|next| next.smooth)
        };
        assert_eq!([paint(3, 0.0, false), paint(3, 0.02, false)], [Some(true), None]);
        // A coarse pass and the whole picture.
        assert_eq!([paint(4, 5.0, false), paint(5, 5.02, false)], [Some(true), Some(true)]);
        assert_eq!([paint(7, 5.04, false), paint(7, 5.06, false)], [Some(false), None]);
        // A button is held.
        assert_eq!([paint(9, 6.0, true), paint(11, 6.2, true)], [Some(false), Some(false)]);
        assert_eq!([paint(11, 6.4, true), paint(11, 6.6, false)], [Some(true), None]);
    }
}
