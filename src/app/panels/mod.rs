//! The panels around the pictures, each in a file of its own.

mod arithmetic;
mod centre;
mod columns;
mod data;
mod findings;
mod first_rows;
mod folds;
pub mod formula;
mod function;
pub mod height_map;
mod how_read;
mod landscapes;
mod messages;
mod model;
mod panes;
mod problem;
mod readings;
mod recipe;
mod results;
mod rule_menu;
mod run_card;
mod runs;
mod schedule;
mod slice;
mod split;
mod start;
mod strips;
mod timeline;
mod top_bar;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, Stroke, Ui};

use super::state::State;
use super::theme::{Tokens, space, tokens};
use crate::experiment::Problem;

const TOP: f32 = 36.0;
const LEFT: f32 = 260.0;
const RIGHT: f32 = 272.0;
const BOTTOM: f32 = 236.0;
/// Models have more strips.
const BOTTOM_OF_MODEL: f32 = 276.0;
/// Height of the arithmetic at first; it can be dragged.
const ARITHMETIC: f32 = 176.0;
/// Narrower windows fold the left panel by themselves.
const NARROW: f32 = 1100.0;
/// Windows lower than this get a lower timeline.
const LOW: f32 = 760.0;

/// Draws everything.
pub fn window_ui(ui: &mut Ui, state: &mut State) {
    let t = tokens(ui);
    let size = ui.available_size();
    Panel::top("top")
        .exact_size(TOP)
        .resizable(false)
        .frame(frame(t, 8, 0))
        .show(ui, |ui| top_bar::top_bar_ui(ui, state));
    if state.panels.runs {
        let panel = Panel::right("runs").exact_size(RIGHT).resizable(false);
        panel.frame(frame(t, 10, 8)).show(ui, |ui| runs::runs_ui(ui, state));
    }
    if state.panels.timeline {
        let wanted = if matches!(state.doc.problem, Problem::Model(_)) {
            BOTTOM_OF_MODEL
        } else {
            BOTTOM
        };
        let height = if size.y < LOW { wanted - 30.0 } else { wanted };
        let panel = Panel::bottom("timeline").exact_size(height).resizable(false);
        panel.frame(frame(t, 12, 6)).show(ui, |ui| timeline::timeline_ui(ui, state));
    }
    state.panels.narrow = size.x < NARROW;
    if state.panels.problem_is_shown() {
        let panel = Panel::left("problem").exact_size(LEFT).resizable(false);
        panel
            .frame(frame(t, space::XXL as i8, 10))
            .show(ui, |ui| problem::problem_ui(ui, state));
    }
    if state.panels.arithmetic {
        let panel = Panel::bottom("arithmetic").default_size(ARITHMETIC).resizable(true);
        panel
            .frame(frame(t, 12, 6))
            .show(ui, |ui| arithmetic::arithmetic_ui(ui, state));
    }
    let centre = Frame::new().fill(t.bg).inner_margin(Margin::symmetric(9, 8));
    CentralPanel::no_frame()
        .frame(centre)
        .show(ui, |ui| centre::centre_ui(ui, state));
    messages::messages_ui(ui, state);
}

fn frame(t: &Tokens, x: i8, y: i8) -> Frame {
    Frame::new()
        .fill(t.panel)
        .stroke(Stroke::new(1.0, t.line))
        .inner_margin(Margin::symmetric(x, y))
}
