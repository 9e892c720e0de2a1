//! What the numbers of one column show about the marks they are written with.

use super::notation::Mixture;
use super::number::{self, Cell, NumberFormat};
use super::sample::Sample;

/// A cell that can be read in two ways: its line (from 0) and what it says.
pub(super) type Example = (u64, String);

/// The cells of a column, counted by what their marks can only be.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// Numbers whichever way they are written, and cells that are none in any.
    pub cells: Mixture,
    /// A point that is a decimal mark: `12.5`, `0.125`.
    pub point: usize,
    /// A comma that is one: `0,76`.
    pub comma: usize,
    /// A point that groups thousands: `1.234,5`, `1.234.567`.
    pub point_groups: usize,
    /// A comma that does: `1,234.5`, `1,234,567`.
    pub comma_groups: usize,
    /// A point that may be either: `1.234`.
    pub either_point: usize,
    pub first_point: Option<Example>,
    /// A comma that may be either: `1,234`.
    pub first_comma: Option<Example>,
    /// A space of any kind that groups thousands.
    pub space_groups: usize,
    /// An apostrophe that does.
    pub apostrophe_groups: usize,
    /// Whole numbers without a mark that are too short for one, and those that would have one if there were any.
    pub short: usize,
    pub long: usize,
}

impl Evidence {
    /// That of every column; the names above them count as cells, and are none.
    pub fn of(records: &[Sample], delimiter: u8) -> Vec<Self> {
        let mut columns: Vec<Self> = Vec::new();
        for record in records {
            if columns.len() < record.cells.len() {
                columns.resize_with(record.cells.len(), Self::default);
            }
            for (column, cell) in columns.iter_mut().zip(&record.cells) {
                column.see(record.line, cell, delimiter);
            }
        }
        columns
    }

    /// Cells with a point that may be either, of a column in which no other point says what it is.
    pub fn open_points(&self) -> usize {
        let open = self.point == 0 && self.cells.is_numeric();
        if open { self.either_point } else { 0 }
    }

    /// Cells whose point is a decimal mark, if only because it is one in other cells of the column.
    pub fn points(&self) -> usize {
        let settled = self.point > 0 && self.cells.is_numeric();
        if settled { self.point + self.either_point } else { 0 }
    }

    fn see(&mut self, line: u64, cell: &str, delimiter: u8) {
        let cell = number::plain_spaces(cell.trim_ascii());
        if number::is_missing(cell.as_bytes()) {
            return;
        }
        let digits = cell.strip_prefix(['-', '+']).unwrap_or(&cell);
        let begins = digits.starts_with(|c: char| c.is_ascii_digit() || c == ',' || c == '.');
        let known = begins && digits.len() <= 40 && {
            let whole = digits.split(['.', ',']).next().unwrap_or_default().as_bytes();
            let grouped = |sign: u8| delimiter != sign && number::grouped(whole, sign);
            match (grouped(b' '), grouped(b'\'')) {
                (true, _) => self.space_groups += 1,
                (_, true) => self.apostrophe_groups += 1,
                _ => {}
            }
            let bare = if grouped(b' ') || grouped(b'\'') {
                digits.replace([' ', '\''], "")
            } else {
                digits.to_owned()
            };
            self.marks(line, &bare, &cell)
        };
        if known {
            self.cells.numbers += 1;
        } else {
            self.cells.other(&cell);
        }
    }

    /// Counts points and commas; false if these are no digits.
    fn marks(&mut self, line: u64, digits: &str, cell: &str) -> bool {
        let read = |decimal, thousands| {
            let format = NumberFormat { decimal, thousands };
            matches!(number::parse(digits.as_bytes(), format), Cell::Number(..))
        };
        let example = || Some((line, cell.to_owned()));
        match (digits.contains('.'), digits.contains(',')) {
            (false, false) => match read('.', None) {
                true if digits.len() <= 3 => self.short += 1,
                true => self.long += 1,
                false => return false,
            },
            (true, false) => match (read('.', None), number::grouped(digits.as_bytes(), b'.')) {
                (true, true) => {
                    self.either_point += 1;
                    self.first_point = self.first_point.take().or_else(example);
                }
                (true, false) => self.point += 1,
                (false, true) => self.point_groups += 1,
                (false, false) => return false,
            },
            (has_point, true) => match (read(',', Some('.')), read('.', Some(','))) {
                (true, true) => self.first_comma = self.first_comma.take().or_else(example),
                (true, false) => {
                    self.comma += 1;
                    self.point_groups += usize::from(has_point);
                }
                (false, true) => self.comma_groups += 1,
                (false, false) => return false,
            },
        }
        true
    }
}
