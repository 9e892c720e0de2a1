//! What a table tells before anything is trained on it.

use optiscope::data::{
    Bundled, Finding, Preparation, Progress, ReadOptions, Table, Topic, examine, outlook, prepare, read_bytes,
};

#[track_caller]
fn table(header: &str, rows: usize, row: impl Fn(usize) -> String) -> Table {
    let body: String = (0..rows).map(|i| row(i) + "\n").collect();
    let text = format!("{header}\n{body}");
    read_bytes("t.csv", text.as_bytes(), &ReadOptions::default(), &Progress::default()).expect("reads")
}

#[track_caller]
fn findings(header: &str, rows: usize, row: impl Fn(usize) -> String) -> Vec<Finding> {
    examine(&table(header, rows, row), Some("y"))
}

/// The target of all tables here, and no rows held out.
fn all_rows() -> Preparation {
    Preparation {
        target: "y".to_owned(),
        validation: 0.0,
        ..Preparation::default()
    }
}

/// The one finding there is.
#[track_caller]
fn only(findings: &[Finding], topic: Topic, column: Option<&str>, parts: &[&str]) {
    let [one] = findings else { panic!("{findings:?}") };
    assert_eq!((one.topic, one.column.as_deref()), (topic, column), "{one}");
    for part in parts {
        assert!(one.message.contains(part), "'{part}' in '{one}'");
    }
}

/// Numbers in which there is nothing to find.
fn plain(i: usize) -> f64 {
    ((i * 7919 + 13) % 1009) as f64 / 10.0
}

#[test]
fn nothing_is_found_where_there_is_nothing() {
    let found = findings("a,b,c,y", 200, |i| {
        format!(
            "{},{},{},{}",
            plain(i),
            plain(3 * i + 5),
            ["u", "v", "w"][i * i % 3],
            plain(5 * i + 1)
        )
    });
    assert!(found.is_empty(), "{found:?}");
    let few = findings("a,b,y", 9, |i| format!("{i},{i},{}", i % 9 / 8));
    assert!(few.is_empty(), "few rows prove nothing: {few:?}");
}

#[test]
fn nearly_constant_columns() {
    let found = findings("a,c,y", 200, |i| {
        format!(
            "{},{},{}",
            plain(i),
            if i % 50 == 0 { "odd" } else { "usual" },
            plain(5 * i + 1)
        )
    });
    only(
        &found,
        Topic::NearlyConstant,
        Some("c"),
        &["'usual' in 98.0%", "leave it out"],
    );
}

#[test]
fn duplicate_rows() {
    let found = findings("a,b,y", 200, |i| {
        let i = if i >= 197 { i - 100 } else { i };
        format!("{},{},{}", plain(i), plain(3 * i + 5), plain(5 * i + 1))
    });
    only(&found, Topic::DuplicateRows, None, &["3 row(s)", "drop_duplicates"]);
    assert_eq!(found[0].line, Some(199));
}

#[test]
fn outliers() {
    let found = findings("a,b,y", 200, |i| {
        let a = if i % 90 == 7 { 5000.0 + i as f64 } else { plain(i) };
        format!("{a},{},{}", plain(3 * i + 5), plain(5 * i + 1))
    });
    only(
        &found,
        Topic::Outliers,
        Some("a"),
        &["3 outlier(s)", "farthest is 5187", "robust"],
    );
}

#[test]
fn collinear_pairs() {
    let found = findings("cm,inch,y", 200, |i| {
        format!("{},{:.2},{}", plain(i), plain(i) / 2.54, plain(5 * i + 1))
    });
    only(
        &found,
        Topic::Collinear,
        Some("inch"),
        &["with 'cm'", "1.0000", "leave one out", "pca"],
    );
}

#[test]
fn imbalance() {
    let found = findings("a,y", 200, |i| {
        format!("{},{}", plain(i), if i % 20 == 3 { "sick" } else { "well" })
    });
    only(
        &found,
        Topic::Imbalance,
        Some("y"),
        &["'sick' in 10 row(s)", "'well' in 190", "balanced accuracy"],
    );
}

