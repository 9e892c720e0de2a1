//! Comments between the rows of a table, told from its first records.

use super::number::{self, Cell, NumberFormat};
use super::sample::Sample;

/// Signs that begin comments in files of numbers.
const SIGNS: [char; 2] = ['%', '#'];

/// The sign that begins comments, if the first column is one of numbers and a few lines begin with a sign and words instead. Where texts
/// stand in the first column nothing can be told: `#1` and `% fat` may be among them.
pub(super) fn sign(records: &[Sample]) -> Option<u8> {
    SIGNS.into_iter().find(|&sign| is_sign(records, sign)).map(|sign| sign as u8)
}

fn is_sign(records: &[Sample], sign: char) -> bool {
    let is_number = |cell: &String| {
        let format = |decimal| NumberFormat {
            decimal,
            thousands: None,
        };
        let read = |decimal| number::parse(cell.as_bytes(), format(decimal));
        [read('.'), read(',')].iter().any(|cell| matches!(cell, Cell::Number(..)))
    };
    let is_row = |record: &Sample| record.cells.first().is_some_and(is_number);
    // With a space behind the sign, for there are `#N/A` and `%fat`, and nothing but words.
    let is_comment = |record: &Sample| {
        let said = record.cells[0].strip_prefix(sign).map(|said| said.trim_start_matches(sign));
        let said = said.and_then(|said| said.strip_prefix(' '));
        said.is_some_and(|said| said.trim_start().starts_with(char::is_alphabetic)) && !record.cells[1..].iter().any(is_number)
    };
    let (comments, rows): (Vec<&Sample>, Vec<&Sample>) = records.iter().partition(|record| is_comment(record));
    let (Some(names), Some(_)) = (rows.first(), comments.first()) else {
        return false;
    };
    // What looks like a comment above a row of numbers may be their names: `% fat,weight`.
    let begins = is_comment(&records[0]);
    let numbers = rows.iter().skip(1).filter(|row| is_row(row)).count();
    let is_table = rows.len() > 2 && numbers * 10 >= (rows.len() - 1) * 9;
    is_table && comments.len() * 4 <= rows.len() && !(begins && is_row(names))
}
