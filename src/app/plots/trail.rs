//! The path of a run, fading with age, its future pale.

use eframe::egui::{Painter, Pos2, Stroke, epaint::PathStroke};

use crate::app::run_style::RunStyle;
use crate::app::theme::on_map;

const WIDTH: f32 = 2.0;
const CASING: f32 = 1.6;
/// Opacity of the oldest and of the newest part of the past.
const PAST: [f32; 2] = [0.62, 1.0];
/// Opacity of what lies after the playhead.
const FUTURE: f32 = 0.38;
/// Pieces of different age.
const PIECES: usize = 4;
/// Steps shorter than this many points are drawn as one.
const FINEST: f32 = 0.6;

/// Draws a path: `past` up to the playhead, `future` after it.
pub fn draw(painter: &Painter, style: &RunStyle, past: &[Pos2], future: &[Pos2]) {
    let future = thinned(future);
    if future.len() > 1 {
        let stroke = Stroke::new(1.2, style.on_map().gamma_multiply(FUTURE));
        painter.extend(style.line(&future, stroke));
    }
    let past = thinned(past);
    if past.len() < 2 {
        return;
    }
    painter.line(past.clone(), PathStroke::new(WIDTH + CASING, on_map::CASING));
    let piece = past.len().div_ceil(PIECES).max(2);
    for (k, start) in (0..past.len() - 1).step_by(piece).enumerate() {
        let part = &past[start..(start + piece + 1).min(past.len())];
        let age = k as f32 / (PIECES - 1) as f32;
        let opacity = PAST[0] + (PAST[1] - PAST[0]) * age.min(1.0);
        painter.extend(style.line(part, Stroke::new(WIDTH, style.on_map().gamma_multiply(opacity))));
    }
}

/// The same path without steps too short to be seen; the first and last point stay.
fn thinned(points: &[Pos2]) -> Vec<Pos2> {
    let mut kept: Vec<Pos2> = Vec::with_capacity(points.len().min(2048));
    for point in points {
        if kept.last().is_none_or(|last| last.distance_sq(*point) >= FINEST * FINEST) {
            kept.push(*point);
        }
    }
    if let (Some(last), Some(kept_last)) = (points.last(), kept.last_mut()) {
        *kept_last = *last;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    #[test]
    fn thinning_keeps_both_ends_and_what_can_be_seen() {
        let points: Vec<Pos2> = (0..1000).map(|i| pos2(i as f32 * 0.1, 0.0)).collect();
        let thin = thinned(&points);
        assert!(thin.len() < 200);
        assert_eq!((thin[0], thin[thin.len() - 1]), (points[0], points[999]));
    }
}
