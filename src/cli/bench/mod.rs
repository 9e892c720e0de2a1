//! `optiscope bench`: how fast the engine is on this machine. A workload is one file; each prints JSON lines.
//!
//! Every workload is run once to warm up and then timed several times; the median counts. The check is a number that shows that
//! the work was done.

mod drag;
mod nets;
mod w1_trajectory;
mod w2_basins;
mod w3_grid;
mod w4_training;
mod w5_slice;
mod w6_csv;
mod w7_curvature;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;

use super::output::{Cell, json_object, print_text};
use super::{CliError, interrupt, number};

/// Measure the engine's speed; prints JSON lines
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  optiscope bench w1\n  optiscope bench w4a w5a --threads 2 --runs 3 --scale 0.1")]
pub(in crate::cli) struct Bench {
    /// w1 a trajectory, w2 a map of basins, w3 grids, w4a w4b w4c training, w5a w5c slices of a network, w6 reading CSV, w7 curvature, drag a move of a slider in the window
    #[arg(required = true, value_name = "W")]
    workloads: Vec<Workload>,
    /// Threads, for the workloads that use several
    #[arg(long, default_value_t = 1, value_parser = number::whole::<u16>(1..=1024))]
    threads: u16,
    /// Timed runs after the first, which warms up
    #[arg(long, default_value_t = 5, value_parser = number::whole::<u16>(1..=10_000))]
    runs: u16,
    /// Folder with the data files of the benchmark kit; without it data of the same shapes are made from the seed
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Multiplies the work
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    /// Seed of made data and of the order of the rows
    #[arg(long, default_value_t = 0, value_parser = number::whole::<u64>(0..=u64::MAX))]
    seed: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Workload {
    W1,
    W2,
    W3,
    W4a,
    W4b,
    W4c,
    W5a,
    W5c,
    W6,
    W7,
    Drag,
}

fn scale(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(scale) if (1e-6..=1e6).contains(&scale) => Ok(scale),
        _ => Err("it must be a number from 0.000001 to 1000000".to_owned()),
    }
}

/// How a workload is to be measured.
struct Conditions<'a> {
    threads: usize,
    runs: usize,
    data: Option<&'a Path>,
    scale: f64,
    seed: u64,
}

impl Conditions<'_> {
    /// `work` times the scale, at least one.
    fn scaled(&self, work: u64) -> u64 {
        ((work as f64 * self.scale).round() as u64).max(1)
    }

    /// Warms up, measures and prints. `work` is what one call of `run` does, in `unit`s; `run` returns the check.
    fn measure(&self, what: &Measured<'_>, mut run: impl FnMut() -> f64) -> Result<(), CliError> {
        let check = run();
        let mut seconds = Vec::with_capacity(self.runs);
        for _ in 0..self.runs {
            interrupt::check()?;
            let start = Instant::now();
            std::hint::black_box(run());
            seconds.push(start.elapsed().as_secs_f64());
        }
        seconds.sort_by(f64::total_cmp);
        let median = seconds[seconds.len() / 2];
        let rate = what.work / median;
        let mut line: Vec<(&str, Cell)> = vec![
            ("workload", what.workload.into()),
            ("peer", "optiscope".into()),
            ("seconds", median.into()),
            ("rate", rate.into()),
            ("unit", what.unit.into()),
            ("runs", (self.runs as u64).into()),
            ("min", seconds[0].into()),
            ("max", seconds[seconds.len() - 1].into()),
            ("threads", (what.threads as u64).into()),
            ("check", check.into()),
        ];
        if what.flops > 0.0 {
            line.push(("gflops", (rate * what.flops * 1e-9).into()));
        }
        if let Some(mib) = what.peak_memory.then(peak_memory_mib).flatten() {
            line.push(("peak_rss_mib", mib.into()));
        }
        print_text(&(json_object(&line) + "\n"))
    }
}

/// What a line says beside the times.
struct Measured<'a> {
    workload: &'a str,
    work: f64,
    unit: &'a str,
    /// Threads that were at work, at the most.
    threads: usize,
    /// Floating-point operations for each unit of work; 0 = not told.
    flops: f64,
    /// Whether the most memory ever used is told.
    peak_memory: bool,
}

impl Bench {
    pub fn run(self) -> Result<(), CliError> {
        interrupt::listen();
        let conditions = Conditions {
            threads: usize::from(self.threads),
            runs: usize::from(self.runs),
            data: self.data.as_deref(),
            scale: self.scale,
            seed: self.seed,
        };
        for workload in self.workloads {
            interrupt::check()?;
            match workload {
                Workload::W1 => w1_trajectory::run(&conditions)?,
                Workload::W2 => w2_basins::run(&conditions)?,
                Workload::W3 => w3_grid::run(&conditions)?,
                Workload::W4a => w4_training::run(&nets::A, "W4a", &conditions)?,
                Workload::W4b => w4_training::run(&nets::B, "W4b", &conditions)?,
                Workload::W4c => w4_training::run(&nets::C, "W4c", &conditions)?,
                Workload::W5a => w5_slice::run(&nets::A, 10_000, "W5a", &conditions)?,
                Workload::W5c => w5_slice::run(&nets::C, 5_000, "W5c", &conditions)?,
                Workload::W6 => w6_csv::run(&conditions)?,
                Workload::W7 => w7_curvature::run(&conditions)?,
                Workload::Drag => drag::run(&conditions)?,
            }
        }
        Ok(())
    }
}

/// The most memory this process has held so far, where the system tells.
fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}
