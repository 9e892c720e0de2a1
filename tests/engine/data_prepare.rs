//! From a table to what a model trains on: right, without leaks, and never NaN.

use optiscope::data::{
    BUNDLED, Bundled, GENERATED, Generated, Preparation, Prepared, Progress, ReadOptions, Table, Targets, Task, prepare,
    read_bytes, task_for,
};

fn table(text: &str) -> Table {
    read_bytes("t.csv", text.as_bytes(), &ReadOptions::default(), &Progress::default()).expect("reads")
}

fn on(target: &str) -> Preparation {
    Preparation {
        target: target.to_owned(),
        ..Preparation::default()
    }
}

fn whole(target: &str) -> Preparation {
    Preparation {
        validation: 0.0,
        standardize: false,
        ..on(target)
    }
}

#[track_caller]
fn prepared(text: &str, preparation: &Preparation) -> Prepared {
    match prepare(&table(text), preparation) {
        Ok(prepared) => prepared,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn refusal(text: &str, preparation: &Preparation) -> String {
    match prepare(&table(text), preparation) {
        Ok(_) => panic!("accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn columns_become_numbers() {
    let text = "n,when,flag,colour,note,y\n1,1970-01-02,yes,red,\"some words here\",1\n,1970-01-03,no,blue,b,2\n4,1970-01-04,no,,c,3\n7,1970-01-05,,red,d,5\n";
    let p = prepared(text, &whole("y"));
    assert_eq!(p.train.feature_names, ["n", "when", "flag", "colour=blue", "colour=red"]);
    #[rustfmt::skip]
    assert_eq!(p.train.x, [
        1.0, 1.0, 1.0, 0.0, 1.0,
        4.0, 2.0, 0.0, 1.0, 0.0,
        4.0, 3.0, 0.0, 0.0, 1.0,
        7.0, 4.0, 0.0, 0.0, 1.0,
    ]);
    assert_eq!(
        p.train.targets,
        Targets::Values {
            columns: 1,
            values: vec![1.0, 2.0, 3.0, 5.0]
        }
    );
    let notes = p.notes.join("\n");
    for part in [
        "'n': 1 missing, filled with the median 4",
        "'colour': 1 missing",
        "'note' left out",
    ] {
        assert!(notes.contains(part), "{notes}");
    }
}

#[test]
fn rare_levels_are_grouped() {
    let mut text = "level,y\n".to_owned();
    for i in 0..30 {
        for k in 0..=(30 - i) {
            text += &format!("l{i:02},{k}\n");
        }
    }
    let p = prepared(
        &text,
        &Preparation {
            task: Some(Task::Regression),
            ..whole("y")
        },
    );
    assert_eq!(
        (p.train.n_features, p.train.feature_names.last().map(String::as_str)),
        (21, Some("level=other"))
    );
    assert!(p.train.x.chunks(21).all(|row| row.iter().sum::<f64>() == 1.0));
}

#[test]
fn classes_are_sorted() {
    let numbers = prepared(
        "x,y\n1,10\n2,9\n3,2\n4,10\n",
        &Preparation {
            task: Some(Task::Classification),
            ..whole("y")
        },
    );
    assert_eq!(
        numbers.train.targets,
        Targets::Classes {
            labels: vec![2, 1, 0, 2],
            names: ["2", "9", "10"].map(str::to_owned).to_vec()
        }
    );
    let words = prepared("x,y\n1,pear\n2,apple\n3,Apple\n4,pear\n", &whole("y"));
    let Targets::Classes { names, labels } = &words.train.targets else {
        panic!()
    };
    assert_eq!(
        (names.join(" ").as_str(), labels.as_slice()),
        ("Apple apple pear", [2, 1, 0, 2].as_slice())
    );
}

#[test]
fn standardised_on_the_training_rows() {
    let text: String = (0..200)
        .map(|i| format!("{},{},7,{}\n", i % 17, f64::from(i * i % 23) + 0.5, i % 31))
        .collect();
    let p = prepared(&format!("a,b,k,y\n{text}"), &Preparation { test: 0.1, ..on("y") });
    let (train, scaling) = (&p.train, p.scaling.as_ref().expect("standardised"));
    assert_eq!(
        (
            train.n_rows,
            p.validation.as_ref().map(|d| d.n_rows),
            p.test.as_ref().map(|d| d.n_rows)
        ),
        (140, Some(40), Some(20))
    );
    for c in 0..3 {
        let column: Vec<f64> = (0..train.n_rows).map(|r| train.row(r)[c]).collect();
        let mean = column.iter().sum::<f64>() / 140.0;
        let variance = column.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 140.0;
        assert!(
            mean.abs() < 1e-14 && (variance - if c == 2 { 0.0 } else { 1.0 }).abs() < 1e-13,
            "{c}: {mean} {variance}"
        );
    }
    assert!(
        train.x.chunks(3).all(|row| row[2] == 0.0),
        "a constant column is centred and left alone"
    );
    let Targets::Values { values, .. } = &train.targets else {
        panic!()
    };
    assert!((values.iter().map(|v| v * v).sum::<f64>() / 140.0 - 1.0).abs() < 1e-13);
    let back = scaling.undo_target(0, values[0]);
    assert!(
        (back - back.round()).abs() < 1e-12 && (0.0..31.0).contains(&back.round()),
        "{back}"
    );
}

#[test]
fn nothing_leaks() {
    // Whatever the held-out rows say, everything fitted stays the same to the bit.
    let make = |poison: &dyn Fn(usize) -> bool| {
        let mut text = "a,colour,when,y\n".to_owned();
        for i in 0..100 {
            text += &if poison(i) {
                format!("1e300,poison{},2999-01-01,{}\n", i % 3, 1e9 + i as f64)
            } else {
                format!(
                    "{},{},2020-01-{:02},{}\n",
                    if i % 9 == 0 { String::new() } else { format!("{i}.5") },
                    ["red", "green"][i % 2],
                    i % 28 + 1,
                    i % 37
                )
            };
        }
        table(&text)
    };
    let preparation = Preparation {
        task: Some(Task::Regression),
        test: 0.2,
        ..on("y")
    };
    let clean = prepare(&make(&|_| false), &preparation).expect("clean");
    // Which rows are held out is found by their target, which is unscaled here.
    let unscaled = prepare(
        &make(&|_| false),
        &Preparation {
            standardize: false,
            features: Some(vec!["a".to_owned()]),
            ..preparation.clone()
        },
    )
    .expect("clean");
    let train: Vec<f64> = unscaled.train.x.clone();
    let trains = |i: usize| i.is_multiple_of(9) || train.contains(&(i as f64 + 0.5));
    assert!((0..100).filter(|&i| !trains(i)).count() > 30);
    let poisoned = prepare(&make(&|i| !trains(i)), &preparation).expect("poisoned");
    assert_eq!(clean.train, poisoned.train);
    assert_eq!((clean.scaling, clean.recipe), (poisoned.scaling, poisoned.recipe));
    assert_ne!(clean.validation, poisoned.validation);
}

#[test]
fn splits_are_seeded_and_stratified() {
    let iris = Bundled::from_id("iris").expect("bundled").table().expect("reads");
    let preparation = Preparation {
        test: 0.1,
        ..on("species")
    };
    let first = prepare(&iris, &preparation).expect("prepares");
    assert_eq!(first, prepare(&iris, &preparation).expect("prepares"));
    assert_ne!(
        first.train,
        prepare(&iris, &Preparation { seed: 1, ..preparation })
            .expect("prepares")
            .train
    );
    let count = |set: &optiscope::data::Dataset| {
        let Targets::Classes { labels, .. } = &set.targets else {
            panic!()
        };
        [0, 1, 2].map(|c| labels.iter().filter(|&&l| l == c).count())
    };
    assert_eq!(count(&first.train), [35, 35, 35]);
    assert_eq!(first.validation.as_deref().map(count), Some([10, 10, 10]));
    assert_eq!(first.test.as_deref().map(count), Some([5, 5, 5]));
}

#[test]
fn extreme_values_never_make_nan() {
    let text = "x,tiny,end,y\n1e308,5e-324,1.7976931348623157e308,1\n-1e308,1e-310,-1.7976931348623157e308,2\n1e300,2e-308,0,3\n0,0,1,5\ninf,1,1,9\n";
    let p = prepared(
        text,
        &Preparation {
            validation: 0.0,
            ..on("y")
        },
    );
    assert_eq!(p.train.n_rows, 4);
    assert!(p.train.x.iter().all(|v| v.is_finite() && v.abs() < 10.0), "{:?}", p.train.x);
    assert!(p.notes.iter().any(|n| n.contains("1 row(s) with an infinite value")));
    assert!(p.notes.iter().any(|n| n.contains("'tiny' is constant")), "{:?}", p.notes);
    let huge = prepared(
        "x,y\n1,1e308\n2,-1e308\n3,1e300\n",
        &Preparation {
            validation: 0.0,
            ..on("y")
        },
    );
    let Targets::Values { values, .. } = &huge.train.targets else {
        panic!()
    };
    assert!(values.iter().all(|v| v.is_finite() && v.abs() < 2.0));
}

#[test]
fn refusals_say_what_to_do() {
    let many: String = (0..2000).map(|i| format!("{i},c{i}\n")).collect();
    let many = format!("x,label\n{many}");
    let with = |features: &[&str], target: &str| Preparation {
        features: Some(features.iter().map(|&f| f.to_owned()).collect()),
        ..on(target)
    };
    let cases: &[(&str, Preparation, &[&str])] = &[
        (
            "width,height\n1,2\n3,4\n",
            on("hieght"),
            &["no column is called 'hieght'", "'height'"],
        ),
        (
            "width,height\n1,2\n3,4\n",
            with(&["witdh"], "height"),
            &["'witdh'", "'width'"],
        ),
        ("width,height\n1,2\n3,4\n", on("zebra"), &["there are width, height"]),
        ("x,label\n1,a\n2,a\n3,a\n", on("label"), &["only one class, 'a'"]),
        (&many, on("label"), &["2000 classes in 2000 rows"]),
        ("x,y\n1,\n2,NA\n", on("y"), &["every cell of the target 'y' is missing"]),
        ("y\n1\n2\n", on("y"), &["no feature", "no column beside the target"]),
        (
            "note,y\nsome long words,1\nother long words,2\n",
            on("y"),
            &["no feature", "'note' left out", "text"],
        ),
        ("x,y\n1,2\n", on("y"), &["too few rows", "at least two"]),
        ("x,y\n", on("y"), &["too few rows"]),
        (
            "x,y\n1,red\n2,blue\n3,red\n",
            Preparation {
                task: Some(Task::Regression),
                ..on("y")
            },
            &["regression", "category"],
        ),
        (
            "note,x,y\na b c,1,1\nd e f,2,2\n",
            with(&["note"], "y"),
            &["'note' cannot be a feature", "free text"],
        ),
        ("x,y\n1,2\n3,4\n", with(&["y"], "y"), &["it is the target"]),
        ("x,y\n1,2\n3,4\n", with(&["x", "x"], "y"), &["listed twice"]),
        ("x,y\n1,2\n3,4\n", with(&[], "y"), &["list of features is empty"]),
        (
            "x,y\n1,2\n3,4\n",
            Preparation {
                validation: 1.0,
                ..on("y")
            },
            &["field validation", "out of range"],
        ),
        (
            "x,y\n1,2\n3,4\n",
            Preparation {
                validation: f64::NAN,
                ..on("y")
            },
            &["field validation"],
        ),
        (
            "x,y\n1,2\n3,4\n",
            Preparation {
                validation: 0.6,
                test: 0.6,
                ..on("y")
            },
            &["validation + test"],
        ),
    ];
    for (text, preparation, parts) in cases {
        let said = refusal(text, preparation);
        for part in *parts {
            assert!(said.contains(part), "'{part}' in '{said}'");
        }
    }
    let unknown: Result<Preparation, _> = serde_json::from_str(r#"{"target":"y","standardise":true}"#);
    assert!(unknown.is_err_and(|e| e.to_string().contains("standardise")));
}

#[test]
fn tasks_are_recognised() {
    let table = table("price,class,grade,flag\n1.5,1,a,yes\n2.5,2,b,no\n3.5,1,a,no\n4.5,2,b,yes\n5.5,1,a,no\n6.5,2,b,yes\n");
    let tasks: Vec<Task> = table.columns.iter().map(|c| task_for(c).0).collect();
    assert_eq!(
        tasks,
        [
            Task::Regression,
            Task::Classification,
            Task::Classification,
            Task::Classification
        ]
    );
    assert_eq!(table.suggest_target().map(|c| c.name.as_str()), Some("class"));
}

#[test]
fn bundled_sets() {
    let want = [
        ("iris", 150, 4, "species"),
        ("wine", 178, 13, "cultivar"),
        ("breast_cancer", 569, 30, "diagnosis"),
        ("diabetes", 442, 10, "progression"),
        ("penguins", 344, 10, "species"),
    ];
    assert_eq!(BUNDLED.len(), want.len());
    for (set, (id, rows, features, target)) in BUNDLED.iter().zip(want) {
        let table = set.table().expect(id);
        assert_eq!(
            (set.id, table.n_rows, table.suggest_target().map(|c| c.name.as_str())),
            (id, rows, Some(target))
        );
        let p = prepare(
            &table,
            &Preparation {
                validation: 0.0,
                ..on(target)
            },
        )
        .expect(id);
        assert_eq!(
            (p.train.n_rows, p.train.n_features),
            (rows, features),
            "{id}: {:?}",
            p.train.feature_names
        );
        assert!(p.train.x.iter().all(|v| v.is_finite()));
        let task = if id == "diabetes" {
            Task::Regression
        } else {
            Task::Classification
        };
        assert_eq!(table.column(target).map(|c| task_for(c).0), Some(task));
        assert!(table.findings.is_empty(), "{id}: {:?}", table.findings);
    }
}

#[test]
fn generated_sets() {
    for set in GENERATED {
        let table = set.table(200, set.noise, 3);
        let numbers = |t: &Table| {
            t.columns
                .iter()
                .flat_map(|c| (0..t.n_rows).map(|r| c.text(r)))
                .collect::<Vec<_>>()
        };
        assert_eq!(table.n_rows, 200);
        assert_eq!(numbers(&table), numbers(&set.table(200, set.noise, 3)), "{}", set.id);
        assert_ne!(numbers(&table), numbers(&set.table(200, set.noise, 4)), "{}", set.id);
        let target = table.suggest_target().expect(set.id).name.clone();
        let p = prepare(&table, &on(&target)).expect(set.id);
        match &p.train.targets {
            Targets::Classes { names, labels } => {
                assert_eq!(names.len(), 2);
                let first = labels.iter().filter(|&&l| l == 0).count();
                assert!((60..=100).contains(&first), "{}: {first}", set.id);
            }
            Targets::Values { .. } => assert_eq!(set.id, "sine"),
        }
        for n in [0, 1, 2, 3] {
            assert_eq!(set.table(n, 0.0, 0).n_rows, n);
        }
    }
    assert!(Generated::from_id("spirals").is_some());
}
