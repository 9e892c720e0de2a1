//! The table a model learns from: its columns, what was found in them, which of them is the target.

use std::sync::Arc;

use eframe::egui::{Align, Label, Layout, RichText, Ui};
use lucide_icons::Icon;

use super::columns::{columns_ui, coming_columns};
use super::findings::findings_ui;
use super::first_rows::rows_so_far;
use super::how_read::how_read_ui;
use super::top_bar::data_sets;
use crate::app::commands::Command;
use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::{divider, icon, icon_button, quiet};
use crate::data::Table;
use crate::experiment::{ModelProblem, Problem};

pub fn data_ui(ui: &mut Ui, state: &mut State) {
    let Problem::Model(problem) = &state.doc.problem else {
        return;
    };
    let mut edited = problem.clone();
    let name = problem.source.name();
    ui.horizontal(|ui| {
        ui.label(icon(Icon::FileText));
        ui.add(Label::new(RichText::new(&name).font(font::heading())).truncate());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, Icon::FolderOpen, "Open CSV")
                .on_hover_text("Open CSV…")
                .clicked()
            {
                state.send(Command::OpenCsvDialog);
            }
            ui.menu_button(icon(Icon::Database), |ui| data_sets(ui, state))
                .response
                .on_hover_text("Data sets that come with the program");
        });
    });
    match state.table() {
        Some(table) => {
            summary(ui, &table);
            columns_ui(ui, state, &table, &mut edited);
            how_read_ui(ui, &mut edited.source, Some(&table.dialect));
            findings_ui(ui, state, &table);
        }
        None => {
            let head = coming(ui, state, &edited);
            how_read_ui(ui, &mut edited.source, head.as_ref().map(|head| &head.dialect));
        }
    }
    if let Problem::Model(problem) = &mut state.doc.problem {
        *problem = edited;
    }
    divider(ui);
}

/// What stands in the place of a table that is not there: what is known of it already, or why it cannot be had.
fn coming(ui: &mut Ui, state: &mut State, problem: &ModelProblem) -> Option<Arc<Table>> {
    let incoming = state.bench.data().incoming().filter(|i| *i.source() == problem.source);
    if let Some(incoming) = incoming {
        let head = incoming.head().cloned();
        quiet(ui, format!("{}  ·  from the first rows:", rows_so_far(incoming.progress())));
        if let Some(head) = &head {
            coming_columns(ui, head);
        }
        return head;
    }
    match state.bench.data().refusal(&state.doc).map(str::to_owned) {
        None => {
            quiet(ui, "Not loaded");
        }
        Some(why) => {
            ui.add(Label::new(RichText::new(why).font(font::small()).color(tokens(ui).bad)).wrap());
            if ui.button("Read again").clicked() {
                state.send(Command::OpenData(problem.source.clone()));
            }
        }
    }
    None
}

fn summary(ui: &mut Ui, table: &Table) {
    let missing: usize = table.columns.iter().map(|column| column.missing).sum();
    let rows = number::whole(table.n_rows as u64);
    quiet(
        ui,
        format!(
            "{rows} rows  ·  {} columns  ·  {} missing",
            table.columns.len(),
            number::whole(missing as u64)
        ),
    )
    .on_hover_text(table.dialect.to_string());
    ui.add_space(space::XS);
}
