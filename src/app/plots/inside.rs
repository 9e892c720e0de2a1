//! What a rule knows, drawn over the landscape: arrows for the gradient, the velocity and the step, and whatever the rule shows of its state.

use eframe::egui::{Align2, Painter, Pos2, Rect, Shape, Stroke, Vec2, vec2};

use super::axes::outlined;
use super::heat::shade;
use crate::app::camera::PaneMap;
use crate::app::run_style::RunStyle;
use crate::app::theme::on_map;
use crate::landscape::ColourScale;
use crate::optim::StepEvent;
use crate::workbench::{Cell, Insight, Mark};

/// Arrows are drawn at most this long, in points, before they count as long enough.
const LONG: f32 = 52.0;
/// Arrows are enlarged by powers of ten up to this.
const MOST_DECADES: i32 = 12;
/// Half a side of the box of squared gradients when they are as large as the first gradient, in points.
const UNIT_BOX: f32 = 14.0;
const LARGEST_BOX: f32 = 70.0;

/// What the colours of the picture mean.
#[derive(Clone, Copy)]
pub struct Scale {
    pub colours: ColourScale,
    pub dimming: f32,
}

/// Everything known of one run at the playhead.
pub fn draw(painter: &Painter, map: &PaneMap, style: &RunStyle, insight: &Insight, scale: Scale) {
    let at = map.to_screen(insight.at);
    for mark in &insight.marks {
        draw_mark(painter, map, style, at, mark, scale);
    }
    arrows(painter, map, style, at, insight);
}

fn draw_mark(painter: &Painter, map: &PaneMap, style: &RunStyle, at: Pos2, mark: &Mark, scale: Scale) {
    let hue = style.on_map();
    let line = Stroke::new(1.4, hue);
    let screen = |points: &[[f64; 2]]| -> Vec<Pos2> { points.iter().map(|p| map.to_screen(*p)).collect() };
    match mark {
        Mark::Velocity(_) => {}
        Mark::Squares { sides, unit } => squares(painter, style, at, *sides, *unit),
        Mark::Average(point) => {
            let to = map.to_screen(*point);
            painter.extend(Shape::dashed_line(&[at, to], Stroke::new(1.0, hue), 3.0, 3.0));
            ring(painter, to, 4.5, line);
        }
        Mark::Probe(point) => {
            let to = map.to_screen(*point);
            painter.extend(Shape::dashed_line(&[at, to], Stroke::new(1.0, hue), 2.0, 2.0));
            painter.circle(to, 2.6, hue, Stroke::new(1.0, on_map::OUTLINE));
        }
        Mark::Simplex(corners) => {
            let corners = screen(corners);
            painter.add(Shape::closed_line(corners.clone(), Stroke::new(3.0, on_map::CASING)));
            painter.add(Shape::closed_line(corners, line));
        }
        Mark::Population(points) => {
            for point in screen(points) {
                painter.circle(point, 2.2, hue, Stroke::new(0.8, on_map::OUTLINE));
            }
        }
        Mark::Proposals(proposals) => cloud(painter, map, style, proposals),
        Mark::Ellipse { centre, outline } => {
            let outline = screen(outline);
            painter.add(Shape::closed_line(outline.clone(), Stroke::new(3.0, on_map::CASING)));
            painter.add(Shape::closed_line(outline, line));
            painter.circle_filled(map.to_screen(*centre), 1.8, hue);
        }
        Mark::TrustRegion(edge) => {
            let mut edge = screen(edge);
            edge.extend(edge.first().copied());
            painter.extend(Shape::dashed_line(&edge, line, 5.0, 4.0));
        }
        Mark::Belief { cells, size, observed } => {
            for cell in cells {
                belief(painter, map, cell, *size, scale);
            }
            for point in screen(observed) {
                painter.circle(point, 2.2, hue, Stroke::new(0.8, on_map::OUTLINE));
            }
        }
        Mark::Best(point) => ring(painter, map.to_screen(*point), 7.5, line),
    }
}

/// A cell of a surrogate: a patch in the colour of the height it believes in, which vanishes where it is right, in a frame that is the
/// stronger the less it knows.
fn belief(painter: &Painter, map: &PaneMap, cell: &Cell, size: [f64; 2], scale: Scale) {
    let half = size.map(|side| side * 0.28);
    let corner = |sign: f64| map.to_screen([cell.at[0] + sign * half[0], cell.at[1] + sign * half[1]]);
    let rect = Rect::from_two_pos(corner(-1.0), corner(1.0));
    painter.rect_filled(rect, 1.0, shade(scale.colours.position(cell.mean), scale.dimming));
    let frame = Stroke::new(1.0, on_map::LABEL.gamma_multiply(0.45 * (cell.doubt * cell.doubt) as f32));
    painter.rect_stroke(rect, 1.0, frame, eframe::egui::StrokeKind::Outside);
}

