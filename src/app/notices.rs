//! Messages to the user: shown in a corner, never in the way.

/// How long good news stay.
const SECONDS_SHOWN: f64 = 4.0;
/// Notices kept on the screen at once.
const MOST: usize = 4;

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub text: String,
    /// Errors stay until they are closed.
    pub is_error: bool,
    age: f64,
}

/// What is being shown.
#[derive(Debug, Clone, Default)]
pub struct Notices {
    shown: Vec<Notice>,
}

impl Notices {
    pub fn info(&mut self, text: String) {
        self.push(text, false);
    }

    pub fn error(&mut self, text: String) {
        self.push(text, true);
    }

    fn push(&mut self, text: String, is_error: bool) {
        self.shown.retain(|notice| notice.text != text);
        if self.shown.len() == MOST {
            self.shown.remove(0);
        }
        self.shown.push(Notice {
            text,
            is_error,
            age: 0.0,
        });
    }

    pub fn shown(&self) -> &[Notice] {
        &self.shown
    }

    pub fn close(&mut self, i: usize) {
        if i < self.shown.len() {
            self.shown.remove(i);
        }
    }

    /// Lets time go by.
    pub fn advance(&mut self, seconds: f64) {
        for notice in &mut self.shown {
            notice.age += seconds;
        }
        self.shown.retain(|notice| notice.is_error || notice.age < SECONDS_SHOWN);
    }

    /// Whether one will go by itself.
    pub fn are_fading(&self) -> bool {
        self.shown.iter().any(|notice| !notice.is_error)
    }
}
