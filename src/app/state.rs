//! All that the window knows: the document, and how it is being looked at at this moment.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::Context;
use eframe::egui::util::undoer::Undoer;

use super::camera::Camera;
use super::charts::Pictures;
use super::commands::{Command, Predictor};
use super::dialogs::{Answer, Asked, Dialogs};
use super::notices::Notices;
use super::panels::formula::Draft;
use super::panels::height_map::Brush;
use super::playback::Playback;
use super::plots::heat::Heat;
use super::plots::strip;
use super::store::Store;
use super::widgets::controls::take_refusal;
use super::widgets::thumbnail::Thumbnails;
use crate::data::Table;
use crate::experiment::{self, Experiment, FunctionProblem, Layout, ModelProblem, Problem, ResultsView, Source};
use crate::functions::FunctionConfig;
use crate::model::StartWeights;
use crate::objective::Offer;
use crate::workbench::{Look, Opened, Outcome, Pool, StandingLook, Workbench};

const NO_DIALOG: &str = "The system showed no file dialog (it needs a desktop portal, or zenity).";

/// Which panels are unfolded.
#[derive(Debug, Clone, PartialEq)]
pub struct Panels {
    /// As the user wants it; none = as the width of the window suggests.
    problem: Option<bool>,
    pub runs: bool,
    pub timeline: bool,
    /// The arithmetic of the chosen run.
    pub arithmetic: bool,
    /// Whether the window is narrow.
    pub narrow: bool,
}

impl Panels {
    pub fn problem_is_shown(&self) -> bool {
        self.problem.unwrap_or(!self.narrow)
    }

    pub fn toggle_problem(&mut self) {
        self.problem = Some(!self.problem_is_shown());
    }
}

/// The window's state.
pub struct State {
    pub doc: Experiment,
    /// The file of the document, if it has one.
    pub file: Option<PathBuf>,
    pub undoer: Undoer<Experiment>,
    pub bench: Workbench,
    pub playback: Playback,
    pub camera: Camera,
    pub panels: Panels,
    pub notices: Notices,
    pub dialogs: Dialogs,
    pub heat: Heat,
    pub thumbnails: Thumbnails,
    /// What models answer over their features.
    pub answers: Pictures,
    /// What draws on a height map.
    pub brush: Brush,
    /// The formula as it stands in its field.
    pub formula: Draft,
    /// What is searched for in the catalogue of functions.
    pub search: String,
    /// Commands to be performed before the next frame is drawn.
    pub inbox: Vec<Command>,
    /// The experiment on a function to go back to from a model.
    last_function: Experiment,
    /// The experiment on a model to go back to from a function.
    last_model: Option<Experiment>,
    /// The run that is looked at closely: the first visible one unless another was chosen.
    chosen: Option<usize>,
    /// The variables of which the arithmetic is written out.
    pub coordinates: [u64; 2],
    /// Step under the pointer in the strips, while it is there.
    pub hovered_step: Option<u64>,
    /// Columns of the strips, from the last frame.
    pub strips: strip::Cache,
    /// The lowest value on any run.
    pub lowest_visited: f64,
    saved: Experiment,
    reconciled: Option<Experiment>,
    store: Store,
}

impl State {
    /// The state at the start: the welcome.
    pub fn new(pool: Pool, ctx: &Context, store: Store) -> Self {
        let waker = ctx.clone();
        let notify: crate::workbench::Notify = Arc::new(move || waker.request_repaint());
        let doc = Experiment::default();
        Self {
            saved: doc.clone(),
            file: None,
            undoer: Undoer::default(),
            bench: Workbench::new(pool, notify),
            playback: Playback::default(),
            camera: Camera::default(),
            panels: Panels {
                problem: None,
                runs: true,
                timeline: true,
                arithmetic: false,
                narrow: false,
            },
            notices: Notices::default(),
            dialogs: Dialogs::new(store.is_of_desktop()),
            heat: Heat::default(),
            thumbnails: Thumbnails::default(),
            answers: Pictures::default(),
            brush: Brush::default(),
            formula: Draft::default(),
            search: String::new(),
            inbox: Vec::new(),
            last_function: Experiment::default(),
            last_model: None,
            chosen: None,
            coordinates: [0, 1],
            hovered_step: None,
            strips: strip::Cache::default(),
            lowest_visited: f64::INFINITY,
            reconciled: None,
            doc,
            store,
        }
    }

