//! The arithmetic: the step that the chosen run is about to take, every line of its update in letters and with its numbers.

use eframe::egui::{Align, ComboBox, Grid, Layout, RichText, Role, ScrollArea, Ui, WidgetInfo};

use crate::app::number;
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::{heading, integer_box, quiet};
use crate::optim::arithmetic::{Line, Worked};

pub fn arithmetic_ui(ui: &mut Ui, state: &mut State) {
    let Some(i) = state.chosen_run() else {
        quiet(ui, "No run is shown");
        return;
    };
    header(ui, state, i);
    ui.add_space(space::XS);
    let insight = state.bench.insights().of(i);
    let lines = insight.map(|insight| insight.arithmetic.as_slice()).unwrap_or_default();
    if lines.is_empty() {
        let rule = state.doc.runs[i].rule.info();
        quiet(
            ui,
            format!("{} has no arithmetic to show here. Its rule:", state.doc.runs[i].name),
        );
        ui.label(RichText::new(rule.formula).font(font::number()));
        return;
    }
    let names = state.variable_names();
    ScrollArea::both()
        .auto_shrink(false)
        .show(ui, |ui| lines_ui(ui, lines, names));
}

/// Which run, which step, and which coordinates of a problem with many.
fn header(ui: &mut Ui, state: &mut State, chosen: usize) {
    ui.horizontal(|ui| {
        heading(ui, "Arithmetic");
        let name = state.doc.runs[chosen].name.clone();
        let list = ComboBox::from_id_salt("arithmetic run")
            .selected_text(name)
            .width(140.0)
            .show_ui(ui, |ui| {
                for i in 0..state.doc.runs.len() {
                    let run = &state.doc.runs[i];
                    let name = run.name.clone();
                    if run.look.visible && ui.selectable_label(i == chosen, name).clicked() {
                        state.choose_run(i);
                    }
                }
            });
        list.response
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "arithmetic run"));
        let (rect, _) = ui.allocate_exact_size(eframe::egui::vec2(26.0, 18.0), eframe::egui::Sense::hover());
        let style = style(state.doc.runs[chosen].look.style);
        style.draw_swatch(ui.painter(), rect.center(), 24.0, style.hue(ui.visuals().dark_mode));
        if let Some(insight) = state.bench.insights().of(chosen) {
            quiet(
                ui,
                format!("step {} → {}", number::whole(insight.step), number::whole(insight.step + 1)),
            );
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| coordinates(ui, state));
    });
}

/// Boxes for the coordinates shown, where there are more than two.
fn coordinates(ui: &mut Ui, state: &mut State) {
    let n = state.n_variables() as u64;
    if n <= 2 {
        return;
    }
    let [a, b] = &mut state.coordinates;
    for (name, coordinate) in [("second coordinate", b), ("first coordinate", a)] {
        integer_box(ui, name, coordinate, 0..=n - 1, 56.0)
            .on_hover_text("Index of a variable, counted from 0: which of them is written out");
    }
    quiet(ui, "variables");
}

fn lines_ui(ui: &mut Ui, lines: &[Line], names: [String; 2]) {
    let t = tokens(ui);
    let columns = lines.iter().map(|line| line.worked.len()).max().unwrap_or(1);
    Grid::new("arithmetic").striped(true).spacing([18.0, 3.0]).show(ui, |ui| {
        ui.label("");
        ui.label("");
        for name in names.iter().take(columns) {
            ui.label(RichText::new(name).font(font::small()).color(t.text3));
        }
        ui.end_row();
        for line in lines {
            ui.label(RichText::new(line.symbol).font(font::number()).strong());
            ui.label(
                RichText::new(format!("← {}", line.formula))
                    .font(font::number())
                    .color(t.text2),
            );
            for worked in &line.worked {
                worked_ui(ui, worked);
            }
            ui.end_row();
        }
    });
}

/// The numbers of one coordinate, and what comes out; exact digits on hover.
fn worked_ui(ui: &mut Ui, worked: &Worked) {
    let t = tokens(ui);
    let numbers = worked.written(number::reading);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if !numbers.is_empty() {
            ui.label(RichText::new(format!("{numbers} =")).font(font::number()).color(t.text3));
        }
        ui.label(
            RichText::new(number::reading(worked.result))
                .font(font::number())
                .color(t.text),
        )
        .on_hover_text(format!("{} = {:?}", worked.written(|v| format!("{v:?}")), worked.result));
    });
}
