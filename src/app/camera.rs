//! Which part of the landscape is shown. All panes share it, so they pan and zoom together; both axes have the same scale.

use eframe::egui::{Pos2, Rect, Vec2};
use egui_plot::{PlotBounds, PlotPoint, PlotTransform};

/// What a user has chosen to look at; nothing chosen = everything.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Camera {
    chosen: Option<Frame>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    center: [f64; 2],
    /// Units of the landscape a point of the screen.
    unit: f64,
}

/// A range of the first and of the second coordinate.
pub type Area = [[f64; 2]; 2];

/// Maps between the landscape and one pane.
#[derive(Debug, Clone, Copy)]
pub struct PaneMap {
    pub rect: Rect,
    frame: Frame,
    transform: PlotTransform,
}

impl Camera {
    /// Shows everything again.
    pub fn reset(&mut self) {
        self.chosen = None;
    }

    /// The map of a pane: what was chosen, or else all of `everything`.
    pub fn map(&self, rect: Rect, everything: Area) -> PaneMap {
        PaneMap::new(rect, self.chosen.unwrap_or_else(|| fit(rect, everything)))
    }

    /// Moves the landscape with the pointer.
    pub fn pan(&mut self, map: &PaneMap, delta: Vec2) {
        let Frame { center, unit } = map.frame;
        let center = [center[0] - f64::from(delta.x) * unit, center[1] + f64::from(delta.y) * unit];
        self.chosen = Some(Frame { center, unit });
    }

    /// Zooms by `factor` (above 1 = closer), keeping the point under the pointer where it is.
    pub fn zoom(&mut self, map: &PaneMap, at: Pos2, factor: f64) {
        let fixed = map.to_plane(at);
        let unit = (map.frame.unit / factor).clamp(1e-12, 1e12);
        let ratio = unit / map.frame.unit;
        let center = std::array::from_fn(|i| fixed[i] + (map.frame.center[i] - fixed[i]) * ratio);
        self.chosen = Some(Frame { center, unit });
    }
}

fn fit(rect: Rect, [[a_low, a_high], [b_low, b_high]]: Area) -> Frame {
    let (width, height) = (f64::from(rect.width().max(1.0)), f64::from(rect.height().max(1.0)));
    let unit = ((a_high - a_low) / width).max((b_high - b_low) / height);
    Frame {
        center: [(a_low + a_high) / 2.0, (b_low + b_high) / 2.0],
        unit: if unit.is_finite() && unit > 0.0 { unit } else { 1.0 },
    }
}

impl PaneMap {
    fn new(rect: Rect, frame: Frame) -> Self {
        let half = [rect.width(), rect.height()].map(|points| f64::from(points) / 2.0 * frame.unit);
        let [a, b] = frame.center;
        let bounds = PlotBounds::from_min_max([a - half[0], b - half[1]], [a + half[0], b + half[1]]);
        Self {
            rect,
            frame,
            transform: PlotTransform::new(rect, bounds, false),
        }
    }

    /// Where a point of the plane is on the screen. Points far outside are brought near, so that they stay drawable.
    pub fn to_screen(self, [a, b]: [f64; 2]) -> Pos2 {
        let reach = 1e4 * self.frame.unit;
        let near = |v: f64, center: f64| v.clamp(center - reach, center + reach);
        let point = PlotPoint::new(near(a, self.frame.center[0]), near(b, self.frame.center[1]));
        self.transform.position_from_point(&point)
    }

    /// Which point of the plane is at a place on the screen.
    pub fn to_plane(self, at: Pos2) -> [f64; 2] {
        let point = self.transform.value_from_position(at);
        [point.x, point.y]
    }

    /// The part of the plane that the pane shows.
    pub fn area(&self) -> Area {
        let bounds = self.transform.bounds();
        let ([a_low, b_low], [a_high, b_high]) = (bounds.min(), bounds.max());
        [[a_low, a_high], [b_low, b_high]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    const AREA: Area = [[-2.0, 2.0], [-1.0, 3.0]];

    fn pane() -> Rect {
        Rect::from_min_max(pos2(100.0, 50.0), pos2(340.0, 280.0))
    }

    #[test]
    fn everything_fits_and_both_axes_have_one_scale() {
        let map = Camera::default().map(pane(), AREA);
        let (corner, other) = (map.to_screen([-2.0, 3.0]), map.to_screen([2.0, -1.0]));
        assert!(map.rect.expand(0.01).contains(corner) && map.rect.expand(0.01).contains(other));
        assert!(((other.x - corner.x) - (other.y - corner.y)).abs() < 1e-3);
    }

    #[test]
    fn zoom_keeps_the_point_under_the_pointer() {
        let mut camera = Camera::default();
        let before = camera.map(pane(), AREA);
        let pointer = pos2(150.0, 120.0);
        let point = before.to_plane(pointer);
        camera.zoom(&before, pointer, 3.0);
        let after = camera.map(pane(), AREA).to_screen(point);
        assert!((after - pointer).length() < 1e-3);
    }

    #[test]
    fn pan_moves_by_what_the_pointer_moved() {
        let mut camera = Camera::default();
        let map = camera.map(pane(), AREA);
        let at = map.to_screen([0.5, 0.5]);
        camera.pan(&map, Vec2::new(10.0, -20.0));
        let moved = camera.map(pane(), AREA).to_screen([0.5, 0.5]);
        assert!((moved - at - Vec2::new(10.0, -20.0)).length() < 1e-3);
    }
}
