//! Which rows train, which watch, which judge. The same for all runs.

use eframe::egui::{ComboBox, Role, Ui, WidgetInfo};
use lucide_icons::Icon;

use crate::app::number;
use crate::app::state::State;
use crate::app::widgets::controls::{figure, icon_button, integer_box, number_box, quiet, row, titled_section};
use crate::data::{Dataset, Folds, Kind, Preparation, Split, Table};
use crate::experiment::ModelProblem;

const WIDTH: f32 = 120.0;
/// Largest seed that a box holds exactly.
const MAX_SEED: u64 = 1 << 53;
/// Folds that are made when cross-validation is switched on.
const FOLDS: u32 = 5;

const HINT: &str = "Rows that train, rows that are held out to watch training, rows kept for the final word: the same for all runs. Nothing \
                    is ever fitted to the held-out ones";

pub fn split_ui(ui: &mut Ui, state: &State, problem: &mut ModelProblem) {
    titled_section(ui, "split", &summary(&problem.preparation), HINT, |ui| {
        let preparation = &mut problem.preparation;
        if let Some(table) = state.table() {
            by(ui, preparation, &table);
        }
        match &mut preparation.folds {
            Some(folds) => folds_rows(ui, folds),
            None => {
                row(ui, "Validation share", |ui| {
                    number_box(ui, "validation", &mut preparation.validation, 0.005, 0.0..=0.9, 57.0)
                        .on_hover_text("Share of the rows that is held out to watch training");
                });
            }
        }
        row(ui, "Test share", |ui| {
            number_box(ui, "test", &mut preparation.test, 0.005, 0.0..=0.9, 57.0)
                .on_hover_text("Share of the rows that is kept for the final word: look at it once, at the end");
        });
        cross_validation(ui, preparation);
        row(ui, "Seed of the split", |ui| {
            integer_box(ui, "seed of the split", &mut preparation.seed, 0..=MAX_SEED, 80.0)
                .on_hover_text("Another seed divides the rows anew");
        });
        counts(ui, state);
    });
}

/// In a line: what is done.
fn summary(preparation: &Preparation) -> String {
    let by = match &preparation.split {
        Split::Stratified => "stratified".to_owned(),
        Split::Random => "at random".to_owned(),
        Split::Group { column } => format!("by {column}"),
        Split::Time { column } => format!("by time ({column})"),
    };
    let held_out = match preparation.folds {
        Some(folds) => format!("fold {} of {}", folds.fold + 1, folds.folds * folds.repeats),
        None => format!("{} held out", number::percent(preparation.validation + preparation.test)),
    };
    format!("Split: {by}, {held_out}")
}

/// What the rows are divided by.
fn by(ui: &mut Ui, preparation: &mut Preparation, table: &Table) {
    let columns = |fits: fn(Kind) -> bool| {
        let target = &preparation.target;
        let fitting = table.columns.iter().filter(move |c| c.name != *target && fits(c.kind));
        fitting.map(|c| c.name.clone()).collect::<Vec<String>>()
    };
    let groups = columns(|kind| !matches!(kind, Kind::Text | Kind::Number));
    let times = columns(|kind| matches!(kind, Kind::Date | Kind::Number | Kind::Integer));
    let split = &mut preparation.split;
    row(ui, "Divided", |ui| {
        let list = ComboBox::from_id_salt("split by")
            .selected_text(name(split))
            .width(WIDTH)
            .show_ui(ui, |ui| {
                ui.selectable_value(split, Split::Stratified, name(&Split::Stratified))
                    .on_hover_text("By chance, every class in the same proportions in all parts; numbers simply by chance");
                ui.selectable_value(split, Split::Random, name(&Split::Random))
                    .on_hover_text("By chance alone");
                if let Some(column) = groups.first().cloned() {
                    let is_chosen = matches!(split, Split::Group { .. });
                    let response = ui.selectable_label(is_chosen, "by group");
                    if response
                        .on_hover_text("Rows of one patient, machine or site stay together")
                        .clicked()
                        && !is_chosen
                    {
                        *split = Split::Group { column };
                    }
                }
                if let Some(column) = times.first().cloned() {
                    let is_chosen = matches!(split, Split::Time { .. });
                    let response = ui.selectable_label(is_chosen, "by time");
                    if response.on_hover_text("The earliest rows train, the latest judge").clicked() && !is_chosen {
                        *split = Split::Time { column };
                    }
                }
            });
        list.response
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "split by"));
    });
    let (label, column, offered) = match split {
        Split::Group { column } => ("Group", column, groups),
        Split::Time { column } => ("Time", column, times),
        Split::Stratified | Split::Random => return,
    };
    row(ui, label, |ui| {
        let list = ComboBox::from_id_salt("split column")
            .selected_text(column.as_str())
            .width(WIDTH)
            .show_ui(ui, |ui| {
                for name in offered {
                    ui.selectable_value(column, name.clone(), name);
                }
            });
        list.response
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "split column"));
    });
}

fn name(split: &Split) -> &'static str {
    match split {
        Split::Stratified => "stratified",
        Split::Random => "at random",
        Split::Group { .. } => "by group",
        Split::Time { .. } => "by time",
    }
}

fn cross_validation(ui: &mut Ui, preparation: &mut Preparation) {
    row(ui, "Cross-validation", |ui| {
        let mut on = preparation.folds.is_some();
        let response = ui.checkbox(&mut on, "");
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, "cross-validation"));
        let hint = "Divide the rows into folds, each of which is held out once in the place of the validation share; the arrows step from \
                    fold to fold. Results (3) has mean and standard deviation over all of them, as `optiscope train --folds`";
        response.on_hover_text(hint);
        let first = Folds {
            folds: FOLDS,
            repeats: 1,
            fold: 0,
        };
        preparation.folds = on.then(|| preparation.folds.unwrap_or(first));
    });
}

/// How many folds, how often, and which is held out now.
fn folds_rows(ui: &mut Ui, folds: &mut Folds) {
    let box_of = |ui: &mut Ui, label: &str, hint: &str, value: &mut u32, least: u64| {
        row(ui, label, |ui| {
            let mut wide = u64::from(*value);
            integer_box(ui, label, &mut wide, least..=1000, 57.0).on_hover_text(hint);
            *value = u32::try_from(wide).unwrap_or(*value);
        });
    };
    box_of(ui, "Folds", "Parts of the rows, each held out once", &mut folds.folds, 2);
    box_of(ui, "Repeats", "How often the rows are divided anew", &mut folds.repeats, 1);
    let all = folds.folds.saturating_mul(folds.repeats).max(1);
    folds.fold = folds.fold.min(all - 1);
    row(ui, "Held out now", |ui| {
        if icon_button(ui, Icon::ChevronRight, "next fold").clicked() {
            folds.fold = (folds.fold + 1) % all;
        }
        figure(ui, format!("{} of {all}", folds.fold + 1));
        if icon_button(ui, Icon::ChevronLeft, "previous fold").clicked() {
            folds.fold = (folds.fold + all - 1) % all;
        }
    });
}

/// How many rows there are of each.
fn counts(ui: &mut Ui, state: &State) {
    let Some(model) = state.bench.data().model_for(&state.doc) else {
        return;
    };
    let rows = |data: &Dataset| number::whole(data.n_rows as u64);
    let parts: Vec<String> = model
        .prepared
        .sets()
        .map(|(name, data)| format!("{} {name}", rows(data)))
        .collect();
    quiet(ui, parts.join("  ·  ")).on_hover_text("Rows of each part, the same for all runs");
}
