//! The panel at the bottom: transport, scrub bar, strips with one cursor through all of them.

use eframe::egui::{
    Align, Align2, Button, ComboBox, CornerRadius, Layout, Rect, Response, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};
use lucide_icons::Icon;

use super::readings::readings_ui;
use crate::app::commands::Command;
use crate::app::number;
use crate::app::playback::SPEEDS;
use crate::app::plots::strip::{self, Axis, Curve};
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{font, radius, space, tokens};
use crate::app::widgets::controls::{command_button, icon, quiet};
use crate::experiment::Problem;
use crate::workbench::Lane;

/// Room for names and ticks left of the strips.
const GUTTER: f32 = 84.0;
const READINGS: f32 = 244.0;
/// Narrower timelines do without the table of readings.
const NARROW: f32 = 640.0;
const SCRUB: f32 = 16.0;
const GAP: f32 = 6.0;
const TICKS: f32 = 13.0;

pub fn timeline_ui(ui: &mut Ui, state: &mut State) {
    let with_readings = ui.available_width() > NARROW;
    let left = ui.available_width() - if with_readings { READINGS + space::XXL } else { 0.0 };
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(left, ui.available_height()), Layout::top_down(Align::LEFT), |ui| {
            transport(ui, state);
            scrub_bar(ui, state);
            strips(ui, state);
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
        if state.bench.is_busy() {
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
fn track(ui: &Ui) -> (f32, f32) {
    let rect = ui.max_rect();
    (rect.left() + GUTTER, rect.right())
}

fn x_of_step(step: u64, last: u64, (left, right): (f32, f32)) -> f32 {
    left + (step as f64 / last.max(1) as f64) as f32 * (right - left)
}

fn step_at(x: f32, last: u64, (left, right): (f32, f32)) -> u64 {
    let part = f64::from(((x - left) / (right - left)).clamp(0.0, 1.0));
    (part * last as f64).round() as u64
}

/// Takes the playhead to where the pointer is dragged.
fn scrub(response: &Response, state: &mut State, track: (f32, f32)) {
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

/// What a strip shows.
#[derive(Clone, Copy)]
struct Strip {
    name: &'static str,
    unit: &'static str,
    axis: Axis,
    /// Share of the height.
    share: f32,
    value: fn(&State, &Lane, usize) -> f64,
}

fn strips(ui: &mut Ui, state: &mut State) {
    let is_model = matches!(state.doc.problem, Problem::Model(_));
    let strips = if is_model {
        model_strips(state.metric_name())
    } else {
        FUNCTION.to_vec()
    };
    let track = track(ui);
    let room = ui.available_height() - TICKS - GAP * strips.len() as f32;
    let t = tokens(ui);
    let area = Rect::from_min_size(
        pos2(track.0, ui.cursor().top() + GAP),
        vec2(track.1 - track.0, room + GAP * (strips.len() - 1) as f32),
    );
    let response = ui.interact(area, ui.scope_id().with("strips"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "strips over the steps"));
    scrub(&response, state, track);
    state.hovered_step = response.hover_pos().map(|at| step_at(at.x, state.doc.steps, track));
    let playhead = x_of_step(state.playback.step(), state.doc.steps, track);
    let mut top = area.top();
    for strip in &strips {
        let rect = Rect::from_min_size(pos2(track.0, top), vec2(area.width(), room * strip.share));
        let curves = curves(ui, state, strip, rect.width());
        strip::draw(ui.painter(), t, rect, strip.axis, &curves, playhead);
        let left = ui.max_rect().left();
        ui.painter()
            .text(pos2(left, rect.top()), Align2::LEFT_TOP, strip.name, font::medium(), t.text);
        ui.painter().text(
            pos2(left, rect.top() + 14.0),
            Align2::LEFT_TOP,
            strip.unit,
            font::tick(),
            t.text3,
        );
        top = rect.bottom() + GAP;
    }
    step_ticks(ui, state, area, track);
    let line = ui.painter().with_clip_rect(area.expand(1.0));
    if let Some(step) = state.hovered_step {
        line.vline(
            x_of_step(step, state.doc.steps, track),
            area.y_range(),
            Stroke::new(1.0, t.line2),
        );
    }
    line.vline(playhead, area.y_range(), Stroke::new(1.4, t.accent));
    ui.allocate_rect(area, Sense::hover());
}

fn step_ticks(ui: &Ui, state: &State, area: Rect, track: (f32, f32)) {
    let t = tokens(ui);
    let last = state.doc.steps;
    for tick in crate::app::plots::axes::round_ticks(0.0, last as f64, f64::from(area.width()) / 110.0) {
        let x = x_of_step(tick as u64, last, track);
        let align = if x > track.1 - 16.0 {
            Align2::RIGHT_TOP
        } else {
            Align2::CENTER_TOP
        };
        ui.painter().text(
            pos2(x, area.bottom() + 2.0),
            align,
            number::whole(tick as u64),
            font::tick(),
            t.text3,
        );
    }
}

fn curves(ui: &Ui, state: &State, strip: &Strip, width: f32) -> Vec<Curve> {
    let columns = (width as usize).max(1);
    let step = state.playback.step();
    let mut curves = Vec::new();
    for (run, lane) in state.doc.runs.iter().zip(state.bench.lanes()) {
        let Some(shown) = lane.shown().filter(|_| run.look.visible) else {
            continue;
        };
        let value = |row: usize| (strip.value)(state, lane, row);
        let style = style(run.look.style);
        let here = step.min((shown.trace().len() as u64).saturating_sub(1)) as usize;
        curves.push(Curve {
            columns: strip::columns(shown.trace().len(), state.doc.steps, columns, value),
            here: Some(value(here)).filter(|v| v.is_finite()),
            hue: style.hue(ui.visuals().dark_mode),
            style,
        });
    }
    curves
}

const FUNCTION: [Strip; 3] = [
    Strip {
        name: "f − f*",
        unit: "log₁₀",
        axis: Axis::Log,
        share: 0.46,
        value: above_minimum,
    },
    GRAD_NORM,
    LR,
];

/// Training and validation loss, the task's metric on the validation rows, gradient norm and learning rate.
fn model_strips(metric: &'static str) -> Vec<Strip> {
    let loss = Strip {
        name: "Train loss",
        unit: "log₁₀",
        axis: Axis::Log,
        share: 0.25,
        value: |_, lane, row| at(lane, row, |trace| &trace.value),
    };
    let validation = Strip {
        name: "Val. loss",
        unit: "log₁₀",
        axis: Axis::Log,
        share: 0.21,
        value: |_, lane, row| measured(lane, row, |m| m.validation_loss),
    };
    let metric = Strip {
        name: metric,
        unit: "val.",
        axis: Axis::Linear,
        share: 0.18,
        value: |_, lane, row| measured(lane, row, |m| m.validation_metric.or(Some(m.train_metric))),
    };
    let share = 0.18;
    vec![loss, validation, metric, Strip { share, ..GRAD_NORM }, Strip { share, ..LR }]
}

const GRAD_NORM: Strip = Strip {
    name: "‖∇f‖",
    unit: "log₁₀",
    axis: Axis::Log,
    share: 0.28,
    value: |_, lane, row| at(lane, row, |trace| &trace.grad_norm),
};

const LR: Strip = Strip {
    name: "lr",
    unit: "log₁₀",
    axis: Axis::Log,
    share: 0.26,
    value: |_, lane, row| at(lane, row, |trace| &trace.lr),
};

fn at(lane: &Lane, row: usize, column: fn(&crate::optim::Trace) -> &Vec<f64>) -> f64 {
    let value = lane.shown().and_then(|shown| column(shown.trace()).get(row));
    value.copied().unwrap_or(f64::NAN)
}

/// f - f*, or f - (lowest f on the screen) where there is no minimum.
fn above_minimum(state: &State, lane: &Lane, row: usize) -> f64 {
    at(lane, row, |trace| &trace.value) - state.lowest()
}

/// The last measurement at or before a row.
fn measured(lane: &Lane, row: usize, value: fn(&crate::model::Measurement) -> Option<f64>) -> f64 {
    let Some(shown) = lane.shown() else {
        return f64::NAN;
    };
    let measurements = shown.measurements();
    let after = measurements.partition_point(|(step, _)| *step <= row as u64);
    after
        .checked_sub(1)
        .and_then(|i| value(&measurements[i].1))
        .unwrap_or(f64::NAN)
}
