//! Trained models leave the window: saved, used on new rows, their results exported.

use std::fs;

use eframe::egui::Key;
use optiscope::app::{Command, Predictor};
use optiscope::data::{Progress, ReadOptions, read};
use optiscope::model::SavedModel;
use optiscope::optim::RunStatus;

use super::data::{bundled, on};

#[test]
fn the_model_of_a_step_is_saved_and_predicts_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("adam.safetensors");
    let mut window = on("iris");
    window.key(Key::End);
    window.finish();
    let step = window.step();
    let to = path.clone();
    window.answer(Command::SaveModelTo { run: 2, step, path: to });
    assert_eq!(window.error(), None);
    let table = read(&bundled("iris"), &ReadOptions::default(), &Progress::default()).expect("a table");
    let predictions = SavedModel::load(&path).expect("a model").predict(&table).expect("predicts");
    let (report, rows) = predictions.report.expect("the truth is known");
    let right = report.metrics().iter().find(|m| m.id == "accuracy").expect("accuracy").value;
    let (_, end) = window.run(2).measurements().last().copied().expect("measured");
    let [train, validation] = [end.train_metric, end.validation_metric.expect("held out")];
    assert_eq!(rows, 150);
    assert!(
        (right - (0.8 * train + 0.2 * validation)).abs() < 1e-12,
        "{right}: {train} {validation}"
    );
}

#[test]
fn new_rows_are_predicted_and_written_where_the_user_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out.csv");
    let mut window = on("iris");
    window.answer(Command::PredictOn(Predictor::Run { run: 2, step: 50 }, bundled("iris")));
    assert!(window.says("150 rows of iris.csv predicted by Adam at step 50"));
    window.answer(Command::SavePredictionsTo(out.clone()));
    let written = fs::read_to_string(&out).expect("written");
    assert_eq!(written.lines().next(), Some("row,species,p_setosa,p_versicolor,p_virginica"));
    assert_eq!(written.lines().count(), 151);
    window.answer(Command::PredictOn(Predictor::Run { run: 2, step: 50 }, bundled("wine")));
    assert!(
        window
            .error()
            .is_some_and(|why| why.contains("wine.csv") && why.contains("sepal_length_cm"))
    );
}

#[test]
fn the_table_of_results_is_exported() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("results.csv");
    let mut window = on("iris");
    window.click("Restarts visible");
    let to = path.clone();
    window.answer(Command::ExportResultsTo { step: 50, path: to });
    let written = fs::read_to_string(&path).expect("written");
    let rows: Vec<&str> = written.lines().collect();
    assert!(
        rows[0].starts_with("run,optimizer,steps,train_loss,train_accuracy"),
        "{}",
        rows[0]
    );
    assert!(rows[0].ends_with("fit,evidence") && rows[0].contains("validation_roc_auc"));
    assert_eq!(rows.len(), 6, "a run that is hidden is left out");
    assert!(rows[3].starts_with("Adam,adam,50,"), "{}", rows[3]);
}

#[test]
fn a_file_that_is_no_model_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("broken.safetensors");
    fs::write(&path, "no weights").expect("written");
    let mut window = on("iris");
    window.drop_file(&path);
    window.answer(Command::PredictOn(Predictor::File(path), bundled("iris")));
    assert!(
        window.error().is_some_and(|why| why.contains("broken.safetensors")),
        "{:?}",
        window.error()
    );
}

#[test]
fn the_menu_offers_every_run() {
    let mut window = on("iris");
    window.click("Model");
    window.click_entry("Save model…");
    for run in ["SGD", "Momentum", "Adam"] {
        assert!(window.has(run), "{run}");
    }
}

#[test]
fn a_run_that_stops_early_says_so_and_saves_its_best_weights() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("best.safetensors");
    let mut window = on("diabetes");
    window.press("early stopping");
    window.finish();
    assert_eq!(window.model().early_stopping, Some(10));
    window.type_into("patience", "3");
    window.finish();
    let trajectory = window.run(1);
    let RunStatus::StoppedEarly { best } = trajectory.status() else {
        panic!("momentum overfits: {:?}", trajectory.status());
    };
    assert!(window.says(&format!("at {best}")) && window.says("Early stop"));
    window.key(Key::End);
    window.key(Key::Num3);
    window.finish();
    assert_eq!(window.state().bench.standings().of(1).expect("it stands").step, best);
    let (step, to) = (window.step(), path.clone());
    window.answer(Command::SaveModelTo { run: 1, step, path: to });
    assert!(window.says(&format!("at step {best}")), "the notice names the step");
}

#[test]
fn runs_start_from_saved_weights_and_leave_frozen_layers_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trunk.safetensors");
    let mut window = on("iris");
    window.key(Key::End);
    window.finish();
    let (step, to) = (window.step(), path.clone());
    window.answer(Command::SaveModelTo { run: 2, step, path: to });
    let trained = window.run(2).measurements().last().expect("measured").1.train_loss;
    window.answer(Command::StartFrom(path));
    window.finish();
    assert_eq!(window.model().start.as_ref().expect("weights").name(), "trunk.safetensors");
    let first = window.run(2).measurements().first().expect("measured").1.train_loss;
    assert_eq!(first, trained, "it goes on where the other ended");

    window.press("freeze layers.0");
    window.press("freeze layers.1");
    window.finish();
    assert_eq!(window.model().frozen, ["layers.0", "layers.1"]);
    let lane = &window.state().bench.lanes()[2];
    assert_eq!(lane.plan().x0.len(), 16 * 3 + 3, "the optimizer sees the last layer alone");
    window.key(Key::Num3);
    window.finish();
    assert!(window.error().is_none() && window.state().bench.standings().of(2).is_some());
    window.press("freeze layers.1");
    window.press("fresh");
    window.finish();
    assert_eq!(window.model().start, None);
    window.type_into("hidden units", "4");
    window.finish();
    window.press("freeze layers.1");
    window.finish();
    assert!(window.says("leave at least the last one free"));
}
