//! Hue, dash and marker of a run: always all three, so that no picture depends on colour vision alone.

use eframe::egui::{Color32, Painter, Pos2, Shape, Stroke, Vec2, vec2};

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
    dark: Color32,
    light: Color32,
    /// On pictures, in both themes.
    pub on_map: Color32,
    /// Lengths of dashes and gaps in points; empty = solid.
    pub dash: &'static [f32],
    pub marker: Marker,
}

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

/// Okabe and Ito's order (2008), adapted to both backgrounds.
const STYLES: [RunStyle; 6] = [
    RunStyle {
        dark: hex(0xF2A93B),
        light: hex(0xB36B00),
        on_map: hex(0xFFB648),
        dash: &[],
        marker: Marker::Circle,
    },
    RunStyle {
        dark: hex(0x5BB8F0),
        light: hex(0x0072B2),
        on_map: hex(0x6FC6FF),
        dash: &[9.0, 3.0],
        marker: Marker::Square,
    },
    RunStyle {
        dark: hex(0xFF7F50),
        light: hex(0xC8450C),
        on_map: hex(0xFF8A5C),
        dash: &[2.0, 2.5],
        marker: Marker::Up,
    },
    RunStyle {
        dark: hex(0x2CC79A),
        light: hex(0x00805D),
        on_map: hex(0x3FE0B0),
        dash: &[8.0, 3.0, 2.0, 3.0],
        marker: Marker::Diamond,
    },
    RunStyle {
        dark: hex(0xE08FC0),
        light: hex(0xA8477F),
        on_map: hex(0xF29FD2),
        dash: &[5.0, 3.0],
        marker: Marker::Down,
    },
    RunStyle {
        dark: hex(0xE9ECEF),
        light: hex(0x1B1F23),
        on_map: hex(0xFFFFFF),
        dash: &[11.0, 2.5, 2.0, 2.5, 2.0, 2.5],
        marker: Marker::Hexagon,
    },
];

/// The style with this number, counted round. From the second round on, hue and marker are combined anew.
pub fn style(number: u8) -> RunStyle {
    let n = STYLES.len();
    let (round, i) = (number as usize / n, number as usize % n);
    let (hue, shape) = (&STYLES[i], &STYLES[(i + round) % n]);
    RunStyle {
        dark: hue.dark,
        light: hue.light,
        on_map: hue.on_map,
        dash: shape.dash,
        marker: shape.marker,
    }
}

impl RunStyle {
    /// The hue on panels and charts.
    pub fn hue(&self, dark_mode: bool) -> Color32 {
        if dark_mode { self.dark } else { self.light }
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
