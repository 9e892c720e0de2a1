//! How good the models are: charts, metrics and a verdict at the playhead.

use eframe::egui::Key;
use optiscope::experiment::{Chart, Layout, Rows};
use optiscope::model::{Charts, Fit};
use optiscope::workbench::Standing;

use super::data::on;
use super::driver::Window;

/// Results on a bundled data set.
fn results(name: &str) -> Window {
    let mut window = on(name);
    window.key(Key::Num3);
    window.finish();
    assert_eq!(window.state().layout(), Layout::Results);
    window
}

#[track_caller]
fn standing(window: &Window, i: usize) -> &Standing {
    window.state().bench.standings().of(i).expect("every run stands somewhere")
}

/// A metric of run `i` on a set.
#[track_caller]
fn metric(window: &Window, i: usize, set: &str, id: &str) -> f64 {
    let sets = &standing(window, i).sets;
    let set = sets.iter().find(|s| s.name == set).expect("the set is there");
    set.metrics.iter().find(|m| m.id == id).expect("the metric is there").value
}

#[test]
fn every_run_has_every_chart_of_its_task() {
    for (data, charts) in [
        (
            "iris",
            &[
                "Decision boundary",
                "Learning curves",
                "Confusion matrix",
                "ROC curve",
                "Precision and recall",
                "Calibration",
            ][..],
        ),
        (
            "diabetes",
            &["Decision boundary", "Learning curves", "Predicted against true", "Residuals"],
        ),
    ] {
        let mut window = results(data);
        for chart in charts {
            window.choose("chart", chart);
            window.finish();
            for run in ["SGD", "Momentum", "Adam", "RMSprop", "Annealing", "Restarts"] {
                let rect = window.rect(&format!("{chart} {run}"));
                assert!(rect.width() > 100.0 && rect.height() > 60.0, "{chart} {run}: {rect:?}");
            }
            assert!(window.says("Loss") && window.error().is_none());
        }
        let unnamed = window.harness.unnamed_widgets();
        assert!(unnamed.is_empty(), "{unnamed:?}");
    }
}

#[test]
fn metrics_are_those_of_the_step_at_the_playhead() {
    let mut window = results("iris");
    window.key(Key::End);
    window.finish();
    let last = window.doc().steps;
    assert_eq!(standing(&window, 2).step, last);
    let (_, end) = window.run(2).measurements().last().copied().expect("measured at the end");
    let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
    assert!(close(metric(&window, 2, "train", "accuracy"), end.train_metric));
    assert!(close(
        metric(&window, 2, "validation", "loss"),
        end.validation_loss.expect("held out")
    ));
    window.key(Key::Home);
    window.finish();
    assert_eq!(standing(&window, 2).step, 0);
    let (_, start) = window.run(2).measurements()[0];
    assert!(close(metric(&window, 2, "train", "accuracy"), start.train_metric));
    assert_eq!(standing(&window, 2).verdict.fit, Fit::Unknown, "a start is no curve");
    // All runs start from the same weights.
    assert_eq!(standing(&window, 0).sets[0].metrics, standing(&window, 1).sets[0].metrics);
}

#[test]
fn confusion_and_boundary_follow_the_playhead() {
    let mut window = results("iris");
    window.key(Key::Home);
    window.finish();
    let wrong = |window: &Window| {
        let Charts::Classes(charts) = &standing(window, 2).sets[0].charts else {
            panic!("classes");
        };
        charts.confusion.total() - charts.confusion.right()
    };
    let (before, answers) = (wrong(&window), standing(&window, 2).answers.clone());
    window.key(Key::End);
    window.finish();
    assert!(wrong(&window) < before, "training helps");
    assert_ne!(standing(&window, 2).answers, answers);
}

#[test]
fn the_rows_the_class_and_the_features_can_be_chosen() {
    let mut window = results("iris");
    window.click("train");
    assert_eq!(window.doc().view.results.rows, Rows::Train);
    window.choose("feature along x", "petal_width_cm");
    window.finish();
    let plane = window.state().bench.standings().plane().expect("a plane");
    assert_eq!(plane.names[0], "petal_width_cm");
    window.choose("chart", "ROC curve");
    window.choose("class", "setosa");
    window.finish();
    assert_eq!(window.doc().view.results.chart, Chart::Roc);
    let Charts::Classes(charts) = &standing(&window, 0).sets[0].charts else {
        panic!("classes");
    };
    assert_eq!(charts.names[charts.class], "setosa");
}

#[test]
fn looking_at_results_changes_no_run() {
    let mut window = on("iris");
    let before = window.rows(0);
    window.click("Results");
    window.finish();
    window.choose("chart", "Calibration");
    window.finish();
    assert!(window.rows(0) == before, "a run has changed");
}

#[test]
fn a_function_has_no_results() {
    let mut window = results("iris");
    window.click("Function");
    window.finish();
    assert_eq!(window.state().layout(), Layout::SideBySide);
    assert!(!window.has("Results") && window.has("Landscape SGD"));
    window.key(Key::Num3);
    assert_eq!(window.state().layout(), Layout::SideBySide);
}

#[test]
fn all_folds_of_a_cross_validation_come_to_a_mean_and_a_deviation() {
    let mut window = on("iris");
    super::recipe::unfold(&mut window, "Split: ");
    window.press("cross-validation");
    for hidden in ["Annealing visible", "Restarts visible", "SGD visible", "RMSprop visible"] {
        window.click(hidden);
    }
    window.key(Key::Num3);
    window.key(Key::End);
    window.finish();
    let one = metric(&window, 2, "validation", "accuracy");
    window.click("All folds");
    window.finish();
    assert!(window.says("Mean ± sd over 5 folds, validation rows"));
    let results = window.state().bench.cross_validations().results().expect("done");
    let results = results.as_ref().expect("every fold can be trained on");
    assert!(results[0].is_none() && results[1].is_some(), "hidden runs are left out");
    let accuracy = |results: &optiscope::workbench::FoldResults| {
        let of_adam = results[2].as_ref().expect("Adam").iter();
        let found = of_adam.clone().find(|m| m.set == "validation" && m.metric.id == "accuracy");
        let found = found.expect("accuracy");
        (found.metric.value, found.sd)
    };
    let (mean, sd) = accuracy(results);

    // The mean of what each fold says by itself.
    window.click("This fold");
    let mut all = vec![one];
    for _ in 1..5 {
        window.press("next fold");
        window.finish();
        window.key(Key::End);
        window.finish();
        all.push(metric(&window, 2, "validation", "accuracy"));
    }
    let by_hand = all.iter().sum::<f64>() / 5.0;
    let variance = all.iter().map(|a| (a - by_hand).powi(2)).sum::<f64>() / 4.0;
    assert!(
        (mean - by_hand).abs() < 1e-12 && (sd - variance.sqrt()).abs() < 1e-12,
        "{mean} {sd}: {all:?}"
    );
}