#[test]
fn features_that_give_the_target_away() {
    let classes = findings("a,refund,y", 200, |i| {
        format!(
            "{},{},{}",
            plain(i),
            ["none", "full", "part"][i % 3],
            ["kept", "returned", "returned"][i % 3]
        )
    });
    only(&classes, Topic::Giveaway, Some("refund"), &["gives 'y' away", "leave it out"]);
    let threshold = findings("a,score,y", 200, |i| {
        format!(
            "{},{},{}",
            plain(3 * i + 5),
            plain(i),
            if plain(i) > 50.0 { "high" } else { "low" }
        )
    });
    only(&threshold, Topic::Giveaway, Some("score"), &["tells every class apart"]);
    let numbers = findings("a,net,y", 200, |i| {
        format!("{},{:.3},{}", plain(3 * i + 5), plain(i) / 1.19, plain(i))
    });
    only(
        &numbers,
        Topic::Giveaway,
        Some("net"),
        &["correlation with the target is 1.0000"],
    );
}

/// Features are counted as the recipe leaves them: five categories of five levels are 25 of them.
#[test]
fn more_features_than_rows() {
    let level = |i: usize, k: usize| ["p", "q", "r", "s", "t"][(i * k + i / 5) % 5];
    let of = |rows| {
        table("a,c1,c2,c3,c4,c5,y", rows, |i| {
            let levels: Vec<&str> = (1..=5).map(|k| level(i, k)).collect();
            format!("{},{},{}", plain(i), levels.join(","), ["no", "yes"][i * i % 3 % 2])
        })
    };
    let ahead = outlook(&of(22), &all_rows()).expect("prepares");
    only(
        &ahead.findings,
        Topic::MoreFeaturesThanRows,
        None,
        &["26 features", "22 training row(s)", "ridge or lasso", "pca"],
    );
    let notes = prepare(&of(22), &all_rows()).expect("prepares").notes;
    assert!(notes.iter().any(|note| note.contains("22 training row(s)")), "{notes:?}");
    assert!(outlook(&of(40), &all_rows()).expect("prepares").findings.is_empty());
    let held_out = Preparation {
        validation: 0.5,
        ..all_rows()
    };
    let notes = prepare(&of(40), &held_out).expect("prepares").notes;
    assert!(notes.iter().any(|note| note.contains("20 training row(s)")), "{notes:?}");
}

/// From 1e150 on, of few rows as of many, of a target as of features.
#[test]
fn numbers_whose_squares_overflow() {
    for rows in [4, 200] {
        let found = findings("a,y", rows, |i| format!("{}e149,{}", plain(i), plain(5 * i + 1)));
        only(
            &found,
            Topic::HugeNumbers,
            Some("a"),
            &["squares overflow", "standardise", "log"],
        );
        let found = findings("a,y", rows, |i| format!("{},{}e306", plain(i), -plain(5 * i + 1)));
        only(&found, Topic::HugeNumbers, Some("y"), &["squares overflow"]);
        assert!(findings("a,y", rows, |i| format!("{}e147,{}", plain(i), plain(5 * i + 1))).is_empty());
    }
}

#[test]
fn outliers_of_the_target() {
    let found = findings("a,y", 200, |i| {
        let y = if i == 60 { -9999.0 } else { plain(5 * i + 1) };
        format!("{},{y}", plain(i))
    });
    only(&found, Topic::Outliers, Some("y"), &["1 outlier(s)", "-9999", "huber"]);
}

