//! A CSV file is read right, or it is said what is wrong with it and where.

use optiscope::data::{
    DataError, Kind, LineEnd, Progress, ReadOptions, Severity, Table, Topic, Values, read, read_bytes, read_head,
};
use optiscope::math::{Purpose, Rng};

#[track_caller]
fn table(bytes: impl AsRef<[u8]>) -> Table {
    match read_bytes("t.csv", bytes.as_ref(), &ReadOptions::default(), &Progress::default()) {
        Ok(table) => table,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn refusal(bytes: impl AsRef<[u8]>) -> String {
    match read_bytes("t.csv", bytes.as_ref(), &ReadOptions::default(), &Progress::default()) {
        Ok(table) => panic!("read as {} rows of {:?}", table.n_rows, names(&table)),
        Err(error) => error.to_string(),
    }
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|c| c.name.as_str()).collect()
}

/// Rows as text, `|` between cells, `_` for missing.
fn rows(table: &Table) -> Vec<String> {
    let cell = |c: &optiscope::data::Column, row| c.text(row).unwrap_or_else(|| "_".to_owned());
    (0..table.n_rows)
        .map(|row| table.columns.iter().map(|c| cell(c, row)).collect::<Vec<_>>().join("|"))
        .collect()
}

fn kinds(table: &Table) -> Vec<Kind> {
    table.columns.iter().map(|c| c.kind).collect()
}

/// Topics and lines of all findings but notes about decisions.
fn warnings(table: &Table) -> Vec<(Topic, Option<u64>)> {
    let odd = table
        .findings
        .iter()
        .filter(|f| f.severity > Severity::Info && f.topic != Topic::Constant);
    odd.map(|f| (f.topic, f.line)).collect()
}

#[test]
fn dialects() {
    let cases: &[(&[u8], &str, &[&str])] = &[
        (b"x,y\n1,2\n3,4\n", "x y", &["1|2", "3|4"]),
        (b"zip,y\n08123,2\n90210,4\n", "zip y", &["08123|2", "90210|4"]),
        (b"x,y\n1,2\n3,4", "x y", &["1|2", "3|4"]),
        (b"x,y\r\n1,2\r\n3,4\r\n", "x y", &["1|2", "3|4"]),
        (b"x,y\r1,2\r3,4\r", "x y", &["1|2", "3|4"]),
        (b"x,y\n1,2\r\n3,4\r5,6", "x y", &["1|2", "3|4", "5|6"]),
        (b"x;y\n1,5;2,25\n3,75;4\n", "x y", &["1.5|2.25", "3.75|4"]),
        (b"1,5;2,5\n3,5;4,5\n", "column_1 column_2", &["1.5|2.5", "3.5|4.5"]),
        (b"x;y\n1.234,5;2\n2.000,25;3\n", "x y", &["1234.5|2", "2000.25|3"]),
        (b"x\ty\n1\t2\n", "x y", &["1|2"]),
        (b"x|y\n1|2\n", "x y", &["1|2"]),
        (b"w h  d\n1  2 3\n 40 5 6 \n", "w h d", &["1|2|3", "40|5|6"]),
        (b"sep=;\nx;y\n1;2\n", "x y", &["1|2"]),
        (b"# made by hand\n# 2020\nx,y\n1,2\n# pause\n3,4\n", "x y", &["1|2", "3|4"]),
        (b"# x,y\n1,2\n3,4\n", "x y", &["1|2", "3|4"]),
        (b"\n\nx,y\n1,2\n\n3,4\n\n", "x y", &["1|2", "3|4"]),
        (b"My report\nof 2020\nx,y,z\n1,2,3\n4,5,6\n", "x y z", &["1|2|3", "4|5|6"]),
        (b" x , y \n 1 , 2 \n", "x y", &["1|2"]),
        (b"\"x\",\"y\"\n\"1.5\",\"2\"\n", "x y", &["1.5|2"]),
        (b"'x','y'\n'a, b','2'\n'c','3'\n", "x y", &["a, b|2", "c|3"]),
        (b"x,y\n\"say \\\"hi\\\", he said\",2\n", "x y", &["say \"hi\", he said|2"]),
        (b"x,y\n\"a \"\"b\"\" c\",1\n", "x y", &["a \"b\" c|1"]),
        (b"x,note\n1,\"a\nb\"\n2,c\n", "x note", &["1|a\nb", "2|c"]),
        (b"x,note\n1, \"a, b\" \n2,c\n", "x note", &["1|a, b", "2|c"]),
        (b"x,y\n\"1,234.5\",1\n\"2,000\",2\n", "x y", &["1234.5|1", "2000|2"]),
        (b"x,y,\n1,2,\n3,4,\n", "x y", &["1|2", "3|4"]),
        (b"x,y\n1,2,\n3,4,\n", "x y", &["1|2", "3|4"]),
        (b"foo\n\n", "foo", &["_"]),
        (
            "\u{202e}gnp,\u{1f600},y\n1,2,3\n".as_bytes(),
            "\u{202e}gnp \u{1f600} y",
            &["1|2|3"],
        ),
    ];
    for (bytes, header, want) in cases {
        let shown = String::from_utf8_lossy(bytes);
        let table = table(bytes);
        assert_eq!(names(&table).join(" "), *header, "{shown}");
        assert_eq!(rows(&table), *want, "{shown}");
        assert!(
            warnings(&table)
                .iter()
                .all(|w| matches!(w.0, Topic::Preamble | Topic::AllMissing)),
            "{shown}: {:?}",
            table.findings
        );
    }
    assert_eq!(table("a,b\n1,2\r\n3,4\r5,6").dialect.line_end, LineEnd::Mixed);
}

#[test]
fn headers() {
    let cases: &[(&str, &str, usize)] = &[
        ("1,2\n3,4\n5,6\n", "column_1 column_2", 3),
        ("2019,2020\n1,2\n3,4\n", "column_1 column_2", 3),
        ("country,2019,2020\nA,1,2\nB,3,4\n", "country 2019 2020", 2),
        ("red,1.5\nblue,2.5\nred,3.5\n", "column_1 column_2", 3),
        ("name,city\nann,rome\nbob,oslo\n", "name city", 2),
        ("yes,no\nno,no\nyes,yes\n", "column_1 column_2", 3),
        ("x,x,y\n1,2,3\n", "x x_2 y", 1),
        ("x,,y\n1,2,3\n", "x column_2 y", 1),
        ("x,x,x_2\n1,2,3\n", "x x_3 x_2", 1),
        ("a,b\n", "a b", 0),
        ("1,2\n", "column_1 column_2", 1),
        ("y\n1\n2\n", "y", 2),
        ("2,3,male,female\n1,2,3,4\n5,6,7,8\n", "2 3 male female", 2),
    ];
    for (text, want, n_rows) in cases {
        let table = table(text);
        assert_eq!((names(&table).join(" ").as_str(), table.n_rows), (*want, *n_rows), "{text}");
    }
    let with = |header| ReadOptions {
        header: Some(header),
        ..ReadOptions::default()
    };
    let read = |text: &str, header| read_bytes("t", text.as_bytes(), &with(header), &Progress::default()).expect("reads");
    assert_eq!(names(&read("2019,2020\n1,2\n", true)), ["2019", "2020"]);
    assert_eq!(read("x,y\n1,2\n", false).n_rows, 2);
}

#[test]
fn encodings() {
    let utf16 = |text: &str, little: bool, mark: bool| -> Vec<u8> {
        let mark = mark.then_some(0xfeff).into_iter();
        mark.chain(text.encode_utf16())
            .flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() })
            .collect()
    };
    for little in [true, false] {
        for mark in [true, false] {
            let table = table(utf16("x,y\n1,2\n3,4\n", little, mark));
            assert_eq!(
                (names(&table), rows(&table)),
                (vec!["x", "y"], vec!["1|2".to_owned(), "3|4".to_owned()])
            );
            assert_eq!(table.dialect.encoding, if little { "UTF-16LE" } else { "UTF-16BE" });
        }
    }
    assert_eq!(names(&table(b"\xef\xbb\xbfx,y\n1,2\n")), ["x", "y"]);
    let latin = table(b"na\xefve,prix\x80\n1,2\n");
    assert_eq!(
        (names(&latin), latin.dialect.encoding.as_str()),
        (vec!["naïve", "prix€"], "windows-1252")
    );
    // One bad byte among good UTF-8 is a bad byte, not another encoding.
    let bad = table(
        "name,y\nJosé,1\nŁódź,2\nZoë,3\nAnn\u{e9},4\nx?,5\n"
            .replace('?', "\u{1}")
            .as_bytes()
            .iter()
            .map(|&b| if b == 1 { 0xff } else { b })
            .collect::<Vec<u8>>(),
    );
    assert_eq!(bad.dialect.encoding, "UTF-8");
    assert!(warnings(&bad).contains(&(Topic::InvalidBytes, Some(6))), "{:?}", bad.findings);
    // ASCII for longer than the head, then an accent in Windows-1252.
    let mut late = b"x,name\n".to_vec();
    for i in 0..60_000 {
        late.extend_from_slice(format!("{i},name{}\n", i % 7).as_bytes());
    }
    late.extend_from_slice(b"60000,caf\xe9\n");
    let late = table(late);
    assert_eq!(
        (late.dialect.encoding.as_str(), rows(&late).last().map(String::as_str)),
        ("windows-1252", Some("60000|café"))
    );
    let named = |label: &str| ReadOptions {
        encoding: Some(label.to_owned()),
        ..ReadOptions::default()
    };
    let greek = read_bytes("t", b"\xe1,\xe2\n1,2\n", &named("iso-8859-7"), &Progress::default()).expect("reads");
    assert_eq!(names(&greek), ["α", "β"]);
    let unknown = read_bytes("t", b"a,b\n", &named("klingon"), &Progress::default());
    assert!(matches!(unknown, Err(DataError::Option { field: "encoding", .. })));
}

