//! Numbers along the edges of a picture, inside it.

use eframe::egui::{Align2, Painter, Pos2, Stroke, pos2, vec2};

use crate::app::camera::PaneMap;
use crate::app::theme::{font, on_map};

/// Distance between two ticks, in points, at the least.
const SPACING: f64 = 52.0;
const TICK: f32 = 4.0;

/// Values at round numbers between `low` and `high`, about `count` of them at the most.
pub fn round_ticks(low: f64, high: f64, count: f64) -> Vec<f64> {
    let raw = (high - low) / count.max(1.0);
    if !(raw.is_finite() && raw > 0.0) {
        return Vec::new();
    }
    let decade = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .iter()
        .map(|m| m * decade)
        .find(|step| *step >= raw)
        .unwrap_or(10.0 * decade);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (first..=last).take(100).map(|k| k as f64 * step).collect()
}

/// A tick's number with as many decimals as its spacing needs.
fn label(value: f64, spacing: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e5).contains(&size) {
        return format!("{value:.1e}").replace('-', "−");
    }
    let decimals = (-spacing.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{value:.decimals$}").replace('-', "−")
}

/// Draws ticks and numbers along the left and the lower edge, and the names of the axes in the corners.
pub fn draw(painter: &Painter, map: &PaneMap, names: [&str; 2]) {
    let rect = map.rect;
    let [[a_low, a_high], [b_low, b_high]] = map.area();
    let a_ticks = round_ticks(a_low, a_high, f64::from(rect.width()) / SPACING);
    let b_ticks = round_ticks(b_low, b_high, f64::from(rect.height()) / SPACING);
    let spacing = |ticks: &[f64]| if ticks.len() > 1 { ticks[1] - ticks[0] } else { 1.0 };
    for a in &a_ticks {
        let x = map.to_screen([*a, b_low]).x;
        if x < rect.left() + 22.0 || x > rect.right() - 15.0 - 7.0 * names[0].len() as f32 {
            continue;
        }
        painter.line_segment(
            [pos2(x, rect.bottom() - TICK), pos2(x, rect.bottom())],
            Stroke::new(1.0, on_map::LABEL),
        );
        outlined(
            painter,
            pos2(x, rect.bottom() - TICK - 1.0),
            Align2::CENTER_BOTTOM,
            &label(*a, spacing(&a_ticks)),
        );
    }
    for b in &b_ticks {
        let y = map.to_screen([a_low, *b]).y;
        if y < rect.top() + 20.0 || y > rect.bottom() - 16.0 {
            continue;
        }
        painter.line_segment(
            [pos2(rect.left(), y), pos2(rect.left() + TICK, y)],
            Stroke::new(1.0, on_map::LABEL),
        );
        outlined(
            painter,
            pos2(rect.left() + TICK + 3.0, y),
            Align2::LEFT_CENTER,
            &label(*b, spacing(&b_ticks)),
        );
    }
    outlined(painter, rect.right_bottom() - vec2(5.0, 4.0), Align2::RIGHT_BOTTOM, names[0]);
    outlined(painter, rect.left_top() + vec2(6.0, 4.0), Align2::LEFT_TOP, names[1]);
}

/// Text that can be read on any colour of the map.
pub fn outlined(painter: &Painter, at: Pos2, align: Align2, text: &str) {
    for d in [vec2(1.0, 0.0), vec2(-1.0, 0.0), vec2(0.0, 1.0), vec2(0.0, -1.0)] {
        painter.text(at + d, align, text, font::tick(), on_map::LABEL_SHADOW);
    }
    painter.text(at, align, text, font::tick(), on_map::LABEL);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(round_ticks(-2.1, 2.1, 5.0), [-2.0, -1.0, 0.0, 1.0, 2.0]);
        assert_eq!(round_ticks(0.0, 0.05, 4.0).len(), 3);
        assert!(round_ticks(1.0, 1.0, 4.0).is_empty() && round_ticks(f64::NAN, 1.0, 4.0).is_empty());
    }

    #[test]
    fn labels_have_the_decimals_they_need() {
        assert_eq!(
            [label(-1.0, 1.0), label(0.25, 0.05), label(2e6, 1e6)],
            ["−1", "0.25", "2.0e6"]
        );
    }
}
