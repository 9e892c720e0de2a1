//! What is there at the start, and what can be done with it at once.

use eframe::egui::vec2;
use optiscope::optim::RunStatus;
use optiscope::param::Value;

use super::driver::Window;

const NAMES: [&str; 6] = ["SGD", "Momentum", "Adam", "RMSprop", "Annealing", "Restarts"];

fn lr(window: &Window, i: usize) -> f64 {
    match window.doc().runs[i].rule.get("lr") {
        Some(Value::Number(lr)) => lr,
        other => panic!("no learning rate but {other:?}"),
    }
}

#[test]
fn it_starts_with_six_runs_that_move() {
    let mut window = Window::open();
    for name in NAMES {
        assert!(window.has(&format!("Landscape {name}")), "{name} has a picture");
        assert!(window.has(&format!("{name} rule")), "{name} has a card");
    }
    assert!(window.plays(), "it plays by itself");
    let before = (window.step(), window.state().position(2));
    window.frames(10);
    assert!(window.step() > before.0);
    assert_ne!(window.state().position(2), before.1);
    assert!((0..6).all(|i| window.run(i).status() == RunStatus::Finished));
    assert!(window.state().is_picture_ready());
    assert!(window.says("Same start (−1.50, 2.00)"));
    assert!(window.says("seed 7"));
}

#[test]
fn another_rule_is_chosen_from_its_card() {
    let mut window = Window::paused();
    let before = window.state().path(0);
    let others = window.rows(1);
    window.choose("SGD rule", "Lion");
    assert_eq!(window.doc().runs[0].rule.id(), "lion");
    assert_eq!(window.doc().runs[0].name, "Lion", "a name that was the rule's follows it");
    assert_ne!(window.state().path(0), before, "the path is another one");
    assert!(window.rows(1) == others, "the other runs are as they were");
    window.click("Lion unfold");
    for info in window.doc().runs[0].rule.params() {
        assert!(
            window.has(&format!("Lion {}", info.name)),
            "there is a slider for {}",
            info.name
        );
    }
    assert!(window.has("Landscape Lion"));
}

#[test]
fn the_formula_and_the_source_are_told_where_the_rule_is_chosen() {
    let mut window = Window::paused();
    window.find("Adam rule").hover();
    window.frames(15);
    let formula = window.doc().runs[2].rule.info().formula;
    assert!(window.says(formula), "{formula}");
}

#[test]
fn dragging_a_slider_restarts_the_run_while_it_is_dragged() {
    let mut window = Window::paused();
    let before = window.rows(0);
    let slider = window.rect("SGD lr");
    let from = slider.center();
    let mut seen = Vec::new();
    window.drag(from, from - vec2(20.0, 0.0), |window| {
        let plan = window.state().bench.lanes()[0].plan();
        assert_eq!(plan.rule, window.doc().runs[0].rule, "the run follows the slider");
        seen.push(window.shown_rows(0));
    });
    assert!(lr(&window, 0) < 0.0015);
    assert!(window.rows(0) != before);
    assert_eq!(window.run(0).trace().lr[0], lr(&window, 0));
    seen.dedup();
    assert!(seen.len() > 1, "more than one run was seen on the way");
}

#[test]
fn a_typed_value_is_taken_as_it_is() {
    let mut window = Window::paused();
    window.type_into("SGD lr value", "0.00123456789");
    assert_eq!(lr(&window, 0), 0.00123456789);
    assert_eq!(window.run(0).trace().lr[0], 0.00123456789);
    window.type_into("SGD lr value", "2e-4");
    assert_eq!(lr(&window, 0), 2e-4);
    window.type_into("SGD lr value", "0,0005");
    assert_eq!(lr(&window, 0), 5e-4);
}

