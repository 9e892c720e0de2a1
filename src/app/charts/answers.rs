//! What models answer over the plane of features, painted once a reply: classes mixed by their probabilities, numbers in the colours of
//! landscapes.

use eframe::egui::{ColorImage, Context, Rgba, TextureHandle, TextureOptions};

use super::zero_lines::{Piece, zero_lines};
use crate::app::plots::heat::shade;
use crate::app::run_style::{RunStyle, style};
use crate::app::theme;
use crate::landscape::{Answers, FeaturePlane};
use crate::workbench::Standings;

/// How much of a class's hue is in its region.
const TINT: f32 = 0.4;
/// Hue and marker of classes: blue and orange first, the two that are told apart best.
const CLASS_STYLES: [u8; 6] = [1, 0, 3, 4, 2, 5];

/// The look of a class, counted round.
pub fn class_style(class: usize) -> RunStyle {
    style(CLASS_STYLES[class % CLASS_STYLES.len()])
}

/// The pictures of all runs.
#[derive(Default)]
pub struct Pictures {
    painted: Option<(u64, bool)>,
    runs: Vec<Option<Painted>>,
}

/// The picture of one run.
pub struct Painted {
    pub texture: TextureHandle,
    /// Where one class gives way to another, on the plane.
    pub lines: Vec<Piece>,
}

impl Pictures {
    /// Paints what is new.
    pub fn update(&mut self, ctx: &Context, standings: &Standings, n_runs: usize, dark: bool) {
        let now = Some((standings.number(), dark));
        if self.painted == now {
            return;
        }
        self.painted = now;
        self.runs.resize_with(n_runs, || None);
        let Some(plane) = standings.plane() else {
            self.runs.clear();
            return;
        };
        for (i, run) in self.runs.iter_mut().enumerate() {
            let answers = standings.of(i).and_then(|standing| standing.answers.as_ref());
            *run = answers.map(|answers| paint(ctx, run.take(), i, plane, answers, dark));
        }
    }

    pub fn of(&self, i: usize) -> Option<&Painted> {
        self.runs.get(i)?.as_ref()
    }
}

fn paint(ctx: &Context, before: Option<Painted>, i: usize, plane: &FeaturePlane, answers: &Answers, dark: bool) -> Painted {
    let image = image(plane, answers, dark);
    let texture = match before {
        Some(Painted { mut texture, .. }) => {
            texture.set(image, TextureOptions::LINEAR);
            texture
        }
        None => ctx.load_texture(format!("answers {i}"), image, TextureOptions::LINEAR),
    };
    Painted {
        texture,
        lines: lines(plane, answers),
    }
}

/// Highest b on top.
fn image(plane: &FeaturePlane, answers: &Answers, dark: bool) -> ColorImage {
    let n = answers.grid;
    let range = number_range(plane);
    let ground = theme::of(dark).inset;
    let hues: Vec<Rgba> = (0..answers.width).map(|class| class_style(class).hue(dark).into()).collect();
    let pixel = |k: usize| {
        let (row, column) = (n - 1 - k / n, k % n);
        let values = &answers.values[(row * n + column) * answers.width..][..answers.width];
        if answers.width == 1 {
            return shade((values[0] - range[0]) / (range[1] - range[0]), theme::of(dark).map_dimming);
        }
        ground.lerp_to_gamma(mixed(values, &hues).into(), TINT)
    };
    ColorImage::new([n, n], (0..n * n).map(pixel).collect())
}

/// The hues of classes mixed by the softmax of their scores.
fn mixed(scores: &[f64], hues: &[Rgba]) -> Rgba {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights = || scores.iter().map(|z| (z - largest).exp() as f32);
    let total: f32 = weights().sum();
    let parts = weights().zip(hues).map(|(weight, hue)| *hue * (weight / total));
    parts.fold(Rgba::from_rgba_premultiplied(0.0, 0.0, 0.0, 0.0), |sum, part| sum + part)
}

/// The range of the targets of the rows that are drawn.
pub fn number_range(plane: &FeaturePlane) -> [f64; 2] {
    let targets = || plane.rows.iter().map(|row| row.target).filter(|v| v.is_finite());
    let low = targets().fold(f64::INFINITY, f64::min);
    let high = targets().fold(f64::NEG_INFINITY, f64::max);
    if low < high { [low, high] } else { [low - 0.5, low + 0.5] }
}

/// Where each class stops to be the answer. Of two classes one line is enough.
fn lines(plane: &FeaturePlane, answers: &Answers) -> Vec<Piece> {
    let classes = match answers.width {
        0 | 1 => 0,
        2 => 1,
        more => more,
    };
    let [[a, a_high], [b, b_high]] = plane.area;
    let cells = (answers.grid.max(2) - 1) as f64;
    let (da, db) = ((a_high - a) / cells, (b_high - b) / cells);
    let on_plane = |piece: Piece| piece.map(|[i, j]| [a + i * da, b + j * db]);
    let margin = |scores: &[f64], class: usize| {
        let others = scores.iter().enumerate().filter(|(k, _)| *k != class).map(|(_, z)| *z);
        scores[class] - others.fold(f64::NEG_INFINITY, f64::max)
    };
    let of = |class: usize| {
        let field: Vec<f64> = answers
            .values
            .chunks_exact(answers.width)
            .map(|scores| margin(scores, class))
            .collect();
        zero_lines(answers.grid, &field)
    };
    (0..classes).flat_map(of).map(on_plane).collect()
}