    /// Queues a command.
    pub fn send(&mut self, command: Command) {
        self.inbox.push(command);
    }

    /// What happens between two frames: keys, commands, results, time.
    pub fn logic(&mut self, ctx: &Context) {
        let pressed = Command::pressed(ctx, self);
        self.inbox.extend(pressed);
        self.take_dropped_files(ctx);
        self.take_answers();
        for command in std::mem::take(&mut self.inbox) {
            self.perform(ctx, command);
        }
        self.follow_document(ctx);
        if self.bench.poll(&self.doc) {
            self.update_lowest();
        }
        self.take_opened();
        self.take_height_map();
        self.take_outcome(ctx);
        let seconds = ctx.input(|input| f64::from(input.stable_dt.min(0.1)));
        let known = self.bench.known_step(self.doc.steps);
        self.playback
            .advance(seconds, self.doc.view.speed, self.doc.view.looping, self.doc.steps, known);
        if self.doc.problem.is_on_plane() {
            self.bench.probe(&self.doc, self.playback.step());
        }
        self.look_inside();
        self.look_at_results();
        self.notices.advance(seconds);
    }

    /// Asks what the rules know at the playhead, where that is shown: of every run in a picture of its own, of one on a common picture.
    fn look_inside(&mut self) {
        let on_pictures = self.doc.view.states && self.layout() != Layout::Results;
        if !(on_pictures || self.panels.arithmetic) {
            self.bench.look_away();
            return;
        }
        let written_out = self.chosen_run().filter(|_| self.panels.arithmetic);
        let look = |i: usize| Look {
            inside: self.is_looked_into(i),
            written_out: (written_out == Some(i)).then_some(self.coordinates.map(|i| i as usize)),
        };
        let looks: Vec<Look> = (0..self.doc.runs.len()).map(look).collect();
        self.bench.look_inside(&self.doc, &looks, self.playback.step());
    }

    /// Asks how the runs stand at the playhead, where that is shown.
    fn look_at_results(&mut self) {
        let is_shown = self.layout() == Layout::Results;
        let ResultsView {
            class,
            features,
            all_folds,
            ..
        } = self.doc.view.results;
        if is_shown && all_folds {
            self.bench.cross_validate(&self.doc);
        } else {
            self.bench.stop_cross_validating();
        }
        if !is_shown {
            self.bench.stop_standing();
            return;
        }
        let look = StandingLook { class, features };
        self.bench.stand(&self.doc, look, self.playback.step());
    }

    /// What stands in the centre: of a function there are no results.
    pub fn layout(&self) -> Layout {
        match (self.doc.view.layout, &self.doc.problem) {
            (Layout::Results, Problem::Function(_)) => Layout::SideBySide,
            (layout, _) => layout,
        }
    }

    /// Whether what the rule of run `i` knows is drawn.
    pub fn is_looked_into(&self, i: usize) -> bool {
        let is_visible = self.doc.runs.get(i).is_some_and(|run| run.look.visible);
        let is_alone = self.layout() == Layout::SideBySide;
        let on_pictures = self.doc.view.states && self.layout() != Layout::Results;
        on_pictures && is_visible && (is_alone || self.chosen_run() == Some(i))
    }

    /// What the problem offers to rules; nothing while its data are not there.
    pub fn offer(&self) -> Option<Offer> {
        let model = self.bench.data().model_for(&self.doc);
        self.doc.offer(model.as_ref())
    }

    /// The run that is looked at closely.
    pub fn chosen_run(&self) -> Option<usize> {
        let is_visible = |i: &usize| self.doc.runs.get(*i).is_some_and(|run| run.look.visible);
        self.chosen
            .filter(is_visible)
            .or_else(|| (0..self.doc.runs.len()).find(is_visible))
    }

    /// Looks closely at another run.
    pub fn choose_run(&mut self, i: usize) {
        self.chosen = Some(i);
    }

    /// What happens after a frame was drawn and the document perhaps edited.
    pub fn after_ui(&mut self, ctx: &Context) {
        if let Some(refusal) = take_refusal(ctx) {
            self.notices.error(refusal);
        }
        let time = ctx.input(|input| input.time);
        self.undoer.feed_state(time, &self.doc);
        self.follow_document(ctx);
        if self.playback.playing || self.bench.is_busy() || self.dialogs.is_open() || self.notices.are_fading() {
            ctx.request_repaint();
        }
    }

