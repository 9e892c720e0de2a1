//! Layouts, themes, panels, sizes, and every landscape there is.

use eframe::egui::{Key, Modifiers, Theme, vec2};
use optiscope::experiment::Layout;
use optiscope::functions::FunctionConfig;

use super::driver::Window;

#[test]
fn overlay_shows_all_runs_on_one_picture() {
    let mut window = Window::paused();
    window.click("Overlay");
    assert!(window.has("Landscape all runs") && !window.has("Landscape SGD"));
    assert_eq!(window.doc().view.layout, Layout::Overlay);
    window.key(Key::Num1);
    assert!(window.has("Landscape SGD"));
    window.key(Key::Num2);
    assert!(window.has("Landscape all runs"));
    let at = window.place("Landscape all runs", [0.0, 0.0]);
    window.click_at(at);
    assert!(
        window.function().start.iter().all(|v| v.abs() < 0.05),
        "the start moves here too"
    );
}

#[test]
fn light_and_dark_change_places() {
    let mut window = Window::paused();
    assert_eq!(window.harness.ctx.theme(), Theme::Dark);
    window.click("Light or dark");
    window.frames(3);
    assert_eq!(window.harness.ctx.theme(), Theme::Light);
    window.keys(Modifiers::COMMAND, Key::T);
    window.frames(3);
    assert_eq!(window.harness.ctx.theme(), Theme::Dark);
}

#[test]
fn panels_fold_and_unfold() {
    let mut window = Window::paused();
    let wide = window.rect("Landscape SGD").width();
    for (button, key, inside) in [
        ("Problem panel", Key::F6, "Rosenbrock"),
        ("Runs panel", Key::F7, "SGD rule"),
        ("Timeline", Key::F8, "playhead"),
    ] {
        assert!(window.has(inside));
        window.click(button);
        assert!(!window.has(inside), "{inside} is folded away");
        window.key(key);
        window.frames(1);
        assert!(window.has(inside), "{inside} is back");
    }
    window.key(Key::F6);
    window.key(Key::F7);
    window.frames(2);
    assert!(window.rect("Landscape SGD").width() > wide, "the pictures take the room");
}

#[test]
fn every_landscape_can_be_chosen() {
    let mut window = Window::paused();
    for function in FunctionConfig::all() {
        let name = function.info().name;
        window.press(name);
        window.finish();
        assert_eq!(window.function().function, function, "{name}");
        assert_eq!(window.function().start, function.start());
        assert!(window.state().is_picture_ready());
        assert!(window.says(&function.formula()), "{name}");
        for info in function.params() {
            assert!(window.has(&format!("landscape {}", info.name)), "{name}: {}", info.name);
        }
        assert!((0..6).all(|i| !window.run(i).trace().is_empty()));
        window.frames(3);
    }
}

#[test]
fn a_parameter_of_the_landscape_changes_the_picture_and_the_runs() {
    let mut window = Window::paused();
    window.finish();
    let picture = |window: &Window| window.state().bench.easel().picture().map(|p| p.number);
    let (before, rows) = (picture(&window), window.rows(0));
    window.type_into("landscape b value", "20");
    window.finish();
    assert_ne!(picture(&window), before);
    assert!(window.rows(0) != rows);
}

#[test]
fn windows_of_any_size_are_drawn() {
    for (width, height, pixels) in [
        (2.0, 2.0, 1.0),
        (40.0, 900.0, 1.0),
        (900.0, 40.0, 1.0),
        (800.0, 560.0, 1.0),
        (800.0, 560.0, 2.0),
        (1920.0, 1080.0, 1.5),
        (3840.0, 2160.0, 1.0),
    ] {
        let mut window = Window::with(vec2(width, height), pixels, None);
        window.frames(3);
        window.key(Key::Num2);
        window.frames(3);
        assert_eq!(window.state().bench.lanes().len(), 6, "{width} x {height}");
    }
}

#[test]
fn a_window_can_change_its_size_at_any_time() {
    let mut window = Window::open();
    for (width, height) in [(800.0, 560.0), (2.0, 2.0), (1600.0, 1000.0), (1.0, 2000.0), (1280.0, 800.0)] {
        window.harness.set_size(vec2(width, height));
        window.frames(3);
    }
    assert!(window.has("Landscape SGD"));
}

#[test]
fn the_smallest_window_offered_still_shows_everything_that_counts() {
    let window = Window::with(vec2(800.0, 560.0), 1.0, None);
    for label in ["Landscape SGD", "Landscape Restarts", "Pause", "playhead", "SGD rule", "File"] {
        let rect = window.rect(label);
        assert!(rect.width() > 20.0 && rect.height() > 10.0, "{label}: {rect:?}");
        assert!(rect.right() <= 801.0 && rect.bottom() <= 561.0, "{label}: {rect:?}");
    }
}

#[test]
fn menus_open_and_their_entries_work() {
    let mut window = Window::paused();
    for (menu, entry) in [
        ("View", "Overlay"),
        ("Play", "To the end"),
        ("Edit", "Add run"),
        ("File", "New experiment"),
    ] {
        window.click(menu);
        window.click_entry(entry);
    }
    assert_eq!(
        *window.doc(),
        optiscope::experiment::Experiment::default(),
        "new is the welcome"
    );
}

#[test]
fn every_control_has_a_name() {
    let mut window = Window::paused();
    let mut unnamed = window.harness.unnamed_widgets();
    for name in ["SGD", "Adam", "Restarts", "Annealing"] {
        window.press(&format!("{name} unfold"));
        unnamed.extend(window.harness.unnamed_widgets());
    }
    window.click("Network");
    window.finish();
    unnamed.extend(window.harness.unnamed_widgets());
    for directions in ["Random", "Two weights"] {
        window.press(directions);
        window.finish();
        unnamed.extend(window.harness.unnamed_widgets());
    }
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
}
