//! What the reader found out about a file can be overruled, sign by sign.

use optiscope::data::{Mark, Progress, ReadOptions, Table, read_bytes};

fn read(text: &str, options: &ReadOptions) -> Result<Table, String> {
    read_bytes("t.csv", text.as_bytes(), options, &Progress::default()).map_err(|error| error.to_string())
}

fn options(json: &str) -> ReadOptions {
    serde_json::from_str(json).expect(json)
}

/// Names, then rows, `|` between cells and `/` between lines.
fn shown(table: &Table) -> String {
    let names = table.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>().join("|");
    let cell = |row| move |c: &optiscope::data::Column| c.text(row).unwrap_or_else(|| "_".to_owned());
    let rows = (0..table.n_rows).map(|row| table.columns.iter().map(cell(row)).collect::<Vec<_>>().join("|"));
    std::iter::once(names).chain(rows).collect::<Vec<_>>().join("/")
}

#[test]
fn every_sign_can_be_overruled() {
    // The text, what is said, and what it is then.
    let cases = [
        ("x,y;z\n1,2;3\n4,5;6\n", r#"{"delimiter": ";"}"#, "x,y|z/1.2|3/4.5|6"),
        ("x:y\n1:2\n", r#"{"delimiter": ":"}"#, "x|y/1|2"),
        ("x,y\n'a,b',1\nc,2\nd,3\n", r#"{"quote": "'"}"#, "x|y/a,b|1/c|2/d|3"),
        ("x,y\n\"a,1\n\"b,2\n", r#"{"quote": "none"}"#, "x|y/\"a|1/\"b|2"),
        ("x,y\n|a,b|,1\nc,2\n", r#"{"quote": "|", "delimiter": ","}"#, "x|y/a,b|1/c|2"),
        ("x,y\n\"a^\"b\",1\nc,2\n", r#"{"escape": "^"}"#, "x|y/a\"b|1/c|2"),
        ("x,y\n\"a\\\",1\n\"b\\\",2\n", r#"{"escape": "none"}"#, "x|y/a\\|1/b\\|2"),
        ("x,y\n1,2\n%3,4\n", r#"{"comment": "%"}"#, "x|y/1|2"),
        ("% made\nx,y\n1,2\n", r#"{"comment": "%"}"#, "x|y/1|2"),
        ("#x,y\n1,2\n", r#"{"comment": "none"}"#, "#x|y/1|2"),
        ("a,b\nx,y\n1,2\n", r#"{"preamble": 1}"#, "x|y/1|2"),
        ("title\nx,y\n1,2\n3,4\n", r#"{"preamble": 0}"#, "title"),
        ("x,t\r\n1,a\nb\r\n2,c\r\n", r#"{"line_end": "crlf"}"#, "x|t/1|a b/2|c"),
        ("1,2\n3,4\n", r#"{"header": true}"#, "1|2/3|4"),
        ("x;y\n1,500;2\n", r#"{"thousands": ","}"#, "x|y/1500|2"),
        ("x;y\n1,500;2\n", r#"{"decimal": ","}"#, "x|y/1.5|2"),
        ("x;y\n1_500;2\n2_000;3\n", r#"{"thousands": "_"}"#, "x|y/1500|2/2000|3"),
        ("x;y\n1'500;2\n2'000;3\n", r#"{"thousands": "none"}"#, "x|y/1'500|2/2'000|3"),
    ];
    for (text, said, want) in cases {
        let table = read(text, &options(said)).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(shown(&table), want, "{text} with {said}");
    }
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let cases = [
        (r#"{"delimiter": "x"}"#, "option delimiter: 'x'"),
        (r#"{"quote": "é"}"#, "option quote: 'é'"),
        (r#"{"quote": ",", "delimiter": ","}"#, "option quote: ','"),
        (r#"{"comment": "9"}"#, "option comment: '9'"),
        (r#"{"escape": "a"}"#, "option escape: 'a'"),
        (r#"{"decimal": ";"}"#, "option decimal: ';'"),
        (r#"{"thousands": ".", "decimal": "."}"#, "option thousands: '.'"),
        (r#"{"encoding": "klingon"}"#, "option encoding: 'klingon'"),
    ];
    for (said, want) in cases {
        let error = read("x,y\n1,2\n", &options(said)).err().unwrap_or_default();
        assert!(error.contains(want), "{said}: {error}");
    }
    assert!(serde_json::from_str::<ReadOptions>(r#"{"quote": "two"}"#).is_err());
}

#[test]
fn only_what_was_said_is_written() {
    assert_eq!(serde_json::to_string(&ReadOptions::default()).unwrap(), "{}");
    let said = r#"{"delimiter":"\t","quote":"none","escape":"\\","header":false,"preamble":2,"thousands":"space"}"#;
    assert_eq!(serde_json::to_string(&options(said)).unwrap(), said);
    assert_eq!(options(said).thousands, Some(Mark(Some(' '))));
}

#[test]
fn what_was_found_is_told() {
    let text = "made,by,hand\n'a';1.000,5\r\n'b';2.000,25\r\n";
    let table = read(text, &options(r#"{"preamble": 1}"#)).unwrap();
    assert_eq!(
        table.dialect.to_string(),
        "UTF-8, line ends mixed, delimiter ';', quote ''', 1 line(s) before the table, without a header, decimal mark ',', thousands '.'"
    );
}
