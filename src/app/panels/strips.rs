//! Strips: one quantity each, all runs over the steps, one cursor through all of them.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::timeline::{scrub, step_at, track, x_of_step};
use crate::app::number;
use crate::app::plots::strip::{self, Axis, Contents, Curve};
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{font, tokens};
use crate::experiment::Problem;
use crate::run::Trajectory;

const GAP: f32 = 6.0;
/// Room for the numbers of steps.
const TICKS: f32 = 13.0;

/// What a strip shows.
#[derive(Clone, Copy)]
struct Strip {
    name: &'static str,
    unit: &'static str,
    axis: Axis,
    /// Share of the height.
    share: f32,
    /// The number of a run at a row; the first argument is the lowest value of the function that is known.
    value: fn(f64, &Trajectory, usize) -> f64,
}

/// Draws all strips with one cursor through them; dragging on them scrubs.
pub fn strips_ui(ui: &mut Ui, state: &mut State) {
    let is_model = matches!(state.doc.problem, Problem::Model(_));
    let strips = if is_model {
        model_strips(state.metric_name(), state.is_in_batches())
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

fn curves(ui: &Ui, state: &mut State, strip: &Strip, width: f32) -> Vec<Curve> {
    let mut cache = std::mem::take(&mut state.strips);
    let n_columns = (width as usize).max(1);
    let (step, lowest) = (state.playback.step(), state.lowest());
    let mut curves = Vec::new();
    for (i, (run, lane)) in state.doc.runs.iter().zip(state.bench.lanes()).enumerate() {
        let Some(shown) = lane.shown().filter(|_| run.look.visible) else {
            continue;
        };
        let n_rows = shown.trace().len();
        let value = |row: usize| (strip.value)(lowest, shown, row);
        let contents = Contents {
            lane: lane.number(),
            is_outdated: lane.trajectory().trace().is_empty(),
            n_rows,
            n_measurements: shown.measurements().len(),
            n_columns,
            last: state.doc.steps,
            lowest,
        };
        let columns = cache.get(i, strip.name, contents, || {
            let columns = strip::columns(n_rows, state.doc.steps, n_columns, value);
            strip::placed(strip.axis, columns)
        });
        let style = style(run.look.style);
        curves.push(Curve {
            columns,
            here: Some(value(step.min(shown.last_step()) as usize)).filter(|v| v.is_finite()),
            hue: style.hue(ui.visuals().dark_mode),
            style,
        });
    }
    state.strips = cache;
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
fn model_strips(metric: &'static str, is_in_batches: bool) -> Vec<Strip> {
    let loss = Strip {
        name: if is_in_batches { "Batch loss" } else { "Train loss" },
        unit: "log₁₀",
        axis: Axis::Log,
        share: 0.25,
        value: |_, run, row| at(run, row, |trace| &trace.value),
    };
    let validation = Strip {
        name: "Val. loss",
        unit: "log₁₀",
        axis: Axis::Log,
        share: 0.21,
        value: |_, run, row| measured(run, row, |m| m.validation_loss),
    };
    let metric = Strip {
        name: metric,
        unit: "val.",
        axis: Axis::Linear,
        share: 0.18,
        value: |_, run, row| measured(run, row, |m| m.validation_metric.or(Some(m.train_metric))),
    };
    let share = 0.18;
    vec![loss, validation, metric, Strip { share, ..GRAD_NORM }, Strip { share, ..LR }]
}

const GRAD_NORM: Strip = Strip {
    name: "‖∇f‖",
    unit: "log₁₀",
    axis: Axis::Log,
    share: 0.28,
    value: |_, run, row| at(run, row, |trace| &trace.grad_norm),
};

const LR: Strip = Strip {
    name: "lr",
    unit: "log₁₀",
    axis: Axis::Log,
    share: 0.26,
    value: |_, run, row| led_here(run, row),
};

fn at(run: &Trajectory, row: usize, column: fn(&crate::optim::Trace) -> &Vec<f64>) -> f64 {
    column(run.trace()).get(row).copied().unwrap_or(f64::NAN)
}

/// The learning rate of the step that led to a row, as the command line writes it; the start has none.
fn led_here(run: &Trajectory, row: usize) -> f64 {
    row.checked_sub(1)
        .map_or(f64::NAN, |before| at(run, before, |trace| &trace.lr))
}

/// f - f*, or f - (lowest f on the screen) where there is no minimum.
fn above_minimum(lowest: f64, run: &Trajectory, row: usize) -> f64 {
    at(run, row, |trace| &trace.value) - lowest
}

/// The last measurement at or before a row.
fn measured(run: &Trajectory, row: usize, value: fn(&crate::model::Measurement) -> Option<f64>) -> f64 {
    let measurements = run.measurements();
    let after = measurements.partition_point(|(step, _)| *step <= row as u64);
    after
        .checked_sub(1)
        .and_then(|i| value(&measurements[i].1))
        .unwrap_or(f64::NAN)
}
