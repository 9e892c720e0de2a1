//! Which delimiter.

use super::dialect::Syntax;
use super::number::{self, Cell, NumberFormat};
use super::quote::with_quote;
use super::sample::{sample, shape, without_trailing_delimiter};

/// The delimiter under which the records look most like a table, and the quote, unless it was given, that goes with it.
pub(super) fn best_delimiter(text: &[u8], base: Syntax, quote: Option<u8>) -> Syntax {
    let mut best = (0.0, base);
    for delimiter in [b',', b';', b'\t', b'|', b' '] {
        let syntax = with_quote(text, Syntax { delimiter, ..base }, quote);
        let records = without_trailing_delimiter(sample(text, syntax));
        let (mode, start) = shape(&records);
        let body = &records[start..];
        if mode < 2 || body.is_empty() {
            continue;
        }
        let share = body.iter().filter(|r| r.cells.len() == mode).count() as f64 / body.len() as f64;
        let mut cells = (0_usize, 0_usize, 0_usize);
        for cell in body.iter().flat_map(|r| &r.cells).take(5000) {
            cells.0 += 1;
            cells.1 += usize::from(is_clean(cell));
            cells.2 += usize::from(is_numeric(cell));
        }
        let part = |n: usize| n as f64 / cells.0.max(1) as f64;
        let mut score = share * (0.3 + 0.7 * part(cells.1));
        if delimiter == b' ' {
            // Words are no columns: only a regular block of numbers is delimited by spaces.
            let numbers = body.iter().skip(1).flat_map(|r| &r.cells).take(5000).map(|c| is_numeric(c));
            let (count, numeric) = numbers.fold((0_usize, 0_usize), |(n, k), is| (n + 1, k + usize::from(is)));
            let regular = share == 1.0 && count > 0 && numeric * 4 >= count * 3;
            score *= if regular { 0.5 } else { 0.0 };
        }
        if score > best.0 + 1e-9 {
            best = (score, syntax);
        }
    }
    best.1
}

fn is_numeric(cell: &str) -> bool {
    let comma = NumberFormat {
        decimal: ',',
        thousands: Some('.'),
    };
    let point = NumberFormat {
        decimal: '.',
        thousands: Some(','),
    };
    let spaces = NumberFormat {
        thousands: Some(' '),
        ..comma
    };
    [comma, point, spaces]
        .iter()
        .any(|&format| number::parse(cell.as_bytes(), format) != Cell::Other)
}

/// Whether no other delimiter seems to be left inside.
fn is_clean(cell: &str) -> bool {
    !cell.contains([',', ';', '\t', '|']) || is_numeric(cell)
}
