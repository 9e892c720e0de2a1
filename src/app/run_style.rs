//! Hue, dash and marker of a run: always all three, so that no picture depends on colour vision alone.

use eframe::egui::{Color32, Painter, Pos2, Shape, Stroke, Vec2, vec2};

use super::theme::{RUN_HUES, RunHue};

/// A marker's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    Circle,
    Square,
    Up,
    Diamond,
    Down,
    Hexagon,
}

/// The look of a run, the same in every view.
pub struct RunStyle {
    hue: &'static RunHue,
    /// Lengths of dashes and gaps in points; empty = solid.
    pub dash: &'static [f32],
    pub marker: Marker,
}

/// Dashes and markers in the order of the palette.
const SHAPES: [(&[f32], Marker); RUN_HUES.len()] = [
    (&[], Marker::Circle),
    (&[9.0, 3.0], Marker::Square),
    (&[2.0, 2.5], Marker::Up),
    (&[8.0, 3.0, 2.0, 3.0], Marker::Diamond),
    (&[5.0, 3.0], Marker::Down),
    (&[11.0, 2.5, 2.0, 2.5, 2.0, 2.5], Marker::Hexagon),
];

/// The style with this number, counted round. From the second round on, hue and marker are combined anew.
pub fn style(number: u8) -> RunStyle {
    let n = SHAPES.len();
    let (round, i) = (number as usize / n, number as usize % n);
    let (dash, marker) = SHAPES[(i + round) % n];
    RunStyle {
        hue: &RUN_HUES[i],
        dash,
        marker,
    }
}

impl RunStyle {
    /// The hue on panels and charts.
    pub fn hue(&self, dark_mode: bool) -> Color32 {
        if dark_mode { self.hue.dark } else { self.hue.light }
    }

    /// The hue on pictures, in both themes.
    pub fn on_map(&self) -> Color32 {
        self.hue.on_map
    }

    /// Draws the marker.
    pub fn draw_marker(&self, painter: &Painter, at: Pos2, size: f32, fill: Color32, outline: Stroke) {
        if self.marker == Marker::Circle {
            painter.circle(at, size, fill, outline);
            return;
        }
        let corner = |degrees: f32, reach: f32| at + Vec2::angled(degrees.to_radians()) * reach * size;
        let points: Vec<Pos2> = match self.marker {
            Marker::Circle => Vec::new(),
            Marker::Square => [45.0, 135.0, 225.0, 315.0].iter().map(|d| corner(*d, 1.2)).collect(),
            Marker::Up => [-90.0, 30.0, 150.0].iter().map(|d| corner(*d, 1.3)).collect(),
            Marker::Down => [90.0, 210.0, 330.0].iter().map(|d| corner(*d, 1.3)).collect(),
            Marker::Diamond => [0.0, 90.0, 180.0, 270.0].iter().map(|d| corner(*d, 1.3)).collect(),
            Marker::Hexagon => (0..6).map(|i| corner(60.0 * i as f32, 1.15)).collect(),
        };
        painter.add(Shape::convex_polygon(points, fill, outline));
    }

    /// Draws a short piece of the line with the marker on it: the legend of this run.
    pub fn draw_swatch(&self, painter: &Painter, center: Pos2, width: f32, hue: Color32) {
        let half = vec2(width / 2.0, 0.0);
        painter.extend(self.line(&[center - half, center + half], Stroke::new(2.0, hue)));
        self.draw_marker(painter, center, 4.5, hue, Stroke::NONE);
    }

    /// A polyline with this run's dashes.
    pub fn line(&self, points: &[Pos2], stroke: Stroke) -> Vec<Shape> {
        if self.dash.is_empty() || points.len() < 2 {
            return vec![Shape::line(points.to_vec(), stroke)];
        }
        let dashes: Vec<f32> = self.dash.iter().copied().step_by(2).collect();
        let gaps: Vec<f32> = self.dash.iter().copied().skip(1).step_by(2).collect();
        Shape::dashed_line_with_offset(points, stroke, &dashes, &gaps, 0.0)
    }
}
