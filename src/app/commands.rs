//! Everything a user can do in one act: label, tooltip, shortcut, when it is possible, and what it does. Menus, buttons and keys all
//! send these, and they are performed in one place.

use std::path::PathBuf;

use eframe::egui::{self, Key, KeyboardShortcut, Modifiers};
use lucide_icons::Icon;

use super::state::State;
use crate::experiment::{Experiment, Layout, Problem, RunConfig, Source};
use crate::functions::FunctionConfig;

/// One act.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    NewExperiment,
    OpenDialog,
    ReopenLast,
    OpenCsvDialog,
    OpenHeightMapDialog,
    OpenHeightMap(PathBuf),
    OpenPath(PathBuf),
    OpenData(Source),
    ShowFunction(FunctionConfig),
    ShowLastFunction,
    ShowLastModel,
    Save,
    SaveAs,
    SaveTo(PathBuf),
    /// The model of this run at the playhead.
    SaveModelDialog(usize),
    SaveModelTo {
        run: usize,
        step: u64,
        path: PathBuf,
    },
    PredictDialog(Predictor),
    PredictOn(Predictor, PathBuf),
    SavePredictionsTo(PathBuf),
    OpenModelDialog,
    /// Asks for weights to start from.
    StartFromDialog,
    /// Lets all runs start from the weights in a file.
    StartFrom(PathBuf),
    ExportResultsDialog,
    ExportResultsTo {
        step: u64,
        path: PathBuf,
    },
    Quit,
    Undo,
    Redo,
    TogglePlay,
    StepBack,
    StepForward,
    ToStart,
    ToEnd,
    ToggleLoop,
    SideBySide,
    Overlay,
    Results,
    ToggleStates,
    ResetView,
    ToggleTheme,
    ToggleFullscreen,
    ToggleProblemPanel,
    ToggleRunsPanel,
    ToggleTimeline,
    ToggleArithmetic,
    AddRun,
    DuplicateRun(usize),
    RemoveRun(usize),
    CancelWork,
}

/// What predicts.
#[derive(Debug, Clone, PartialEq)]
pub enum Predictor {
    /// A run as it is at a step.
    Run { run: usize, step: u64 },
    /// A saved model.
    File(PathBuf),
}

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

