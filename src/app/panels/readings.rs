//! The table at the right of the timeline: every run at the cursor.

use eframe::egui::{Align, Grid, Layout, RichText, Sense, Ui, vec2};

use crate::app::number;
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::heading;
use crate::experiment::Problem;

pub fn readings_ui(ui: &mut Ui, state: &State) {
    let t = tokens(ui);
    let step = state.hovered_step.unwrap_or_else(|| state.playback.step());
    ui.add_space(space::M);
    heading(ui, &format!("At step {}", number::whole(step)));
    ui.add_space(space::XS);
    let columns = if matches!(state.doc.problem, Problem::Model(_)) {
        ["Loss", "Val.", state.metric_name()]
    } else {
        ["f − f*", "‖∇f‖", "lr"]
    };
    let grid = Grid::new("readings").num_columns(5).spacing(vec2(space::L, space::S)).min_col_width(10.0);
    eframe::egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        grid.show(ui, |ui| {
            ui.label("");
            ui.label("");
            for column in columns {
                right(ui, RichText::new(column).font(font::small()).color(t.text3));
            }
            ui.end_row();
            for (i, run) in state.doc.runs.iter().enumerate().filter(|(_, run)| run.look.visible) {
                let (rect, _) = ui.allocate_exact_size(vec2(24.0, 14.0), Sense::hover());
                let style = style(run.look.style);
                style.draw_swatch(ui.painter(), rect.center(), 24.0, style.hue(ui.visuals().dark_mode));
                ui.add(eframe::egui::Label::new(RichText::new(&run.name).font(font::small())).truncate());
                for text in values(state, i, step) {
                    right(ui, RichText::new(text).font(font::number()).color(t.text));
                }
                ui.end_row();
            }
        });
    });
}

fn right(ui: &mut Ui, text: RichText) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(text));
}

fn values(state: &State, i: usize, step: u64) -> [String; 3] {
    let dash = || "–".to_owned();
    let Some(shown) = state.bench.lanes().get(i).and_then(|lane| lane.shown()) else {
        return [dash(), dash(), dash()];
    };
    let trace = shown.trace();
    let row = (step as usize).min(trace.len().saturating_sub(1));
    let of = |column: &[f64]| column.get(row).copied().unwrap_or(f64::NAN);
    if matches!(state.doc.problem, Problem::Model(_)) {
        let after = shown.measurements().partition_point(|(at, _)| *at <= row as u64);
        let Some((_, m)) = after.checked_sub(1).map(|k| &shown.measurements()[k]) else {
            return [number::reading(of(&trace.value)), dash(), dash()];
        };
        let validation = m.validation_loss.map_or_else(dash, number::reading);
        return [number::reading(m.train_loss), validation, state.metric(m.validation_metric.or(Some(m.train_metric)))];
    }
    let above = of(&trace.value) - state.lowest();
    [number::reading(above), number::reading(of(&trace.grad_norm)), lr(of(&trace.lr))]
}

/// A learning rate as it was set.
fn lr(v: f64) -> String {
    if v.is_nan() { "–".to_owned() } else { number::setting(v) }
}
