//! w6: a CSV file of a million rows (ten floats, an integer, two columns of text, one cell in a hundred empty) into typed columns.

use std::io::Write;
use std::num::NonZero;
use std::path::Path;

use super::{CliError, Conditions, Measured};
use crate::cli::interrupt;
use crate::data::{Progress, ReadOptions, Values, read, write_whole};
use crate::math::{Purpose, Rng};

const ROWS: u64 = 1_000_000;

pub(super) fn run(conditions: &Conditions<'_>) -> Result<(), CliError> {
    let made = tempfile::Builder::new().suffix(".csv").tempfile().map_err(CliError::Write)?;
    let path = match conditions.data {
        Some(folder) => folder.join("w6.csv"),
        None => {
            make(made.path(), conditions.scaled(ROWS), conditions.seed)?;
            made.path().to_owned()
        }
    };
    let bytes = std::fs::metadata(&path).map(|m| m.len());
    let bytes = bytes.map_err(|source| CliError::Read {
        path: path.clone(),
        source,
    })?;
    // Once outside the clock, to have a refusal told as what it is.
    sum_of_first_column(&path)?;
    interrupt::check()?;
    let what = Measured {
        workload: "W6",
        work: bytes as f64,
        unit: "bytes/s",
        // The reader takes the cores that this process may use.
        threads: std::thread::available_parallelism().map_or(1, NonZero::get),
        flops: 0.0,
        peak_memory: true,
    };
    conditions.measure(&what, || sum_of_first_column(&path).unwrap_or(f64::NAN))
}

fn sum_of_first_column(path: &Path) -> Result<f64, CliError> {
    let table = read(path, &ReadOptions::default(), &Progress::default())?;
    let first = table.columns.first().map(|column| &column.values);
    Ok(match first {
        Some(Values::Numbers(values)) => values.iter().filter(|v| !v.is_nan()).sum(),
        _ => f64::NAN,
    })
}

fn make(path: &Path, rows: u64, seed: u64) -> Result<(), CliError> {
    const SCALES: [f64; 10] = [1.0, 10.0, 100.0, 1000.0, 0.1, 1.0, 5.0, 50.0, 2.0, 1e4];
    const COLOURS: [&str; 5] = ["red", "green", "blue", "yellow", "violet"];
    let mut rng = Rng::stream(seed, Purpose::Bench, 6);
    let line = |out: &mut dyn Write, rng: &mut Rng| {
        for (k, scale) in SCALES.iter().enumerate() {
            let comma = if k == 0 { "" } else { "," };
            out.write_all(comma.as_bytes())?;
            if rng.below(100) > 0 {
                write!(out, "{:.*}", 5, scale * (rng.normal() + 1.0))?;
            }
        }
        let (count, colour, level) = (rng.below(100_000), COLOURS[rng.below(5) as usize], rng.below(50));
        match rng.below(33) {
            0 => writeln!(out, ",,{colour},level_{level:02}"),
            1 => writeln!(out, ",{count},,level_{level:02}"),
            2 => writeln!(out, ",{count},{colour},"),
            _ => writeln!(out, ",{count},{colour},level_{level:02}"),
        }
    };
    let written = write_whole(path, |out| {
        writeln!(out, "x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,count,colour,level")?;
        (0..rows).try_for_each(|_| line(out, &mut rng))
    });
    written.map_err(CliError::Write)
}