    /// Lets the workbench follow the document. While the pointer is down, a model does not: its runs take longer than a frame,
    /// and would start over at every move of a slider.
    fn follow_document(&mut self, ctx: &Context) {
        if self.reconciled.as_ref() == Some(&self.doc) {
            return;
        }
        let dear = self.doc.problem.is_on_plane();
        if dear && self.reconciled.is_some() && ctx.input(|input| input.pointer.any_down()) {
            return;
        }
        self.bench.reconcile(&self.doc);
        self.reconciled = Some(self.doc.clone());
    }

    fn take_answers(&mut self) {
        for answer in self.dialogs.poll() {
            match answer {
                Answer::Chosen(command) => self.inbox.push(command),
                Answer::Closed => {}
                Answer::NotThere(Asked::Open) => self.notices.error(format!(
                    "{NO_DIALOG} Drop the file on the window instead, or start with its name: optiscope FILE"
                )),
                Answer::NotThere(Asked::Save) => self.notices.error(format!(
                    "{NO_DIALOG} There is no folder for documents either; nothing was saved"
                )),
            }
        }
    }

    /// Asks where the model of a run as it is now is to be saved.
    pub fn ask_where_to_save_model(&mut self, ctx: &Context, run: usize) {
        let Some(name) = self.doc.runs.get(run).map(|run| run.name.clone()) else {
            return;
        };
        let name = format!("{} {name}", self.title());
        self.dialogs.save_model(ctx, &name, run, self.playback.step());
    }

    /// Tells what came of an errand, and asks where predictions are to be saved.
    fn take_outcome(&mut self, ctx: &Context) {
        match self.bench.take_outcome() {
            None => {}
            Some(Err(why)) => self.notices.error(why),
            Some(Ok(Outcome::Told(what))) => self.notices.info(what),
            Some(Ok(Outcome::Weights(weights))) => self.start_from(weights),
            Some(Ok(Outcome::Predicted(predicted))) => {
                self.notices.info(predicted.told());
                self.dialogs.save_predictions(ctx, &predicted.suggested_name());
                self.bench.keep_predictions(*predicted);
            }
        }
    }

    fn take_dropped_files(&mut self, ctx: &Context) {
        let files = ctx.input(|input| input.raw.dropped_files.clone());
        let path = files.first().map(|file| file.path().to_owned());
        self.inbox.extend(path.map(Command::OpenPath));
    }

