//! Ctrl-C.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use super::CliError;

static PRESSED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C is noticed by [`check`], so that a command can leave nothing half done; a second one ends the program
/// at once.
pub(super) fn listen() {
    // Without a handler the system's own takes effect: the program ends, which is what is asked for.
    let _ = ctrlc::set_handler(|| {
        if PRESSED.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
    });
}

/// Whether Ctrl-C was pressed.
pub(super) fn pressed() -> bool {
    PRESSED.load(Ordering::Relaxed)
}

/// An error if Ctrl-C was pressed.
pub(super) fn check() -> Result<(), CliError> {
    if pressed() { Err(CliError::Interrupted) } else { Ok(()) }
}
