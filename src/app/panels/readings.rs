//! The table at the right of the timeline: every run at the cursor.

use eframe::egui::{Align2, Sense, Ui, pos2, vec2};

use crate::app::number;
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::heading;
use crate::app::widgets::text::truncated;
use crate::experiment::{Problem, RunConfig};
use crate::run::Trajectory;

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
        ["Loss", "Val. loss", state.short_metric_name()]
    } else {
        ["f − f*", "‖∇f‖", "lr"]
    };
    eframe::egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        line_ui(ui, None, columns.map(|title| Reading::new(title.to_owned())), true);
        for (i, run) in state.doc.runs.iter().enumerate().filter(|(_, run)| run.look.visible) {
            line_ui(ui, Some(run), values(state, i, step), false);
        }
    });
}

/// One line: the run's swatch and name, and three numbers, right-aligned in columns of equal width.
fn line_ui(ui: &mut Ui, run: Option<&RunConfig>, readings: [Reading; 3], is_header: bool) {
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
        let galley = truncated(painter, &run.name, font::small(), t.text, numbers - row.left() - 30.0);
        painter.galley(pos2(row.left() + 28.0, middle - galley.size().y / 2.0), galley, t.text);
        response.on_hover_text(&run.name);
    }
    let font = if is_header { font::small() } else { font::number() };
    for (k, reading) in readings.iter().enumerate() {
        let colour = if is_header || reading.is_held { t.text3 } else { t.text };
        let right = row.right() - COLUMN * (2 - k) as f32;
        painter.text(pos2(right, middle), Align2::RIGHT_CENTER, &reading.text, font.clone(), colour);
    }
}

/// A number in the table.
struct Reading {
    text: String,
    /// Measured at an earlier step, and not since: shown paler.
    is_held: bool,
}

impl Reading {
    fn new(text: String) -> Self {
        Self { text, is_held: false }
    }
}

fn values(state: &State, i: usize, step: u64) -> [Reading; 3] {
    let Some(shown) = state.bench.lanes().get(i).and_then(|lane| lane.shown()) else {
        return [f64::NAN; 3].map(|nothing| Reading::new(number::reading(nothing)));
    };
    let row = step.min(shown.last_step()) as usize;
    if matches!(state.doc.problem, Problem::Model(_)) {
        return measured(state, shown, i, row);
    }
    let trace = shown.trace();
    let of = |column: &[f64]| column.get(row).copied().unwrap_or(f64::NAN);
    // The rate of the step that led here: the start has none.
    let led_here = row
        .checked_sub(1)
        .and_then(|before| trace.lr.get(before))
        .copied()
        .unwrap_or(f64::NAN);
    let above = of(&trace.value) - state.lowest();
    [number::reading(above), number::reading(of(&trace.grad_norm)), lr(led_here)].map(Reading::new)
}

/// What was measured at a row: exactly there if the playhead is there, else the last measurement before it.
fn measured(state: &State, shown: &Trajectory, i: usize, row: usize) -> [Reading; 3] {
    let exact = state
        .bench
        .probes()
        .of(i)
        .filter(|probe| probe.step == row as u64)
        .map(|probe| (probe.step, probe.measured));
    let before = || {
        let after = shown.measurements().partition_point(|(at, _)| *at <= row as u64);
        after.checked_sub(1).map(|k| shown.measurements()[k])
    };
    let Some((at, m)) = exact.or_else(before) else {
        return [f64::NAN; 3].map(|nothing| Reading::new(number::reading(nothing)));
    };
    let validation = number::reading(m.validation_loss.unwrap_or(f64::NAN));
    let metric = state.metric(m.validation_metric.or(Some(m.train_metric)));
    [number::reading(m.train_loss), validation, metric].map(|text| Reading {
        text,
        is_held: at < row as u64,
    })
}

/// A learning rate as it was set.
fn lr(v: f64) -> String {
    if v.is_nan() { "–".to_owned() } else { number::setting(v) }
}
