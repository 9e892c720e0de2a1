//! The centre: landscapes, or how good the models are; or why there is nothing to be seen.

use eframe::egui::{Label, Rect, RichText, Ui, vec2};

use super::landscapes::landscapes_ui;
use super::results::results_ui;
use crate::app::state::State;
use crate::app::theme::{radius, tokens};
use crate::experiment::Layout;

pub fn centre_ui(ui: &mut Ui, state: &mut State) {
    if let Some(why) = state.bench.data().refusal(&state.doc).map(str::to_owned) {
        empty(ui, &why);
        return;
    }
    let runs = &state.doc.runs;
    let shown: Vec<usize> = (0..runs.len()).filter(|i| runs[*i].look.visible).collect();
    match (shown.is_empty(), runs.is_empty()) {
        (true, true) => empty(ui, "There are no runs: add one with + on the right"),
        (true, false) => empty(ui, "All runs are hidden"),
        _ if state.layout() == Layout::Results => results_ui(ui, state, &shown),
        _ => landscapes_ui(ui, state, &shown),
    }
}

fn empty(ui: &mut Ui, text: &str) {
    let (area, t) = (ui.available_rect_before_wrap(), tokens(ui));
    ui.painter().rect_filled(area, f32::from(radius::BOX), t.inset);
    let inner = Rect::from_center_size(area.center(), vec2((area.width() - 40.0).max(60.0), 80.0));
    ui.put(inner, Label::new(RichText::new(text).color(t.text2)).wrap());
}
