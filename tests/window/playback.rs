//! The playhead: play, pause, step, scrub, loop, speed, and readings that are the engine's own.

use eframe::egui::{Key, pos2};

use super::driver::Window;

/// Steps that go by in so many frames.
fn speed(window: &mut Window, frames: usize) -> u64 {
    let before = window.step();
    window.frames(frames);
    window.step() - before
}

#[test]
fn space_and_the_button_hold_and_go_on() {
    let mut window = Window::open();
    window.key(Key::Space);
    assert_eq!(speed(&mut window, 10), 0, "held");
    assert!(!window.plays());
    window.key(Key::Space);
    assert!(speed(&mut window, 10) > 0);
    window.click("Pause");
    assert_eq!(speed(&mut window, 10), 0);
}

#[test]
fn keys_step_one_step_at_a_time_and_go_to_both_ends() {
    let mut window = Window::open();
    window.key(Key::Home);
    window.key(Key::Space);
    window.key(Key::Home);
    assert_eq!(window.step(), 0);
    for expected in [1, 2, 3] {
        window.key(Key::ArrowRight);
        assert_eq!(window.step(), expected);
    }
    window.key(Key::ArrowLeft);
    assert_eq!(window.step(), 2);
    window.key(Key::End);
    assert_eq!(window.step(), 1500);
    window.key(Key::ArrowRight);
    assert_eq!(window.step(), 1500, "there is nothing after the end");
    window.click("To the start");
    window.click("Step back");
    assert_eq!(window.step(), 0, "nor before the start");
    window.click("Step forward");
    window.click("To the end");
    assert_eq!(window.step(), 1500);
}

#[test]
fn the_playhead_is_scrubbed_in_both_directions() {
    let mut window = Window::open();
    let bar = window.rect("playhead");
    let at = |part: f32| pos2(bar.left() + 8.0 + part * (bar.width() - 16.0), bar.center().y);
    window.drag(at(0.1), at(0.5), |_| {});
    assert!((745..=755).contains(&window.step()), "{}", window.step());
    assert!(!window.plays(), "who scrubs wants to look");
    let mut steps = Vec::new();
    window.drag(at(0.5), at(0.2), |window| steps.push(window.step()));
    assert!(steps.is_sorted_by(|a, b| a > b), "backwards: {steps:?}");
    window.drag(at(0.2), at(2.0), |_| {});
    assert_eq!(window.step(), 1500);
    window.drag(at(0.5), at(-2.0), |_| {});
    assert_eq!(window.step(), 0);
}

#[test]
fn a_click_in_the_strips_goes_to_that_step() {
    let mut window = Window::paused();
    let strips = window.rect("strips over the steps");
    window.click_at(strips.center());
    assert!((740..=760).contains(&window.step()), "{}", window.step());
}

#[test]
fn readings_at_a_step_are_those_of_the_engine() {
    let mut window = Window::paused();
    window.key(Key::Home);
    for _ in 0..17 {
        window.key(Key::ArrowRight);
    }
    assert!(window.has("At step 17"));
    for i in 0..6 {
        let lane = &window.state().bench.lanes()[i];
        let state = lane.trajectory().state_at(lane.plan(), 17).expect("replayed");
        let position = window.state().position(i).expect("a position");
        assert_eq!(position.to_vec(), state.walk.x, "run {i}");
        let value = window.function().function.derivatives(position).value;
        assert_eq!(lane.trajectory().trace().value[17].to_bits(), value.to_bits(), "run {i}");
        let reading = window.state().reading_at_playhead(i);
        let shown: f64 = reading
            .trim_start_matches("f ")
            .replace('−', "-")
            .replace('\u{2009}', "")
            .parse()
            .expect("a number");
        assert!((shown - value).abs() <= 6e-2 * value.abs(), "{reading} is {value}");
    }
}

#[test]
fn it_loops_or_stops_at_the_end() {
    let mut window = Window::open();
    window.key(Key::End);
    window.frames(15);
    assert!(window.step() < 1000, "it has started over");
    window.click("Loop");
    assert!(!window.doc().view.looping);
    window.key(Key::End);
    window.frames(15);
    assert_eq!(window.step(), 1500);
    assert!(!window.plays(), "it has stopped");
    window.click_last("Play");
    assert!(window.step() < 1000, "from the end it starts over");
    window.key(Key::L);
    assert!(window.doc().view.looping);
}

#[test]
fn speed_is_chosen_from_a_list() {
    let mut window = Window::open();
    window.key(Key::Home);
    let usual = speed(&mut window, 10);
    window.choose("At 1× a whole run takes ten seconds", "4×");
    assert_eq!(window.doc().view.speed, 4.0);
    window.key(Key::Home);
    let fast = speed(&mut window, 10);
    assert!((fast as f64 / usual as f64 - 4.0).abs() < 0.1, "{fast} instead of {usual}");
    assert!((140..=160).contains(&usual), "a tenth of a run a second: {usual}");
}

#[test]
fn playback_changes_no_number() {
    let mut window = Window::open();
    let before: Vec<_> = (0..6).map(|i| window.rows(i)).collect();
    for key in [Key::End, Key::Home, Key::Space, Key::ArrowRight, Key::Space] {
        window.key(key);
        window.frames(7);
    }
    for (i, before) in before.iter().enumerate() {
        assert!(window.rows(i) == *before);
    }
}
