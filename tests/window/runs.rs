//! Runs come, go, hide, are named and copied, and undo brings all of it back.

use std::sync::Arc;

use eframe::egui::{Event, Key, Modifiers};
use optiscope::optim::OptimizerConfig;

use super::driver::Window;

/// What is the same object as long as a run was not computed again.
fn identity(window: &Window, i: usize) -> *const optiscope::run::Keyframe {
    window.run(i).keyframes().first().map_or(std::ptr::null(), Arc::as_ptr)
}

fn names(window: &Window) -> Vec<&str> {
    window.doc().runs.iter().map(|run| run.name.as_str()).collect()
}

#[test]
fn a_run_is_hidden_and_shown_without_starting_again() {
    let mut window = Window::paused();
    let before = identity(&window, 1);
    window.click("Momentum visible");
    assert!(!window.has("Landscape Momentum"));
    assert!(window.has("Landscape SGD") && window.has("Momentum rule"));
    window.click("Momentum visible");
    assert!(window.has("Landscape Momentum"));
    assert_eq!(identity(&window, 1), before);
}

#[test]
fn all_runs_can_be_hidden() {
    let mut window = Window::paused();
    for name in ["SGD", "Momentum", "Adam", "RMSprop", "Annealing", "Restarts"] {
        window.click(&format!("{name} visible"));
    }
    assert!(window.has("All runs are hidden"));
    window.click("SGD visible");
    assert!(window.has("Landscape SGD"));
}

#[test]
fn a_run_is_added_copied_and_removed() {
    let mut window = Window::paused();
    window.click("Add run");
    window.finish();
    assert_eq!(window.doc().runs.len(), 7);
    assert_eq!(names(&window)[6], "SGD 2", "no two runs have one name");
    assert!(window.has("Landscape SGD 2"));
    window.click("Adam unfold");
    let adam = window.rows(2);
    window.press("Duplicate run");
    window.finish();
    assert_eq!(names(&window)[2..4], ["Adam", "Adam 2"]);
    assert!(window.rows(3) == adam, "a copy runs as its original");
    let styles: std::collections::BTreeSet<u8> = window.doc().runs.iter().map(|run| run.look.style).collect();
    assert_eq!(styles.len(), 8, "every run looks different");
    window.press("Remove run");
    window.finish();
    assert_eq!(window.doc().runs.len(), 7);
    assert!(!window.has("Landscape Adam") && window.has("Landscape Adam 2"));
}

#[test]
fn there_are_no_more_runs_than_a_file_can_hold() {
    let mut window = Window::paused();
    for _ in 0..30 {
        window.press("Add run");
    }
    window.finish();
    assert_eq!(window.doc().runs.len(), optiscope::experiment::MAX_RUNS);
    assert!(window.doc().check().is_ok());
}

#[test]
fn the_last_run_can_be_removed() {
    let mut window = Window::paused();
    for name in ["SGD", "Momentum", "Adam", "RMSprop", "Annealing", "Restarts"] {
        window.press(&format!("{name} unfold"));
        window.press("Remove run");
    }
    assert!(window.doc().runs.is_empty());
    assert!(window.says("No runs"));
    window.click_last("Play");
    window.frames(5);
    window.click("Add run");
    window.finish();
    assert!(window.has("Landscape SGD"));
}

#[test]
fn a_run_is_renamed_without_starting_again() {
    let mut window = Window::paused();
    let before = identity(&window, 0);
    window.click("SGD unfold");
    window.find("SGD name").focus();
    window.frames(2);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.frames(1);
    for letter in ["a", "b", " ", "1"] {
        // The card is called by its name, which changes under our hands.
        window.harness.event(Event::Text(letter.to_owned()));
        window.frames(1);
    }
    assert_eq!(names(&window)[0], "ab 1");
    assert_eq!(identity(&window, 0), before);
    assert!(window.has("Landscape ab 1"));
}

#[test]
fn keys_typed_into_a_name_are_no_commands() {
    let mut window = Window::paused();
    window.click("SGD unfold");
    let view = window.doc().view.clone();
    window.find("SGD name").focus();
    window.frames(2);
    for (key, text) in [(Key::Num2, "2"), (Key::Space, " "), (Key::L, "l")] {
        window.harness.key_down(key);
        window.harness.event(Event::Text(text.to_owned()));
        window.harness.key_up(key);
        window.frames(1);
    }
    assert_eq!(window.doc().view, view);
    assert!(!window.plays(), "it is still held");
    assert!(names(&window)[0].contains("2 l"), "{:?}", names(&window)[0]);
}

#[test]
fn every_change_of_runs_is_undone_and_redone() {
    let mut window = Window::paused();
    window.is_undone_and_redone(|w| w.choose("SGD rule", "Lion"));
    window.is_undone_and_redone(|w| w.type_into("Momentum lr value", "0.0002"));
    window.is_undone_and_redone(|w| w.click("Adam visible"));
    window.is_undone_and_redone(|w| w.click("Add run"));
    window.is_undone_and_redone(|w| w.click("RMSprop unfold"));
    window.is_undone_and_redone(|w| w.press("Duplicate run"));
    window.is_undone_and_redone(|w| w.press("Remove run"));
    window.is_undone_and_redone(|w| w.type_into("start x", "0.5"));
    window.is_undone_and_redone(|w| w.press("Beale"));
}

#[test]
fn a_drag_is_one_step_back() {
    let mut window = Window::paused();
    window.settle();
    let before = window.doc().clone();
    let from = window.rect("SGD lr").center();
    window.drag(from, from - eframe::egui::vec2(25.0, 0.0), |_| {});
    window.settle();
    window.undo();
    assert_eq!(*window.doc(), before);
}

#[test]
fn several_changes_are_undone_one_by_one() {
    let mut window = Window::paused();
    window.settle();
    let mut documents = vec![window.doc().clone()];
    for lr in ["0.001", "0.0008", "0.0006", "0.0004"] {
        window.type_into("SGD lr value", lr);
        window.settle();
        documents.push(window.doc().clone());
    }
    for document in documents.iter().rev().skip(1) {
        window.undo();
        assert_eq!(window.doc(), document);
    }
    for document in documents.iter().skip(1) {
        window.redo();
        assert_eq!(window.doc(), document);
    }
}

#[test]
fn every_rule_can_be_chosen_and_unfolded() {
    let mut window = Window::paused();
    // Some rules think long about every step.
    window.type_into("steps", "40");
    window.click("SGD unfold");
    let offer = window.state().offer().expect("a function is there");
    for rule in OptimizerConfig::all()
        .into_iter()
        .filter(|rule| rule.refusal(&offer).is_none())
    {
        let list = format!("{} rule", window.doc().runs[0].name);
        if rule.id() != window.doc().runs[0].rule.id() {
            window.choose(&list, rule.info().name);
        }
        window.finish();
        assert_eq!(window.doc().runs[0].rule.id(), rule.id());
        assert!(window.state().bench.lanes()[0].failure().is_none(), "{}", rule.id());
        for info in rule.params() {
            let label = format!("{} {}", window.doc().runs[0].name, info.name);
            assert!(window.has(&label), "there is no \"{label}\"");
        }
        assert!(window.doc().check().is_ok());
    }
}
