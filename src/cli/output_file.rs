//! Files that a command is to write: refused before the work is done, if they can be told to be impossible, and named by their own name.

use std::io;
use std::path::Path;

use super::CliError;

/// Whether a file can be written here: its folder exists and takes a new file.
///
/// # Errors
/// The refusal names the option that asked for the file.
pub(super) fn check(option: &'static str, path: &Path) -> Result<(), CliError> {
    let refusal = |accepted: String| {
        Err(CliError::Value {
            option,
            given: path.display().to_string(),
            accepted,
        })
    };
    if path.is_dir() {
        return refusal("this is a folder; give the name of a file in it".to_owned());
    }
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return refusal(format!("there is no folder {}; make it or choose another", folder.display()));
    }
    // Rights, a full disk, a read-only medium: trying is the only way to know.
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(error) => refusal(format!(
            "nothing can be written in the folder {} ({}); choose another",
            folder.display(),
            bare(error)
        )),
    }
}

/// The refusal of a file by the system, under the name that was asked for.
pub(super) fn unwritable(path: &Path, source: io::Error) -> CliError {
    CliError::WriteFile {
        path: path.to_owned(),
        source: bare(source),
    }
}

/// Without the name of the temporary file beside the target, which nobody has asked for.
fn bare(error: io::Error) -> io::Error {
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((what, _)) => io::Error::new(error.kind(), what.to_owned()),
        None => error,
    }
}