fn ring(painter: &Painter, at: Pos2, radius: f32, line: Stroke) {
    painter.circle_stroke(at, radius, Stroke::new(line.width + 1.6, on_map::CASING));
    painter.circle_stroke(at, radius, line);
}

/// Latest proposals: taken ones filled, accepted uphill moves hollow, refused ones faint; older ones fade.
fn cloud(painter: &Painter, map: &PaneMap, style: &RunStyle, proposals: &[([f64; 2], StepEvent)]) {
    let n = proposals.len().max(1) as f32;
    for (k, (point, event)) in proposals.iter().enumerate() {
        let hue = style.on_map().gamma_multiply(0.25 + 0.75 * (k as f32 + 1.0) / n);
        let at = map.to_screen(*point);
        match event {
            StepEvent::Uphill => drop(painter.circle_stroke(at, 2.6, Stroke::new(1.2, hue))),
            StepEvent::Rejected => drop(painter.circle_filled(at, 1.0, hue)),
            StepEvent::Moved | StepEvent::Restarted => drop(painter.circle_filled(at, 2.2, hue)),
        }
    }
}

/// A box around the point that grows with what was gathered of squared gradients: its area goes with the root of their sum.
fn squares(painter: &Painter, style: &RunStyle, at: Pos2, sides: [f64; 2], unit: f64) {
    let half = sides.map(|side| ((side / unit).max(0.0).sqrt() as f32 * UNIT_BOX).clamp(0.0, LARGEST_BOX));
    if half.iter().any(|half| !half.is_finite()) {
        return;
    }
    let rect = Rect::from_center_size(at, vec2(half[0], half[1]) * 2.0);
    painter.rect_filled(rect, 0.0, style.on_map().gamma_multiply(0.14));
    painter.rect_stroke(
        rect,
        0.0,
        Stroke::new(1.0, style.on_map().gamma_multiply(0.8)),
        eframe::egui::StrokeKind::Middle,
    );
}

/// Gradient, velocity and step, all with the same magnification, which stands in the corner.
fn arrows(painter: &Painter, map: &PaneMap, style: &RunStyle, at: Pos2, insight: &Insight) {
    let origin = map.to_screen(insight.at);
    let on_screen = |d: [f64; 2]| -> Vec2 { map.to_screen([insight.at[0] + d[0], insight.at[1] + d[1]]) - origin };
    let descent = insight.lr.map(|lr| on_screen(insight.downhill.map(|g| lr * g)));
    let velocity = insight.marks.iter().find_map(|mark| match mark {
        Mark::Velocity(d) => Some(on_screen(*d)),
        _ => None,
    });
    let step = insight.next.map(on_screen);
    let longest = [descent, velocity, step]
        .into_iter()
        .flatten()
        .map(Vec2::length)
        .filter(|length| length.is_finite())
        .fold(0.0, f32::max);
    if longest <= 0.0 {
        return;
    }
    let decades = (LONG / longest).log10().floor().clamp(0.0, MOST_DECADES as f32) as i32;
    let larger = 10f32.powi(decades);
    let pale = on_map::LABEL.gamma_multiply(0.9);
    for (arrow, colour, width) in [
        (descent, pale, 1.3),
        (velocity, style.on_map().gamma_multiply(0.75), 1.3),
        (step, style.on_map(), 2.2),
    ] {
        if let Some(arrow) = arrow {
            draw_arrow(painter, at, arrow * larger, Stroke::new(width, colour));
        }
    }
    if decades > 0 {
        let text = format!(
            "arrows ×{}",
            if decades < 4 {
                format!("{larger}")
            } else {
                format!("1e{decades}")
            }
        );
        outlined(painter, map.rect.right_top() + vec2(-6.0, 4.0), Align2::RIGHT_TOP, &text);
    }
}

/// An arrow with a dark edge, so that it can be seen on any colour.
fn draw_arrow(painter: &Painter, from: Pos2, along: Vec2, stroke: Stroke) {
    let length = along.length();
    if !(length > 1.5 && length.is_finite()) {
        return;
    }
    let to = from + along;
    let head = (length * 0.4).min(7.0);
    let back = -along / length * head;
    let wings = [back + back.rot90() * 0.5, back - back.rot90() * 0.5];
    let edge = Stroke::new(stroke.width + 2.0, on_map::CASING);
    for stroke in [edge, stroke] {
        painter.line_segment([from, to], stroke);
        for wing in wings {
            painter.line_segment([to, to + wing], stroke);
        }
    }
}