#[test]
fn kinds_of_columns() {
    let cases: &[(&str, Kind, &str)] = &[
        ("1 2 3", Kind::Integer, "1 2 3"),
        ("1 2.0 3", Kind::Number, "1 2 3"),
        ("+1.5 .5 5. 1E3 1e+3", Kind::Number, "1.5 0.5 5 1000 1000"),
        ("true false TRUE", Kind::Boolean, "true false true"),
        ("yes no no", Kind::Boolean, "yes no no"),
        ("t f t", Kind::Boolean, "t f t"),
        ("cat dog cat Cat", Kind::Category, "cat dog cat Cat"),
        ("2020-01-01 2020-01-02", Kind::Date, "2020-01-01 2020-01-02"),
        ("31.12.2020 01.02.2021", Kind::Date, "2020-12-31 2021-02-01"),
        ("12/31/2020 02/01/2021", Kind::Date, "2020-12-31 2021-02-01"),
        ("2020-01-01T06:30 2020-01-02", Kind::Date, "2020-01-01T06:30:00 2020-01-02"),
        ("1.2.3 4.5.6", Kind::Text, "1.2.3 4.5.6"),
        ("10% 20%", Kind::Text, "10% 20%"),
        ("=1+1 @SUM(A1)", Kind::Text, "=1+1 @SUM(A1)"),
        ("0x10 010 1_000", Kind::Integer, "0x10 10 1_000"),
        ("1 2 3 x 5 6", Kind::Integer, "1 2 3 x 5 6"),
        ("a 1 b 2 a b", Kind::Category, "a 1 b 2 a b"),
        ("NA NULL -", Kind::Number, "_ _ _"),
        (
            "0.1 0.30000000000000004 1.7976931348623157e308 4.9e-324",
            Kind::Number,
            "0.1 0.30000000000000004 1.7976931348623157e308 5e-324",
        ),
        ("9007199254740993 1", Kind::Integer, "9007199254740992 1"),
        ("1 inf -Infinity 1e999", Kind::Number, "1 inf -inf inf"),
    ];
    for (cells, kind, want) in cases {
        let text: String = cells.split(' ').map(|c| format!("{c},0\n")).collect();
        let table = table(format!("column,other\n{text}"));
        let got: Vec<String> = (0..table.n_rows)
            .map(|i| table.columns[0].text(i).unwrap_or_else(|| "_".to_owned()))
            .collect();
        assert_eq!((table.columns[0].kind, got.join(" ").as_str()), (*kind, *want), "{cells}");
    }
    let many: String = (0..2000).map(|i| format!("{},k{i},word{}\n", i * 7 % 13, i % 5)).collect();
    assert_eq!(
        kinds(&table(format!("a,b,c\n{many}"))),
        [Kind::Integer, Kind::Identifier, Kind::Category]
    );
}