impl Command {
    /// What is looked for among pressed keys.
    const WITH_KEYS: &'static [Self] = &[
        Self::NewExperiment,
        Self::OpenDialog,
        Self::OpenCsvDialog,
        Self::SaveAs,
        Self::Save,
        Self::Quit,
        Self::Redo,
        Self::Undo,
        Self::TogglePlay,
        Self::StepBack,
        Self::StepForward,
        Self::ToStart,
        Self::ToEnd,
        Self::ToggleLoop,
        Self::SideBySide,
        Self::Overlay,
        Self::Results,
        Self::ToggleStates,
        Self::ResetView,
        Self::ToggleTheme,
        Self::ToggleFullscreen,
        Self::ToggleProblemPanel,
        Self::ToggleRunsPanel,
        Self::ToggleTimeline,
        Self::ToggleArithmetic,
        Self::CancelWork,
    ];

    pub fn label(&self) -> &'static str {
        match self {
            Self::NewExperiment => "New experiment",
            Self::OpenDialog => "Open experiment…",
            Self::ReopenLast => "Reopen last experiment",
            Self::OpenCsvDialog => "Open CSV…",
            Self::OpenHeightMapDialog => "Open height map…",
            Self::OpenPath(_) | Self::OpenHeightMap(_) => "Open",
            Self::OpenData(_) => "Open data set",
            Self::ShowFunction(_) => "Show function",
            Self::ShowLastFunction => "Function",
            Self::ShowLastModel => "Network",
            Self::Save => "Save",
            Self::SaveAs | Self::SaveTo(_) => "Save as…",
            Self::SaveModelDialog(_) | Self::SaveModelTo { .. } => "Save model…",
            Self::PredictDialog(_) | Self::PredictOn(..) => "Predict on CSV…",
            Self::SavePredictionsTo(_) => "Save predictions",
            Self::OpenModelDialog => "A saved model…",
            Self::StartFromDialog | Self::StartFrom(_) => "Weights…",
            Self::ExportResultsDialog | Self::ExportResultsTo { .. } => "Export results…",
            Self::Quit => "Quit",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::TogglePlay => "Play or pause",
            Self::StepBack => "Step back",
            Self::StepForward => "Step forward",
            Self::ToStart => "To the start",
            Self::ToEnd => "To the end",
            Self::ToggleLoop => "Loop",
            Self::SideBySide => "Side by side",
            Self::Overlay => "Overlay",
            Self::Results => "Results",
            Self::ToggleStates => "What the rules know",
            Self::ResetView => "Reset view",
            Self::ToggleTheme => "Light or dark",
            Self::ToggleFullscreen => "Full screen",
            Self::ToggleProblemPanel => "Problem panel",
            Self::ToggleRunsPanel => "Runs panel",
            Self::ToggleTimeline => "Timeline",
            Self::ToggleArithmetic => "Arithmetic",
            Self::AddRun => "Add run",
            Self::DuplicateRun(_) => "Duplicate run",
            Self::RemoveRun(_) => "Remove run",
            Self::CancelWork => "Cancel",
        }
    }

    pub fn tooltip(&self) -> &'static str {
        match self {
            Self::NewExperiment => "Start over: Rosenbrock and six rules",
            Self::OpenDialog => "Open a saved experiment",
            Self::ReopenLast => "What was open when the window was closed the last time",
            Self::OpenCsvDialog => "Train a model on your own table",
            Self::OpenHeightMapDialog => "A landscape from a CSV grid of heights or a grey PNG picture",
            Self::OpenPath(_) | Self::OpenHeightMap(_) | Self::OpenData(_) | Self::ShowFunction(_) => "",
            Self::ShowLastFunction => "A landscape given by a formula",
            Self::ShowLastModel => "The loss of a model on data: your CSV, or one that comes with the program",
            Self::Save => "Write the experiment to its file",
            Self::SaveAs | Self::SaveTo(_) => "Write the experiment to a new file",
            Self::SaveModelDialog(_) | Self::SaveModelTo { .. } => {
                "Write this run's model as it is at the playhead: weights as safetensors, and all that it takes to predict"
            }
            Self::PredictDialog(_) | Self::PredictOn(..) => {
                "Let this model predict the rows of another file, prepared as the training rows were"
            }
            Self::SavePredictionsTo(_) => "Write what was predicted",
            Self::OpenModelDialog => "A model that was saved here or by train --save",
            Self::StartFromDialog | Self::StartFrom(_) => {
                "Start all runs from the weights of a safetensors file: a model saved here, or PyTorch's of the same layers. A last layer with other \
                 outputs starts fresh"
            }
            Self::ExportResultsDialog | Self::ExportResultsTo { .. } => {
                "Write every metric of every visible run on every set of rows, as they are at the playhead"
            }
            Self::Quit => "Close the window; the experiment is kept for next time",
            Self::Undo => "Take back the last change",
            Self::Redo => "Make it again",
            Self::TogglePlay => "Let the steps run, or hold them",
            Self::StepBack => "One step back",
            Self::StepForward => "One step on",
            Self::ToStart => "Show step 0",
            Self::ToEnd => "Show the last step",
            Self::ToggleLoop => "Start over at the end",
            Self::SideBySide => "One picture a run, moving together",
            Self::Overlay => "All runs on one picture",
            Self::Results => "How good the models are at this step: charts, metrics and a verdict",
            Self::ToggleStates => {
                "Over the landscape, of every run or, on a common picture, of the chosen one: −lr ∇f (white arrow), velocity (thin), the step \
                 that follows (bold), squared gradients (box), simplex, population, spread, proposals, best point (ring)"
            }
            Self::ResetView => "Show the whole landscape again",
            Self::ToggleTheme => "Switch between light and dark",
            Self::ToggleFullscreen => "Use the whole screen",
            Self::ToggleProblemPanel => "Show or fold the panel on the left",
            Self::ToggleRunsPanel => "Show or fold the panel on the right",
            Self::ToggleTimeline => "Show or fold the panel at the bottom",
            Self::ToggleArithmetic => "The next step of one run written out with its numbers",
            Self::AddRun => "Add another run from the same start",
            Self::DuplicateRun(_) => "A copy of this run, to change one thing",
            Self::RemoveRun(_) => "Take this run away (undo brings it back)",
            Self::CancelWork => "Stop what is being loaded or computed",
        }
    }

    pub fn icon(&self) -> Option<Icon> {
        Some(match self {
            Self::Save => Icon::Save,
            Self::Undo => Icon::Undo2,
            Self::Redo => Icon::Redo2,
            Self::StepBack => Icon::ChevronLeft,
            Self::StepForward => Icon::ChevronRight,
            Self::ToStart => Icon::SkipBack,
            Self::ToEnd => Icon::SkipForward,
            Self::ToggleLoop => Icon::Repeat,
            Self::ToggleTheme => Icon::Moon,
            Self::ToggleFullscreen => Icon::Maximize,
            Self::AddRun => Icon::Plus,
            Self::DuplicateRun(_) => Icon::Copy,
            Self::RemoveRun(_) => Icon::Trash2,
            Self::ResetView => Icon::Focus,
            Self::ToggleProblemPanel => Icon::PanelLeft,
            Self::ToggleRunsPanel => Icon::PanelRight,
            Self::ToggleTimeline => Icon::PanelBottom,
            _ => return None,
        })
    }

    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        let (modifiers, key) = match self {
            Self::NewExperiment => (Modifiers::COMMAND, Key::N),
            Self::OpenDialog => (Modifiers::COMMAND, Key::O),
            Self::OpenCsvDialog => (CTRL_SHIFT, Key::O),
            Self::Save => (Modifiers::COMMAND, Key::S),
            Self::SaveAs => (CTRL_SHIFT, Key::S),
            Self::Quit => (Modifiers::COMMAND, Key::Q),
            Self::Undo => (Modifiers::COMMAND, Key::Z),
            Self::Redo => (CTRL_SHIFT, Key::Z),
            Self::TogglePlay => (Modifiers::NONE, Key::Space),
            Self::StepBack => (Modifiers::NONE, Key::ArrowLeft),
            Self::StepForward => (Modifiers::NONE, Key::ArrowRight),
            Self::ToStart => (Modifiers::NONE, Key::Home),
            Self::ToEnd => (Modifiers::NONE, Key::End),
            Self::ToggleLoop => (Modifiers::NONE, Key::L),
            Self::SideBySide => (Modifiers::NONE, Key::Num1),
            Self::Overlay => (Modifiers::NONE, Key::Num2),
            Self::Results => (Modifiers::NONE, Key::Num3),
            Self::ToggleStates => (Modifiers::NONE, Key::S),
            Self::ResetView => (Modifiers::NONE, Key::Num0),
            Self::ToggleTheme => (Modifiers::COMMAND, Key::T),
            Self::ToggleFullscreen => (Modifiers::NONE, Key::F11),
            Self::ToggleProblemPanel => (Modifiers::NONE, Key::F6),
            Self::ToggleRunsPanel => (Modifiers::NONE, Key::F7),
            Self::ToggleTimeline => (Modifiers::NONE, Key::F8),
            Self::ToggleArithmetic => (Modifiers::NONE, Key::A),
            Self::CancelWork => (Modifiers::NONE, Key::Escape),
            _ => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    pub fn is_enabled(&self, state: &State) -> bool {
        match self {
            Self::Undo => state.undoer.has_undo(&state.doc),
            Self::Redo => state.undoer.has_redo(&state.doc),
            Self::AddRun | Self::DuplicateRun(_) => state.doc.runs.len() < crate::experiment::MAX_RUNS,
            Self::CancelWork => state.bench.is_loading(),
            Self::Results | Self::ExportResultsDialog | Self::SaveModelDialog(_) => {
                matches!(state.doc.problem, Problem::Model(_))
            }
            _ => true,
        }
    }

    /// The commands whose keys were pressed, as often as they were, unless a text field wants them.
    pub fn pressed(ctx: &egui::Context, state: &State) -> Vec<Self> {
        let typing = ctx.egui_wants_keyboard_input();
        let mut pressed = Vec::new();
        for command in Self::WITH_KEYS {
            let Some(keys) = command.shortcut().filter(|keys| !typing || keys.modifiers.command) else {
                continue;
            };
            // A key that does nothing now is left to others: Escape closes a list when there is nothing to cancel.
            if !command.is_enabled(state) {
                continue;
            }
            let times = ctx.input_mut(|input| input.count_and_consume_key(keys.modifiers, keys.logical_key));
            pressed.extend(std::iter::repeat_n(command, times).cloned());
        }
        pressed
    }
}

