//! Who is taken for whom: a row a true class, a column a predicted one.

use eframe::egui::{Align2, Rect, Sense, Ui, pos2, vec2};

use super::{ChartInfo, Pane, class_style};
use crate::app::number;
use crate::app::theme::{font, tokens};
use crate::app::widgets::text::truncated;
use crate::data::Task;
use crate::experiment::Chart;
use crate::model::Charts;

pub const INFO: ChartInfo = ChartInfo {
    chart: Chart::Confusion,
    title: "Confusion matrix",
    hint: "Rows are true classes, columns predicted ones; the numbers count rows of the file. What lies off the diagonal is wrong. A cell is the \
           fuller the larger its share of the true class",
    task: Some(Task::Classification),
    draw,
};

/// Room for the names of the classes.
const NAMES: f32 = 62.0;
const HEADER: f32 = 16.0;
/// Cells narrower than this have no number.
const NARROWEST: f32 = 17.0;

fn draw(ui: &mut Ui, pane: &Pane<'_>) {
    let Charts::Classes(charts) = &pane.set.charts else {
        return;
    };
    let (t, dark) = (tokens(ui), ui.visuals().dark_mode);
    let n = charts.names.len();
    let area = pane.rect.shrink(6.0);
    let cell = vec2((area.width() - NAMES) / n as f32, (area.height() - HEADER) / n as f32);
    let painter = ui.painter().with_clip_rect(pane.rect);
    for (k, name) in charts.names.iter().enumerate() {
        let hue = class_style(k).hue(dark);
        let row = truncated(&painter, name, font::tick(), hue, NAMES - 6.0);
        let y = area.top() + HEADER + (k as f32 + 0.5) * cell.y;
        if row.size().y <= cell.y {
            painter.galley(pos2(area.left(), y - row.size().y / 2.0), row, hue);
        }
        let column = truncated(&painter, name, font::tick(), hue, cell.x - 2.0);
        let x = area.left() + NAMES + (k as f32 + 0.5) * cell.x;
        if cell.x > NARROWEST {
            painter.galley(pos2(x - column.size().x / 2.0, area.top()), column, hue);
        }
    }
    for label in 0..n {
        let support = charts.confusion.support(label);
        for predicted in 0..n {
            let count = charts.confusion.count(label, predicted);
            let share = if support > 0 { count as f32 / support as f32 } else { 0.0 };
            let corner = area.min + vec2(NAMES + predicted as f32 * cell.x, HEADER + label as f32 * cell.y);
            let rect = Rect::from_min_size(corner, cell).shrink(0.75);
            let hue = if label == predicted { t.good } else { t.bad };
            // A few mistakes among many rows are seen too.
            let strength = if count > 0 { 0.12 + 0.5 * share } else { 0.0 };
            let fill = t.inset.lerp_to_gamma(hue, strength);
            painter.rect_filled(rect, 2.0, fill);
            if cell.min_elem() > NARROWEST {
                let colour = if count > 0 { t.text } else { t.text3 };
                let text = number::whole(count);
                painter.text(rect.center(), Align2::CENTER_CENTER, text, font::number(), colour);
            }
        }
    }
    let response = ui.interact(area, pane.id.with("cells"), Sense::hover());
    if let Some(at) = response.hover_pos() {
        let place = at - area.min - vec2(NAMES, HEADER);
        let [column, row] = [place.x / cell.x, place.y / cell.y].map(|k| k.floor());
        let is_cell = |k: f32| k >= 0.0 && (k as usize) < n;
        if is_cell(column) && is_cell(row) {
            let (label, predicted) = (row as usize, column as usize);
            let (count, support) = (charts.confusion.count(label, predicted), charts.confusion.support(label));
            response.on_hover_text(format!(
                "{} of {} rows of {} are taken for {}",
                number::whole(count),
                number::whole(support),
                charts.names[label],
                charts.names[predicted]
            ));
        }
    }
}
