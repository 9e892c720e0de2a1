//! The window's own work: how long a frame takes while a menu is opened, every slider is dragged and the playhead is scrubbed, with twelve
//! runs of 5,000 steps. Everything is done on one core, the work of the threads too; nothing is painted on a screen.
//!
//!     cargo bench --features ui-tests --bench frame
//!
//! Prints a line of JSON an act, and fails if one of them takes longer than a frame of 16 ms at the median.

#[path = "../tests/window/driver.rs"]
#[allow(dead_code, reason = "the tests of the window need more of it")]
mod driver;

use std::process::ExitCode;
use std::time::Instant;

use driver::Window;
use eframe::egui::accesskit::Role;
use eframe::egui::{Pos2, vec2};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT as _, Queryable as _, by};
use optiscope::experiment::{Experiment, RunConfig, save};
use optiscope::optim::OptimizerConfig;

const STEPS: u64 = 5_000;
const LIMIT_MS: f64 = 16.0;
/// Moves of the pointer in a drag.
const MOVES: usize = 24;
const RULES: [&str; 12] = [
    "sgd",
    "momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "adamw",
    "lion",
    "lbfgs",
    "newton",
    "simulated_annealing",
    "random_restarts",
];

/// Things that a user does, and the milliseconds of every frame meanwhile.
type Act = fn(&mut Window) -> Vec<(String, Vec<f64>)>;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder for the experiment");
    let file = folder.path().join("twelve.optiscope");
    save(&twelve(), &file).expect("the experiment can be saved");
    let mut window = Window::with(vec2(1280.0, 800.0), 1.0, Some(file));
    window.finish();
    window.click("Pause");
    let acts: [Act; 5] = [stand_still, open_menus, drag_sliders, drag_start, scrub];
    let mut slow = false;
    for (name, mut times) in acts.into_iter().flat_map(|act| act(&mut window)) {
        times.sort_by(f64::total_cmp);
        let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
        println!(
            r#"{{"act": "{name}", "frames": {}, "median_ms": {median:.2}, "max_ms": {most:.2}, "limit_ms": {LIMIT_MS}}}"#,
            times.len()
        );
        slow |= median > LIMIT_MS;
    }
    if slow { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn twelve() -> Experiment {
    let rules = RULES
        .iter()
        .map(|id| OptimizerConfig::from_id(id).expect("a rule of the catalogue"));
    Experiment {
        runs: rules.zip(0..).map(|(rule, style)| RunConfig::of(rule, style)).collect(),
        steps: STEPS,
        ..Experiment::default()
    }
}

/// One frame, and how long it took, in milliseconds.
fn frame(window: &mut Window) -> f64 {
    let began = Instant::now();
    window.harness.step();
    began.elapsed().as_secs_f64() * 1e3
}

fn stand_still(window: &mut Window) -> Vec<(String, Vec<f64>)> {
    vec![("stand still".to_owned(), (0..60).map(|_| frame(window)).collect())]
}

fn open_menus(window: &mut Window) -> Vec<(String, Vec<f64>)> {
    let menus = ["File", "View", "SGD rule", "Momentum rule", "Adagrad rule"].map(|menu| {
        window.find(menu).click();
        let times = (0..6).map(|_| frame(window)).collect();
        window.key(eframe::egui::Key::Escape);
        window.frames(3);
        (format!("open {menu}"), times)
    });
    menus.to_vec()
}

/// Presses, moves to and fro, and lets go.
fn drag(window: &mut Window, from: Pos2, by: f32) -> Vec<f64> {
    window.harness.hover_at(from);
    window.harness.drag_at(from);
    window.frames(1);
    let times = (0..MOVES).map(|k| {
        let part = (std::f32::consts::TAU * k as f32 / MOVES as f32).sin();
        window.harness.hover_at(from + vec2(by * part, 0.0));
        frame(window)
    });
    let times = times.collect();
    window.harness.drop_at(from);
    window.frames(2);
    times
}

fn drag_sliders(window: &mut Window) -> Vec<(String, Vec<f64>)> {
    let sliders: Vec<(String, Pos2)> = {
        let sliders = window.harness.query_all(by().role(Role::Slider));
        let screen = eframe::egui::Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 560.0));
        let name = |node: &Node<'_>| node.accesskit_node().label().unwrap_or_default();
        sliders
            .map(|node| (name(&node), node.rect().center()))
            .filter(|(_, at)| screen.contains(*at))
            .collect()
    };
    assert!(sliders.len() > 5, "there are sliders to drag");
    let drags = sliders
        .into_iter()
        .map(|(name, at)| (format!("drag {name}"), drag(window, at, 20.0)));
    drags.collect()
}

fn drag_start(window: &mut Window) -> Vec<(String, Vec<f64>)> {
    let start = window.function().start;
    let at = window.place("Landscape SGD", start);
    vec![("drag the start".to_owned(), drag(window, at, 25.0))]
}

fn scrub(window: &mut Window) -> Vec<(String, Vec<f64>)> {
    let at = window.rect("playhead").center();
    vec![("scrub".to_owned(), drag(window, at, 280.0))]
}
