//! The panel on the right: a card for every run.

use eframe::egui::{Align, Layout, ScrollArea, Ui};

use super::run_card::card_ui;
use crate::app::commands::Command;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::{command_button, quiet};

pub fn runs_ui(ui: &mut Ui, state: &mut State) {
    ui.horizontal(|ui| {
        let t = tokens(ui);
        ui.label(eframe::egui::RichText::new("Runs").font(font::title()).color(t.text));
        quiet(ui, state.doc.runs.len().to_string());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command_button(ui, state, Command::AddRun)
        });
    });
    ui.add_space(space::XS);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        for i in 0..state.doc.runs.len() {
            card_ui(ui, state, i);
            ui.add_space(space::S);
        }
        if state.doc.runs.is_empty() {
            quiet(ui, "No runs. Add one with +");
        }
    });
}
