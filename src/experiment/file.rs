//! Reading and writing experiments: JSON, strict, with a version.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Experiment, ExperimentError, VERSION};
use crate::data::write_whole;

/// Far more than any experiment needs.
const MAX_BYTES: u64 = 16 << 20;

/// Reads an experiment.
///
/// # Errors
/// The file cannot be read, is no experiment, is newer than this program, or has a field that is unknown or out of range; the
/// message says where.
pub fn load(path: &Path) -> Result<Experiment, ExperimentError> {
    let read_error = |source| ExperimentError::Read {
        path: path.to_owned(),
        source,
    };
    let bytes = fs::metadata(path).map_err(read_error)?.len();
    if bytes > MAX_BYTES {
        return Err(ExperimentError::TooLarge {
            path: path.to_owned(),
            bytes,
        });
    }
    let text = fs::read(path).map_err(read_error)?;
    from_json(&String::from_utf8_lossy(&text), &path.display().to_string())
}

/// Writes an experiment, whole or not at all.
///
/// # Errors
/// The file system says no.
pub fn save(experiment: &Experiment, path: &Path) -> Result<(), ExperimentError> {
    let text = to_json(experiment);
    write_whole(path, |w| w.write_all(text.as_bytes())).map_err(|source| ExperimentError::Write {
        path: path.to_owned(),
        source,
    })
}

/// The text of the file.
pub fn to_json(experiment: &Experiment) -> String {
    // Nothing in an experiment can fail to serialise: no maps with odd keys, no NaN (checked), no I/O.
    let mut text = serde_json::to_string_pretty(experiment).unwrap_or_default();
    text.push('\n');
    text
}

/// An experiment from its text; `file` is named in errors.
///
/// # Errors
/// As [`load`].
pub fn from_json(text: &str, file: &str) -> Result<Experiment, ExperimentError> {
    let json_error = |error: serde_json::Error| ExperimentError::Json {
        file: file.to_owned(),
        line: error.line(),
        column: error.column(),
        what: in_words(&error),
    };
    let value: Value = serde_json::from_str(text).map_err(json_error)?;
    let version = value.get("version").and_then(Value::as_u64).filter(|version| *version > 0);
    let version = version.ok_or_else(|| ExperimentError::NoVersion { file: file.to_owned() })?;
    if version > u64::from(VERSION) {
        return Err(ExperimentError::Newer {
            file: file.to_owned(),
            found: version,
            known: VERSION,
        });
    }
    // Read from the text again, because only the text knows lines and columns.
    let experiment: Experiment = serde_json::from_str(text).map_err(json_error)?;
    experiment.check().map_err(|what| ExperimentError::Field {
        file: file.to_owned(),
        what: Box::new(what),
    })?;
    Ok(experiment)
}

/// What serde_json says without its "at line 1 column 2", which our message says elsewhere, and with what to do.
fn in_words(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the file ends here, in the middle of the experiment; it was cut off, open another copy of it".to_owned();
    }
    let text = error.to_string();
    let what = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    format!("{what}; correct it or open another copy")
}
