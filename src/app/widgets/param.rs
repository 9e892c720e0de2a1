//! One parameter: name, slider on the scale that suits it, and a box to type in. All of it follows from its declaration.

use eframe::egui::{self, ComboBox, RichText, Role, Slider, Ui, WidgetInfo};

use super::controls::{integer_box, number_box};
use crate::app::theme::{font, space, tokens};
use crate::param::{Limit, ParamInfo, Parameters, Range, Value};

/// Width of the labels, so that sliders begin in one line.
pub const LABEL: f32 = 84.0;
const SHORT_LABEL: f32 = 18.0;
const BOX: f32 = 60.0;
/// Logarithmic sliders change by this factor a point while Shift is held.
const FINE: f64 = 1.004;

/// Controls for all parameters. `owner` is whose they are: it makes labels unique.
pub fn params_ui(ui: &mut Ui, owner: &str, params: &mut dyn Parameters) {
    for info in params.params() {
        param_ui(ui, owner, info, params);
    }
}

/// Controls for one parameter, its label in full.
pub fn param_ui(ui: &mut Ui, owner: &str, info: &'static ParamInfo, params: &mut dyn Parameters) {
    labelled_ui(ui, owner, info, params, info.label, LABEL);
}

/// Controls for the one parameter that matters most: its short name, and a long slider.
pub fn main_param_ui(ui: &mut Ui, owner: &str, info: &'static ParamInfo, params: &mut dyn Parameters) {
    let short = if info.name.len() < info.label.len() && info.name.len() <= 3 {
        info.name
    } else {
        info.label
    };
    let width = if short.len() <= 3 { SHORT_LABEL } else { LABEL };
    labelled_ui(ui, owner, info, params, short, width);
}

fn labelled_ui(ui: &mut Ui, owner: &str, info: &'static ParamInfo, params: &mut dyn Parameters, text: &str, width: f32) {
    let Some(before) = params.get(info.name) else {
        return;
    };
    let mut value = before;
    ui.horizontal(|ui| {
        ui.set_height(space::ROW);
        let label = RichText::new(text).color(tokens(ui).text2);
        let room = egui::vec2(width, space::BOX);
        let left = egui::Layout::left_to_right(egui::Align::Center);
        let label = ui.allocate_ui_with_layout(room, left, |ui| {
            ui.set_min_width(width);
            ui.add(egui::Label::new(label).truncate())
        });
        label.inner.on_hover_text(tooltip(info));
        let name = format!("{owner} {}", info.name);
        match &mut value {
            Value::Number(v) => number_ui(ui, &name, info, v),
            Value::Integer(v) => integer_ui(ui, &name, info, v),
            Value::Switch(v) => {
                let response = ui.checkbox(v, "");
                response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, *v, &name));
            }
            Value::Choice(v) => choice_ui(ui, &name, info, v),
            Value::List(v) => {
                ui.label(v.to_string());
            }
        }
    });
    if value != before {
        // What a slider or a box cannot hold is refused here, and the old value stays.
        let _ = params.set(info.name, value);
    }
}

fn tooltip(info: &ParamInfo) -> String {
    let symbol = if info.symbol.is_empty() {
        String::new()
    } else {
        format!("{} · ", info.symbol)
    };
    format!("{symbol}{}\n{}", info.name, info.help)
}

fn slider_width(ui: &Ui) -> f32 {
    (ui.available_width() - BOX - ui.spacing().item_spacing.x).max(30.0)
}

