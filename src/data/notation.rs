//! How the numbers of a file are written.

use super::evidence::Evidence;
use super::finding::{Findings, Severity, Topic};
use super::number::NumberFormat;
use super::sample::Sample;
use super::{Mark, ReadOptions};

/// A column whose numbers could be read in another way.
#[derive(Debug)]
pub(super) struct Doubt {
    severity: Severity,
    line: u64,
    column: usize,
    message: String,
}

impl Doubt {
    /// Tells it, now that the columns have names.
    pub fn tell(self, names: &[String], findings: &mut Findings) {
        if let Some(name) = names.get(self.column) {
            findings.column(self.severity, Topic::NumberFormat, Some(self.line + 1), name, self.message);
        }
    }
}

/// Decimal mark and thousands separator, from the cells that can only be read one way, and what may be otherwise.
pub(super) fn number_format(records: &[Sample], delimiter: u8, options: &ReadOptions) -> (NumberFormat, Option<Doubt>) {
    let columns = Evidence::of(records, delimiter);
    if let Some(decimal) = said(options) {
        return (format(decimal, &columns), None);
    }
    let numeric = || columns.iter().filter(|c| c.cells.is_numeric());
    let point: usize = columns.iter().map(Evidence::points).sum();
    let open: usize = columns.iter().map(Evidence::open_points).sum();
    let comma: usize = numeric().map(|c| c.comma).sum();
    let comma_groups: usize = numeric().map(|c| c.comma_groups).sum();
    // Between commas a number with a comma is in quotes, which is rare: there a point counts for what it looks like.
    let against = if delimiter == b',' { point + open } else { point };
    if comma > 0 && comma >= against && comma > comma_groups {
        let sure = delimiter == b';' && comma >= open || columns.iter().any(|c| c.point_groups > 0);
        let format = format(',', &columns);
        let doubt = grouping_points(&columns, sure).filter(|_| format.thousands == Some('.') && options.thousands.is_none());
        return (format, doubt);
    }
    if comma_groups > 0 {
        return (format('.', &columns), None);
    }
    // 1.234.567 is no decimal number, and what stands below it is grouped like it.
    if point == 0 && numeric().any(|c| c.point_groups > 0 && c.either_point > 0) {
        return (format(',', &columns), None);
    }
    // Who says what else groups thousands, if anything, says that a comma does not.
    let is_decimal = if options.thousands.is_some() {
        point == 0
    } else {
        delimiter != b',' && point + open == 0
    };
    if let Some(doubt) = either_comma(&columns, is_decimal) {
        let decimal = if is_decimal { ',' } else { '.' };
        return (format(decimal, &columns), Some(doubt).filter(|_| options.thousands.is_none()));
    }
    let doubt = (point == 0 && options.thousands.is_none())
        .then(|| either_point(&columns, delimiter, comma > 0))
        .flatten();
    (format('.', &columns), doubt)
}

/// The decimal mark that was given, or that must be because the other sign was said to group thousands.
fn said(options: &ReadOptions) -> Option<char> {
    options.decimal.or(match options.thousands {
        Some(Mark(Some(','))) => Some('.'),
        Some(Mark(Some('.'))) => Some(','),
        _ => None,
    })
}

/// The format with this decimal mark, and what most columns that have groups of digits put between them.
fn format(decimal: char, columns: &[Evidence]) -> NumberFormat {
    let numeric = || columns.iter().filter(|c| c.cells.is_numeric());
    let apostrophes = ('\'', numeric().map(|c| c.apostrophe_groups).sum::<usize>());
    let spaces = (' ', numeric().map(|c| c.space_groups).sum());
    let mark = if decimal == ',' {
        ('.', numeric().map(|c| c.point_groups + c.open_points()).sum())
    } else {
        // A comma that is no decimal mark can be nothing else.
        let any = numeric().any(|c| c.comma_groups > 0 || c.first_comma.is_some());
        (',', if any { usize::MAX } else { 0 })
    };
    let most = [apostrophes, spaces, mark].into_iter().max_by_key(|&(_, count)| count);
    NumberFormat {
        decimal,
        thousands: most.filter(|&(_, count)| count > 0).map(|(sign, _)| sign),
    }
}

/// The first column with a comma that may be a decimal mark or not.
fn either_comma(columns: &[Evidence], is_decimal: bool) -> Option<Doubt> {
    let of = |(column, evidence): (usize, &Evidence)| {
        Some((column, evidence.first_comma.clone().filter(|_| evidence.cells.is_numeric())?))
    };
    let (column, (line, cell)) = columns.iter().enumerate().find_map(of)?;
    let meaning = if is_decimal { "a decimal comma" } else { "thousands" };
    let message = format!(
        "numbers like {cell} can be read in two ways; the comma is taken for {meaning} (give the decimal mark if that is wrong)"
    );
    Some(Doubt {
        severity: Severity::Warning,
        line,
        column,
        message,
    })
}

/// The first column with points only where a decimal comma is found, which must group thousands then.
fn grouping_points(columns: &[Evidence], sure: bool) -> Option<Doubt> {
    let (column, (line, cell)) = first_open(columns, |_| true)?;
    let message = format!(
        "in numbers like {cell} the point is taken to group thousands, because other numbers of the file have a decimal comma \
         (--decimal . if it is the decimal mark)"
    );
    Some(Doubt {
        severity: if sure { Severity::Info } else { Severity::Warning },
        line,
        column,
        message,
    })
}

/// The first column whose points may all group thousands. Three decimals are common, so that there must be a sign of a decimal comma: a
/// semicolon between fields, a number with one, or whole numbers among those with a point, never a thousand or more.
fn either_point(columns: &[Evidence], delimiter: u8, has_comma: bool) -> Option<Doubt> {
    let mixed = |c: &Evidence| matches!(delimiter, b'\t' | b'|') && c.short > 0 && c.long == 0;
    let (column, (line, cell)) = first_open(columns, |c| delimiter == b';' || has_comma || mixed(c))?;
    let message = format!(
        "numbers like {cell} can be read in two ways; the point is taken for a decimal mark \
         (--thousands . if it groups thousands, --decimal . if this is right)"
    );
    Some(Doubt {
        severity: Severity::Warning,
        line,
        column,
        message,
    })
}

/// The first of the columns whose points are open, with its first cell that has one.
fn first_open(columns: &[Evidence], wanted: impl Fn(&Evidence) -> bool) -> Option<(usize, (u64, String))> {
    let open = |(column, evidence): (usize, &Evidence)| {
        let is_wanted = evidence.open_points() > 0 && wanted(evidence);
        Some((column, evidence.first_point.clone().filter(|_| is_wanted)?))
    };
    columns.iter().enumerate().find_map(open)
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
