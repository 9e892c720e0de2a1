//! The system's file dialogs. They run on threads of their own: the window goes on while one is open.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

use eframe::egui::Context;
use rfd::{AsyncFileDialog, FileHandle};

use super::commands::Command;

/// Dialogs that are open.
#[derive(Default)]
pub struct Dialogs {
    open: Vec<Receiver<Option<Command>>>,
}

impl Dialogs {
    pub fn open_experiment(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Open experiment")
            .add_filter("Optiscope experiment", &["optiscope"])
            .add_filter("All files", &["*"]);
        self.wait(ctx, dialog.pick_file(), Command::OpenPath);
    }

    pub fn open_csv(&mut self, ctx: &Context) {
        let dialog = AsyncFileDialog::new()
            .set_title("Open CSV")
            .add_filter("Table", &["csv", "tsv", "txt", "dat"])
            .add_filter("All files", &["*"]);
        self.wait(ctx, dialog.pick_file(), Command::OpenPath);
    }

    pub fn save_experiment(&mut self, ctx: &Context, name: &str) {
        let dialog = AsyncFileDialog::new()
            .set_title("Save experiment")
            .set_file_name(format!("{name}.optiscope"))
            .add_filter("Optiscope experiment", &["optiscope"]);
        self.wait(ctx, dialog.save_file(), Command::SaveTo);
    }

    /// Commands from dialogs that were closed with a choice.
    pub fn poll(&mut self) -> Vec<Command> {
        let mut chosen = Vec::new();
        self.open.retain(|answer| match answer.try_recv() {
            Ok(command) => {
                chosen.extend(command);
                false
            }
            Err(TryRecvError::Empty) => true,
            Err(TryRecvError::Disconnected) => false,
        });
        chosen
    }

    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn wait(
        &mut self,
        ctx: &Context,
        choice: impl Future<Output = Option<FileHandle>> + Send + 'static,
        command: fn(PathBuf) -> Command,
    ) {
        let (send, receive) = channel();
        let ctx = ctx.clone();
        let waiting = thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            let file = pollster::block_on(choice);
            // The window may be gone by now; then nobody wants the answer.
            let _ = send.send(file.map(|file| command(file.path().to_owned())));
            ctx.request_repaint();
        });
        if waiting.is_ok() {
            self.open.push(receive);
        }
    }
}
