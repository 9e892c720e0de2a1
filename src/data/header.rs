//! Whether the first line names the columns, and what they are called.

use std::collections::HashSet;

use super::finding::{Findings, Severity, Topic, printable};
use super::number::{self, Cell, NumberFormat};
use super::sample::Sample;
use super::{date, levels};

/// What the first record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// Names.
    Header,
    /// Names, though some are numbers.
    HeaderWithNumbers,
    /// A row like the others.
    Data,
    /// A row like the others, though it could be names that are numbers.
    NumbersOnly,
}

/// Compares the first record with those below it.
pub(super) fn decide(records: &[Sample], numbers: NumberFormat) -> Decision {
    let (first, rest) = (&records[0].cells, &records[1..]);
    let is_value = |cell: &str| {
        let number = matches!(number::parse(cell.as_bytes(), numbers), Cell::Number(..));
        // One letter may be the name of a column (x, y, t) as well as a truth value.
        number || date::is_date(cell) || cell.trim().len() > 1 && levels::truth(cell).is_some()
    };
    let is_missing = |cell: &str| number::is_missing(cell.trim().as_bytes());
    let values = first.iter().filter(|c| is_value(c)).count();
    let words = first.iter().filter(|c| !is_value(c) && !is_missing(c)).count();
    if values > 0 && words == 0 {
        let names = is_years(first) && !rest.is_empty();
        return if names { Decision::NumbersOnly } else { Decision::Data };
    }
    if rest.is_empty() {
        return if values == 0 { Decision::Header } else { Decision::Data };
    }
    // A word above a column of values is a name.
    let named = first.iter().enumerate().any(|(column, cell)| {
        let below = || rest.iter().filter_map(|r| r.cells.get(column)).filter(|c| !is_missing(c));
        let count = below().count();
        !is_value(cell) && !is_missing(cell) && count > 0 && below().filter(|c| is_value(c)).count() * 2 > count
    });
    if named {
        return if values == 0 {
            Decision::Header
        } else {
            Decision::HeaderWithNumbers
        };
    }
    if values > 0 {
        let years: Vec<String> = first.iter().filter(|c| is_value(c)).cloned().collect();
        return if years.len() > 1 && is_years(&years) {
            Decision::HeaderWithNumbers
        } else {
            Decision::Data
        };
    }
    // Words above words: names do not occur again below themselves.
    let recurs = first
        .iter()
        .enumerate()
        .any(|(column, cell)| !is_missing(cell) && rest.iter().any(|r| r.cells.get(column) == Some(cell)));
    if recurs { Decision::Data } else { Decision::Header }
}

/// Whether the cells are increasing whole numbers of four digits, as in a table with a column a year.
fn is_years(cells: &[String]) -> bool {
    let years: Vec<u32> = cells.iter().filter_map(|c| c.trim().parse().ok()).collect();
    years.len() == cells.len()
        && years.len() > 1
        && years.iter().all(|y| (1800..2200).contains(y))
        && years.windows(2).all(|w| w[0] < w[1])
}

/// Says what was decided, where it may be wrong.
pub(super) fn tell(decision: Decision, first: &Sample, given: bool, findings: &mut Findings) {
    if given {
        return;
    }
    let line = Some(first.line + 1);
    let numbers = || {
        let mut names = first
            .cells
            .iter()
            .filter(|c| c.trim().parse::<f64>().is_ok())
            .map(|c| printable(c));
        names.by_ref().take(3).collect::<Vec<_>>().join(", ")
    };
    match decision {
        Decision::Header => {}
        Decision::HeaderWithNumbers => {
            let message = format!(
                "taken as the names of the columns, though there are numbers ({}) among them (give header = false if this is a row)",
                numbers()
            );
            findings.note(Severity::Warning, Topic::Header, line, message);
        }
        Decision::Data => {
            let message = "no line with names; the columns are numbered (give header = true if this line holds the names)";
            findings.note(Severity::Info, Topic::Header, line, message);
        }
        Decision::NumbersOnly => {
            let message = "all numbers, which could be years as names; taken as a row of data (give header = true if this line holds the names)";
            findings.note(Severity::Warning, Topic::Header, line, message);
        }
    }
}

/// One name for each of `width` columns: trimmed, none empty, all different.
pub(super) fn names(raw: Option<Vec<String>>, width: usize, line: u64, findings: &mut Findings) -> Vec<String> {
    let Some(raw) = raw else {
        return (1..=width).map(|i| format!("column_{i}")).collect();
    };
    let mut taken: HashSet<String> = raw.iter().map(|n| clean(n)).collect();
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(width);
    for (i, name) in raw.iter().map(|n| clean(n)).enumerate().take(width) {
        if !name.is_empty() && seen.insert(name.clone()) {
            names.push(name);
            continue;
        }
        let (stem, topic) = if name.is_empty() {
            ("column", Topic::EmptyName)
        } else {
            (name.as_str(), Topic::DuplicateName)
        };
        let mut number = if name.is_empty() { i + 1 } else { 2 };
        let unique = loop {
            let candidate = format!("{stem}_{number}");
            if taken.insert(candidate.clone()) {
                break candidate;
            }
            number += 1;
        };
        seen.insert(unique.clone());
        let message = if name.is_empty() {
            format!("column {} has no name; it is called '{unique}'", i + 1)
        } else {
            format!(
                "column {} has the name '{}' again; it is called '{}'",
                i + 1,
                printable(&name),
                printable(&unique)
            )
        };
        findings.repeated(topic, line, Some(&unique), || message);
        names.push(unique);
    }
    names
}

/// A name as it is shown: no spaces around it, no control characters.
fn clean(name: &str) -> String {
    name.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
