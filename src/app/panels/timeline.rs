//! The panel at the bottom: transport, scrub bar, strips with one cursor through all of them.

use eframe::egui::{
    Align, Align2, Button, ComboBox, CornerRadius, Layout, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};
use lucide_icons::Icon;

use super::readings::readings_ui;
use super::strips::strips_ui;
use crate::app::commands::Command;
use crate::app::number;
use crate::app::playback::SPEEDS;
use crate::app::state::State;
use crate::app::theme::{font, radius, space, tokens};
use crate::app::widgets::controls::{command_button, icon, quiet};
use crate::experiment::Problem;

/// Room for names and ticks left of the strips.
const GUTTER: f32 = 84.0;
const READINGS: f32 = 258.0;
/// Narrower timelines do without the table of readings.
const NARROW: f32 = 640.0;
const SCRUB: f32 = 16.0;

pub fn timeline_ui(ui: &mut Ui, state: &mut State) {
    let with_readings = ui.available_width() > NARROW;
    let left = ui.available_width() - if with_readings { READINGS + space::XXL } else { 0.0 };
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(left, ui.available_height()), Layout::top_down(Align::LEFT), |ui| {
            transport(ui, state);
            scrub_bar(ui, state);
            strips_ui(ui, state);
        });
        if with_readings {
            ui.add_space(space::L);
            ui.allocate_ui_with_layout(vec2(READINGS, ui.available_height()), Layout::top_down(Align::LEFT), |ui| {
                readings_ui(ui, state)
            });
        }
    });
}

fn transport(ui: &mut Ui, state: &mut State) {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        ui.set_height(28.0);
        ui.spacing_mut().item_spacing.x = space::S;
        command_button(ui, state, Command::ToStart);
        command_button(ui, state, Command::StepBack);
        let symbol = if state.playback.playing { Icon::Pause } else { Icon::Play };
        let play = Button::new(icon(symbol).color(t.on_accent))
            .fill(t.accent)
            .corner_radius(radius::CARD)
            .min_size(vec2(34.0, 26.0));
        let response = ui.add(play).on_hover_text("Play or pause (Space)");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, if state.playback.playing { "Pause" } else { "Play" }));
        if response.clicked() {
            state.send(Command::TogglePlay);
        }
        command_button(ui, state, Command::StepForward);
        command_button(ui, state, Command::ToEnd);
        loop_button(ui, state);
        ui.add_space(space::L);
        ui.label(RichText::new("Speed").color(t.text2));
        speed_menu(ui, state);
        ui.add_space(space::L);
        ui.label(RichText::new("Step").color(t.text2));
        ui.label(
            RichText::new(number::whole(state.playback.step()))
                .font(font::big_number())
                .color(t.text),
        );
        quiet(ui, format!("of {}", number::whole(state.doc.steps)));
        if let Some(epoch) = epoch(state) {
            quiet(ui, format!("·  epoch {epoch}"));
        }
        if state.bench.is_computing() {
            quiet(ui, "·  computing…");
        }
    });
}

fn epoch(state: &State) -> Option<String> {
    let per_epoch = state.bench.lanes().first()?.plan().batches.steps_per_epoch();
    let is_model = matches!(state.doc.problem, Problem::Model(_));
    (is_model && per_epoch > 1).then(|| number::whole(state.playback.step() / per_epoch))
}

fn loop_button(ui: &mut Ui, state: &mut State) {
    let t = tokens(ui);
    let colour = if state.doc.view.looping { t.accent } else { t.text3 };
    let response = ui
        .add(Button::new(icon(Icon::Repeat).color(colour)).frame(false))
        .on_hover_text("Start over at the end (L)");
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, state.doc.view.looping, "Loop"));
    if response.clicked() {
        state.send(Command::ToggleLoop);
    }
}

fn speed_menu(ui: &mut Ui, state: &mut State) {
    let speed = &mut state.doc.view.speed;
    let response = ComboBox::from_id_salt("speed")
        .selected_text(format!("{speed}×"))
        .width(58.0)
        .show_ui(ui, |ui| {
            for choice in SPEEDS {
                ui.selectable_value(speed, choice, format!("{choice}×"));
            }
        });
    response.response.on_hover_text("At 1× a whole run takes ten seconds");
}

/// Where the strips lie between left and right.
pub(super) fn track(ui: &Ui) -> (f32, f32) {
    let rect = ui.max_rect();
    (rect.left() + GUTTER, rect.right())
}

pub(super) fn x_of_step(step: u64, last: u64, (left, right): (f32, f32)) -> f32 {
    left + (step as f64 / last.max(1) as f64) as f32 * (right - left)
}

pub(super) fn step_at(x: f32, last: u64, (left, right): (f32, f32)) -> u64 {
    let part = f64::from(((x - left) / (right - left)).clamp(0.0, 1.0));
    (part * last as f64).round() as u64
}

/// Takes the playhead to where the pointer is dragged.
pub(super) fn scrub(response: &Response, state: &mut State, track: (f32, f32)) {
    if response.is_pointer_button_down_on()
        && let Some(at) = response.interact_pointer_pos()
    {
        state.playback.playing = false;
        state.playback.go_to(step_at(at.x, state.doc.steps, track));
    }
}

fn scrub_bar(ui: &mut Ui, state: &mut State) {
    let t = tokens(ui);
    let track = track(ui);
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), SCRUB), Sense::hover());
    ui.painter().text(
        pos2(track.0 - 8.0, row.center().y),
        Align2::RIGHT_CENTER,
        "Step",
        font::small(),
        t.text3,
    );
    let bar = Rect::from_x_y_ranges(track.0..=track.1, row.center().y - 2.0..=row.center().y + 2.0);
    let response = ui.interact(
        bar.expand2(vec2(8.0, 8.0)),
        ui.scope_id().with("scrub"),
        Sense::click_and_drag(),
    );
    let step = state.playback.step();
    response.widget_info(|| WidgetInfo::slider(true, step as f64, "playhead"));
    scrub(&response, state, track);
    let known = x_of_step(state.bench.known_step(state.doc.steps), state.doc.steps, track);
    let here = x_of_step(state.playback.step(), state.doc.steps, track);
    let painter = ui.painter();
    let round = CornerRadius::same(2);
    painter.rect_filled(bar, round, t.line);
    painter.rect_filled(Rect::from_x_y_ranges(track.0..=known, bar.y_range()), round, t.line2);
    painter.rect_filled(Rect::from_x_y_ranges(track.0..=here, bar.y_range()), round, t.text3);
    painter.circle_filled(pos2(here, bar.center().y), 6.0, t.accent);
}
