//! The program: the command line does what it can without a window; if nothing is asked for, the window opens.

use std::path::PathBuf;
use std::process::ExitCode;

use optiscope::cli::{self, Action};

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
            eprintln!("error: cannot open a window: {error}; `optiscope help` lists what can be done without one");
            ExitCode::from(2)
        }
    }
}

#[cfg(not(feature = "app"))]
fn window(_file: Option<PathBuf>) -> ExitCode {
    eprintln!("error: this program was built without its window; `optiscope help` lists what it can do without one");
    ExitCode::from(2)
}
