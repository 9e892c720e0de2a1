//! `--explain STEP`: the arithmetic of one step, a row for each formula and coordinate.

use super::output::{Cell, Format, Rows, exact, readable};
use super::{CliError, interrupt};
use crate::optim::arithmetic::{Line, Worked};
use crate::run::{RunPlan, Trajectory};

/// Which step is written out, and for which coordinates.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ExplainArgs {
    /// Write out the arithmetic of one step: the one that starts at row STEP
    #[arg(long, value_name = "STEP", conflicts_with = "summary")]
    explain: Option<u64>,
    /// Coordinates of which the arithmetic is written out, counted from 0
    #[arg(
        long,
        value_name = "I,J,..",
        value_delimiter = ',',
        default_value = "0,1",
        requires = "explain"
    )]
    coordinates: Vec<usize>,
}

impl ExplainArgs {
    pub fn step(&self) -> Option<u64> {
        self.explain
    }

    /// A run of `steps` steps must have the step.
    pub fn check(&self, steps: u64) -> Result<(), CliError> {
        match self.explain {
            Some(step) if step >= steps => Err(CliError::Value {
                option: "--explain",
                given: step.to_string(),
                accepted: format!("the runs have {steps} steps, counted from 0"),
            }),
            _ => Ok(()),
        }
    }

    /// Writes the lines of every run that has them; says on stderr which have none.
    pub fn print<'a>(
        &self,
        step: u64,
        runs: impl Iterator<Item = (&'a RunPlan, &'a Trajectory)>,
        format: Format,
    ) -> Result<(), CliError> {
        const COLUMNS: [&str; 7] = ["run", "step", "symbol", "coordinate", "formula", "numbers", "result"];
        let mut rows = Rows::new(format, COLUMNS.map(str::to_owned).to_vec())?;
        for (run, (plan, trajectory)) in (0_u64..).zip(runs) {
            let lines = trajectory.arithmetic_at(plan, step, &self.coordinates);
            if lines.is_empty() {
                eprintln!("note: run {run}: {}", self.why_not(step, plan, trajectory));
            }
            for line in &lines {
                for worked in &line.worked {
                    rows.push(row(run, step, line, worked, format))?;
                }
            }
            interrupt::check()?;
        }
        rows.finish()
    }

    fn why_not(&self, step: u64, plan: &RunPlan, trajectory: &Trajectory) -> String {
        let n = plan.x0.len();
        if step > trajectory.last_step() {
            format!("ended at step {}, before step {step}", trajectory.last_step())
        } else if self.coordinates.iter().all(|i| *i >= n) {
            format!("has {n} coordinates, counted from 0")
        } else {
            format!("{} does not write out its arithmetic", plan.rule.id())
        }
    }
}

fn row(run: u64, step: u64, line: &Line, worked: &Worked, format: Format) -> Vec<Cell> {
    let number = match format {
        Format::Table => readable,
        Format::Csv | Format::Json => exact,
    };
    vec![
        run.into(),
        step.into(),
        line.symbol.into(),
        worked.coordinate.map(|i| i as u64).into(),
        line.formula.into(),
        worked.written(number).into(),
        worked.result.into(),
    ]
}
