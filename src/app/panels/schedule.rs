//! The learning rate over time: which schedule, its parameters, and its curve.

use eframe::egui::{ComboBox, Pos2, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::theme::{radius, tokens};
use crate::app::widgets::controls::row;
use crate::app::widgets::param::params_ui;
use crate::optim::{ScheduleConfig, ScheduleMemory};

const CURVE: f32 = 30.0;
/// Schedules inside schedules are shown this deep.
const DEEPEST: usize = 3;

/// Controls for the schedule of a run whose own learning rate is `base`.
pub fn schedule_ui(ui: &mut Ui, owner: &str, schedule: &mut Option<ScheduleConfig>, base: f64, steps: u64) {
    menu(ui, &format!("{owner} schedule"), "Schedule", schedule);
    let Some(chosen) = schedule else {
        return;
    };
    parts(ui, owner, chosen, 0);
    curve(ui, chosen, base, steps);
}

fn menu(ui: &mut Ui, name: &str, label: &str, schedule: &mut Option<ScheduleConfig>) {
    row(ui, label, |ui| {
        let shown = schedule.as_ref().map_or("constant", |schedule| schedule.info().name);
        let response = ComboBox::from_id_salt(name)
            .selected_text(shown)
            .width(140.0)
            .height(420.0)
            .show_ui(ui, |ui| {
                ui.selectable_value(schedule, None, "constant");
                for choice in ScheduleConfig::all().into_iter().filter(|choice| choice.id() != "constant") {
                    let info = choice.info();
                    let chosen = schedule.as_ref().is_some_and(|schedule| schedule.id() == choice.id());
                    let label = ui
                        .selectable_label(chosen, info.name)
                        .on_hover_text(format!("{}\n{}", info.formula, info.source));
                    if label.clicked() && !chosen {
                        *schedule = Some(choice);
                    }
                }
            });
        response
            .response
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
    });
}

/// Parameters of a schedule and of those inside it.
fn parts(ui: &mut Ui, owner: &str, schedule: &mut ScheduleConfig, depth: usize) {
    params_ui(ui, &format!("{owner} schedule"), &mut **schedule);
    if depth == DEEPEST {
        return;
    }
    for name in schedule.inner_names() {
        let Some(inner) = schedule.inner_mut(name) else {
            continue;
        };
        let mut slot = Some(inner.clone());
        let owner = format!("{owner} {name}");
        menu(ui, &format!("{owner} schedule"), name, &mut slot);
        let mut chosen = slot.unwrap_or_default();
        ui.indent(&owner, |ui| parts(ui, &owner, &mut chosen, depth + 1));
        *inner = chosen;
    }
}

/// The learning rate from the first step to the last. Schedules that wait for a plateau are drawn as if there were none.
fn curve(ui: &mut Ui, schedule: &ScheduleConfig, base: f64, steps: u64) {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), CURVE), Sense::hover());
    ui.painter().rect_filled(rect, f32::from(radius::BOX), t.inset);
    let memory = ScheduleMemory::default();
    let columns = rect.width() as u64;
    let rate = |column: u64| schedule.lr(base, column * steps.saturating_sub(1) / columns.max(1), &memory);
    let rates: Vec<f64> = (0..=columns).map(rate).collect();
    let highest = rates
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .fold(f64::MIN_POSITIVE, f64::max);
    let height = |rate: &f64| rect.bottom() - 3.0 - (rate / highest).clamp(0.0, 1.0) as f32 * (rect.height() - 6.0);
    let points: Vec<Pos2> = rates
        .iter()
        .enumerate()
        .map(|(i, rate)| pos2(rect.left() + i as f32, height(rate)))
        .collect();
    ui.painter().line(points, Stroke::new(1.4, t.text2));
    response.on_hover_text("Learning rate from the first step to the last");
}