#[test]
fn missing_values() {
    let table = table("x,y\n1,2\n,3\nNA,4\nnan,5\nNULL,6\n-,7\n?,8\n");
    assert_eq!((table.columns[0].missing, table.columns[1].missing), (6, 0));
    let Values::Numbers(values) = &table.columns[0].values else {
        panic!("{:?}", table.columns[0].kind)
    };
    assert_eq!(values.iter().filter(|v| v.is_nan()).count(), 6);
}

#[test]
fn categories_have_bars_the_most_frequent_level_first() {
    let table = table("k,y\nb,1\na,2\nb,3\n,4\nb,5\na,6\nc,7\n");
    assert_eq!((table.columns[0].bars(), table.columns[0].missing), (&[3, 2, 1][..], 1));
}

#[test]
fn figures() {
    let table = table("x,k\n1,7\n2,7\n4,7\n,7\n5,7\n");
    let figures = table.columns[0].figures.as_ref().expect("numbers");
    assert_eq!((figures.min, figures.max, figures.mean), (1.0, 5.0, 3.0));
    assert!((figures.sd - 2.5_f64.sqrt()).abs() < 1e-15);
    assert_eq!(figures.histogram, [1, 1, 0, 1, 1]);
    assert_eq!((table.columns[0].distinct, table.columns[1].distinct), (Some(4), Some(1)));
    assert!(
        table
            .findings
            .iter()
            .any(|f| f.topic == Topic::Constant && f.column.as_deref() == Some("k"))
    );
}

