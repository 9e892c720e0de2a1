//! Where training starts, and what of the model stays there: saved weights and frozen layers.

use eframe::egui::{Label, Role, Ui, WidgetInfo};

use crate::app::commands::Command;
use crate::app::state::State;
use crate::app::widgets::controls::row;
use crate::experiment::ModelProblem;
use crate::model::ModelKind;

const FROZEN: &str = "A frozen layer keeps the weights it starts with: the optimizer neither sees nor moves them. With weights of a trained model this is \
                      transfer learning (Yosinski et al. 2014)";

pub fn start_ui(ui: &mut Ui, state: &mut State, problem: &mut ModelProblem) {
    weights_row(ui, state, problem);
    if problem.model.kind == ModelKind::Mlp && !problem.model.hidden.is_empty() {
        frozen_row(ui, problem);
    } else {
        // The only layer is not to be frozen, only parts of it.
        problem.frozen.retain(|name| name.starts_with("layers.0."));
    }
}

/// The file whose weights runs start from, and a way back to fresh ones.
fn weights_row(ui: &mut Ui, state: &mut State, problem: &mut ModelProblem) {
    row(ui, "Start from", |ui| {
        let ask = Command::StartFromDialog;
        if ui.button(ask.label()).on_hover_text(ask.tooltip()).clicked() {
            state.send(ask);
        }
        let Some(weights) = &problem.start else {
            return;
        };
        let name = weights.name().to_owned();
        if ui
            .small_button("fresh")
            .on_hover_text("Start from fresh weights again")
            .clicked()
        {
            problem.start = None;
        }
        ui.add(Label::new(name.as_str()).truncate()).on_hover_text(name);
    });
}

/// A box for each layer, inputs first: a row is filled from its right end.
fn frozen_row(ui: &mut Ui, problem: &mut ModelProblem) {
    let names: Vec<String> = (0..=problem.model.hidden.len()).map(|i| format!("layers.{i}")).collect();
    // What was frozen of a layer that is no more is forgotten.
    let is_there = |frozen: &String| {
        names
            .iter()
            .any(|name| frozen == name || frozen.starts_with(&format!("{name}.")))
    };
    problem.frozen.retain(is_there);
    row(ui, "Freeze layers", |ui| {
        ui.horizontal_wrapped(|ui| {
            for (i, name) in names.iter().enumerate().rev() {
                let before = problem.frozen.contains(name);
                let mut is_frozen = before;
                let response = ui.checkbox(&mut is_frozen, (i + 1).to_string()).on_hover_text(FROZEN);
                response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_frozen, format!("freeze {name}")));
                match (before, is_frozen) {
                    (false, true) => problem.frozen.push(name.clone()),
                    (true, false) => problem.frozen.retain(|frozen| frozen != name),
                    _ => {}
                }
            }
        });
    });
}