/// Slider and box of a number that is declared by `info` but lives elsewhere.
pub fn number_ui(ui: &mut Ui, name: &str, info: &ParamInfo, value: &mut f64) {
    ui.spacing_mut().slider_width = slider_width(ui);
    let mut position = *value;
    let slider = match info.range {
        Range::Log { min, max } => Slider::new(&mut position, floor_of(info, min)..=max)
            .logarithmic(true)
            .smallest_positive(min),
        Range::NearOne { max } => {
            let end = -(1.0 - max).log10();
            let place = &mut position;
            Slider::from_get_set(0.0..=end, move |new| {
                if let Some(new) = new {
                    *place = 1.0 - 10f64.powf(-new);
                }
                -(1.0 - place.min(max)).log10()
            })
        }
        Range::Linear { min, max } => Slider::new(&mut position, min..=max),
        _ => return,
    };
    let slider = slider
        .show_value(false)
        .smart_aim(false)
        .clamping(egui::SliderClamping::Never);
    let response = ui.add(slider);
    let shown = *value;
    response.widget_info(|| WidgetInfo::slider(true, shown, name));
    let fine = ui.input(|input| input.modifiers.shift) && matches!(info.range, Range::Log { .. });
    if fine && response.dragged() {
        let moved = f64::from(response.drag_delta().x);
        *value *= FINE.powf(moved);
    } else if response.changed() {
        *value = significant(position, info);
    }
    response.on_hover_text("Drag; with Shift, in fine steps");
    let range = match info.limit {
        Limit::UnitOpen => 0.0..=1.0 - f64::EPSILON,
        Limit::UnitClosed => 0.0..=1.0,
        Limit::Positive => f64::MIN_POSITIVE..=f64::MAX,
        Limit::NonNegative => 0.0..=f64::MAX,
        Limit::AtLeastOne => 1.0..=f64::MAX,
        Limit::Finite => f64::MIN..=f64::MAX,
    };
    let speed = (value.abs() * 0.01).max(1e-6);
    number_box(ui, &format!("{name} value"), value, speed, range, BOX);
}

/// The left end of a logarithmic slider: 0 where 0 makes sense.
fn floor_of(info: &ParamInfo, min: f64) -> f64 {
    if info.limit == Limit::Positive { min } else { 0.0 }
}

/// A dragged value has three significant digits (of its distance from 1 for decay rates): as fine as a hand, and it reads well.
fn significant(value: f64, info: &ParamInfo) -> f64 {
    let round = |v: f64| format!("{v:.2e}").parse().unwrap_or(v);
    match info.range {
        Range::NearOne { .. } => {
            let decimals = (2.0 - (1.0 - value).log10().floor()).clamp(0.0, 15.0) as usize;
            format!("{value:.decimals$}").parse().unwrap_or(value)
        }
        Range::Linear { min, max } => {
            let decimals = (3.0 - (max - min).log10().ceil()).clamp(0.0, 12.0) as usize;
            format!("{value:.decimals$}").parse().unwrap_or(value)
        }
        _ => round(value),
    }
}

fn integer_ui(ui: &mut Ui, name: &str, info: &ParamInfo, value: &mut u64) {
    let Range::Integer { min, max } = info.range else {
        return;
    };
    ui.spacing_mut().slider_width = slider_width(ui);
    let mut position = *value;
    let logarithmic = min > 0 && max / min > 100;
    let slider = Slider::new(&mut position, min..=max)
        .logarithmic(logarithmic)
        .show_value(false);
    let response = ui.add(slider.clamping(egui::SliderClamping::Never));
    let shown = *value as f64;
    response.widget_info(|| WidgetInfo::slider(true, shown, name));
    if response.changed() {
        *value = position;
    }
    let least = if info.limit == Limit::AtLeastOne { 1 } else { 0 };
    integer_box(ui, &format!("{name} value"), value, least..=u64::from(u32::MAX), BOX);
}

fn choice_ui(ui: &mut Ui, name: &str, info: &ParamInfo, value: &mut &'static str) {
    let Range::Choice(choices) = info.range else {
        return;
    };
    let list = ComboBox::from_id_salt(name)
        .selected_text(RichText::new(*value).font(font::body()))
        .width(ui.available_width() - space::L)
        .show_ui(ui, |ui| {
            for choice in choices {
                ui.selectable_value(value, choice, *choice);
            }
        });
    list.response.accessible_name(name);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::OptimizerConfig;

    #[test]
    fn dragged_values_keep_three_digits_and_stay_below_one() {
        let adam = OptimizerConfig::from_id("adam").expect("adam is in the list");
        let info = |name: &str| {
            adam.params()
                .into_iter()
                .find(|i| i.name == name)
                .expect("a parameter of adam")
        };
        assert_eq!(significant(0.001_234_567, info("lr")), 0.00123);
        assert_eq!(significant(0.998_765_4, info("beta2")), 0.99877);
    }
}