    /// Opens a file, whatever it is: an experiment, a picture of heights or a saved model by its ending, anything else as data.
    pub fn open_path(&mut self, path: PathBuf) {
        if path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("optiscope"))
        {
            self.open_experiment(&path);
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png")) {
            self.bench.read_height_map(path);
        } else if path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("safetensors"))
        {
            self.send(Command::PredictDialog(Predictor::File(path)));
        } else {
            self.open_data(Source::file(path));
        }
    }

    fn open_experiment(&mut self, path: &Path) {
        match experiment::load(path) {
            Err(error) => self.notices.error(error.to_string()),
            Ok(opened) => match &opened.problem {
                Problem::Function(_) => self.replace(opened, Some(path.to_owned())),
                // What is open stays open until the data are there.
                Problem::Model(problem) => self.bench.open(Opened {
                    source: problem.source.clone(),
                    experiment: Some((opened, path.to_owned())),
                }),
            },
        }
    }

    /// Starts to load data; the experiment changes when they are there.
    pub fn open_data(&mut self, source: Source) {
        self.bench.open(Opened {
            source,
            experiment: None,
        });
    }

    fn take_height_map(&mut self) {
        match self.bench.take_height_map() {
            Some(Ok(map)) => self.show_function(FunctionConfig::HeightMap(map)),
            Some(Err(error)) => self.notices.error(error.to_string()),
            None => {}
        }
    }

    /// Lets all runs start from these weights.
    fn start_from(&mut self, weights: StartWeights) {
        if let Problem::Model(problem) = &mut self.doc.problem {
            problem.start = Some(weights);
        }
    }

    fn take_opened(&mut self) {
        let Some((opened, result)) = self.bench.data_mut().take_opened() else {
            return;
        };
        match (result, opened.experiment) {
            (Err(error), _) => self.notices.error(error.to_string()),
            (Ok(_), Some((experiment, path))) => self.replace(experiment, Some(path)),
            (Ok(table), None) => self.show_data(opened.source, &table),
        }
    }

    /// Trains on a table that was just loaded, with what the table itself suggests.
    fn show_data(&mut self, source: Source, table: &Table) {
        if matches!(&self.doc.problem, Problem::Model(problem) if problem.source == source) {
            self.reconciled = None;
            return;
        }
        match ModelProblem::suggested(source, table) {
            Ok(problem) => {
                self.remember_problem();
                self.doc.show_model(problem);
                self.start_over();
            }
            Err(error) => self.notices.error(error.to_string()),
        }
    }

    /// Shows a function, with the runs that were on functions before.
    pub fn show_function(&mut self, function: FunctionConfig) {
        self.remember_problem();
        if matches!(self.doc.problem, Problem::Model(_)) {
            self.doc = self.last_function.clone();
        }
        self.doc.problem = Problem::Function(FunctionProblem::of(function));
        self.start_over();
    }

    fn remember_problem(&mut self) {
        match &self.doc.problem {
            Problem::Function(_) => self.last_function = self.doc.clone(),
            Problem::Model(_) => self.last_model = Some(self.doc.clone()),
        }
    }

    /// Goes back to the function that was shown before the model.
    pub fn show_last_function(&mut self) {
        if matches!(self.doc.problem, Problem::Model(_)) {
            self.remember_problem();
            self.doc = self.last_function.clone();
            self.start_over();
        }
    }

    /// Goes back to the model that was shown before the function; true if there was one.
    pub fn show_last_model(&mut self) -> bool {
        let Some(model) = self.last_model.clone() else {
            return false;
        };
        self.remember_problem();
        self.doc = model;
        self.start_over();
        true
    }

    /// Opens what was open when the window was closed the last time.
    pub fn reopen_last(&mut self) {
        match self.store.last_file() {
            Some(file) => self.open_experiment(&file),
            None => self.notices.info("There is no last experiment yet".to_owned()),
        }
        self.file = None;
    }

    /// Opens another document.
    pub fn replace(&mut self, doc: Experiment, file: Option<PathBuf>) {
        self.saved = doc.clone();
        self.doc = doc;
        self.file = file;
        self.start_over();
    }

    fn start_over(&mut self) {
        self.camera.reset();
        self.playback.go_to(0);
        self.playback.playing = true;
    }

    pub fn undo(&mut self) {
        if let Some(doc) = self.undoer.undo(&self.doc).cloned() {
            self.doc = doc;
        }
    }

    pub fn redo(&mut self) {
        if let Some(doc) = self.undoer.redo(&self.doc).cloned() {
            self.doc = doc;
        }
    }

    pub fn save_to(&mut self, path: PathBuf) {
        let path = if path.extension().is_none() {
            path.with_extension("optiscope")
        } else {
            path
        };
        match experiment::save(&self.doc, &path) {
            Ok(()) => {
                self.notices.info(format!("Saved {}", path.display()));
                self.saved = self.doc.clone();
                self.file = Some(path);
            }
            Err(error) => self.notices.error(error.to_string()),
        }
    }

    /// Whether there is something to save.
    pub fn is_dirty(&self) -> bool {
        self.doc != self.saved
    }

    /// What the document is called.
    pub fn title(&self) -> String {
        let name = self
            .file
            .as_ref()
            .and_then(|path| path.file_stem())
            .map(|stem| stem.to_string_lossy().into_owned());
        name.unwrap_or_else(|| match &self.doc.problem {
            Problem::Function(problem) => problem.function.info().name.to_owned(),
            Problem::Model(problem) => problem.source.name(),
        })
    }

    /// Keeps the experiment for next time.
    pub fn keep(&mut self) {
        self.store.keep(&self.doc);
    }

    /// The table of the model that is shown.
    pub fn table(&self) -> Option<Arc<Table>> {
        match &self.doc.problem {
            Problem::Model(problem) => self.bench.data().table(&problem.source).cloned(),
            Problem::Function(_) => None,
        }
    }
}