impl State {
    /// Performs a command.
    pub fn perform(&mut self, ctx: &egui::Context, command: Command) {
        if !command.is_enabled(self) {
            return;
        }
        let last = self.doc.steps;
        match command {
            Command::NewExperiment => self.replace(Experiment::default(), None),
            Command::OpenDialog => self.dialogs.open_experiment(ctx),
            Command::ReopenLast => self.reopen_last(),
            Command::OpenCsvDialog => self.dialogs.open_csv(ctx),
            Command::OpenHeightMapDialog => self.dialogs.open_height_map(ctx),
            Command::OpenHeightMap(path) => self.bench.read_height_map(path),
            Command::OpenPath(path) => self.open_path(path),
            Command::OpenData(source) => self.open_data(source),
            Command::ShowFunction(function) => self.show_function(function),
            Command::ShowLastFunction => self.show_last_function(),
            Command::ShowLastModel => self.show_model(),
            Command::Save => match self.file.clone() {
                Some(path) => self.save_to(path),
                None => self.dialogs.save_experiment(ctx, &self.title()),
            },
            Command::SaveAs => self.dialogs.save_experiment(ctx, &self.title()),
            Command::SaveTo(path) => self.save_to(path),
            Command::SaveModelDialog(run) => self.ask_where_to_save_model(ctx, run),
            Command::SaveModelTo { run, step, path } => self.bench.save_model(&self.doc, run, step, path),
            Command::PredictDialog(predictor) => self.dialogs.open_rows(ctx, predictor),
            Command::PredictOn(Predictor::Run { run, step }, data) => self.bench.predict(&self.doc, run, step, data),
            Command::PredictOn(Predictor::File(model), data) => self.bench.predict_with(model, data),
            Command::SavePredictionsTo(path) => self.bench.write_predictions(path),
            Command::OpenModelDialog => self.dialogs.open_model(ctx),
            Command::StartFromDialog => self.dialogs.open_weights(ctx),
            Command::StartFrom(path) => self.bench.read_weights(path),
            Command::ExportResultsDialog => self.dialogs.export_results(ctx, &self.title(), self.playback.step()),
            Command::ExportResultsTo { step, path } => self.bench.export_results(&self.doc, step, path),
            Command::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::TogglePlay => self.playback.toggle(last),
            Command::StepBack => self.playback.step_by(-1, last),
            Command::StepForward => self.playback.step_by(1, last),
            Command::ToStart => self.playback.go_to(0),
            Command::ToEnd => self.playback.go_to(last),
            Command::ToggleLoop => self.doc.view.looping ^= true,
            Command::SideBySide => self.doc.view.layout = Layout::SideBySide,
            Command::Overlay => self.doc.view.layout = Layout::Overlay,
            Command::Results => self.doc.view.layout = Layout::Results,
            Command::ToggleStates => self.doc.view.states ^= true,
            Command::ResetView => self.camera.reset(),
            Command::ToggleTheme => ctx.set_theme(if ctx.theme() == egui::Theme::Dark {
                egui::Theme::Light
            } else {
                egui::Theme::Dark
            }),
            Command::ToggleFullscreen => {
                let full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!full));
            }
            Command::ToggleProblemPanel => self.panels.toggle_problem(),
            Command::ToggleRunsPanel => self.panels.runs ^= true,
            Command::ToggleTimeline => self.panels.timeline ^= true,
            Command::ToggleArithmetic => self.panels.arithmetic ^= true,
            Command::AddRun => self.add_run(),
            Command::DuplicateRun(i) => self.duplicate_run(i),
            Command::RemoveRun(i) => {
                if i < self.doc.runs.len() {
                    self.doc.runs.remove(i);
                }
            }
            Command::CancelWork => self.bench.cancel_loading(),
        }
    }

    /// The model shown before, or the first data set that comes with the program.
    fn show_model(&mut self) {
        if !self.show_last_model() {
            self.open_data(Source::default());
        }
    }

    fn add_run(&mut self) {
        let mut run = RunConfig::of(crate::optim::OptimizerConfig::default(), self.doc.free_style());
        run.name = self.doc.free_name(&run.name);
        run.look.open = true;
        self.doc.runs.push(run);
    }

    fn duplicate_run(&mut self, i: usize) {
        let Some(original) = self.doc.runs.get(i) else {
            return;
        };
        let mut copy = original.clone();
        copy.name = self.doc.free_name(&original.name);
        copy.look.style = self.doc.free_style();
        self.doc.runs.insert(i + 1, copy);
    }
}
