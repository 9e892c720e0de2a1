//! What stands between quotes, and beside them.

use optiscope::data::{Finding, Progress, ReadOptions, Table, Topic, read_bytes};

#[track_caller]
fn table(text: &str) -> Table {
    match read_bytes("t.csv", text.as_bytes(), &ReadOptions::default(), &Progress::default()) {
        Ok(table) => table,
        Err(error) => panic!("{text}: {error}"),
    }
}

/// Names, then rows, `|` between cells and `/` between lines.
fn shown(table: &Table) -> String {
    let names = table.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>().join("|");
    let cell = |row| move |c: &optiscope::data::Column| c.text(row).unwrap_or_else(|| "_".to_owned());
    let rows = (0..table.n_rows).map(|row| table.columns.iter().map(cell(row)).collect::<Vec<_>>().join("|"));
    std::iter::once(names).chain(rows).collect::<Vec<_>>().join("/")
}

fn about(table: &Table, topic: Topic) -> Vec<&Finding> {
    table.findings.iter().filter(|f| f.topic == topic).collect()
}

#[test]
fn text_behind_a_closing_quote_is_kept_as_it_stands() {
    let table = table("a,b,c\n1,he said \"hi\",2\n2,\"x\"y,3\n3,\"z\" ,4\n4,\"u, \"\"v\"\"\"w,5\n5, \"3\"4,6\n");
    assert_eq!(
        shown(&table),
        "a|b|c/1|he said \"hi\"|2/2|\"x\"y|3/3|z|4/4|\"u, \"\"v\"\"\"w|5/5| \"3\"4|6"
    );
    let stray = about(&table, Topic::StrayQuote);
    let lines: Vec<_> = stray.iter().map(|f| f.line).collect();
    assert_eq!(lines, [Some(2), Some(3), Some(5), Some(6)]);
    assert!(stray.iter().all(|f| f.message.contains("kept as it stands")));
}