#[test]
fn findings_name_line_and_column() {
    type Case = (&'static [u8], &'static [(Topic, Option<u64>)]);
    let cases: &[Case] = &[
        (b"x,y,z\n1,2,3\n4,5\n6,7,8\n", &[(Topic::ShortRow, Some(3))]),
        (b"x,y\n1,2\n3,4,5\n6,7\n", &[(Topic::LongRow, Some(3))]),
        (
            b"x,y\n1,2\n3\"a,4\n5,6\n",
            &[(Topic::StrayQuote, Some(3)), (Topic::MixedTypes, Some(3))],
        ),
        (b"a,b\n1,\"Hey \" it\"\n", &[(Topic::StrayQuote, Some(2))]),
        (
            b"x,y\n1,2\n3,\x004\n5,6\n",
            &[(Topic::ControlCharacter, Some(3)), (Topic::MixedTypes, Some(3))],
        ),
        (
            b"x,y\n1,2\n3,\x1b[31m4\n",
            &[(Topic::ControlCharacter, Some(3)), (Topic::MixedTypes, Some(3))],
        ),
        (b"x,y\n1,2\n3,\xff\xfe\n", &[(Topic::MixedTypes, Some(3))]),
        (b"x,x\n1,2\n", &[(Topic::DuplicateName, Some(1))]),
        (b"x,\n1,2\n", &[(Topic::EmptyName, Some(1))]),
        (
            b"a,b\n\"1\n\n\",2\n\nx,3\n4,5\n6,inf\n",
            &[(Topic::MixedTypes, Some(6)), (Topic::Infinite, Some(8))],
        ),
        (b"x,y\n5e-324,1\n1e-310,2\n", &[]),
        (
            b"x,label\n1,cat\n2,dog\n3,cat\n4,Cat\n5,dog\n",
            &[(Topic::SimilarLevels, None)],
        ),
        (b"x,y\n10%,1\n20%,2\n", &[(Topic::NumberInDisguise, None)]),
        (b"x;y\n1,234;2\n2,345;3\n", &[(Topic::NumberFormat, Some(2))]),
        (b"d,y\n01/02/2020,1\n03/04/2020,2\n", &[(Topic::AmbiguousDate, None)]),
        (b"x,y\n", &[(Topic::NoRows, None)]),
        (b"x,y\n1,2,3\n", &[(Topic::NoRows, None), (Topic::LongRow, Some(2))]),
    ];
    for (bytes, want) in cases {
        let table = table(bytes);
        assert_eq!(warnings(&table), *want, "{}", String::from_utf8_lossy(bytes));
    }
    let broken = table(b"x,y\n3,\x1b[31m4\n5,6\n");
    assert!(
        broken.findings.iter().all(|f| !f.to_string().contains('\x1b')),
        "escapes are never printed raw"
    );
}