/// A row that is there twice is so in a dozen rows as well; correlations and rare classes mean something from ten on.
#[test]
fn few_rows() {
    let found = findings("a,y", 12, |i| format!("{},{}", plain(i.max(1)), plain(5 * i.max(1) + 1)));
    only(&found, Topic::DuplicateRows, None, &["1 row(s)"]);
    let found = findings("a,b,y", 12, |i| {
        format!("{},{},{}", plain(i), 3.0 * plain(i), plain(5 * i + 1))
    });
    only(&found, Topic::Collinear, Some("b"), &["with 'a'"]);
    let found = findings("a,y", 12, |i| {
        format!("{},{}", plain(i), if i == 5 { "rare" } else { "usual" })
    });
    only(&found, Topic::Imbalance, Some("y"), &["'rare' in 1 row(s)"]);
}

#[test]
fn a_category_that_gives_a_number_away() {
    let level = |i: usize| ["p", "q", "r", "s"][i * i % 11 % 4];
    let price = |i: usize| [5.0, 80.0, 20.0, 31.0][i * i % 11 % 4];
    let found = findings("a,c,y", 200, |i| {
        format!("{},{},{}", plain(i), level(i), price(i) + plain(5 * i + 1) / 200.0)
    });
    only(&found, Topic::Giveaway, Some("c"), &["of the variance", "leave it out"]);
    let found = findings("a,c,y", 200, |i| {
        format!("{},{},{}", plain(i), level(i), price(i) + plain(5 * i + 1) / 5.0)
    });
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn categories_that_tell_the_same() {
    let rows = |left: [&'static str; 3], right: [&'static str; 3]| {
        findings("country,code,y", 200, move |i| {
            let k = (i * 7919 + 13) % 1009 % 3;
            format!("{},{},{}", left[k], right[k], plain(5 * i + 1))
        })
    };
    let parts: &[&str] = &["with 'country'", "V 1.0000", "leave one out"];
    only(
        &rows(["spain", "italy", "malta"], ["es", "it", "mt"]),
        Topic::Collinear,
        Some("code"),
        parts,
    );
    only(
        &rows(["spain", "italy", "malta"], ["big", "big", "small"]),
        Topic::Collinear,
        Some("code"),
        parts,
    );
    let numbers = rows(["0", "1", "1"], ["1", "0", "0"]);
    only(&numbers, Topic::Collinear, Some("code"), &["correlation -1.0000"]);
    only(&rows(["0", "1", "1"], ["u", "v", "v"]), Topic::Collinear, Some("code"), parts);
}

/// What training would refuse is not suggested.
#[test]
fn a_text_of_2000_levels_is_no_target() {
    let of = |name: &str, levels: usize| {
        let table = table(name, 2000, |i| format!("{},t{}", plain(i), i % levels));
        table.suggest_target().map(|column| column.name.clone())
    };
    assert_eq!(of("a,label", 1500).as_deref(), Some("a"));
    assert_eq!(of("a,label", 50).as_deref(), Some("label"));
}

/// Whoever looks closely at the bundled sets finds what is really there, and nothing else.
#[test]
fn bundled_sets_give_no_false_alarm() {
    let want: [(&str, &[(Topic, usize)]); 5] = [
        ("iris", &[(Topic::DuplicateRows, 1)]),
        ("wine", &[]),
        ("breast_cancer", &[(Topic::Outliers, 23), (Topic::Collinear, 2)]),
        ("diabetes", &[]),
        ("penguins", &[]),
    ];
    for (id, topics) in want {
        let table = Bundled::from_id(id).expect(id).table().expect(id);
        let target = table.suggest_target().expect(id).name.clone();
        let mut found = examine(&table, Some(&target));
        let preparation = Preparation { target, ..all_rows() };
        found.extend(outlook(&table, &preparation).expect(id).findings);
        let mut counted: Vec<(Topic, usize)> = Vec::new();
        for finding in &found {
            match counted.iter_mut().find(|(topic, _)| *topic == finding.topic) {
                Some((_, count)) => *count += 1,
                None => counted.push((finding.topic, 1)),
            }
        }
        assert_eq!(counted, topics, "{id}: {found:?}");
    }
}
