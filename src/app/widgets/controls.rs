//! Small controls: icon buttons, headings, segmented choices, boxes for numbers.

use std::ops::RangeInclusive;

use eframe::egui::{self, Align, Button, ComboBox, DragValue, Layout, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2};
use lucide_icons::Icon;

use crate::app::commands::Command;
use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, radius, space, tokens};

/// An icon as text, of the usual size.
pub fn icon(icon: Icon) -> RichText {
    icon_sized(icon, 14.0)
}

/// An icon as text.
pub fn icon_sized(icon: Icon, size: f32) -> RichText {
    RichText::new(icon.unicode().to_string()).font(font::icon(size))
}

/// A button that sends a command: icon, tooltip with the shortcut, greyed out where it is not possible.
pub fn command_button(ui: &mut Ui, state: &mut State, command: Command) -> Response {
    let enabled = command.is_enabled(state);
    let text = command.icon().map_or_else(|| RichText::new(command.label()), icon);
    let response = icon_button_enabled(ui, enabled, text, command.label());
    let hint = hint(ui, &command);
    let response = response.on_hover_text(hint.clone()).on_disabled_hover_text(hint);
    if response.clicked() {
        state.send(command);
    }
    response
}

/// Tooltip and shortcut of a command.
pub fn hint(ui: &Ui, command: &Command) -> String {
    match command.shortcut() {
        Some(keys) => format!("{} ({})", command.tooltip(), ui.ctx().format_shortcut(&keys)),
        None => command.tooltip().to_owned(),
    }
}

/// A frameless button with an icon; `label` is what screen readers and tests call it.
pub fn icon_button(ui: &mut Ui, symbol: Icon, label: &str) -> Response {
    icon_button_enabled(ui, true, icon(symbol), label)
}

fn icon_button_enabled(ui: &mut Ui, enabled: bool, text: RichText, label: &str) -> Response {
    let colour = if enabled { tokens(ui).text2 } else { tokens(ui).line2 };
    let button = Button::new(text.color(colour)).frame(false).min_size(vec2(22.0, 22.0));
    let response = ui.add_enabled(enabled, button);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, label));
    response
}

/// The name of a section.
pub fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(font::heading()).color(tokens(ui).text));
}

/// Quiet text.
pub fn quiet(ui: &mut Ui, text: impl Into<String>) -> Response {
    ui.label(RichText::new(text).font(font::small()).color(tokens(ui).text3))
}

/// A number as text, in the font for numbers.
pub fn figure(ui: &mut Ui, text: impl Into<String>) -> Response {
    ui.label(RichText::new(text).font(font::number()).color(tokens(ui).text))
}

/// Words at the left, something else at the right of one row.
pub fn row<R>(ui: &mut Ui, label: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        ui.label(RichText::new(label).color(tokens(ui).text2));
        ui.with_layout(Layout::right_to_left(Align::Center), right).inner
    })
    .inner
}

/// A section that can be folded away; open at first where `open` says so.
pub fn section(ui: &mut Ui, title: &str, open: bool, hint: &str, contents: impl FnOnce(&mut Ui)) {
    let text = RichText::new(title).font(font::heading()).color(tokens(ui).text);
    let header = egui::CollapsingHeader::new(text).default_open(open).show(ui, |ui| {
        // The contents of a section are as wide as those beside it.
        ui.set_width(ui.available_width());
        contents(ui);
    });
    header.header_response.on_hover_text(hint);
}

/// A section whose title tells what is in it, folded at first. `id` tells it from others while its title changes.
pub fn titled_section(ui: &mut Ui, id: &str, title: &str, hint: &str, contents: impl FnOnce(&mut Ui)) {
    let text = RichText::new(title).font(font::body()).color(tokens(ui).text);
    let header = egui::CollapsingHeader::new(text).id_salt(id).show(ui, |ui| {
        ui.set_width(ui.available_width());
        contents(ui);
    });
    header.header_response.on_hover_text(hint);
}

/// A thin line between sections.
pub fn divider(ui: &mut Ui) {
    ui.add_space(space::S);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, tokens(ui).line);
    ui.add_space(space::S);
}

/// Width of a list of words.
const CHOICE: f32 = 120.0;

/// A row with a list of words.
pub fn choice<T: Copy + PartialEq>(ui: &mut Ui, label: &str, value: &mut T, all: &[T], name: fn(T) -> &'static str) {
    row(ui, label, |ui| {
        let response = ComboBox::from_id_salt(label)
            .selected_text(name(*value))
            .width(CHOICE)
            .show_ui(ui, |ui| {
                for item in all {
                    ui.selectable_value(value, *item, name(*item));
                }
            });
        response
            .response
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, label));
    });
}

