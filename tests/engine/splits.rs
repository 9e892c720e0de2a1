//! Which rows train: by class, by chance, by group, by time, and fold after fold.

use std::collections::BTreeSet;

use optiscope::data::{
    Dataset, Folds, Preparation, Prepared, Progress, ReadOptions, Split, Table, Targets, Task, effect, prepare, read_bytes,
};

fn table(text: &str) -> Table {
    read_bytes("t.csv", text.as_bytes(), &ReadOptions::default(), &Progress::default()).expect("reads")
}

/// 100 rows: an even number that is the row's name, a patient, a day, one of three classes.
fn patients() -> Table {
    let mut text = "id,patient,day,class\n".to_owned();
    for i in 0..100 {
        let class = ["a", "b", "b", "b", "c"][i % 5];
        text += &format!("{},p{},{},{class}\n", 2 * i, i * 7 % 13, (i * 37 % 100) / 2);
    }
    table(&text)
}

fn by(split: Split, folds: Option<Folds>) -> Preparation {
    Preparation {
        target: "class".to_owned(),
        features: Some(vec!["id".to_owned()]),
        task: Some(Task::Classification),
        standardize: false,
        validation: 0.2,
        test: 0.1,
        split,
        folds,
        ..Preparation::default()
    }
}

fn group() -> Split {
    Split::Group {
        column: "patient".to_owned(),
    }
}

fn time() -> Split {
    Split::Time {
        column: "day".to_owned(),
    }
}

/// Row numbers of a part.
fn rows(data: &Dataset) -> Vec<usize> {
    data.x.iter().map(|id| *id as usize / 2).collect()
}

/// Row numbers of training, validation and test part.
fn parts(p: &Prepared) -> [Vec<usize>; 3] {
    let of = |data: &Option<std::sync::Arc<Dataset>>| data.as_deref().map(rows).unwrap_or_default();
    [rows(&p.train), of(&p.validation), of(&p.test)]
}

fn all_once(parts: &[Vec<usize>]) -> bool {
    let mut all: Vec<usize> = parts.concat();
    all.sort_unstable();
    all == (0..100).collect::<Vec<_>>()
}

#[track_caller]
fn prepared(preparation: &Preparation) -> Prepared {
    prepare(&patients(), preparation).unwrap_or_else(|e| panic!("{e}"))
}

fn folds(folds: u32, repeats: u32, fold: u32) -> Option<Folds> {
    Some(Folds { folds, repeats, fold })
}

#[test]
fn every_row_is_in_one_part() {
    for split in [Split::Stratified, Split::Random, group(), time()] {
        let p = prepared(&by(split.clone(), None));
        let parts = parts(&p);
        assert!(all_once(&parts), "{split:?}");
        assert!(parts.iter().all(|part| !part.is_empty()), "{split:?}");
        assert_eq!(p, prepared(&by(split, None)));
    }
}

#[test]
fn a_group_is_never_torn_apart() {
    let groups = |part: &[usize]| part.iter().map(|i| i * 7 % 13).collect::<BTreeSet<_>>();
    for folds in [None, folds(4, 1, 0), folds(4, 2, 7)] {
        let [train, validation, test] = parts(&prepared(&by(group(), folds)));
        assert!(groups(&train).is_disjoint(&groups(&validation)), "{folds:?}");
        assert!(groups(&train).is_disjoint(&groups(&test)) && groups(&validation).is_disjoint(&groups(&test)));
    }
    // What keeps rows together says nothing about new groups.
    let p = prepared(&Preparation {
        features: None,
        ..by(group(), None)
    });
    assert_eq!(p.train.feature_names, ["id", "day"]);
    assert!(p.notes.iter().any(|n| n.contains("'patient' left out")), "{:?}", p.notes);
}

#[test]
fn nothing_is_learnt_from_later_rows() {
    let day = |i: &usize| (i * 37 % 100) / 2;
    for folds in [None, folds(4, 1, 0), folds(4, 1, 3)] {
        let [train, validation, test] = parts(&prepared(&by(time(), folds)));
        let last = |part: &[usize]| part.iter().map(day).max().expect("rows");
        let first = |part: &[usize]| part.iter().map(day).min().expect("rows");
        // Two rows of every day stay together.
        assert!(
            last(&train) < first(&validation) && last(&validation) < first(&test),
            "{folds:?}"
        );
    }
}

