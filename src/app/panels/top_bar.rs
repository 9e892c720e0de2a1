//! Menus, the choice of view, the protocol sentence, and what is wanted often.

use eframe::egui::{Align, Button, Layout, MenuBar, Sense, Ui, text::LayoutJob, vec2};
use lucide_icons::Icon;

use crate::app::commands::{Command, Predictor};
use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::{command_button, icon_sized, segmented};
use crate::data::{BUNDLED, GENERATED};
use crate::experiment::{self, Problem, Source};

/// Rows of a generated data set at first.
const GENERATED_ROWS: u64 = 300;

pub fn top_bar_ui(ui: &mut Ui, state: &mut State) {
    let height = ui.available_height();
    MenuBar::new().ui(ui, |ui| {
        ui.set_height(height);
        logo(ui);
        menus(ui, state);
        ui.add_space(space::L);
        layouts(ui, state);
        ui.add_space(space::L);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            for command in [
                Command::ToggleFullscreen,
                Command::ToggleTheme,
                Command::ToggleRunsPanel,
                Command::ToggleTimeline,
                Command::ToggleProblemPanel,
                Command::ResetView,
                Command::Save,
                Command::Redo,
                Command::Undo,
            ] {
                command_button(ui, state, command);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| protocol(ui, state));
        });
    });
}

/// What stands in the centre; of a function there are no results.
fn layouts(ui: &mut Ui, state: &mut State) {
    let all = [Command::SideBySide, Command::Overlay, Command::Results];
    let offered: Vec<&Command> = all.iter().filter(|command| command.is_enabled(state)).collect();
    let labels: Vec<&str> = offered.iter().map(|command| command.label()).collect();
    let chosen = match state.layout() {
        experiment::Layout::SideBySide => 0,
        experiment::Layout::Overlay => 1,
        experiment::Layout::Results => 2,
    };
    ui.allocate_ui(vec2(82.0 * labels.len() as f32, 26.0), |ui| {
        if let Some(i) = segmented(ui, &labels, chosen) {
            state.send(offered[i].clone());
        }
    });
}

/// The wave in its square.
fn logo(ui: &mut Ui) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
    ui.painter().rect_filled(rect, 5.0, t.accent);
    let wave = (0..=12).map(|i| {
        let u = i as f32 / 12.0;
        rect.left_center() + vec2(3.0 + 14.0 * u, -5.0 * (u * std::f32::consts::TAU).sin() * (1.0 - 0.5 * u))
    });
    ui.painter().line(wave.collect(), eframe::egui::Stroke::new(1.8, t.on_accent));
    ui.add_space(space::S);
}

fn menus(ui: &mut Ui, state: &mut State) {
    ui.menu_button("File", |ui| {
        for command in [
            Command::NewExperiment,
            Command::OpenDialog,
            Command::ReopenLast,
            Command::OpenCsvDialog,
            Command::OpenHeightMapDialog,
        ] {
            entry(ui, state, command);
        }
        ui.menu_button("Data sets", |ui| data_sets(ui, state));
        ui.separator();
        entry(ui, state, Command::Save);
        entry(ui, state, Command::SaveAs);
        ui.separator();
        entry(ui, state, Command::Quit);
    });
    ui.menu_button("Edit", |ui| {
        for command in [Command::Undo, Command::Redo, Command::AddRun] {
            entry(ui, state, command);
        }
    });
    ui.menu_button("Model", |ui| model_menu(ui, state));
    ui.menu_button("View", |ui| {
        for command in [
            Command::SideBySide,
            Command::Overlay,
            Command::Results,
            Command::ToggleStates,
            Command::ResetView,
        ] {
            entry(ui, state, command);
        }
        ui.separator();
        for command in [
            Command::ToggleArithmetic,
            Command::ToggleProblemPanel,
            Command::ToggleRunsPanel,
            Command::ToggleTimeline,
        ] {
            entry(ui, state, command);
        }
        ui.separator();
        entry(ui, state, Command::ToggleTheme);
        entry(ui, state, Command::ToggleFullscreen);
    });
    ui.menu_button("Play", |ui| {
        for command in [
            Command::TogglePlay,
            Command::StepBack,
            Command::StepForward,
            Command::ToStart,
            Command::ToEnd,
            Command::ToggleLoop,
        ] {
            entry(ui, state, command);
        }
    });
}

