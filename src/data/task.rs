//! What can be learned from a table: the target and the task.

use super::table::{Column, Figures, Kind, Table, Values};

/// What is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// A number.
    Regression,
    /// One of a few classes.
    Classification,
}

impl Task {
    /// The word for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Classification => "classification",
        }
    }
}

/// Whole numbers with at most so many different values may be classes.
const MOST_NUMBERED_CLASSES: usize = 20;

/// More classes than this are no classes.
const MOST_CLASSES: usize = 1000;

/// Whether so many classes in so many rows are too many to learn.
pub(super) fn too_many_classes(classes: usize, rows: usize) -> bool {
    classes > MOST_CLASSES || classes > 20 && classes * 2 > rows
}

/// The task this column poses as a target, and why.
pub fn task_for(column: &Column) -> (Task, String) {
    let distinct = column.distinct.unwrap_or(usize::MAX);
    match (&column.values, column.kind) {
        (Values::Codes { .. } | Values::Texts(_), kind) => {
            let count = column.distinct.map_or("many".to_owned(), |d| d.to_string());
            (
                Task::Classification,
                format!("'{}' is a {} column with {count} different values", column.name, kind.label()),
            )
        }
        (Values::Numbers(_), Kind::Date) => (Task::Regression, format!("'{}' holds dates", column.name)),
        (Values::Numbers(values), _) => {
            let whole = values.iter().all(|v| v.is_nan() || v.fract() == 0.0);
            let present = values.len() - column.missing;
            // Each class is met several times, or the numbers are measurements that happen to be whole.
            if whole && (2..=MOST_NUMBERED_CLASSES).contains(&distinct) && distinct * 3 <= present {
                let reason = format!("'{}' holds whole numbers of which only {distinct} are different", column.name);
                (Task::Classification, reason)
            } else {
                (Task::Regression, format!("'{}' holds numbers", column.name))
            }
        }
    }
}

impl Table {
    /// The column that is most likely to be predicted: one with a name that says so, else the last one that can be a target.
    pub fn suggest_target(&self) -> Option<&Column> {
        const NAMES: [&str; 14] = [
            "target",
            "label",
            "class",
            "species",
            "y",
            "outcome",
            "diagnosis",
            "response",
            "output",
            "survived",
            "quality",
            "price",
            "category",
            "result",
        ];
        let can_be = |c: &&Column| {
            let varies = c.distinct != Some(0) && c.distinct != Some(1);
            let is_text = matches!(c.values, Values::Codes { .. } | Values::Texts(_));
            let classes = if is_text { c.distinct.unwrap_or(usize::MAX) } else { 0 };
            let is_refused = too_many_classes(classes, self.n_rows - c.missing);
            varies && !is_refused && !matches!(c.kind, Kind::Text | Kind::Identifier | Kind::Date) && !is_row_number(c)
        };
        let named = |name: &str| self.columns.iter().filter(can_be).find(|c| c.name.eq_ignore_ascii_case(name));
        NAMES
            .iter()
            .find_map(|name| named(name))
            .or_else(|| self.columns.iter().rev().find(can_be))
            .or_else(|| self.columns.last())
    }
}

/// Whether the column only counts the rows.
pub(super) fn is_row_number(column: &Column) -> bool {
    const FEWEST: usize = 20;
    let Values::Numbers(values) = &column.values else {
        return false;
    };
    let counts = column.kind == Kind::Integer && column.missing == 0 && values.len() >= FEWEST;
    counts
        && values
            .iter()
            .zip(values.iter().skip(1))
            .all(|(before, after)| after == before + 1.0)
}

/// Whether the values differ by so little that their squares vanish: as good as constant.
pub(super) fn is_flat(figures: &Figures) -> bool {
    figures.sd < f64::MIN_POSITIVE.sqrt()
}

/// The names that are nearest to one that does not exist, as the end of a sentence.
pub(super) fn nearest(name: &str, table: &Table) -> String {
    let mut ranked: Vec<(usize, &str)> = table
        .columns
        .iter()
        .map(|c| (distance(&name.to_lowercase(), &c.name.to_lowercase()), c.name.as_str()))
        .collect();
    ranked.sort();
    let close: Vec<String> = ranked
        .iter()
        .take_while(|(d, n)| *d * 2 <= n.chars().count().max(2))
        .take(3)
        .map(|(_, n)| format!("'{}'", super::finding::printable(n)))
        .collect();
    if close.is_empty() {
        let all: Vec<&str> = table.columns.iter().take(8).map(|c| c.name.as_str()).collect();
        let dots = if table.columns.len() > all.len() { ", …" } else { "" };
        format!("there are {}{dots}", super::finding::printable(&all.join(", ")))
    } else {
        format!("did you mean {}?", close.join(" or "))
    }
}

/// Edit distance (Levenshtein 1966), of the first 64 characters.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