#[test]
fn folds_hold_out_every_row_once() {
    for split in [Split::Stratified, Split::Random, group()] {
        for repeat in 0..2 {
            let folded: Vec<_> = (0..5)
                .map(|k| parts(&prepared(&by(split.clone(), folds(5, 2, 5 * repeat + k)))))
                .collect();
            let test = &folded[0][2];
            assert!(
                folded.iter().all(|f| f[2] == *test && all_once(f)),
                "{split:?}: the test rows are the same"
            );
            let held_out: Vec<Vec<usize>> = folded.iter().map(|f| f[1].clone()).chain([test.clone()]).collect();
            assert!(all_once(&held_out), "{split:?}");
            let sizes: Vec<usize> = folded.iter().map(|f| f[1].len()).collect();
            let spread = sizes.iter().max().expect("five") - sizes.iter().min().expect("five");
            assert!(spread <= if split == group() { 16 } else { 1 }, "{split:?}: {sizes:?}");
        }
        assert_ne!(
            prepared(&by(split.clone(), folds(5, 2, 0))).validation,
            prepared(&by(split, folds(5, 2, 5))).validation
        );
    }
    // Stratified: 18 a, 54 b and 18 c in five folds.
    for fold in 0..5 {
        let p = prepared(&by(Split::Stratified, folds(5, 1, fold)));
        let Some(Targets::Classes { labels, .. }) = p.validation.as_deref().map(|v| &v.targets) else {
            panic!("classes")
        };
        let count = |class| labels.iter().filter(|&&l| l == class).count();
        assert!((3..=4).contains(&count(0)) && (10..=11).contains(&count(1)) && (3..=4).contains(&count(2)));
    }
}

#[test]
fn what_cannot_be_split_is_said() {
    let column = |name: &str| name.to_owned();
    let cases = [
        (
            by(
                Split::Group {
                    column: column("patients"),
                },
                None,
            ),
            "did you mean 'patient'",
        ),
        (
            by(
                Split::Time {
                    column: column("patient"),
                },
                None,
            ),
            "name one of dates or numbers",
        ),
        (by(time(), folds(5, 2, 0)), "one way only"),
        (by(group(), folds(40, 1, 0)), "groups are too few for 40 folds"),
        (by(Split::Random, folds(95, 1, 0)), "90 rows are too few for 95 folds"),
        (by(Split::Random, folds(1, 1, 0)), "give 2 folds or more"),
        (by(Split::Random, folds(5, 1, 5)), "fold 5 of 5 folds"),
    ];
    for (preparation, part) in cases {
        let said = prepare(&patients(), &preparation).expect_err(part).to_string();
        assert!(said.contains(part), "'{part}' in '{said}'");
    }
    let gaps = table("t,x,y\n1,1,1\n,2,2\n3,3,3\n");
    let preparation = Preparation {
        target: "y".to_owned(),
        split: Split::Time { column: "t".to_owned() },
        ..Preparation::default()
    };
    assert!(prepare(&gaps, &preparation).is_err_and(|e| e.to_string().contains("nobody knows when")));
}

#[test]
fn a_split_is_part_of_the_document() {
    let text = r#"{"target":"y","split":{"by":"group","column":"g"},"folds":{"folds":5}}"#;
    let read: Preparation = serde_json::from_str(text).expect("reads");
    assert_eq!(read.folds, folds(5, 1, 0));
    assert_eq!(
        serde_json::from_str::<Preparation>(&serde_json::to_string(&read).expect("writes")).expect("reads"),
        read
    );
    let plain = serde_json::to_string(&Preparation::default()).expect("writes");
    assert!(!plain.contains("split") && !plain.contains("folds"), "{plain}");
}

