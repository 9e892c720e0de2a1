//! The system's file dialogs. They run on threads of their own: the window goes on while one is open.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use eframe::egui::Context;
use rfd::{AsyncFileDialog, FileHandle};

use super::commands::{Command, Predictor};
use super::store::Store;

/// Nobody closes a dialog this fast: there was none.
const TOO_FAST: Duration = Duration::from_millis(300);

/// Tables.
const CSV: (&str, &str) = ("Table", "csv");

/// What a dialog asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A file to open.
    Open,
    /// A file to save to.
    Save,
}

/// What came of a dialog.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Chosen(Command),
    Closed,
    /// The system has no file dialog to show, and nobody else knows the answer; what it was to ask for.
    NotThere(Asked),
}

/// Dialogs that are open.
pub struct Dialogs {
    open: Vec<Receiver<Answer>>,
    /// Whether there is a desktop to ask; in tests there is none.
    has_desktop: bool,
}

impl Dialogs {
    pub fn new(has_desktop: bool) -> Self {
        Self {
            open: Vec::new(),
            has_desktop,
        }
    }

    pub fn open_experiment(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Open experiment")
            .add_filter("Optiscope experiment", &["optiscope"])
            .add_filter("All files", &["*"]);
        self.open(ctx, dialog, Command::OpenPath);
    }

    pub fn open_csv(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Open CSV")
            .add_filter("Table", &["csv", "tsv", "txt", "dat", "gz"])
            .add_filter("All files", &["*"]);
        self.open(ctx, dialog, Command::OpenPath);
    }

    /// A table to be predicted.
    pub fn open_rows(&mut self, ctx: &Context, by: Predictor) {
        let dialog = AsyncFileDialog::new()
            .set_title("Predict the rows of")
            .add_filter("Table", &["csv", "tsv", "txt", "dat", "gz"])
            .add_filter("All files", &["*"]);
        self.open(ctx, dialog, move |path| Command::PredictOn(by.clone(), path));
    }

    /// A saved model to predict with.
    pub fn open_model(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Predict with")
            .add_filter("Saved model", &["safetensors"]);
        self.open(ctx, dialog, |path| Command::PredictDialog(Predictor::File(path)));
    }

    /// Weights to start from.
    pub fn open_weights(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Start from the weights of")
            .add_filter("Weights", &["safetensors"]);
        self.open(ctx, dialog, Command::StartFrom);
    }

    pub fn open_height_map(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Open height map")
            .add_filter("Grid or picture", &["csv", "tsv", "txt", "gz", "png"])
            .add_filter("All files", &["*"]);
        self.open(ctx, dialog, Command::OpenHeightMap);
    }

    pub fn save_experiment(&mut self, ctx: &Context, name: &str) {
        let kind = ("Optiscope experiment", "optiscope");
        self.save(ctx, "Save experiment", name, kind, Command::SaveTo);
    }

    pub fn save_model(&mut self, ctx: &Context, name: &str, run: usize, step: u64) {
        let to = move |path| Command::SaveModelTo { run, step, path };
        self.save(ctx, "Save model", name, ("Saved model", "safetensors"), to);
    }

    pub fn save_predictions(&mut self, ctx: &Context, name: &str) {
        self.save(ctx, "Save predictions", name, CSV, Command::SavePredictionsTo);
    }

    pub fn export_results(&mut self, ctx: &Context, name: &str, step: u64) {
        let to = move |path| Command::ExportResultsTo { step, path };
        self.save(ctx, "Export results", &format!("{name} results"), CSV, to);
    }

    /// What came of dialogs since the last call.
    pub fn poll(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        self.open.retain(|dialog| match dialog.try_recv() {
            Ok(answer) => {
                answers.push(answer);
                false
            }
            Err(TryRecvError::Empty) => true,
            Err(TryRecvError::Disconnected) => false,
        });
        answers
    }

    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn open(&mut self, ctx: &Context, dialog: AsyncFileDialog, command: impl Fn(PathBuf) -> Command + Send + 'static) {
        self.wait(ctx, dialog.pick_file(), command, || None, Asked::Open);
    }

    /// Asks where to save. A desktop without dialogs has the file where documents are; the notice of what was saved says so.
    fn save(
        &mut self,
        ctx: &Context,
        title: &str,
        name: &str,
        (kind, ending): (&str, &'static str),
        command: impl Fn(PathBuf) -> Command + Send + 'static,
    ) {
        let dialog = AsyncFileDialog::new()
            .set_title(title)
            .set_file_name(format!("{name}.{ending}"))
            .add_filter(kind, &[ending]);
        let name = name.to_owned();
        let with_ending = move |path: PathBuf| {
            command(match path.extension() {
                Some(_) => path,
                None => path.with_extension(ending),
            })
        };
        let instead = move || Store::document(&name, ending);
        self.wait(ctx, dialog.save_file(), with_ending, instead, Asked::Save);
    }

    /// `instead` is what is taken if there is no dialog.
    fn wait(
        &mut self,
        ctx: &Context,
        choice: impl Future<Output = Option<FileHandle>> + Send + 'static,
        command: impl Fn(PathBuf) -> Command + Send + 'static,
        instead: impl Fn() -> Option<PathBuf> + Send + 'static,
        asked: Asked,
    ) {
        if !self.has_desktop {
            return;
        }
        let (send, receive) = channel();
        let ctx = ctx.clone();
        let waiting = thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            let began = Instant::now();
            let answer = match pollster::block_on(choice) {
                Some(file) => Answer::Chosen(command(file.path().to_owned())),
                None if began.elapsed() < TOO_FAST => {
                    instead().map_or(Answer::NotThere(asked), |path| Answer::Chosen(command(path)))
                }
                None => Answer::Closed,
            };
            // The window may be gone by now; then nobody wants the answer.
            let _ = send.send(answer);
            ctx.request_repaint();
        });
        if waiting.is_ok() {
            self.open.push(receive);
        }
    }
}
