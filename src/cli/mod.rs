//! The command line: the same work as in the window, without one. A command is one file.
//!
//! Results go to stdout, progress and messages to stderr. Exit code 0 = done (a diverged run is a result), 2 = refused, 130 =
//! interrupted.

mod bench;
mod data;
mod dialect;
mod error;
mod eval;
mod execute;
mod explain;
mod interrupt;
mod list;
mod model;
mod named;
mod number;
mod output;
mod output_file;
mod predict;
mod recipe;
mod results;
mod rules;
mod run;
mod slice;
mod table;
mod train;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use error::CliError;

/// An oscilloscope for optimizers: loss landscapes, optimizers side by side, and real models from your CSV.
#[derive(Parser)]
#[command(
    name = "optiscope",
    version,
    about,
    args_conflicts_with_subcommands = true,
    max_term_width = 110
)]
#[command(after_help = "Without a command the window opens. `optiscope help COMMAND` shows examples that work as printed.")]
struct Arguments {
    /// An experiment (.optiscope) or a CSV file to open in the window
    file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    List(list::List),
    Eval(eval::Eval),
    Run(Box<run::Run>),
    Data(data::Data),
    Train(Box<train::Train>),
    Predict(predict::Predict),
    Slice(Box<slice::Slice>),
    Bench(bench::Bench),
}

/// What remains to be done once the command line has been dealt with.
#[derive(Debug)]
pub enum Action {
    /// Open the window, on this file if there is one.
    Window(Option<PathBuf>),
    /// Nothing: leave with this code.
    Exit(ExitCode),
}

/// Obeys the arguments of the program, the first of which is its name.
pub fn main(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Action {
    let arguments = match parse(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // A reader of the help that has gone away is no error.
            let _ = error.print();
            return Action::Exit(ExitCode::from(error.exit_code() as u8));
        }
    };
    let result = match arguments.command {
        Some(command) => command.run(),
        None => match check_file(arguments.file) {
            Ok(file) => return Action::Window(file),
            Err(error) => Err(error),
        },
    };
    Action::Exit(match result {
        Ok(()) | Err(CliError::ReaderGone) => ExitCode::SUCCESS,
        Err(CliError::Interrupted) => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    })
}

impl Command {
    fn run(self) -> Result<(), CliError> {
        match self {
            Self::List(list) => list.run(),
            Self::Eval(eval) => eval.run(),
            Self::Run(run) => run.run(),
            Self::Data(data) => data.run(),
            Self::Train(train) => train.run(),
            Self::Predict(predict) => predict.run(),
            Self::Slice(slice) => slice.run(),
            Self::Bench(bench) => bench.run(),
        }
    }
}

/// `--steps -5` is a value out of range, which the option itself refuses in its own words, and not an option called `-5`.
fn parse(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Arguments, clap::Error> {
    let mut command = Arguments::command().mut_subcommands(|command| {
        command.mut_args(|arg| {
            let takes_value = !arg.is_positional() && arg.get_action().takes_values();
            arg.allow_negative_numbers(takes_value)
        })
    });
    let matches = command.try_get_matches_from_mut(arguments)?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// A word that is neither a command nor a file is most likely a misspelt command.
fn check_file(file: Option<PathBuf>) -> Result<Option<PathBuf>, CliError> {
    match file {
        Some(file) if !file.exists() => Err(CliError::NoSuchFile(file)),
        file => Ok(file),
    }
}
