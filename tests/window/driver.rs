//! A window without a screen, and the hands that work it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::accesskit::Role;
use eframe::egui::{DroppedFile, Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, Rect, TouchPhase, Vec2, vec2};
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _, by};
use egui_kittest::{Harness, Node};
use optiscope::app::{Command, Optiscope, State, Store};
use optiscope::experiment::{Experiment, FunctionProblem, ModelProblem, Problem};
use optiscope::run::Trajectory;
use optiscope::workbench::Pool;

/// Seconds a frame.
pub const FRAME: f32 = 0.1;
/// Frames after which an edit is one that undo takes back.
const SETTLED: usize = 25;

/// The window under test.
pub struct Window {
    pub harness: Harness<'static, Optiscope>,
}

/// The numbers of a run; a difference is not printed, it would fill the screen.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Rows(Vec<u64>);

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

impl Window {
    /// The welcome, in a window of the usual size.
    pub fn open() -> Self {
        Self::with(vec2(1280.0, 800.0), 1.0, None)
    }

    /// The welcome with the playhead standing still.
    pub fn paused() -> Self {
        let mut window = Self::open();
        window.click("Pause");
        window
    }

    pub fn with(size: Vec2, pixels_per_point: f32, file: Option<PathBuf>) -> Self {
        let harness = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(pixels_per_point)
            .with_step_dt(FRAME)
            .build_eframe(move |cc| Optiscope::new(&cc.egui_ctx, Pool::inline(), Store::default(), file));
        Self { harness }
    }

    pub fn state(&self) -> &State {
        self.harness.state().state()
    }

    pub fn doc(&self) -> &Experiment {
        &self.state().doc
    }

    pub fn step(&self) -> u64 {
        self.state().playback.step()
    }

    pub fn run(&self, i: usize) -> &Trajectory {
        self.state().bench.lanes()[i].trajectory()
    }

    /// All numbers of a run, to be compared bit by bit.
    pub fn rows(&self, i: usize) -> Rows {
        rows_of(self.run(i))
    }

    /// The same of what is on the screen, which for a frame after a change is still the run as it was.
    pub fn shown_rows(&self, i: usize) -> Rows {
        self.state().bench.lanes()[i].shown().map_or_else(Rows::default, rows_of)
    }

    #[track_caller]
    pub fn function(&self) -> &FunctionProblem {
        match &self.doc().problem {
            Problem::Function(problem) => problem,
            Problem::Model(_) => panic!("a model is shown"),
        }
    }

    #[track_caller]
    pub fn model(&self) -> &ModelProblem {
        match &self.doc().problem {
            Problem::Model(problem) => problem,
            Problem::Function(_) => panic!("a function is shown"),
        }
    }

    /// Lets frames go by.
    pub fn frames(&mut self, n: usize) {
        self.harness.run_steps(n);
    }

    /// Lets enough time go by for undo to take note.
    pub fn settle(&mut self) {
        self.frames(SETTLED);
    }

    /// Lets frames go by until all work is done.
    #[track_caller]
    pub fn finish(&mut self) {
        for _ in 0..200 {
            self.frames(1);
            if !self.state().bench.is_busy() {
                return;
            }
        }
        panic!("the work does not end");
    }

    /// Whether the steps are running: the button says what it would do.
    pub fn plays(&self) -> bool {
        self.has("Pause")
    }

    pub fn has(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    /// Whether some text on the screen contains these words.
    pub fn says(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }

    /// The whole name of the first control whose name begins with these words.
    #[track_caller]
    pub fn whole_label(&self, words: &str) -> String {
        let found = self.harness.query_all(by().label_contains(words).predicate(is_control));
        let labels = found.filter_map(|node| node.accesskit_node().label());
        let mut fitting = labels.filter(|label| label.starts_with(words));
        fitting.next().unwrap_or_else(|| panic!("nothing is called \"{words}...\""))
    }

    /// The first widget of that name that is no mere text.
    #[track_caller]
    pub fn find<'a>(&'a self, label: &'a str) -> Node<'a> {
        let mut found = self.harness.query_all(by().label(label).predicate(is_control));
        found.next().unwrap_or_else(|| panic!("there is no \"{label}\""))
    }

    #[track_caller]
    pub fn rect(&self, label: &str) -> Rect {
        self.find(label).rect()
    }

    #[track_caller]
    pub fn click(&mut self, label: &str) {
        self.find(label).click();
        self.frames(2);
    }

    /// Clicks even what is scrolled out of sight.
    #[track_caller]
    pub fn press(&mut self, label: &str) {
        self.find(label).click_accesskit();
        self.frames(2);
    }

    /// Chooses from an open list of words.
    #[track_caller]
    pub fn choose(&mut self, list: &str, word: &str) {
        self.find(list).scroll_to_me();
        self.frames(4);
        self.find(list).click();
        self.frames(4);
        self.entry(word).scroll_to_me();
        self.frames(4);
        self.entry(word).click();
        self.frames(4);
    }

    /// The last button of that name: what is open was drawn last.
    #[track_caller]
    fn entry<'a>(&'a self, word: &'a str) -> Node<'a> {
        let buttons = self.harness.query_all(by().role(Role::Button).label(word));
        buttons.last().unwrap_or_else(|| panic!("\"{word}\" is not in the list"))
    }

    /// Clicks an entry of the menu that is open; menus append the keys to the words.
    #[track_caller]
    pub fn click_entry(&mut self, word: &str) {
        {
            let mut buttons = self.harness.query_all(by().role(Role::Button).label_contains(word));
            let starts = |node: &Node<'_>| node.accesskit_node().label().is_some_and(|label| label.starts_with(word));
            let last = buttons.rfind(starts);
            last.unwrap_or_else(|| panic!("\"{word}\" is not in the menu")).click();
        }
        self.frames(2);
    }

    /// The button with that name that was drawn last: "Play" is a menu too.
    #[track_caller]
    pub fn click_last(&mut self, word: &str) {
        self.entry(word).click();
        self.frames(2);
    }

    /// Types a number into a box, as with the keyboard.
    #[track_caller]
    pub fn type_into(&mut self, label: &str, text: &str) {
        self.find(label).focus();
        self.frames(2);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.event(Event::Text(text.to_owned()));
        self.frames(1);
        self.key(Key::Enter);
        self.frames(2);
    }

    pub fn key(&mut self, key: Key) {
        self.harness.key_press(key);
        self.frames(1);
    }

    pub fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.frames(1);
    }

