//! The table at the right of the timeline: every run at the cursor.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align2, Sense, Ui, pos2, vec2};

use crate::app::number;
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::heading;
use crate::experiment::{Problem, RunConfig};

/// Width of a column of numbers.
const COLUMN: f32 = 54.0;
/// Height of a line.
const LINE: f32 = 19.0;

pub fn readings_ui(ui: &mut Ui, state: &State) {
    let step = state.hovered_step.unwrap_or_else(|| state.playback.step());
    ui.add_space(space::M);
    heading(ui, &format!("At step {}", number::whole(step)));
    ui.add_space(space::XS);
    let columns = if matches!(state.doc.problem, Problem::Model(_)) {
        ["Loss", "Val.", state.metric_name()]
    } else {
        ["f − f*", "‖∇f‖", "lr"]
    };
    eframe::egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        line_ui(ui, None, columns.map(str::to_owned), true);
        for (i, run) in state.doc.runs.iter().enumerate().filter(|(_, run)| run.look.visible) {
            line_ui(ui, Some(run), values(state, i, step), false);
        }
    });
}

/// One line: the run's swatch and name, and three numbers, right-aligned in columns of equal width.
fn line_ui(ui: &mut Ui, run: Option<&RunConfig>, texts: [String; 3], is_header: bool) {
    let t = tokens(ui);
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let painter = ui.painter();
    let middle = row.center().y;
    if let Some(run) = run {
        let style = style(run.look.style);
        style.draw_swatch(
            painter,
            pos2(row.left() + 11.0, middle),
            22.0,
            style.hue(ui.visuals().dark_mode),
        );
        let numbers = row.right() - COLUMN * 3.0;
        let mut job = LayoutJob::simple_singleline(run.name.clone(), font::small(), t.text);
        job.wrap = TextWrapping::truncate_at_width((numbers - row.left() - 30.0).max(10.0));
        let galley = painter.layout_job(job);
        painter.galley(pos2(row.left() + 28.0, middle - galley.size().y / 2.0), galley, t.text);
        response.on_hover_text(&run.name);
    }
    let (font, colour) = if is_header {
        (font::small(), t.text3)
    } else {
        (font::number(), t.text)
    };
    for (k, text) in texts.iter().enumerate() {
        let right = row.right() - COLUMN * (2 - k) as f32;
        painter.text(pos2(right, middle), Align2::RIGHT_CENTER, text, font.clone(), colour);
    }
}

fn values(state: &State, i: usize, step: u64) -> [String; 3] {
    let dash = || "–".to_owned();
    let Some(shown) = state.bench.lanes().get(i).and_then(|lane| lane.shown()) else {
        return [dash(), dash(), dash()];
    };
    let trace = shown.trace();
    let row = step.min(shown.last_step()) as usize;
    let of = |column: &[f64]| column.get(row).copied().unwrap_or(f64::NAN);
    if matches!(state.doc.problem, Problem::Model(_)) {
        let after = shown.measurements().partition_point(|(at, _)| *at <= row as u64);
        let Some((_, m)) = after.checked_sub(1).map(|k| &shown.measurements()[k]) else {
            return [number::reading(of(&trace.value)), dash(), dash()];
        };
        let validation = m.validation_loss.map_or_else(dash, number::reading);
        return [
            number::reading(m.train_loss),
            validation,
            state.metric(m.validation_metric.or(Some(m.train_metric))),
        ];
    }
    let above = of(&trace.value) - state.lowest();
    // The rate of the step that led here: the start has none.
    let led_here = row
        .checked_sub(1)
        .and_then(|before| trace.lr.get(before))
        .copied()
        .unwrap_or(f64::NAN);
    [number::reading(above), number::reading(of(&trace.grad_norm)), lr(led_here)]
}

/// A learning rate as it was set.
fn lr(v: f64) -> String {
    if v.is_nan() { "–".to_owned() } else { number::setting(v) }
}
