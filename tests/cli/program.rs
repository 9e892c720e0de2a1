//! Runs the program as a user would, and reads what it says.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_optiscope");

pub struct Reply {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// The words of a command line: separated by spaces, but for those between single quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match words.last_mut() {
            _ if c == '\'' => quoted = !quoted,
            Some(word) if quoted || !c.is_whitespace() => word.push(c),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Runs a command line in a folder.
pub fn optiscope_in(folder: &Path, line: &str) -> Reply {
    let output = Command::new(PROGRAM)
        .args(words(line))
        .current_dir(folder)
        .output()
        .expect("the program runs");
    Reply {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

pub fn optiscope(line: &str) -> Reply {
    optiscope_in(Path::new("."), line)
}

impl Reply {
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self.out
    }

    /// Refused, in a message that contains these words.
    #[track_caller]
    pub fn refused(self, words: &[&str]) {
        assert_eq!(self.code, Some(2), "{}{}", self.out, self.err);
        assert!(self.err.lines().any(|line| line.starts_with("error: ")), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "\"{word}\" is not in: {}", self.err);
        }
    }
}

/// The lines of a CSV without quotes.
pub fn csv(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split(',').collect()).collect()
}

#[track_caller]
pub fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// y = 3 x - 2 exactly.
pub const LINE: &str = "x,y\n0,-2\n1,1\n2,4\n3,7\n4,10\n5,13\n";
