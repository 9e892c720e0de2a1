//! The main job: a table dropped on the window becomes six models in training, without a restart.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::Key;
use optiscope::data::Task;
use optiscope::model::ModelKind;
use optiscope::optim::RunStatus;

use super::driver::Window;
use super::recipe::unfold;

/// The file of a data set that comes with the program.
pub fn bundled(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/data")
        .join(format!("{name}.csv"))
}

/// The welcome with a table dropped on it, and the playhead standing still again.
pub fn on(name: &str) -> Window {
    let mut window = Window::paused();
    window.drop_file(&bundled(name));
    assert!(window.plays(), "what is opened plays");
    window.key(Key::Space);
    window.finish();
    window
}

/// Six models were trained, and there is a picture of them.
#[track_caller]
fn trained(window: &Window) {
    assert_eq!(window.error(), None);
    assert_eq!(window.state().bench.lanes().len(), window.doc().runs.len());
    for (i, lane) in window.state().bench.lanes().iter().enumerate() {
        assert!(lane.failure().is_none());
        assert_ne!(lane.trajectory().status(), RunStatus::Running, "run {i}");
        assert!(!lane.trajectory().measurements().is_empty(), "run {i} is measured");
        assert!(window.state().position(i).is_some(), "run {i} is on the plane");
    }
    assert!(window.state().is_picture_ready());
    let picture = window.state().bench.easel().picture().expect("a picture");
    assert!(picture.grid.values.iter().filter(|v| v.is_finite()).count() > 100);
}

#[test]
fn a_dropped_table_is_trained_on_at_once() {
    let mut window = on("iris");
    trained(&window);
    assert_eq!(window.model().preparation.target, "species");
    assert_eq!(window.state().task(), Some(Task::Classification));
    for column in [
        "sepal_length_cm",
        "sepal_width_cm",
        "petal_length_cm",
        "petal_width_cm",
        "species",
    ] {
        assert!(window.has(&format!("column {column}")), "{column}");
    }
    assert!(window.says("150 rows"));
    assert!(window.says("Loss on a slice") || window.has("Landscape SGD"));
    window.key(Key::Space);
    window.frames(20);
    assert!(window.step() > 0);
    let losses: Vec<f64> = (0..6)
        .map(|i| window.run(i).measurements().last().expect("one").1.train_loss)
        .collect();
    let first = window.run(0).measurements()[0].1.train_loss;
    assert!(
        losses.iter().filter(|loss| **loss < 0.5 * first).count() >= 4,
        "they learn: {first} to {losses:?}"
    );
}

#[test]
fn bundled_data_are_a_click_away_and_the_function_comes_back() {
    let mut window = Window::paused();
    let function = window.doc().clone();
    window.click("Network");
    window.finish();
    trained(&window);
    let model = window.doc().clone();
    window.click("Function");
    window.finish();
    assert_eq!(window.doc().problem, function.problem);
    assert_eq!(window.doc().runs, function.runs);
    window.click("Network");
    window.finish();
    assert_eq!(*window.doc(), model);
    trained(&window);
}

#[test]
fn another_target_is_another_task() {
    let mut window = on("iris");
    let before = window.rows(0);
    window.settle();
    window.press("target petal_width_cm");
    window.finish();
    assert_eq!(window.model().preparation.target, "petal_width_cm");
    assert_eq!(window.state().task(), Some(Task::Regression));
    trained(&window);
    assert!(window.rows(0) != before);
    window.settle();
    window.undo();
    window.finish();
    assert_eq!(window.model().preparation.target, "species");
    assert!(window.rows(0) == before, "the same bits again");
}

#[test]
fn the_task_is_overruled_and_found_again() {
    let mut window = on("wine");
    window.press("target ash");
    window.finish();
    assert_eq!(
        (window.model().preparation.task, window.state().task()),
        (None, Some(Task::Regression))
    );
    window.press("target cultivar");
    window.finish();
    assert_eq!(window.state().task(), Some(Task::Classification));
    let accuracy = window.state().metric_name();
    window.choose("Task", "regression");
    window.finish();
    assert_eq!(window.model().preparation.task, Some(Task::Regression));
    if window.state().bench.data().refusal(window.doc()).is_none() {
        trained(&window);
        assert_ne!(window.state().metric_name(), accuracy);
    }
    window.choose("Task", "classification");
    window.finish();
    assert_eq!(window.state().metric_name(), accuracy);
    trained(&window);
}

#[test]
fn a_column_is_left_out_and_taken_back() {
    let mut window = on("iris");
    let n = |window: &Window| {
        window
            .state()
            .bench
            .data()
            .model()
            .expect("a model")
            .prepared
            .train
            .n_features
    };
    assert_eq!(n(&window), 4);
    window.press("column sepal_width_cm");
    window.finish();
    assert_eq!(n(&window), 3);
    trained(&window);
    window.press("column sepal_width_cm");
    window.finish();
    assert_eq!(n(&window), 4);
}

