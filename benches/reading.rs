//! A large file in the window: how soon its first rows are shown, how long a frame takes meanwhile, and how soon Cancel answers. The file
//! has a million rows; it is read by threads, as in the program; nothing is painted on a screen.
//!
//!     cargo bench --features ui-tests --bench reading
//!
//! Prints a line of JSON a question, and fails if the first rows take longer than a second, a frame longer than 16 ms at the median, or
//! Cancel longer than 200 ms until nothing is read any more.

#[path = "../tests/window/driver.rs"]
#[allow(dead_code, reason = "the tests of the window need more of it")]
mod driver;

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use driver::Window;
use eframe::egui::vec2;
use egui_kittest::Harness;
use optiscope::app::{Optiscope, Store};
use optiscope::math::{Purpose, Rng};
use optiscope::workbench::Pool;

const ROWS: usize = 1_000_000;
/// A screen asks for a picture sixty times a second.
const REFRESH: Duration = Duration::from_micros(16_667);
const FIRST_ROWS_MS: f64 = 1000.0;
const FRAME_MS: f64 = 16.0;
const CANCEL_MS: f64 = 200.0;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder for the file");
    let file = folder.path().canonicalize().expect("a path").join("million.csv");
    write(&file).expect("the file can be written");
    let first = cancelled(&file);
    let whole = to_the_end(&file);
    let slow = [
        tell("first rows shown", vec![first.first_rows], FIRST_ROWS_MS),
        tell("frame until cancelled", first.frames, FRAME_MS),
        tell("cancel", first.cancel, CANCEL_MS),
        tell("first rows shown again", vec![whole.first_rows], FIRST_ROWS_MS),
        tell("frame to the end", whole.frames, FRAME_MS),
    ];
    if slow.contains(&true) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Prints the times; whether their median is beyond the limit.
fn tell(what: &str, mut ms: Vec<f64>, limit: f64) -> bool {
    ms.sort_by(f64::total_cmp);
    let (median, most) = (ms[ms.len() / 2], ms[ms.len() - 1]);
    println!(
        r#"{{"what": "{what}", "times": {}, "median_ms": {median:.2}, "max_ms": {most:.2}, "limit_ms": {limit}}}"#,
        ms.len()
    );
    median > limit
}

/// Ten floats, an integer, and a word.
fn write(path: &Path) -> std::io::Result<()> {
    let mut rng = Rng::stream(1, Purpose::Bench, 0);
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "weight,b,c,d,e,f,g,h,i,j,count,colour")?;
    for row in 0..ROWS {
        for _ in 0..10 {
            write!(out, "{:.5},", 10.0 * rng.normal())?;
        }
        writeln!(out, "{},{}", row % 977, ["red", "green", "blue"][row % 3])?;
    }
    out.flush()
}

/// What was measured, in milliseconds.
#[derive(Default)]
struct Times {
    /// From the choice of the file.
    first_rows: f64,
    /// The window's own work.
    frames: Vec<f64>,
    /// From the click until the window says so, and until no thread holds the file any more.
    cancel: Vec<f64>,
}

/// The program with nothing to do, with the threads it has on a screen.
fn at_rest() -> Window {
    let program = |cc: &mut eframe::CreationContext<'_>| Optiscope::new(&cc.egui_ctx, Pool::threaded(), Store::default(), None);
    let harness = Harness::builder()
        .with_size(vec2(1280.0, 800.0))
        .with_step_dt(driver::FRAME)
        .build_eframe(program);
    let mut window = Window { harness };
    while window.state().bench.is_busy() {
        window.frames(1);
    }
    window.click("Pause");
    window
}

/// A frame, at the pace of a screen.
fn frame(window: &mut Window, times: &mut Times) {
    let began = Instant::now();
    window.harness.step();
    let took = began.elapsed();
    times.frames.push(took.as_secs_f64() * 1e3);
    thread::sleep(REFRESH.saturating_sub(took));
}

fn until(window: &mut Window, times: &mut Times, mut is_so: impl FnMut(&Window) -> bool) -> f64 {
    let began = Instant::now();
    while !is_so(window) {
        frame(window, times);
    }
    began.elapsed().as_secs_f64() * 1e3
}

/// Chooses the file, and waits for its first rows.
fn choose(window: &mut Window, file: &Path, times: &mut Times) {
    window.let_fall(file);
    // The name of the first column stands over its first rows.
    times.first_rows = until(window, times, |window| window.has("weight"));
}

fn cancelled(file: &Path) -> Times {
    let (mut window, mut times) = (at_rest(), Times::default());
    choose(&mut window, file, &mut times);
    let began = Instant::now();
    window.find("Cancel").click();
    until(&mut window, &mut times, |window| !window.state().bench.is_loading());
    times.cancel.push(began.elapsed().as_secs_f64() * 1e3);
    while is_held(file) {
        thread::yield_now();
    }
    times.cancel.push(began.elapsed().as_secs_f64() * 1e3);
    times
}

/// Whether this process has the file open; where the system does not tell, no.
fn is_held(file: &Path) -> bool {
    let open = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let mut targets = open.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    targets.any(|target| target == file)
}

fn to_the_end(file: &Path) -> Times {
    let (mut window, mut times) = (at_rest(), Times::default());
    choose(&mut window, file, &mut times);
    until(&mut window, &mut times, |window| !window.state().bench.is_loading());
    times
}
