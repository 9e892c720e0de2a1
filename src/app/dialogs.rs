//! The system's file dialogs. They run on threads of their own: the window goes on while one is open.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use eframe::egui::Context;
use rfd::{AsyncFileDialog, FileHandle};

use super::commands::Command;

/// Nobody closes a dialog this fast: there was none.
const TOO_FAST: Duration = Duration::from_millis(300);

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
    /// The system has no file dialog to show; what it was to ask for.
    NotThere(Asked),
}

/// Dialogs that are open.
#[derive(Default)]
pub struct Dialogs {
    open: Vec<Receiver<Answer>>,
}

impl Dialogs {
    pub fn open_experiment(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Open experiment")
            .add_filter("Optiscope experiment", &["optiscope"])
            .add_filter("All files", &["*"]);
        self.wait(ctx, dialog.pick_file(), Command::OpenPath, Asked::Open);
    }

    pub fn open_csv(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Open CSV")
            .add_filter("Table", &["csv", "tsv", "txt", "dat", "gz"])
            .add_filter("All files", &["*"]);
        self.wait(ctx, dialog.pick_file(), Command::OpenPath, Asked::Open);
    }

    pub fn open_height_map(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Open height map")
            .add_filter("Grid or picture", &["csv", "tsv", "txt", "gz", "png"])
            .add_filter("All files", &["*"]);
        self.wait(ctx, dialog.pick_file(), Command::OpenHeightMap, Asked::Open);
    }

    pub fn save_experiment(&mut self, ctx: &Context, name: &str) {
        let dialog = AsyncFileDialog::new()
            .set_title("Save experiment")
            .set_file_name(format!("{name}.optiscope"))
            .add_filter("Optiscope experiment", &["optiscope"]);
        self.wait(ctx, dialog.save_file(), Command::SaveTo, Asked::Save);
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

    fn wait(
        &mut self,
        ctx: &Context,
        choice: impl Future<Output = Option<FileHandle>> + Send + 'static,
        command: fn(PathBuf) -> Command,
        asked: Asked,
    ) {
        let (send, receive) = channel();
        let ctx = ctx.clone();
        let waiting = thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            let began = Instant::now();
            let answer = match pollster::block_on(choice) {
                Some(file) => Answer::Chosen(command(file.path().to_owned())),
                None if began.elapsed() < TOO_FAST => Answer::NotThere(asked),
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