/// What can be done with trained models; a run is chosen by its name.
fn model_menu(ui: &mut Ui, state: &mut State) {
    let is_model = matches!(state.doc.problem, Problem::Model(_));
    let step = state.playback.step();
    let runs: Vec<String> = state.doc.runs.iter().map(|run| run.name.clone()).collect();
    let save = |run| Command::SaveModelDialog(run);
    ui.add_enabled_ui(is_model, |ui| {
        ui.menu_button(save(0).label(), |ui| of_runs(ui, state, &runs, save))
            .response
            .on_hover_text(save(0).tooltip());
    });
    let predict = |run| Command::PredictDialog(Predictor::Run { run, step });
    let menu = ui.menu_button(predict(0).label(), |ui| {
        if is_model {
            of_runs(ui, state, &runs, predict);
            ui.separator();
        }
        entry(ui, state, Command::OpenModelDialog);
    });
    menu.response.on_hover_text(predict(0).tooltip());
    ui.separator();
    entry(ui, state, Command::ExportResultsDialog);
}

/// A line for every run, which sends the command about it.
fn of_runs(ui: &mut Ui, state: &mut State, runs: &[String], command: impl Fn(usize) -> Command) {
    for (i, name) in runs.iter().enumerate() {
        if ui.button(name).clicked() {
            state.send(command(i));
            ui.close();
        }
    }
}

fn entry(ui: &mut Ui, state: &mut State, command: Command) {
    let keys = command
        .shortcut()
        .map(|keys| ui.ctx().format_shortcut(&keys))
        .unwrap_or_default();
    let button = Button::new(command.label()).shortcut_text(keys);
    let response = ui
        .add_enabled(command.is_enabled(state), button)
        .on_hover_text(command.tooltip());
    if response.clicked() {
        state.send(command);
        ui.close();
    }
}

/// Data that are one click away.
pub fn data_sets(ui: &mut Ui, state: &mut State) {
    for set in BUNDLED {
        let source = Source::Bundled { id: set.id.to_owned() };
        data_set(ui, state, set.title, &format!("{}\n{}", set.origin, set.licence), source);
    }
    ui.separator();
    for set in GENERATED {
        let source = Source::Generated {
            id: set.id.to_owned(),
            rows: GENERATED_ROWS,
            noise: set.noise,
            seed: 0,
        };
        data_set(ui, state, set.title, set.origin, source);
    }
}

fn data_set(ui: &mut Ui, state: &mut State, title: &str, about: &str, source: Source) {
    if ui.button(title).on_hover_text(about).clicked() {
        state.send(Command::OpenData(source));
        ui.close();
    }
}

/// What all runs have in common, in one sentence that is made from the state.
fn protocol(ui: &mut Ui, state: &State) {
    let t = tokens(ui);
    ui.label(icon_sized(Icon::Lock, 12.0).color(t.text3))
        .on_hover_text("The replay is exact: same experiment, same seed, same bits");
    let mut job = LayoutJob::default();
    let mut word = |text: &str, is_number: bool| {
        let (font, colour) = if is_number {
            (font::number(), t.text)
        } else {
            (font::body(), t.text2)
        };
        job.append(text, 0.0, eframe::egui::TextFormat::simple(font, colour));
    };
    match &state.doc.problem {
        Problem::Function(problem) => {
            word("Same start ", false);
            word(
                &format!(
                    "({}, {})",
                    number::coordinate(problem.start[0]),
                    number::coordinate(problem.start[1])
                ),
                true,
            );
            if problem.noise.gradient > 0.0 {
                word("  ·  same noise σ ", false);
                word(&number::setting(problem.noise.gradient), true);
            } else {
                word("  ·  noise off", false);
            }
        }
        Problem::Model(problem) => {
            word("Same weights, ", false);
            match problem.batch {
                Some(batch) => {
                    word("same batches of ", false);
                    word(&number::whole(batch), true);
                }
                None => word("full batch", false),
            }
        }
    }
    word("  ·  seed ", false);
    word(&state.doc.seed.to_string(), true);
    word("  ·  each run its own lr", false);
    ui.add(eframe::egui::Label::new(job).truncate());
}