#[test]
fn nonsense_that_is_typed_changes_nothing() {
    let mut window = Window::paused();
    for text in ["fast", "", "-1", "nan", "inf", "1e999"] {
        window.type_into("SGD lr value", text);
        let lr = lr(&window, 0);
        assert!(lr.is_finite() && lr >= 0.0, "\"{text}\" became {lr}");
    }
    assert!(window.doc().check().is_ok());
}

#[test]
fn a_click_on_any_picture_moves_the_start_of_all_runs() {
    let mut window = Window::paused();
    for (label, point) in [("Landscape SGD", [0.5, -0.5]), ("Landscape Restarts", [-1.0, 2.5])] {
        let at = window.place(label, point);
        let expected = window.point(label, at);
        window.click_at(at);
        let start = window.function().start;
        for i in 0..2 {
            assert!((start[i] - expected[i]).abs() < 1e-3, "{start:?} is not {expected:?}");
        }
        for lane in window.state().bench.lanes() {
            assert_eq!(*lane.plan().x0, start);
            assert_eq!(lane.trajectory().trace().point(0), Some(&start[..]));
        }
    }
}

#[test]
fn dragging_the_start_takes_all_runs_along() {
    let mut window = Window::paused();
    let label = "Landscape Momentum";
    let from = window.place(label, window.function().start);
    let to = window.place(label, [1.5, 0.0]);
    let mut starts = Vec::new();
    window.drag(from, to, |window| {
        starts.push(window.function().start);
        let lanes = window.state().bench.lanes();
        assert!(lanes.iter().all(|lane| *lane.plan().x0 == window.function().start));
    });
    starts.dedup();
    assert!(starts.len() > 2, "it moves with the pointer: {starts:?}");
    let start = window.function().start;
    assert!((start[0] - 1.5).abs() < 0.05 && start[1].abs() < 0.05, "{start:?}");
}

#[test]
fn a_start_dragged_out_of_the_domain_stays_on_its_edge() {
    let mut window = Window::paused();
    let label = "Landscape SGD";
    let from = window.place(label, window.function().start);
    window.drag(from, from - vec2(2000.0, 2000.0), |_| {});
    let [[x_low, _], [_, y_high]] = window.function().function.domain();
    assert_eq!(window.function().start, [x_low, y_high]);
    assert!(window.doc().check().is_ok());
}

#[test]
fn dragging_elsewhere_pans_and_scrolling_zooms_all_pictures() {
    let mut window = Window::paused();
    let label = "Landscape Adam";
    let start = window.function().start;
    let at = window.rect(label).center();
    let before = window.point(label, at);
    window.drag(at, at + vec2(30.0, 10.0), |_| {});
    let panned = window.point(label, at);
    assert!(panned[0] < before[0] && panned[1] > before[1]);
    let other = window.rect("Landscape SGD").center();
    assert_eq!(
        window.point("Landscape SGD", other).map(f64::to_bits),
        panned.map(f64::to_bits),
        "the panes go together"
    );
    let unit = |window: &Window| window.point(label, at + vec2(1.0, 0.0))[0] - window.point(label, at)[0];
    let wide = unit(&window);
    window.scroll(at, 3.0);
    assert!(unit(&window) < wide, "closer");
    assert_eq!(window.function().start, start, "looking moves nothing");
    window.click("Reset view");
    assert_eq!(window.point(label, at), before);
}

#[test]
fn the_start_the_noise_the_seed_and_the_budget_can_be_typed() {
    let mut window = Window::paused();
    window.type_into("start x", "1.25");
    window.type_into("start y", "-0.75");
    window.type_into("noise", "0.5");
    window.type_into("seed", "42");
    window.type_into("steps", "300");
    window.finish();
    assert_eq!(window.function().start, [1.25, -0.75]);
    assert_eq!(
        (window.function().noise.gradient, window.doc().seed, window.doc().steps),
        (0.5, 42, 300)
    );
    assert!(window.says("same noise σ"));
    assert_eq!(window.run(0).trace().len(), 301);
}
