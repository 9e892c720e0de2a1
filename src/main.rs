//! The program: parse the command line, open the window or run without one.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let file = std::env::args_os().nth(1).map(PathBuf::from);
    match optiscope::app::run(file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("optiscope: cannot open a window: {error}");
            ExitCode::from(2)
        }
    }
}