/// One of a few words, side by side; returns the one that was clicked.
pub fn segmented(ui: &mut Ui, labels: &[&str], chosen: usize) -> Option<usize> {
    let t = tokens(ui);
    let mut clicked = None;
    let frame = egui::Frame::new()
        .fill(t.inset)
        .stroke((1.0, t.line))
        .corner_radius(radius::CARD)
        .inner_margin(2.0);
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.horizontal(|ui| {
            let width = (ui.available_width() - space::XS * (labels.len() as f32 - 1.0)) / labels.len() as f32;
            for (i, label) in labels.iter().enumerate() {
                let on = i == chosen;
                let colour = if on { t.text } else { t.text2 };
                let text = RichText::new(*label)
                    .font(if on { font::medium() } else { font::body() })
                    .color(colour);
                let button = Button::new(text)
                    .fill(if on { t.hover } else { egui::Color32::TRANSPARENT })
                    .stroke(egui::Stroke::new(1.0, if on { t.line2 } else { egui::Color32::TRANSPARENT }))
                    .min_size(vec2(width.max(0.0), 20.0));
                let response = ui.add(button);
                response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, *label));
                if response.clicked() && !on {
                    clicked = Some(i);
                }
            }
        });
    });
    clicked
}

/// A box in which a number is typed or dragged. `label` is what screen readers and tests call it. What is typed outside the range
/// is refused with a message.
pub fn number_box(ui: &mut Ui, label: &str, value: &mut f64, speed: f64, range: RangeInclusive<f64>, width: f32) -> Response {
    let ctx = ui.ctx().clone();
    let accepted = range.clone();
    let drag = DragValue::new(value)
        .speed(speed)
        .range(range)
        // A value from a file is shown as it is, whatever this box would accept.
        .clamp_existing_to_range(false)
        .update_while_editing(false)
        .custom_formatter(|v, _| number::setting(v))
        .custom_parser(|text| parse(&ctx, label, text, &accepted));
    let response = ui.add_sized([width, space::BOX], drag);
    response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, label));
    response
}

/// A box for a whole number.
pub fn integer_box(ui: &mut Ui, label: &str, value: &mut u64, range: RangeInclusive<u64>, width: f32) -> Response {
    let ctx = ui.ctx().clone();
    let accepted = *range.start() as f64..=*range.end() as f64;
    let span = accepted.end() - accepted.start();
    let drag = DragValue::new(value)
        .speed((span / 1000.0).clamp(0.05, 10.0))
        .range(range)
        // A value from a file is shown as it is, whatever this box would accept.
        .clamp_existing_to_range(false)
        .update_while_editing(false)
        .custom_parser(|text| parse(&ctx, label, text, &accepted).map(f64::round));
    let response = ui.add_sized([width, space::BOX], drag);
    response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, label));
    response
}

/// Reads a number as people type it: with a true minus, a comma, or powers of ten. What cannot be taken is left to be told.
fn parse(ctx: &egui::Context, label: &str, text: &str, accepted: &RangeInclusive<f64>) -> Option<f64> {
    let number = text.trim().replace('−', "-").replace(',', ".").parse().ok();
    let fits = number.filter(|v: &f64| accepted.contains(v));
    if fits.is_none() {
        let words = format!(
            "{label}: \"{}\" is not {}; the value stays as it was",
            text.trim(),
            in_words(accepted)
        );
        refuse(ctx, words);
    }
    fits
}

/// Tells the user that something typed could not be taken.
pub fn refuse(ctx: &egui::Context, words: String) {
    ctx.data_mut(|data| data.insert_temp(refused(), words));
}

fn in_words(accepted: &RangeInclusive<f64>) -> String {
    let (low, high) = (*accepted.start(), *accepted.end());
    match (low <= f64::MIN, high >= f64::MAX) {
        (true, true) => "a finite number".to_owned(),
        (false, true) if low == f64::MIN_POSITIVE => "a finite number above 0".to_owned(),
        (false, true) => format!("a finite number, {} or above", number::setting(low)),
        _ => format!("a number from {} to {}", number::setting(low), number::setting(high)),
    }
}

fn refused() -> egui::Id {
    egui::Id::unique("refused value")
}

/// What was typed and could not be taken since the last call, in a sentence.
pub fn take_refusal(ctx: &egui::Context) -> Option<String> {
    ctx.data_mut(|data| data.remove_temp(refused()))
}