    pub fn undo(&mut self) {
        self.keys(Modifiers::COMMAND, Key::Z);
    }

    pub fn redo(&mut self) {
        self.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    }

    pub fn click_at(&mut self, at: Pos2) {
        self.harness.hover_at(at);
        self.harness.drag_at(at);
        self.harness.drop_at(at);
        self.frames(2);
    }

    /// Presses, moves in a few steps, calling `on_the_way` while the button is down, and lets go.
    pub fn drag(&mut self, from: Pos2, to: Pos2, mut on_the_way: impl FnMut(&Self)) {
        self.harness.hover_at(from);
        self.harness.drag_at(from);
        self.frames(1);
        for k in 1..=4 {
            self.harness.hover_at(from + (to - from) * k as f32 / 4.0);
            self.frames(1);
            on_the_way(self);
        }
        self.harness.drop_at(to);
        self.frames(2);
    }

    pub fn scroll(&mut self, at: Pos2, lines: f32) {
        self.harness.hover_at(at);
        self.harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, lines),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        });
        self.frames(5);
    }

    /// Drops a file on the window.
    pub fn drop_file(&mut self, path: &Path) {
        self.let_fall(path);
        self.frames(2);
    }

    /// The same before a frame has seen it.
    pub fn let_fall(&mut self, path: &Path) {
        let file = Arc::new(Dropped(path.to_owned()));
        self.harness.input_mut().dropped_files.push(file);
    }

    /// What a file dialog is answered with.
    #[track_caller]
    pub fn answer(&mut self, command: Command) {
        self.harness.state_mut().answer(command);
        self.frames(2);
        self.finish();
    }

    /// The last error shown, if there is one.
    pub fn error(&self) -> Option<&str> {
        let shown = self.state().notices.shown();
        shown
            .iter()
            .rev()
            .find(|notice| notice.is_error)
            .map(|notice| notice.text.as_str())
    }

    /// The place of a point of the landscape in the picture of a run.
    #[track_caller]
    pub fn place(&self, label: &str, point: [f64; 2]) -> Pos2 {
        let state = self.state();
        state.camera.map(self.rect(label), state.everything()).to_screen(point)
    }

    /// The point of the landscape at a place in the picture of a run.
    #[track_caller]
    pub fn point(&self, label: &str, at: Pos2) -> [f64; 2] {
        let state = self.state();
        state.camera.map(self.rect(label), state.everything()).to_plane(at)
    }

    /// A change that undo takes back and redo makes again.
    #[track_caller]
    pub fn is_undone_and_redone(&mut self, change: impl FnOnce(&mut Self)) {
        self.settle();
        let before = self.doc().clone();
        change(self);
        self.settle();
        let after = self.doc().clone();
        assert_ne!(before, after, "there is something to undo");
        self.undo();
        assert_eq!(*self.doc(), before, "undone");
        self.finish();
        assert_eq!(self.state().bench.lanes().len(), before.runs.len());
        self.redo();
        assert_eq!(*self.doc(), after, "made again");
        self.finish();
    }
}

fn rows_of(trajectory: &Trajectory) -> Rows {
    let trace = trajectory.trace();
    let columns = [&trace.x, &trace.value, &trace.grad_norm, &trace.lr];
    Rows(columns.into_iter().flatten().map(|v| v.to_bits()).collect())
}

fn is_control(node: &AccessKitNode<'_>) -> bool {
    node.role() != Role::Label
}