#[test]
fn repeated_findings_are_counted() {
    let text: String = (0..1000).map(|i| if i % 2 == 0 { "1,2,3\n" } else { "1,2\n" }).collect();
    let table = table(format!("x,y,z\n1,2,3\n{text}"));
    let short: Vec<_> = table.findings.iter().filter(|f| f.topic == Topic::ShortRow).collect();
    assert_eq!((short.len(), short.iter().map(|f| f.count).sum::<u64>()), (6, 500));
    assert_eq!(table.columns[2].missing, 500);
}

#[test]
fn refused_by_name() {
    let html = b"<!DOCTYPE html><html><body>404</body></html>".as_slice();
    let long = [b"x,y\n1,2\n".as_slice(), b"\"3,4\n5,6\n7,8\n"].concat();
    let mut rng = Rng::stream(1, Purpose::Bench, 0);
    let noise: Vec<u8> = (0..50_000).map(|_| rng.below(256) as u8).collect();
    let cases: &[(&[u8], &str)] = &[
        (b"", "empty"),
        (b"\n\n\n", "only empty lines"),
        (b"# nothing\n# here\n", "only comments"),
        (&b",".repeat(200_000), "only delimiters"),
        (&b"\"".repeat(10_000), "only delimiters"),
        (b"\x1f\x8b\x08\0\0", "a gzip that is damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"%PDF-1.7\n", "PDF"),
        (html, "HTML"),
        (b"[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]", "JSON"),
        (b"{\"x\": [1, 2]}", "JSON"),
        (&noise, "binary"),
        (&long, "line 3, column 1: the quote opened here is never closed"),
        (
            b"foo,bar,baz\n1,\"I forgot to close this one,3",
            "line 2, column 2: the quote",
        ),
    ];
    for (bytes, want) in cases {
        let said = refusal(bytes);
        assert!(said.contains("t.csv") && said.contains(want), "{said}");
    }
    let missing = read("no/such/file.csv".as_ref(), &ReadOptions::default(), &Progress::default());
    assert!(matches!(missing, Err(DataError::Unreadable { .. })));
    let folder = read("src".as_ref(), &ReadOptions::default(), &Progress::default());
    assert!(folder.is_err_and(|e| e.to_string().contains("folder")));
}

#[test]
fn blocks_give_what_one_piece_gives() {
    // Larger than several blocks, with everything that makes a cut hard: quotes, line ends in quotes, CRLF, comments, accents.
    let mut rng = Rng::stream(2, Purpose::Bench, 0);
    let mut text = "# top\r\nid,value,note,level\r\n".to_owned();
    let mut want = Vec::new();
    for i in 0..60_000_u64 {
        let value = (rng.normal() * 1000.0).round() / 1000.0 + 1.0;
        let note = match rng.below(4) {
            0 => format!("a \"quoted\" word, {i}"),
            1 => format!("two\r\nlines {i}"),
            2 => format!("naïve {i}"),
            _ => String::new(),
        };
        let level = ["red", "green", "blue"][rng.below(3) as usize];
        text += &format!("{i},{value},\"{}\",{level}\r\n", note.replace('"', "\"\""));
        if i % 1000 == 0 {
            text += "# a comment, \"with a quote\r\n";
        }
        want.push(format!("{i}|{value}|{}|{level}", if note.is_empty() { "_" } else { &note }));
    }
    let table = table(&text);
    let got = rows(&table);
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(&want) {
        assert_eq!(got, want);
    }
    let line = text.lines().position(|l| l.starts_with("59999,")).map(|l| l as u64 + 1);
    assert_eq!(Some(table.lines.of(59_999)), line);
    assert!(
        table
            .findings
            .iter()
            .all(|f| f.severity == Severity::Info || f.topic == Topic::Identifier),
        "{:?}",
        table.findings
    );
}

#[test]
fn a_column_that_changes_its_mind_is_read_again() {
    let mut text = "x,code\n".to_owned();
    for i in 0..100_000 {
        text += &if i < 60_000 {
            format!("{i},00{i}\n")
        } else {
            format!("{i},A{i}\n")
        };
    }
    let table = table(&text);
    assert_eq!(
        table.columns[1].text(7).as_deref(),
        Some("007"),
        "as written, not as the number it looked like"
    );
    assert_eq!(table.columns[1].text(99_999).as_deref(), Some("A99999"));
    assert_eq!(table.columns[1].kind, Kind::Identifier);
}

#[test]
fn codes_are_codes_however_late_their_first_zero_comes() {
    let file = |last: &str| {
        let early: String = (0..30_000).map(|i| format!("{},{i}\n", 10_000 + i)).collect();
        format!("zip,y\n{early}NA,1\n{last},2\n")
    };
    let table_of = |last: &str| table(file(last));
    let codes = table_of("08123");
    assert_eq!(codes.columns[0].text(30_001).as_deref(), Some("08123"));
    assert_eq!(codes.columns[0].text(0).as_deref(), Some("10000"));
    assert_eq!(codes.columns[0].missing, 1);
    assert!(codes.columns[0].figures.is_none(), "no mean of codes");
    // Of another length, with a sign or a fraction: numbers.
    for (last, read) in [("8123", "8123"), ("008123", "8123"), ("-8123", "-8123"), ("0.123", "0.123")] {
        let numbers = table_of(last);
        assert_eq!(numbers.columns[0].text(30_001).as_deref(), Some(read));
        assert!(numbers.columns[0].figures.is_some(), "{last}");
    }
}

#[test]
fn wide_and_long() {
    let header: Vec<String> = (0..5000).map(|i| format!("c{i}")).collect();
    let row = vec!["1.5"; 5000].join(",");
    let table_wide = table(format!("{}\n{row}\n{row}\n", header.join(",")));
    assert_eq!((table_wide.columns.len(), table_wide.n_rows), (5000, 2));
    let long = table(format!("x,y\n{},1\n2,3\n", "9".repeat(200_000)));
    assert_eq!(warnings(&long), [(Topic::Infinite, Some(2))]);
    assert_eq!(table(format!("{},y\n1,2\n", "x".repeat(400_000))).columns.len(), 2);
}

#[test]
fn export_reads_back() {
    let text = "when,x,word,flag\n2020-01-31,0.1,\"a, \"\"b\"\"\",yes\n2020-02-01,,\"two\nlines\",no\n2020-02-01,-3e-300,a,no\n";
    let first = table(text);
    let mut out = Vec::new();
    first.to_csv(&mut out).expect("memory");
    let second = table(&out);
    assert_eq!(
        (names(&second), rows(&second), kinds(&second)),
        (names(&first), rows(&first), kinds(&first))
    );
    let mut formula = Vec::new();
    table("x,y\n=1+1,2\n@SUM(A1),-3\n").to_csv(&mut formula).expect("memory");
    assert_eq!(String::from_utf8_lossy(&formula), "x,y\r\n'=1+1,2\r\n'@SUM(A1),-3\r\n");
}

#[test]
fn cancel_and_change() {
    let progress = Progress::default();
    progress.cancel();
    let text = "x,y\n1,2\n".repeat(200_000);
    let cancelled = read_bytes("t", text.as_bytes(), &ReadOptions::default(), &progress);
    assert!(matches!(cancelled, Err(DataError::Cancelled)));
    let progress = Progress::default();
    read_bytes("t", text.as_bytes(), &ReadOptions::default(), &progress).expect("reads");
    assert_eq!(progress.fraction(), 1.0);
}

#[test]
fn nothing_panics() {
    let seeds: &[&[u8]] = &[
        b"x,y\n1,2\n3,4\n",
        b"# c\nsep=;\na;b;c\n1,5;\"x \"\"y\"\"\";2020-01-01\n\n;;\n",
        b"a\tb\r\nyes\t1e5\r\n'q'\t-\r\n",
        "naïve,prix€\n\"é\",2\n".as_bytes(),
        b"\xff\xfex\0,\0y\0\n\0",
        b"1 2 3\n4 5 6\n7 8 nan\n",
        b"a,b\n1,\"\\\"\",\n\"unclosed\n",
    ];
    let alphabet = b"\",;\t| \n\r#'\\0123456789.-+eEabcNA\0\x1b\xff\xe9\xc3\xa9=";
    for case in 0..2000_u64 {
        let mut rng = Rng::stream(case, Purpose::Bench, 1);
        let mut bytes = if rng.below(3) == 0 {
            (0..rng.below(200))
                .map(|_| alphabet[rng.below(alphabet.len() as u64) as usize])
                .collect()
        } else {
            seeds[rng.below(seeds.len() as u64) as usize].to_vec()
        };
        for _ in 0..rng.below(8) {
            let at = rng.below(bytes.len() as u64 + 1) as usize;
            let byte = if rng.below(4) == 0 {
                rng.below(256) as u8
            } else {
                alphabet[rng.below(alphabet.len() as u64) as usize]
            };
            match rng.below(3) {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => bytes[at] = byte,
                _ => bytes.truncate(at.max(1)),
            }
        }
        let header = [None, Some(true), Some(false)][rng.below(3) as usize];
        let options = ReadOptions {
            header,
            ..ReadOptions::default()
        };
        if let Ok(table) = read_bytes("t", &bytes, &options, &Progress::default()) {
            let mut out = Vec::new();
            table.to_csv(&mut out).expect("memory");
            for column in &table.columns {
                let preparation = optiscope::data::Preparation {
                    target: column.name.clone(),
                    ..Default::default()
                };
                if let Ok(prepared) = optiscope::data::prepare(&table, &preparation) {
                    assert!(
                        prepared.train.x.iter().all(|v| v.is_finite()),
                        "{:?}",
                        String::from_utf8_lossy(&bytes)
                    );
                }
            }
        }
    }
}

#[test]
fn the_first_rows_are_there_before_the_others() {
    let row = |i: usize| {
        format!(
            "{i},{}.5,{}\n",
            i % 97,
            if i < 5000 { i.to_string() } else { format!("w{}", i % 9) }
        )
    };
    let text = "a,b,c\n".to_owned() + &(0..60_000).map(row).collect::<String>();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.csv");
    std::fs::write(&path, &text).expect("written");
    let progress = Progress::default();
    let head = read_head(&path, &ReadOptions::default(), &progress).expect("a head");
    let whole = read(&path, &ReadOptions::default(), &progress).expect("a table");
    assert_eq!(
        (whole.n_rows, progress.rows.load(std::sync::atomic::Ordering::Relaxed)),
        (60_000, 60_000)
    );
    assert!((1000..40_000).contains(&head.n_rows), "{}", head.n_rows);
    assert_eq!(names(&head), names(&whole));
    assert_eq!(
        head.columns[2].kind,
        Kind::Text,
        "texts that turn up below the sample are texts"
    );
    let whole = rows(&whole);
    assert_eq!(rows(&head), whole[..head.n_rows]);
    // What is read at once is all there at once.
    std::fs::write(&path, "x,y\n1,2\n3,4").expect("written");
    let head = read_head(&path, &ReadOptions::default(), &progress).expect("a head");
    assert_eq!(rows(&head), ["1|2", "3|4"]);
}
