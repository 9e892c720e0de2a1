//! Files: opened, saved, refused; what is open stays open until something better is there.

use std::fs;
use std::path::PathBuf;

use eframe::egui::{Key, Modifiers, vec2};
use optiscope::experiment::{Experiment, FunctionProblem, Problem, load, save, to_json};
use optiscope::functions::FunctionConfig;
use tempfile::TempDir;

use super::driver::Window;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn himmelblau() -> Experiment {
    let function = FunctionConfig::from_id("himmelblau").expect("in the list");
    let mut experiment = Experiment {
        problem: Problem::Function(FunctionProblem::of(function)),
        steps: 200,
        ..Experiment::default()
    };
    experiment.runs.truncate(3);
    experiment
}

fn opened(path: PathBuf) -> Window {
    let mut window = Window::with(vec2(1280.0, 800.0), 1.0, Some(path));
    window.finish();
    window
}

#[test]
fn an_experiment_is_opened_changed_saved_and_opened_again() {
    let folder = folder();
    let path = folder.path().join("mine.optiscope");
    save(&himmelblau(), &path).expect("saved");
    let mut window = opened(path.clone());
    assert_eq!(*window.doc(), himmelblau());
    assert_eq!(window.state().title(), "mine");
    assert!(!window.state().is_dirty());
    window.type_into("SGD lr value", "0.004");
    assert!(window.state().is_dirty());
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(!window.state().is_dirty());
    assert!(window.says("Saved"));
    let changed = window.doc().clone();
    assert_eq!(load(&path).expect("a whole file"), changed);
    let again = opened(path);
    assert_eq!(*again.doc(), changed);
    for i in 0..3 {
        assert!(again.rows(i) == window.rows(i), "the same bits");
    }
}

#[test]
fn a_dropped_experiment_is_opened_and_can_be_left_again() {
    let folder = folder();
    let path = folder.path().join("dropped.optiscope");
    save(&himmelblau(), &path).expect("saved");
    let mut window = Window::paused();
    window.settle();
    let before = window.doc().clone();
    window.drop_file(&path);
    window.finish();
    assert_eq!(*window.doc(), himmelblau());
    assert!(window.plays(), "what is opened plays");
    window.settle();
    window.undo();
    assert_eq!(*window.doc(), before);
}

#[test]
fn what_cannot_be_opened_is_told_and_changes_nothing() {
    let folder = folder();
    let mut broken = vec![
        ("empty.optiscope", String::new()),
        ("half.optiscope", to_json(&himmelblau())[..300].to_owned()),
        ("newer.optiscope", r#"{"version": 99}"#.to_owned()),
        ("image.optiscope", "\u{89}PNG\r\n\u{1a}".to_owned()),
        ("typo.optiscope", to_json(&himmelblau()).replace("\"seed\"", "\"sead\"")),
        (
            "range.optiscope",
            to_json(&himmelblau()).replace("\"steps\": 200", "\"steps\": 0"),
        ),
    ];
    broken.push(("nowhere.optiscope", String::new()));
    for (name, text) in broken {
        let path = folder.path().join(name);
        if !name.starts_with("nowhere") {
            fs::write(&path, text).expect("written");
        }
        let mut window = Window::paused();
        window.finish();
        let (doc, rows) = (window.doc().clone(), window.rows(0));
        window.drop_file(&path);
        window.frames(3);
        let error = window.error().unwrap_or_else(|| panic!("{name} must be refused")).to_owned();
        assert!(error.contains(name) || error.contains("steps"), "{error}");
        assert!(window.says(&error), "{name}: the message is on the screen");
        assert_eq!(*window.doc(), doc, "{name}");
        assert!(window.rows(0) == rows, "{name}");
        window.frames(80);
        assert!(window.error().is_some(), "an error stays until it is closed");
        window.click("Close message");
        assert!(window.error().is_none());
    }
}

#[test]
fn saving_where_it_cannot_be_is_told() {
    let folder = folder();
    let inner = folder.path().join("gone");
    fs::create_dir(&inner).expect("a folder");
    let path = inner.join("mine.optiscope");
    save(&himmelblau(), &path).expect("saved");
    let mut window = opened(path);
    fs::remove_dir_all(&inner).expect("removed");
    window.type_into("SGD lr value", "0.004");
    window.keys(Modifiers::COMMAND, Key::S);
    window.frames(2);
    assert!(window.error().is_some_and(|error| error.contains("mine.optiscope")));
    assert!(window.state().is_dirty(), "it is not saved");
}

#[test]
fn an_experiment_on_a_table_finds_it_beside_its_file() {
    let folder = folder();
    fs::copy(super::data::bundled("iris"), folder.path().join("flowers.csv")).expect("copied");
    let mut window = Window::paused();
    window.drop_file(&folder.path().join("flowers.csv"));
    window.finish();
    let mut experiment = window.doc().clone();
    if let Problem::Model(problem) = &mut experiment.problem {
        problem.source = optiscope::experiment::Source::file("flowers.csv");
    }
    experiment.steps = 50;
    let path = folder.path().join("flowers.optiscope");
    save(&experiment, &path).expect("saved");
    let mut window = opened(path);
    window.finish();
    assert_eq!(window.error(), None);
    assert_eq!(*window.doc(), experiment);
    assert_eq!(window.run(0).trace().len(), 51);
}

#[test]
fn an_experiment_whose_table_is_gone_leaves_open_what_was() {
    let folder = folder();
    let mut window = Window::paused();
    window.drop_file(&super::data::bundled("iris"));
    window.finish();
    let mut experiment = window.doc().clone();
    if let Problem::Model(problem) = &mut experiment.problem {
        problem.source = optiscope::experiment::Source::file("gone.csv");
    }
    let path = folder.path().join("orphan.optiscope");
    save(&experiment, &path).expect("saved");
    let mut window = Window::paused();
    let before = window.doc().clone();
    window.drop_file(&path);
    window.finish();
    assert!(
        window.error().is_some_and(|error| error.contains("gone.csv")),
        "{:?}",
        window.error()
    );
    assert_eq!(*window.doc(), before);
}
