//! The window. egui is known here and nowhere below.

mod camera;
mod charts;
mod commands;
mod dialogs;
mod fonts;
mod notices;
mod number;
mod panels;
mod playback;
mod plots;
mod run_style;
mod scene;
mod state;
mod store;
mod theme;
mod widgets;

use std::path::PathBuf;

use eframe::egui;

pub use commands::{Command, Predictor};
pub use state::State;
pub use store::Store;

use crate::workbench::Pool;

const TITLE: &str = "Optiscope";

/// The program's window.
pub struct Optiscope {
    state: State,
    titled: String,
}

impl Optiscope {
    /// The window's contents, ready to be shown in `ctx`; `file` is opened first.
    pub fn new(ctx: &egui::Context, pool: Pool, store: Store, file: Option<PathBuf>) -> Self {
        theme::install(ctx);
        let mut state = State::new(pool, ctx, store);
        state.inbox.extend(file.map(Command::OpenPath));
        Self {
            state,
            titled: String::new(),
        }
    }

    /// Does what a file dialog would have been answered with, for tests, which have none.
    pub fn answer(&mut self, command: Command) {
        self.state.send(command);
    }

    /// What the window knows, for tests.
    pub fn state(&self) -> &State {
        &self.state
    }

    fn set_title(&mut self, ctx: &egui::Context) {
        let mark = if self.state.is_dirty() { " •" } else { "" };
        let title = format!("{}{mark} – {TITLE}", self.state.title());
        if title != self.titled {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.titled = title;
        }
    }
}

impl eframe::App for Optiscope {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.state.logic(ctx);
        self.set_title(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        panels::window_ui(ui, &mut self.state);
        self.state.after_ui(ui.ctx());
    }

    fn on_exit(&mut self) {
        self.state.keep();
    }
}

/// Opens the window and stays until it is closed.
///
/// # Errors
/// There is no display, or no way to draw on it; the message says which.
pub fn run(file: Option<PathBuf>) -> Result<(), eframe::Error> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title(TITLE)
            .with_app_id("optiscope")
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([800.0, 560.0])
            .with_drag_and_drop(true),
        ..Default::default()
    };
    let create: eframe::AppCreator<'_> = Box::new(move |cc| {
        Ok(Box::new(Optiscope::new(
            &cc.egui_ctx,
            Pool::threaded(),
            Store::of_desktop(),
            file,
        )))
    });
    eframe::run_native("optiscope", options, create)
}
