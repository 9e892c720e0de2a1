//! What the model answers over two features or two principal components, and the rows.

use eframe::egui::{Align2, Color32, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::answers::number_range;
use super::{ChartInfo, Pane, class_style};
use crate::app::number;
use crate::app::plots::axes::outlined;
use crate::app::plots::heat::shade;
use crate::app::run_style::RunStyle;
use crate::app::theme::{self, font, on_map, tokens};
use crate::experiment::Chart;
use crate::landscape::{FeaturePlane, PlacedRow};

/// Radius of a row's mark.
const MARK: f32 = 2.4;

pub const INFO: ChartInfo = ChartInfo {
    chart: Chart::Boundary,
    title: "Decision boundary",
    hint: "What the model answers at this step over two features, the others at their means, or over the two leading principal components of \
           the training rows. Full marks are training rows, hollow ones validation rows; the line is where one class gives way to another",
    task: None,
    draw,
};

fn draw(ui: &mut Ui, pane: &Pane<'_>) {
    let t = tokens(ui);
    let (Some(plane), Some(picture)) = (pane.plane, pane.picture) else {
        let text = "A model with one feature has no plane to draw on";
        ui.painter()
            .text(pane.rect.center(), Align2::CENTER_CENTER, text, font::small(), t.text3);
        return;
    };
    let map = Map {
        rect: pane.rect,
        area: plane.area,
    };
    let painter = ui.painter().with_clip_rect(pane.rect);
    let corner = |[a, b]: [usize; 2]| map.to_screen([plane.area[0][a], plane.area[1][b]]);
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let target = Rect::from_two_pos(corner([0, 1]), corner([1, 0]));
    painter.image(picture.texture.id(), target, whole, Color32::WHITE);
    let line = Stroke::new(1.4, t.text);
    for [from, to] in &picture.lines {
        painter.line_segment([map.to_screen(*from), map.to_screen(*to)], line);
    }
    let is_classes = pane.standing.answers.as_ref().is_some_and(|answers| answers.width > 1);
    let range = number_range(plane);
    for row in &plane.rows {
        let (style, hue) = look(row, is_classes, range, ui.visuals().dark_mode);
        let (fill, edge) = if row.is_held_out {
            (Color32::TRANSPARENT, Stroke::new(1.0, hue))
        } else {
            (hue, Stroke::new(0.6, on_map::OUTLINE))
        };
        style.draw_marker(&painter, map.to_screen(row.at), MARK, fill, edge);
    }
    let [x, y] = &plane.names;
    outlined(&painter, pane.rect.right_bottom() - vec2(5.0, 4.0), Align2::RIGHT_BOTTOM, x);
    outlined(&painter, pane.rect.left_top() + vec2(6.0, 4.0), Align2::LEFT_TOP, y);
    readout(ui, pane, &map, plane);
}

/// Where the pointer is, in the units of the features.
fn readout(ui: &mut Ui, pane: &Pane<'_>, map: &Map, plane: &FeaturePlane) {
    let response = ui.interact(pane.rect, pane.id.with("place"), Sense::hover());
    if let Some(at) = response.hover_pos() {
        let [a, b] = map.to_plane(at).map(number::reading);
        let [x, y] = &plane.names;
        let explained = plane.explained.map_or_else(String::new, |share| {
            format!("\n{} of the rows' variance", number::percent(share))
        });
        response.on_hover_text_at_pointer(format!("{x} {a}\n{y} {b}{explained}"));
    }
}

/// Between the plane and its pane; each axis has its own scale.
struct Map {
    rect: Rect,
    area: [[f64; 2]; 2],
}

impl Map {
    fn to_screen(&self, [a, b]: [f64; 2]) -> Pos2 {
        let part = |axis: usize, v: f64| ((v - self.area[axis][0]) / (self.area[axis][1] - self.area[axis][0])) as f32;
        pos2(
            self.rect.left() + part(0, a) * self.rect.width(),
            self.rect.bottom() - part(1, b) * self.rect.height(),
        )
    }

    fn to_plane(&self, at: Pos2) -> [f64; 2] {
        let [[a, a_high], [b, b_high]] = self.area;
        let x = f64::from((at.x - self.rect.left()) / self.rect.width());
        let y = f64::from((self.rect.bottom() - at.y) / self.rect.height());
        [a + x * (a_high - a), b + y * (b_high - b)]
    }
}

/// Marker and hue of a row.
fn look(row: &PlacedRow, is_classes: bool, [low, high]: [f64; 2], dark: bool) -> (RunStyle, Color32) {
    if is_classes {
        let style = class_style(row.target.max(0.0) as usize);
        let hue = style.hue(dark);
        return (style, hue);
    }
    let hue = shade((row.target - low) / (high - low), theme::of(dark).map_dimming.max(0.95));
    (class_style(0), hue)
}
