//! Numbers are read as they were meant, or it is said that they could be meant otherwise.

use optiscope::data::{Column, Finding, Progress, ReadOptions, Severity, Table, Topic, read_bytes};

#[track_caller]
fn read(text: &str, options: &str) -> Table {
    let options: ReadOptions = serde_json::from_str(options).expect("options");
    read_bytes("t.csv", text.as_bytes(), &options, &Progress::default()).expect("reads")
}

/// The cells of the column, `_` for missing.
fn cells(table: &Table, column: usize) -> Vec<String> {
    let column: &Column = &table.columns[column];
    (0..table.n_rows)
        .map(|row| column.text(row).unwrap_or_else(|| "_".to_owned()))
        .collect()
}

/// Whether the column is one of numbers.
fn is_numeric(table: &Table, column: usize) -> bool {
    table.columns[column].figures.is_some()
}

fn about_format(table: &Table) -> Vec<&Finding> {
    table.findings.iter().filter(|f| f.topic == Topic::NumberFormat).collect()
}

#[test]
fn a_point_that_may_group_thousands_is_told() {
    // Points and whole numbers, points only, and a tab between columns.
    for text in [
        "sales;y\n294;0\n2.106;1\n7.181;2\n-12.612;0\n",
        "sales;y\n8.510;0\n8.273;1\nNA;1\n1.999;0\n",
        "sales\ty\n294\t0\n2.106\t1\n7.181\t2\n",
        "sales;note\n294;see 1\n2.106;2.0\n7.181;again\n8.181;so\n9.181;or\n",
    ] {
        let table = read(text, "{}");
        let [one] = about_format(&table)[..] else {
            panic!("{text}: {:?}", table.findings)
        };
        assert_eq!(
            (one.severity, one.column.as_deref()),
            (Severity::Warning, Some("sales")),
            "{one}"
        );
        assert!(one.line.is_some_and(|line| line == 2 || line == 3), "{one}");
        assert!(
            one.message.contains("--thousands .") && one.message.contains("--decimal ."),
            "{one}"
        );
        // What it says to do does it, and ends it.
        for (options, want) in [
            (r#"{"thousands": "."}"#, "7181"),
            (r#"{"decimal": ","}"#, "7181"),
            (r#"{"decimal": "."}"#, "7.181"),
            (r#"{"thousands": "none"}"#, "7.181"),
        ] {
            let said = read(text, options);
            assert!(about_format(&said).is_empty(), "{text} {options}: {:?}", said.findings);
            assert!(
                is_numeric(&said, 0) && (!text.contains("7.181") || cells(&said, 0).contains(&want.to_owned())),
                "{text} {options}: {:?}",
                cells(&said, 0)
            );
        }
    }
}

#[test]
fn a_point_that_is_a_decimal_mark_is_no_alarm() {
    for text in [
        // Three decimals between commas, as programs write them.
        "x,y\n1.234,5.678\n2.345,12.125\n",
        "x,y\n294,0\n2.106,1\n7.181,2\n",
        "x\ty\n1.234\t5.678\n2.345\t12.125\n",
        "1.234 5.678\n2.345 12.125\n3.250 1.500\n",
        // One number that can only be decimal says it for all.
        "x;y\n1.234;0\n0.125;1\n",
        "x;y\n1.234;0\n12.5;1\n",
        "x;y\n1.234;0.5\n2.345;1.5\n",
        "x;y\n1.234;\"1,234.5\"\n2.345;\"1,500.5\"\n",
        "x\ty\n2.106\t1\n1294\t2\n294\t3\n",
        // Versions and addresses are no numbers.
        "v;y\n1.234.5;1\n1.235.10;2\n1.300.100;3\n",
    ] {
        let table = read(text, "{}");
        assert!(about_format(&table).is_empty(), "{text}: {:?}", table.findings);
        assert_eq!(table.dialect.numbers.decimal, '.', "{text}");
    }
    assert_eq!(cells(&read("x,y\n294,0\n2.106,1\n", "{}"), 0), ["294", "2.106"]);
}

#[test]
fn beside_a_decimal_comma_a_point_groups_thousands() {
    let table = read("sales;price;y\n1.193;0,76;0\n853;7,28;1\n-5.357.100;5,45;2\n", "{}");
    assert_eq!(cells(&table, 0), ["1193", "853", "-5357100"]);
    assert_eq!(cells(&table, 1), ["0.76", "7.28", "5.45"]);
    // Where there is nothing but the comma of another column to go by, it is said.
    let told = read("sales;price\n1.193;0,76\n3.853;7,28\n", "{}");
    assert_eq!(cells(&told, 0), ["1193", "3853"]);
    let [one] = about_format(&told)[..] else {
        panic!("{:?}", told.findings)
    };
    assert_eq!((one.severity, one.column.as_deref()), (Severity::Info, Some("sales")));
    // A few commas among many points prove less.
    let few = read("a;b;c\n1.193;2.193;0,76\n3.853;4.853;7,28\n", "{}");
    assert_eq!(about_format(&few)[0].severity, Severity::Warning);
    // A column of decimal points stays what it is, and is no number times a thousand.
    let mixed = read("a;b\n0.125;0,76\n1.250;7,28\n0.500;7,28\n0.750;7,28\n", "{}");
    assert!(!is_numeric(&mixed, 0), "{:?}", cells(&mixed, 0));
    assert_eq!(cells(&read("x;y\n0,125;1\n0,250;2\n", "{}"), 0), ["0.125", "0.25"]);
    assert_eq!(
        cells(&read("x,y\n1.234.567,1\n2.106,2\n294,0\n", "{}"), 0),
        ["1234567", "2106", "294"]
    );
}

#[test]
fn spaces_of_all_kinds_group_thousands() {
    for space in [" ", "\u{a0}", "\u{202f}", "\u{2009}"] {
        let text = format!("ca;y\n4{space}513,52;0\n78{space}252,23;1\n-1{space}000{space}252;2\n12,5;3\n");
        let table = read(&text, "{}");
        assert_eq!(cells(&table, 0), ["4513.52", "78252.23", "-1000252", "12.5"], "{space:?}");
        assert_eq!(table.dialect.numbers.thousands, Some(' '));
        assert!(about_format(&table).is_empty(), "{:?}", table.findings);
        // Said in any way it is the same.
        let late = format!("ca;y\n{}4{space}513,5;1\n", "7,5;0\n".repeat(1200));
        for said in [" ", "space", "\u{a0}", "\u{202f}"] {
            let table = read(&late, &format!(r#"{{"thousands": "{said}"}}"#));
            assert_eq!(
                cells(&table, 0).last().map(String::as_str),
                Some("4513.5"),
                "{space:?} {said:?}"
            );
        }
        let whole = read(&format!("ca;y\n25{space}866;0\n842;1\n"), "{}");
        assert_eq!(cells(&whole, 0), ["25866", "842"], "{space:?}");
    }
    // Words with numbers among them are words.
    let words = read("a;y\n1 234;0\nroom 12;1\nroom 7;2\nhall;3\n", "{}");
    assert_eq!((words.dialect.numbers.thousands, is_numeric(&words, 0)), (None, false));
    assert!(!is_numeric(&read("phone;y\n030 123 456;0\n040 234 567;1\n", "{}"), 0));
}

#[test]
fn whole_numbers_that_are_rounded_are_told_from_the_first_on() {
    let told = |text: &str| -> Vec<Option<u64>> {
        let table = read(text, "{}");
        let rounded = table.findings.iter().filter(|f| f.topic == Topic::Rounded);
        rounded.map(|f| f.line).collect()
    };
    for (text, line) in [
        ("id,y\n9007199254740993,0\n9007199254740994,1\n9007199254740995,2\n", 2),
        ("id,y\n9007199254740993,0\n5,1\n6,2\n", 2),
        ("id,y\n9007199254740993,0\n", 2),
        ("id,y\n5,0\n9007199254740992,1\n9007199254740994,1\n-9007199254740995,2\n", 5),
        ("id;y\n\"9.007.199.254.740.993\";0,5\n5;1,5\n6;2\n", 2),
        ("id,y\n5,0\n123456789012345678901,1\n", 3),
    ] {
        assert_eq!(told(text), [Some(line)], "{text}");
    }
    // In a block of its own, far below what is looked at first, and in a column that began with texts.
    let rows: String = (0..150_000).map(|i| format!("{i},{}\n", i % 7)).collect();
    assert_eq!(
        told(&format!("id,y\n{rows}9007199254740993,1\n9007199254740995,1\n")),
        [Some(150_002)]
    );
    for more in [3000, 6000] {
        let words = "word,1\n".repeat(150);
        let late: String = (0..more).map(|i| format!("{i},{}\n", i % 7)).collect();
        let text = format!("id,y\n{words}{late}9007199254740993,1\n9007199254740995,1\n");
        assert_eq!(told(&text), [Some(152 + more)]);
    }
    // Exact ones are not, nor what has a fraction or an exponent.
    for text in [
        "id,y\n9007199254740992,0\n9007199254740994,1\n",
        "id,y\n10000000000000000000000,0\n1,1\n",
        "x,y\n1e300,0\n1.5,1\n",
        "x,y\n0.1,0\n1.5,1\n",
    ] {
        assert!(told(text).is_empty(), "{text}");
    }
}
