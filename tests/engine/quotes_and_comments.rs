//! Which signs quote and which begin a comment is found out, and where it cannot be, nothing is lost in silence.

use optiscope::data::{Finding, Progress, ReadOptions, Severity, Table, Topic, read_bytes};

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
fn single_quotes() {
    for (text, want) in [
        ("a,b\n0,'x, y'\n1,'z'\n2,''\n3,NA\n", "a|b/0|x, y/1|z/2|_/3|_"),
        ("a;b\n0;'x; y'\n1;'it''s'\n", "a|b/0|x; y/1|it's"),
        ("a,b\n0,'it\\'s, so'\n1,'z'\n", "a|b/0|it's, so/1|z"),
        ("a\tb\n0\t'x\ty'\n1\t'u'\n", "a|b/0|x\ty/1|u"),
        ("'a','b'\n'x, y','1'\n", "a|b/x, y|1"),
        ("a,b\n0,'two\nlines'\n1,'z'\n", "a|b/0|two\nlines/1|z"),
    ] {
        let table = table(text);
        assert_eq!(shown(&table), want, "{text}");
        assert_eq!(table.dialect.quote, Some('\''), "{text}");
    }
    // Apostrophes are letters.
    for (text, want) in [
        ("a,b\n0,'tis\n1,'twas\n", "a|b/0|'tis/1|'twas"),
        ("a,b\n'=1+1,0\n'@SUM(A1),1\n", "a|b/'=1+1|0/'@SUM(A1)|1"),
        ("a,b\n0,'x'\n1,y\n2,z\n", "a|b/0|'x'/1|y/2|z"),
        ("a,b\n0,o'clock\n1,rock 'n' roll\n", "a|b/0|o'clock/1|rock 'n' roll"),
        ("a,b\n0,'x' and 'y'\n1,'u' and 'v'\n", "a|b/0|'x' and 'y'/1|'u' and 'v'"),
        ("a,b\n\"'x'\",0\n'y',1\n", "a|b/'x'|0/'y'|1"),
    ] {
        let table = table(text);
        assert_eq!((shown(&table).as_str(), table.dialect.quote), (want, Some('"')), "{text}");
    }
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

#[test]
fn comments_with_two_slashes_above_the_table() {
    let made = table("// made, with, commas\n//\n// by hand\nx,y\n1,2\n3,4\n");
    assert_eq!(shown(&made), "x|y/1|2/3|4");
    assert_eq!(made.dialect.preamble_lines, 3);
    assert!(
        made.findings.iter().all(|f| f.severity == Severity::Info),
        "{:?}",
        made.findings
    );
    assert_eq!(shown(&table("// x,y\n1,2\n3,4\n")), "x|y/1|2/3|4");
    // Addresses are no comments.
    assert_eq!(
        shown(&table("//a.org/1,1\n//a.org/2,2\n")),
        "column_1|column_2///a.org/1|1///a.org/2|2"
    );
}

#[test]
fn comments_among_rows_of_numbers() {
    let rows = |from: usize, to: usize| (from..to).map(|i| format!("{i}.5,{}\n", i % 3)).collect::<String>();
    for comment in [
        "% hello, it is, me",
        "% hello",
        "%% hello, you",
        "# hello, you",
        "% say \"hello, you",
    ] {
        let text = format!("x,y\n{}{comment}\n{}", rows(0, 20), rows(20, 40));
        let read = table(&text);
        assert_eq!((read.n_rows, read.columns[0].others.len()), (40, 0), "{comment}");
        assert_eq!(read.dialect.comment, comment.chars().next(), "{comment}");
        let [one] = about(&read, Topic::Comment)[..] else {
            panic!("{comment}: {:?}", read.findings)
        };
        assert!(one.message.contains("1 comment line"), "{one}");
        let above = table(&format!("{comment}\n{text}"));
        assert_eq!(shown(&above), shown(&read), "{comment}");
    }
    // Names, numbers out of place and texts are none.
    let names = table(&format!("% fat,weight\n{}", rows(0, 20)));
    assert_eq!((names.columns[0].name.as_str(), names.n_rows), ("% fat", 20));
    for row in ["%5,3", "% total,40", "#N/A,1", "#VALUE!,1"] {
        let read = table(&format!("x,y\n{}{row}\n", rows(0, 20)));
        assert_eq!((read.n_rows, read.dialect.comment), (21, None), "{row}");
    }
    let texts = table("name,x\n% fat,1\nsalt,2\nsugar,3\n# rest,4\nall,5\n");
    assert_eq!((texts.n_rows, texts.dialect.comment), (5, None));
}
