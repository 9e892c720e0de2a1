//! What the program has to say: notices in the corner, and what is being loaded.

use eframe::egui::{Align2, Area, Frame, Id, ProgressBar, RichText, Ui, vec2};
use lucide_icons::Icon;

use super::first_rows::{first_rows, rows_so_far};
use crate::app::commands::Command;
use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{radius, space, tokens};
use crate::app::widgets::controls::{icon, icon_button};

const WIDTH: f32 = 420.0;
/// Rows from which on preparing takes longer than a blink.
const LARGE: usize = 50_000;

pub fn messages_ui(ui: &mut Ui, state: &mut State) {
    let area = Area::new(Id::unique("messages")).anchor(Align2::CENTER_TOP, vec2(0.0, 46.0));
    area.show(ui.ctx(), |ui| {
        loading(ui, state);
        notices(ui, state);
    });
}

fn loading(ui: &mut Ui, state: &mut State) {
    let Some(incoming) = state.bench.data().incoming() else {
        preparing(ui, state);
        errand(ui, state);
        return;
    };
    let (name, fraction) = (incoming.source().name(), incoming.progress().fraction() as f32);
    let (rows, head) = (rows_so_far(incoming.progress()), incoming.head().cloned());
    framed(ui, |ui| {
        ui.label(format!("Reading {name}: {rows}"));
        ui.horizontal(|ui| {
            ui.add(ProgressBar::new(fraction).desired_width(WIDTH - 90.0).show_percentage());
            if ui.button("Cancel").clicked() {
                state.send(Command::CancelWork);
            }
        });
        if let Some(head) = head {
            first_rows(ui, &head);
        }
    });
}

/// What is being saved or predicted; what is small is done before this could be read.
fn errand(ui: &mut Ui, state: &mut State) {
    let Some((doing, progress)) = state.bench.errands().doing() else {
        return;
    };
    let (doing, fraction) = (doing.to_owned(), progress.fraction() as f32);
    framed(ui, |ui| {
        ui.label(doing);
        ui.horizontal(|ui| {
            ui.add(ProgressBar::new(fraction).desired_width(WIDTH - 90.0));
            if ui.button("Cancel").clicked() {
                state.send(Command::CancelWork);
            }
        });
    });
}

/// Large tables take a moment to become numbers; small ones are done before this could be read.
fn preparing(ui: &mut Ui, state: &State) {
    let rows = state.table().map_or(0, |table| table.n_rows);
    if state.bench.data().is_preparing() && rows > LARGE {
        framed(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(format!("Preparing {} rows for training", number::whole(rows as u64)));
            });
        });
    }
}

fn notices(ui: &mut Ui, state: &mut State) {
    let mut closed = None;
    for (i, notice) in state.notices.shown().iter().enumerate() {
        framed(ui, |ui| {
            ui.horizontal_top(|ui| {
                let t = tokens(ui);
                let (symbol, colour) = if notice.is_error {
                    (Icon::TriangleAlert, t.bad)
                } else {
                    (Icon::Check, t.good)
                };
                ui.label(icon(symbol).color(colour));
                ui.allocate_ui(vec2(WIDTH - 60.0, 0.0), |ui| {
                    ui.add(eframe::egui::Label::new(RichText::new(&notice.text)).wrap().selectable(true));
                });
                if icon_button(ui, Icon::X, "Close message").clicked() {
                    closed = Some(i);
                }
            });
        });
    }
    if let Some(i) = closed {
        state.notices.close(i);
    }
}

fn framed(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let t = tokens(ui);
    let frame = Frame::new()
        .fill(t.card)
        .stroke((1.0, t.line2))
        .corner_radius(radius::CARD)
        .inner_margin(space::XL);
    frame.show(ui, |ui| {
        ui.set_width(WIDTH);
        content(ui);
    });
    ui.add_space(space::M);
}
