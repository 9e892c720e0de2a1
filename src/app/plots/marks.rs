//! Marks on a picture: where runs are, started, restarted and ended; minima.

use eframe::egui::{Painter, Pos2, Shape, Stroke, Vec2, vec2};

use crate::app::run_style::RunStyle;
use crate::app::theme::on_map;

const BALL: f32 = 5.5;
const OUTLINE: Stroke = Stroke {
    width: 1.4,
    color: on_map::OUTLINE,
};

/// The ball: where the run is.
pub fn ball(painter: &Painter, style: &RunStyle, at: Pos2) {
    style.draw_marker(painter, at, BALL, style.on_map(), OUTLINE);
}

/// Where every run starts; `lively` while it is being dragged or could be.
pub fn start(painter: &Painter, at: Pos2, lively: bool) {
    let reach = if lively { 8.0 } else { 6.0 };
    painter.circle(at, reach, on_map::CASING, Stroke::new(1.6, on_map::LABEL));
    painter.circle_filled(at, 2.2, on_map::LABEL);
}

/// A known minimum.
pub fn star(painter: &Painter, at: Pos2) {
    let corner = |k: usize| {
        let reach = if k.is_multiple_of(2) { 7.5 } else { 3.2 };
        at + Vec2::angled((36.0 * k as f32 - 90.0).to_radians()) * reach
    };
    let outline: Vec<Pos2> = (0..10).map(corner).collect();
    // A star is not convex: fill it as five kites around its centre.
    for k in (0..10).step_by(2) {
        let kite = vec![at, outline[(k + 9) % 10], outline[k], outline[(k + 1) % 10]];
        painter.add(Shape::convex_polygon(kite, on_map::LABEL, Stroke::NONE));
    }
    painter.add(Shape::closed_line(outline, Stroke::new(1.0, on_map::OUTLINE)));
}

/// The last finite point of a run that diverged.
pub fn cross(painter: &Painter, style: &RunStyle, at: Pos2) {
    let d = vec2(5.0, 5.0);
    let across = vec2(5.0, -5.0);
    for (width, colour) in [(4.5, on_map::OUTLINE), (2.2, style.on_map())] {
        painter.line_segment([at - d, at + d], Stroke::new(width, colour));
        painter.line_segment([at - across, at + across], Stroke::new(width, colour));
    }
}

/// A hollow dot: an uphill move that was accepted, or a new start.
pub fn hollow(painter: &Painter, style: &RunStyle, at: Pos2, radius: f32) {
    painter.circle_stroke(at, radius, Stroke::new(1.1, style.on_map()));
}
