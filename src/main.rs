//! The program: the command line does what it can without a window; if nothing is asked for, the window opens.

use std::path::PathBuf;
use std::process::ExitCode;

use optiscope::cli::{self, Action};
use optiscope::math::simd::CacheLines;

#[global_allocator]
static MEMORY: CacheLines = CacheLines;

fn main() -> ExitCode {
    match cli::main(std::env::args_os()) {
        Action::Exit(code) => code,
        Action::Window(file) => window(file),
    }
}

#[cfg(feature = "app")]
fn window(file: Option<PathBuf>) -> ExitCode {
    match optiscope::app::run(file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let why = why_no_window(&error.to_string());
            eprintln!("error: cannot open a window: {why}; `optiscope help` lists what can be done without one");
            ExitCode::from(2)
        }
    }
}

#[cfg(not(feature = "app"))]
fn window(_file: Option<PathBuf>) -> ExitCode {
    eprintln!("error: this program was built without its window; `optiscope help` lists what it can do without one");
    ExitCode::from(2)
}

/// What the toolkit says, in front of it what it means: without an event loop there is no display to draw on.
#[cfg(any(feature = "app", test))]
fn why_no_window(toolkit: &str) -> String {
    let technical = without_source_paths(toolkit);
    if !technical.contains("EventLoopError") {
        technical
    } else if cfg!(all(unix, not(target_os = "macos"))) {
        format!("no display (DISPLAY or WAYLAND_DISPLAY is not set or not reachable) [{technical}]")
    } else {
        format!("no display [{technical}]")
    }
}

/// A message without the places in source files that it names: `error at /home/me/crate/src/lib.rs:12: gone` becomes `error: gone`.
#[cfg(any(feature = "app", test))]
fn without_source_paths(message: &str) -> String {
    let mut kept = String::new();
    for word in message.split(' ') {
        if word.contains(".rs:") {
            kept.truncate(kept.strip_suffix(" at").unwrap_or(&kept).len());
            kept.push_str(if word.ends_with(':') { ":" } else { "" });
        } else {
            kept.push_str(if kept.is_empty() { "" } else { " " });
            kept.push_str(word);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::why_no_window;

    #[test]
    fn a_missing_display_is_told_without_source_paths() {
        let toolkit = "winit EventLoopError: os error at /home/me/registry/winit-0.30/src/mod.rs:788: neither WAYLAND_DISPLAY nor DISPLAY is set.";
        let why = why_no_window(toolkit);
        assert!(why.starts_with("no display") && !why.contains(".rs"), "{why}");
        assert!(
            why.contains("[winit EventLoopError: os error: neither WAYLAND_DISPLAY nor DISPLAY is set.]"),
            "{why}"
        );
        assert_eq!(why_no_window("no graphics adapter"), "no graphics adapter");
    }
}
