//! What the rules know, drawn over the landscape and written out.

use eframe::egui::Key;
use optiscope::workbench::Mark;

use crate::driver::Window;

#[test]
fn every_picture_shows_gradient_step_and_state_at_the_playhead() {
    let mut window = Window::paused();
    window.finish();
    window.key(Key::Home);
    for _ in 0..3 {
        window.key(Key::ArrowRight);
    }
    window.finish();
    let insights = window.state().bench.insights();
    for i in 0..6 {
        let insight = insights.of(i).expect("every run is looked into");
        assert_eq!(insight.step, 3);
        let here = window.run(i).trace().point(3).expect("a point of every step");
        let there = window.run(i).trace().point(4).expect("a point of every step");
        assert_eq!(insight.at, [here[0], here[1]], "run {i}");
        let next = insight.next.expect("a step follows");
        assert!((0..2).all(|k| (here[k] + next[k] - there[k]).abs() < 1e-12), "run {i}");
        let exact = window.function().derivatives(insight.at).gradient;
        assert!((0..2).all(|k| insight.downhill[k] == -exact[k]), "run {i}");
    }
    let momentum = &insights.of(1).expect("momentum").marks;
    assert!(momentum.iter().any(|mark| matches!(mark, Mark::Velocity(_))));
    let restarts = &insights.of(5).expect("restarts").marks;
    assert!(restarts.iter().any(|mark| matches!(mark, Mark::Best(_))));
}

#[test]
fn what_the_rules_know_can_be_hidden() {
    let mut window = Window::paused();
    window.finish();
    assert!(window.state().bench.insights().of(0).is_some());
    window.key(Key::S);
    window.frames(2);
    assert!(!window.doc().view.states && window.state().bench.insights().of(0).is_none());
}

#[test]
fn on_a_common_picture_one_run_is_looked_into() {
    let mut window = Window::paused();
    window.key(Key::Num2);
    window.finish();
    let insights = window.state().bench.insights();
    assert!(insights.of(0).is_some() && insights.of(1).is_none());
}

#[test]
fn the_arithmetic_of_the_chosen_run_is_written_out() {
    let mut window = Window::paused();
    window.finish();
    window.key(Key::Home);
    window.key(Key::A);
    window.finish();
    window.choose("arithmetic run", "Adam");
    window.finish();
    window.frames(2);
    assert!(window.has("m") && window.has("v"), "the moments are there");
    assert!(window.says("β₁ m + (1"), "as a formula");
    // At the start of Rosenbrock, (−1.5, 2): ∂f/∂x = −2 (1 + 1.5) − 400 (−1.5) (2 − 2.25) = −155.
    assert!(window.says("155"), "with the numbers of this step");
    window.key(Key::A);
    assert!(!window.has("arithmetic run"));
}

#[test]
fn a_rule_without_formulas_in_letters_says_so() {
    let mut window = Window::paused();
    window.finish();
    window.key(Key::A);
    window.choose("arithmetic run", "Annealing");
    window.finish();
    assert!(window.says("no arithmetic to show"));
}

#[test]
fn a_rule_that_cannot_be_used_is_greyed_out() {
    use eframe::egui::accesskit::Role;
    use egui_kittest::kittest::{NodeT as _, Queryable as _, by};
    let mut window = Window::paused();
    window.click("SGD rule");
    window.frames(2);
    let muon = window.harness.query_all(by().role(Role::Button).label("Muon")).next();
    let muon = muon.expect("Muon is in the list");
    assert!(
        muon.accesskit_node().is_disabled(),
        "a function of x and y has no weight matrices"
    );
}

#[test]
fn a_formula_is_typed_and_what_cannot_be_read_is_explained() {
    let mut window = Window::paused();
    window.press("Formula");
    window.finish();
    let typed = |window: &mut Window, text: &str| {
        window.find("formula").focus();
        window.frames(2);
        window.harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::A);
        window.harness.event(eframe::egui::Event::Text(text.to_owned()));
        window.frames(2);
    };
    typed(&mut window, "a*x^2 + y^2");
    assert_eq!(window.function().function.formula(), "a*x^2 + y^2");
    assert!(window.has("landscape a"), "a slider for the letter it does not know");
    assert_eq!(window.function().derivatives([2.0, 1.0]).gradient, [4.0, 2.0]);
    typed(&mut window, "sine(x)");
    assert!(window.says("did you mean sin"), "the mistake is explained");
    assert_eq!(
        window.function().function.formula(),
        "a*x^2 + y^2",
        "the last readable formula stays"
    );
}

#[test]
fn a_height_map_is_drawn_on() {
    let mut window = Window::paused();
    window.press("Height map");
    window.finish();
    window.press("Raise");
    window.frames(2);
    let at = window.place("Landscape SGD", [1.0, 1.0]);
    let before = window.function().derivatives([1.0, 1.0]).value;
    window.drag(at, at, |_| ());
    assert!(window.function().derivatives([1.0, 1.0]).value > before, "the brush raises");
    window.settle();
    window.undo();
    assert_eq!(
        window.function().derivatives([1.0, 1.0]).value,
        before,
        "and undo takes it back"
    );
}

#[test]
fn a_landscape_is_turned() {
    let mut window = Window::paused();
    window.press("Turn, stretch, move");
    window.frames(10);
    window.type_into("landscape rotation value", "30");
    assert_eq!(window.function().transform.rotation, 30.0);
    window.finish();
    assert!(window.run(0).trace().value.len() > 1);
}
