//! A table back into a file.

use std::io::{self, Write};
use std::path::Path;

use super::table::Table;
use super::{DataError, write_whole};

impl Table {
    /// Writes the table as read: RFC 4180, UTF-8, comma, header, numbers as the shortest text with the same double, dates as ISO 8601,
    /// nothing for missing.
    ///
    /// A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection").
    ///
    /// # Errors
    /// What the writer says.
    pub fn to_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(self.columns.iter().map(|c| harmless(&c.name)))?;
        for row in 0..self.n_rows {
            for column in &self.columns {
                let text = column.text(row).unwrap_or_default();
                writer.write_field(if column.is_number(row) { text } else { harmless(&text) })?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()
    }

    /// [`Table::to_csv`] into a file, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn export(&self, path: &Path) -> Result<(), DataError> {
        write_whole(path, |out| self.to_csv(out)).map_err(|source| DataError::Unwritable {
            file: path.display().to_string(),
            source,
        })
    }
}

/// The text, made harmless for a spreadsheet if it looks like a formula.
fn harmless(text: &str) -> String {
    let formula = match text.as_bytes() {
        [b'=' | b'@' | b'\t' | b'\r', ..] => true,
        // A sign begins many honest texts ("+", "-low"); a formula calls or refers to something.
        [b'+' | b'-', rest @ ..] => rest.iter().any(|b| matches!(b, b'(' | b'|' | b'!')),
        _ => false,
    };
    if formula { format!("'{text}") } else { text.to_owned() }
}