/// Lesson 20: least squares on an income, an age and a constant.
#[test]
fn standardising_makes_least_squares_easy() {
    let mut state = 20_u64;
    let mut uniform = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    // Twelve uniform numbers make a normal one, nearly.
    let mut normal = move || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
    let mut text = "income,age,y\n".to_owned();
    for _ in 0..500 {
        text += &format!("{},{},{}\n", 50e3 + 20e3 * normal(), 40.0 + 12.0 * normal(), normal());
    }
    let preparation = Preparation {
        target: "y".to_owned(),
        validation: 0.0,
        ..Preparation::default()
    };
    let effect = effect(&table(&text), &preparation).expect("prepares").expect("few features");
    let near = |ours: f64, lesson: f64, share: f64| (ours / lesson - 1.0).abs() <= share;
    assert!(near(effect.before.max_lr, 7.0e-10, 0.1), "{effect:?}");
    assert!(near(effect.before.condition, 5.4e10, 0.25), "{effect:?}");
    // What is left is the correlation by chance of two columns, 1/sqrt(500) on average.
    assert!(near(effect.after.max_lr, 1.99, 0.08), "{effect:?}");
    assert!(near(effect.after.condition, 1.01, 0.2), "{effect:?}");
    assert_eq!((effect.before.flat, effect.after.flat), (0, 0));
}

/// What `data` and `train` print of a small file.
fn told(text: &str) -> (optiscope::data::Effect, String) {
    let preparation = Preparation {
        target: "y".to_owned(),
        validation: 0.0,
        ..Preparation::default()
    };
    let effect = effect(&table(text), &preparation).expect("prepares").expect("few features");
    (effect, effect.to_string())
}

#[test]
fn a_column_that_follows_from_another_makes_the_condition_number_infinite() {
    let (effect, text) = told("a,b,y\n1,2,1\n2,4,2\n3,6,4\n4,8,3\n");
    assert_eq!((effect.before.flat, effect.after.flat), (1, 1));
    assert!(
        text.contains("infinite (1 direction is flat; 2.352e2 without it) before"),
        "{text}"
    );
    assert!(
        text.contains("infinite (1 direction is flat; 2.000e0 without it) after"),
        "{text}"
    );
    assert!(text.contains("columns that follow from others"), "{text}");
}

/// Two days in a row: the determinant of G is 1/4, its trace 3.3e8.
#[test]
fn a_condition_number_is_not_lost_in_rounding() {
    let (effect, text) = told("date,y\n2020-01-01,1\n2020-01-02,2\n");
    let trace = 1.0 + 0.5 * (18262.0_f64 * 18262.0 + 18263.0 * 18263.0);
    assert_eq!(effect.before.flat, 0);
    assert!(
        (effect.before.condition / (trace * trace / 0.25) - 1.0).abs() < 1e-6,
        "{text}"
    );
}

#[test]
fn condition_numbers_that_overflow_are_told_in_words() {
    for text in [
        "x,y\n1e308,1\n-1e308,2\n1e300,3\n",
        "x,z,y\n1e200,1,1\n-3e200,2,2\n1e160,4,3\n2,8,5\n",
    ] {
        let (effect, text) = told(text);
        assert!(effect.before.overflows() && !effect.after.overflows(), "{effect:?}");
        assert!(
            text.contains("condition number overflows before") && text.contains("none at all"),
            "{text}"
        );
        assert!(!text.contains("NaN") && !text.contains("inf "), "{text}");
    }
    let (_, text) = told("x,y\n1e308,1\n1e308,2\n1e308,5\n");
    assert!(
        text.contains("infinite (1 direction is flat; 1.000e0 without it) before"),
        "{text}"
    );
}

#[test]
fn columns_that_are_sums_of_others_are_counted_and_do_not_count() {
    let text: String = (0..60)
        .map(|i| format!("{},{},{}\n", ["a", "b"][i % 2], i * i % 17, i % 7))
        .collect();
    let preparation = Preparation {
        target: "y".to_owned(),
        task: Some(Task::Regression),
        validation: 0.0,
        ..Preparation::default()
    };
    let effect = effect(&table(&format!("c,x,y\n{text}")), &preparation)
        .expect("prepares")
        .expect("few features");
    // c=a and c=b add up to the constant.
    assert_eq!((effect.before.flat, effect.after.flat), (1, 1));
    assert!(effect.after.condition < 10.0, "{effect:?}");
}
