//! What new rows say that no training row has said.

use super::finding::printable;

/// A level of a category that the model has not learnt from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    pub column: String,
    pub level: String,
    /// Rows that have it.
    pub rows: usize,
}

impl Unseen {
    /// The levels of a column (a code a row, and what the codes stand for) that some row has and nobody knows.
    pub(super) fn among<'a>(
        column: &str,
        codes: impl Iterator<Item = u32>,
        names: &'a [String],
        is_known: impl Fn(&'a String) -> bool,
    ) -> Vec<Self> {
        let mut rows = vec![0; names.len()];
        codes.for_each(|code| rows.get_mut(code as usize).into_iter().for_each(|rows| *rows += 1));
        let unknown = names.iter().zip(rows).filter(|(name, rows)| *rows > 0 && !is_known(name));
        let unseen = |(level, rows): (&String, usize)| Self {
            column: column.to_owned(),
            level: level.clone(),
            rows,
        };
        unknown.map(unseen).collect()
    }

    /// The levels of one column after the other, the first few of each by name: "column 'island': 'Mars' (1 row)".
    pub(crate) fn listed(all: &[Self]) -> Vec<String> {
        const TOLD: usize = 5;
        let columns = all.chunk_by(|a, b| a.column == b.column);
        let listed = |of: &[Self]| {
            let level = |unseen: &Self| {
                let rows = if unseen.rows == 1 { "row" } else { "rows" };
                format!("'{}' ({} {rows})", printable(&unseen.level), unseen.rows)
            };
            let told: Vec<String> = of.iter().take(TOLD).map(level).collect();
            let more = match of.len().saturating_sub(TOLD) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let column = of.first().map_or("", |unseen| unseen.column.as_str());
            format!("column '{}': {}{more}", printable(column), told.join(", "))
        };
        columns.map(listed).collect()
    }
}
