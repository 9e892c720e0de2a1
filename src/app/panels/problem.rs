//! The panel on the left: what is minimised.

use eframe::egui::{ScrollArea, Ui};

use super::{data, function, model};
use crate::app::commands::Command;
use crate::app::state::State;
use crate::app::theme::space;
use crate::app::widgets::controls::segmented;
use crate::experiment::Problem;

pub fn problem_ui(ui: &mut Ui, state: &mut State) {
    let is_model = matches!(state.doc.problem, Problem::Model(_));
    if let Some(i) = segmented(ui, &["Function", "Network"], usize::from(is_model)) {
        state.send(if i == 0 {
            Command::ShowLastFunction
        } else {
            Command::ShowLastModel
        });
    }
    ui.add_space(space::M);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        if is_model {
            data::data_ui(ui, state);
            model::model_ui(ui, state);
        } else {
            function::function_ui(ui, state);
        }
    });
}