#[test]
fn the_model_is_changed_in_place() {
    let mut window = on("iris");
    window.press("Logistic");
    window.finish();
    assert_eq!(window.model().model.kind, ModelKind::Logistic);
    trained(&window);
    assert_eq!(window.run(0).keyframes()[0].walk.x.len(), 4 * 3 + 3);
    window.press("MLP");
    window.finish();
    window.type_into("hidden units", "5, 3");
    window.finish();
    assert_eq!(window.model().model.hidden, [5, 3]);
    assert_eq!(
        window.run(0).keyframes()[0].walk.x.len(),
        (4 * 5 + 5) + (5 * 3 + 3) + (3 * 3 + 3)
    );
    trained(&window);
    window.choose("Activation", "relu");
    window.finish();
    assert_eq!(window.model().model.activation, optiscope::model::Activation::Relu.into());
    trained(&window);
}

#[test]
fn a_model_that_does_not_fit_the_task_is_explained_and_can_be_left() {
    let mut window = on("iris");
    window.press("Linear");
    window.finish();
    let refusal = window.state().bench.data().refusal(window.doc()).map(str::to_owned);
    assert!(refusal.is_some_and(|why| window.says(&why)), "it says why");
    window.press("MLP");
    window.finish();
    trained(&window);
}

#[test]
fn batches_are_switched_on_and_sized() {
    let mut window = on("iris");
    assert_eq!(window.model().batch, None, "few rows are taken all at once");
    let full = window.rows(0);
    window.press("all rows");
    window.finish();
    assert_eq!(window.model().batch, Some(32));
    assert!(window.rows(0) != full);
    window.type_into("batch", "10");
    window.finish();
    assert_eq!(window.model().batch, Some(10));
    trained(&window);
    window.press("all rows");
    window.finish();
    assert!(window.rows(0) == full);
}

#[test]
fn the_plane_is_chosen_without_touching_the_runs() {
    let mut window = on("iris");
    let before = window.rows(2);
    let slice = |window: &Window| window.state().bench.plane().expect("a plane").number;
    let first = slice(&window);
    for kind in ["Random", "Two weights", "PCA"] {
        window.press(kind);
        window.finish();
        assert_ne!(slice(&window), first, "{kind}");
        trained(&window);
        assert!(window.rows(2) == before, "{kind}");
    }
}

#[test]
fn scrubbing_shows_the_true_loss_at_the_step() {
    let mut window = on("iris");
    window.click("To the start");
    window.finish();
    for _ in 0..3 {
        window.key(Key::ArrowRight);
    }
    window.finish();
    for i in 0..6 {
        let probe = window.state().bench.probes().of(i).expect("an answer");
        assert_eq!(probe.step, 3);
        assert_eq!(
            probe.true_loss.to_bits(),
            window.run(i).trace().value[3].to_bits(),
            "on all rows, run {i}"
        );
    }
}

#[test]
fn tables_of_every_kind_are_trained_on() {
    for name in ["penguins", "diabetes", "wine", "breast_cancer"] {
        let window = on(name);
        trained(&window);
    }
}

#[test]
fn a_table_that_cannot_be_used_is_told_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let cases: [(&str, &[u8]); 4] = [
        ("empty.csv", b""),
        ("header.csv", b"a,b,c\n"),
        (
            "binary.csv",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0",
        ),
        ("missing.csv", b""),
    ];
    for (name, bytes) in cases {
        let path = folder.path().join(name);
        if name != "missing.csv" {
            fs::write(&path, bytes).expect("written");
        }
        let mut window = Window::paused();
        let before = window.doc().clone();
        window.drop_file(&path);
        window.finish();
        let error = window.error().unwrap_or_else(|| panic!("{name} must be refused")).to_owned();
        assert!(error.contains(name), "{error}");
        assert!(window.says(&error));
        assert_eq!(*window.doc(), before, "{name}");
        assert!(window.has("Landscape SGD"));
    }
}

#[test]
fn a_bad_table_leaves_the_good_one_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bad.csv");
    fs::write(&path, "").expect("written");
    let mut window = on("iris");
    let before = window.doc().clone();
    window.drop_file(&path);
    window.finish();
    assert!(window.error().is_some());
    assert_eq!(*window.doc(), before);
    assert!(window.has("column species"));
}

#[test]
fn settings_of_the_training_are_undone_and_redone() {
    let mut window = on("iris");
    window.is_undone_and_redone(|w| w.press("target sepal_width_cm"));
    unfold(&mut window, "Recipe: ");
    window.is_undone_and_redone(|w| w.press("standardise"));
    unfold(&mut window, "Recipe: ");
    unfold(&mut window, "Split: ");
    window.is_undone_and_redone(|w| w.type_into("validation", "0.4"));
    window.is_undone_and_redone(|w| w.type_into("l2", "0.01"));
    window.is_undone_and_redone(|w| w.type_into("seed", "3"));
    window.is_undone_and_redone(|w| w.drop_file(&bundled("wine")));
}
