//! How the numbers of a file are written.

use super::finding::{Findings, Severity, Topic};
use super::number::{self, Cell, NumberFormat};
use super::sample::Sample;

/// Decimal mark and thousands separator, from the cells that can only be read one way.
pub(super) fn number_format(records: &[Sample], delimiter: u8, findings: &mut Findings) -> NumberFormat {
    let (mut point, mut comma, mut thousands, mut ambiguous) = (0, 0, 0, None);
    let (mut point_groups, mut other_groups) = (false, None);
    for (line, cell) in records.iter().flat_map(|r| r.cells.iter().map(|c| (r.line, c))) {
        let cell = cell.trim();
        let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == ',' || c == '.') || digits.len() > 40 {
            continue;
        }
        let read = |decimal, thousands| {
            matches!(
                number::parse(cell.as_bytes(), NumberFormat { decimal, thousands }),
                Cell::Number(..)
            )
        };
        if !digits.contains(',') {
            let grouped = |separator: char| number::grouped(digits.split('.').next().unwrap_or("").as_bytes(), separator as u8);
            if digits.contains('.') && read('.', None) {
                point += 1;
            } else if let Some(separator) = [' ', '\''].into_iter().find(|&s| delimiter != s as u8 && grouped(s)) {
                other_groups = Some(separator);
            } else if digits.matches('.').count() > 1 && number::grouped(digits.as_bytes(), b'.') {
                point_groups = true;
            }
            continue;
        }
        let as_comma = read(',', None) || read(',', Some('.'));
        let as_thousands = read('.', Some(','));
        match (as_comma, as_thousands) {
            (true, true) => ambiguous = ambiguous.or(Some((line, cell.to_owned()))),
            (true, false) => {
                comma += 1;
                point_groups |= digits.contains('.');
            }
            (false, true) => thousands += 1,
            (false, false) => {}
        }
    }
    if comma > 0 && comma >= point && comma > thousands {
        return NumberFormat {
            decimal: ',',
            thousands: if point_groups { Some('.') } else { other_groups },
        };
    }
    let english = NumberFormat {
        decimal: '.',
        thousands: Some(','),
    };
    if thousands > 0 {
        return english;
    }
    if let Some((line, cell)) = ambiguous {
        let decimal_comma = delimiter != b',' && point == 0;
        let (format, meaning) = if decimal_comma {
            let format = NumberFormat {
                decimal: ',',
                thousands: None,
            };
            (format, "a decimal comma")
        } else {
            (english, "thousands")
        };
        let message = format!(
            "numbers like {cell} can be read in two ways; the comma is taken for {meaning} (give the decimal mark if that is wrong)"
        );
        findings.note(Severity::Warning, Topic::NumberFormat, Some(line + 1), message);
        return format;
    }
    NumberFormat {
        decimal: '.',
        thousands: other_groups,
    }
}

/// Numbers and other cells of a column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mixture {
    pub numbers: usize,
    pub others: usize,
    /// Of the others, how many begin like a number: `0x10`, `1_000`, `10%`.
    pub alike: usize,
}

impl Mixture {
    /// Counts a cell that is no number.
    pub fn other(&mut self, cell: &str) {
        self.others += 1;
        let cell = cell.trim_start();
        self.alike += usize::from(
            cell.trim_start_matches(['+', '-', '$', '.'])
                .starts_with(|c: char| c.is_numeric()),
        );
    }

    /// Whether this is a column of numbers with a few broken cells, and not texts of which some are digits.
    pub fn is_numeric(&self) -> bool {
        let few = self.others <= (self.numbers + self.others).div_euclid(10).max(2);
        self.numbers > 0 && few && (self.numbers >= self.others || self.alike == self.others)
    }
}
