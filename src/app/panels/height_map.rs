//! A landscape of heights: loaded from a file, or drawn with a brush on any of the pictures.

use eframe::egui::{Response, Slider, Stroke, Ui, WidgetInfo};

use crate::app::camera::PaneMap;
use crate::app::commands::Command;
use crate::app::state::State;
use crate::app::theme::on_map;
use crate::app::widgets::controls::{quiet, row, segmented};
use crate::experiment::Problem;
use crate::functions::{FunctionConfig, HeightMap, TestFunction as _};

/// What the pointer does on a height map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// What it does everywhere else.
    #[default]
    Move,
    Raise,
    Lower,
}

const MODES: [(Mode, &str); 3] = [(Mode::Move, "Move"), (Mode::Raise, "Raise"), (Mode::Lower, "Lower")];

/// The brush.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Brush {
    pub mode: Mode,
    /// As a share of the width of the landscape.
    pub radius: f64,
    /// Height that a second of painting adds.
    pub strength: f64,
}

impl Default for Brush {
    fn default() -> Self {
        Self {
            mode: Mode::Move,
            radius: 0.12,
            strength: 2.0,
        }
    }
}

pub fn height_map_ui(ui: &mut Ui, state: &mut State, map: &HeightMap) {
    quiet(ui, map.formula());
    let load = ui.button("Load from file…");
    if load
        .on_hover_text("A CSV grid of numbers without a header, or a grey PNG picture: black is low")
        .clicked()
    {
        state.send(Command::OpenHeightMapDialog);
    }
    let chosen = MODES.iter().position(|(mode, _)| *mode == state.brush.mode).unwrap_or(0);
    if let Some(i) = segmented(ui, &MODES.map(|(_, label)| label), chosen) {
        state.brush.mode = MODES[i].0;
    }
    if state.brush.mode == Mode::Move {
        quiet(ui, "Raise or Lower: draw on any picture");
        return;
    }
    if is_laid(state) {
        quiet(ui, "Drawn on only where it is not turned, stretched or moved");
    }
    for (name, value, range) in [
        ("Brush size", &mut state.brush.radius, 0.02..=0.5),
        ("Strength", &mut state.brush.strength, 0.1..=20.0),
    ] {
        row(ui, name, |ui| {
            let response = ui.add(Slider::new(value, range).logarithmic(true).max_decimals(2));
            let shown = *value;
            response.widget_info(|| WidgetInfo::slider(true, shown, name));
        });
    }
}

fn is_laid(state: &State) -> bool {
    matches!(&state.doc.problem, Problem::Function(problem) if !problem.transform.is_identity())
}

/// Paints with the brush where the pointer is; true if the brush has the pointer.
pub fn paint(ui: &Ui, state: &mut State, map: &PaneMap, response: &Response) -> bool {
    let brush = state.brush;
    let is_laid = is_laid(state);
    let Problem::Function(problem) = &mut state.doc.problem else {
        return false;
    };
    let FunctionConfig::HeightMap(heights) = &mut problem.function else {
        return false;
    };
    // On a turned or stretched map the brush would not be where the pointer is.
    if brush.mode == Mode::Move || is_laid {
        return false;
    }
    let [[left, right], _] = crate::functions::AnyFunction::domain(heights);
    let radius = brush.radius * (right - left);
    if let Some(at) = response.hover_pos() {
        let edge = map.to_plane(at)[0] + radius;
        let on_screen = (map.to_screen([edge, map.to_plane(at)[1]]) - at).length();
        let painter = ui.painter().with_clip_rect(map.rect);
        painter.circle_stroke(at, on_screen, Stroke::new(2.6, on_map::CASING));
        painter.circle_stroke(at, on_screen, Stroke::new(1.2, on_map::LABEL));
    }
    if response.is_pointer_button_down_on()
        && let Some(at) = response.interact_pointer_pos()
    {
        let seconds = f64::from(ui.input(|input| input.stable_dt.min(0.05)));
        let sign = if brush.mode == Mode::Lower { -1.0 } else { 1.0 };
        heights.stroke(map.to_plane(at), radius, sign * brush.strength * seconds);
        ui.ctx().request_repaint();
    }
    true
}
