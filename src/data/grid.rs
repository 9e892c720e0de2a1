//! A file as a plain grid of numbers: a CSV file without a header, or a picture.

use std::path::Path;

use super::grey::{is_picture, read_picture};
use super::table::{Column, Kind, Table, Values};
use super::{DataError, Progress, ReadOptions, read};

/// Reads a grid: rows from the top. A CSV file has a number in every cell and no header; of a PNG picture it is the grey levels, black 0
/// and white 1.
///
/// # Errors
/// The file cannot be read, is neither of both, or has a cell that is no finite number.
pub fn read_grid(path: &Path) -> Result<Vec<Vec<f64>>, DataError> {
    if is_picture(path) {
        return read_picture(path);
    }
    let options = ReadOptions {
        header: Some(false),
        ..ReadOptions::default()
    };
    let table = read(path, &options, &Progress::default())?;
    let row = |r: usize| {
        let cells = table.columns.iter().enumerate();
        let number = |(c, column): (usize, &Column)| number(column, r).ok_or_else(|| no_number(path, &table, r, c));
        cells.map(number).collect()
    };
    (0..table.n_rows).map(row).collect()
}

fn number(column: &Column, r: usize) -> Option<f64> {
    let number = match &column.values {
        Values::Numbers(numbers) if column.kind != Kind::Date => numbers.get(r),
        _ => column.text(r).and_then(|text| text.trim().parse().ok()),
    };
    number.filter(|number: &f64| number.is_finite())
}

fn no_number(path: &Path, table: &Table, r: usize, c: usize) -> DataError {
    DataError::NoNumber {
        file: path.display().to_string(),
        line: table.lines.of(r as u32),
        column: c + 1,
        given: table.columns[c].text(r).unwrap_or_default().chars().take(24).collect(),
    }
}
