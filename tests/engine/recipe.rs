//! The recipe: every step does what scikit-learn's does, learns from the training rows only, and never makes NaN.

use crate::golden::{items, numbers, read};
use optiscope::data::recipe::{RecipeStep, StepConfig, default_recipe};
use optiscope::data::{Preparation, Prepared, Progress, ReadOptions, Table, Task, prepare, read_bytes};
use serde_json::Value;

fn table(text: &str) -> Table {
    read_bytes("t.csv", text.as_bytes(), &ReadOptions::default(), &Progress::default()).expect("reads")
}

/// A step with settings, as the command line writes them.
#[track_caller]
fn step(id: &str, settings: &[(&str, &str)]) -> RecipeStep {
    let mut step = StepConfig::from_id(id).unwrap_or_else(|| panic!("no step {id}"));
    for (name, value) in settings {
        step.set_text(name, value).unwrap_or_else(|e| panic!("{id}: {e}"));
    }
    RecipeStep::from(step)
}

fn on(step: RecipeStep, columns: &[&str]) -> RecipeStep {
    RecipeStep {
        columns: Some(columns.iter().map(|&c| c.to_owned()).collect()),
        ..step
    }
}

/// All rows train, and the target stays as it is.
fn whole(recipe: &[RecipeStep]) -> Preparation {
    Preparation {
        target: "y".to_owned(),
        task: Some(Task::Regression),
        recipe: Some(recipe.to_vec()),
        standardize: false,
        validation: 0.0,
        ..Preparation::default()
    }
}

#[track_caller]
fn prepared(text: &str, recipe: &[RecipeStep]) -> Prepared {
    prepare(&table(text), &whole(recipe)).unwrap_or_else(|e| panic!("{e}"))
}

#[track_caller]
fn refusal(text: &str, recipe: &[RecipeStep]) -> String {
    match prepare(&table(text), &whole(recipe)) {
        Ok(prepared) => panic!("accepted: {:?}", prepared.train),
        Err(error) => error.to_string(),
    }
}

/// Rows of the reference as a file with a target.
fn csv(rows: &Value) -> String {
    let rows = items(rows);
    let header = (0..items(&rows[0]).len()).map(|c| format!("x{c},")).collect::<String>();
    let line = |(i, row): (usize, &Value)| {
        let cells = items(row).iter().map(|cell| match cell.as_str() {
            Some(text) => format!("{text},"),
            None => format!("{cell},"),
        });
        format!("{}{}\n", cells.collect::<String>(), i as f64 + 0.5)
    };
    let body: String = rows.iter().enumerate().map(line).collect();
    format!("{header}y\n{body}")
}

/// The step that stands for an estimator of scikit-learn.
fn of_reference(case: &Value) -> RecipeStep {
    let params = &case["params"];
    let text = |name: &str| params[name].to_string();
    let end = |name: &str, i: usize, scale: f64| (params[name][i].as_f64().expect("an end") * scale).to_string();
    match case["estimator"].as_str().expect("an estimator") {
        "StandardScaler" => step("standardize", &[]),
        "MinMaxScaler" => step(
            "min_max",
            &[
                ("low", &end("feature_range", 0, 1.0)),
                ("high", &end("feature_range", 1, 1.0)),
                ("clip", &text("clip")),
            ],
        ),
        "RobustScaler" => step(
            "robust",
            &[
                ("lower", &end("quantile_range", 0, 0.01)),
                ("upper", &end("quantile_range", 1, 0.01)),
            ],
        ),
        "MaxAbsScaler" => step("max_abs", &[]),
        "PCA" => step(
            "pca",
            &[
                ("components", &params["n_components"].as_u64().unwrap_or(0).to_string()),
                ("whiten", &text("whiten")),
            ],
        ),
        "PolynomialFeatures" => step(
            "polynomial",
            &[
                ("degree", &text("degree")),
                ("interaction_only", &text("interaction_only")),
                ("include_bias", &text("include_bias")),
            ],
        ),
        "OneHotEncoder" => {
            let drop_first = (params["drop"] == "first").to_string();
            on(step("one_hot", &[("drop_first", &drop_first)]), &["x0", "x1"])
        }
        other => panic!("{other} has no step"),
    }
}

#[track_caller]
fn assert_rows(id: &str, ours: &[f64], reference: &Value) {
    let theirs: Vec<f64> = items(reference).iter().flat_map(numbers).collect();
    assert_eq!(ours.len(), theirs.len(), "{id}");
    for (i, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{id}, number {i}: {a} for {b}");
    }
}

#[test]
fn steps_agree_with_scikit_learn() {
    let metrics = read("metrics.json");
    let cases = items(&metrics["preprocessing"]);
    assert_eq!(cases.len(), 15);
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        let p = prepared(&csv(&case["fit"]), &[of_reference(case)]);
        assert_rows(id, &p.train.x, &case["fit_transformed"]);
        let new = p
            .recipe
            .new_rows(&table(&csv(&case["transform_in"])))
            .unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_rows(id, &new.x, &case["transformed"]);
    }
}

/// Numbers with gaps, a category, yes and no, dates; the rows that `poison` picks say something else.
fn mixed(poison: &dyn Fn(usize) -> bool) -> Table {
    let mut text = "id,a,b,colour,flag,when,y\n".to_owned();
    for i in 0..120 {
        let target = i * i % 37;
        text += &if poison(i) {
            format!("{i}.25,1e300,-3.5,poison{},no,2999-01-01,{target}\n", i % 3)
        } else {
            let gap = |every: usize, cell: String| if i % every == 0 { String::new() } else { cell };
            let a = gap(9, format!("{}.5", i * i % 50));
            let colour = gap(11, ["red", "green", "blue"][i % 3].to_owned());
            let flag = ["yes", "no"][i % 2];
            format!("{i}.25,{a},{},{colour},{flag},2020-01-{:02},{target}\n", i % 7, i % 28 + 1)
        };
    }
    table(&text)
}

#[test]
fn nothing_that_is_fitted_knows_the_held_out_rows() {
    let holding_out = |recipe: &[RecipeStep]| Preparation {
        validation: 0.3,
        test: 0.1,
        ..whole(recipe)
    };
    let plain = prepare(&mixed(&|_| false), &holding_out(&default_recipe(false))).expect("prepares");
    let ids: Vec<f64> = (0..plain.train.n_rows).map(|r| plain.train.row(r)[0]).collect();
    let held_out = |i: usize| !ids.contains(&(i as f64 + 0.25));
    assert_eq!((0..120).filter(|&i| held_out(i)).count(), 48);
    let impute = step("impute", &[]);
    for config in StepConfig::all() {
        let id = config.id();
        let tried = match id {
            "drop_columns" => vec![on(config.into(), &["a"]), impute.clone()],
            "log" => vec![impute.clone(), on(config.into(), &["a"])],
            "impute" => vec![step("impute", &[("indicator", "true")])],
            _ => vec![config.clone().into(), impute.clone()],
        };
        let tried = if id == "pca" {
            vec![impute.clone(), step(id, &[])]
        } else {
            tried
        };
        let recipe: Vec<RecipeStep> = tried.into_iter().chain([step("one_hot", &[])]).collect();
        let [clean, poisoned] = [mixed(&|_| false), mixed(&held_out)]
            .map(|table| prepare(&table, &holding_out(&recipe)).unwrap_or_else(|e| panic!("{id}: {e}")));
        assert_eq!(clean.train, poisoned.train, "{id}");
        assert_eq!(clean.recipe, poisoned.recipe, "{id}");
        assert_ne!(clean.validation, poisoned.validation, "{id}: the poison arrives");
        // And all rows again as new data: what was learnt is all that is needed.
        let again = clean.recipe.new_rows(&mixed(&|_| false)).expect(id).x;
        let width = clean.train.n_features;
        for row in clean.train.x.chunks(width) {
            assert!(
                again.chunks(width).any(|other| other == row),
                "{id}: a training row is replayed as it was"
            );
        }
    }
}

#[test]
fn gaps_are_filled_as_asked() {
    let text = "a,colour,y\n1,red,1\n,,2\n2,blue,3\n2,red,4\n7,red,5\n";
    let filled = |strategy: &str| {
        let p = prepared(
            text,
            &[
                step("impute", &[("strategy", strategy), ("value", "-9")]),
                step("one_hot", &[]),
            ],
        );
        (p.train.row(1)[0], p.train.feature_names.join(" "))
    };
    let usual = || "a colour=blue colour=red".to_owned();
    assert_eq!(filled("median"), (2.0, usual()));
    assert_eq!(filled("mean"), (3.0, usual()));
    assert_eq!(filled("most_frequent"), (2.0, usual()));
    assert_eq!(
        filled("constant"),
        (-9.0, "a colour=blue colour=missing colour=red".to_owned())
    );
    let p = prepared(text, &[step("impute", &[("indicator", "true")]), step("one_hot", &[])]);
    assert_eq!(
        p.train.feature_names.join(","),
        "a,a missing,colour=blue,colour=red,colour missing"
    );
    assert_eq!(p.train.row(1), [2.0, 1.0, 0.0, 1.0, 1.0]);
}

#[test]
fn levels_that_are_rare_or_new_are_the_others() {
    let text = "c,y\na,1\na,2\na,3\nb,4\nb,5\nc,6\nd,7\n";
    let p = prepared(text, &[step("one_hot", &[("min_count", "2")])]);
    assert_eq!(p.train.feature_names.join(" "), "c=a c=b c=other");
    assert!(
        p.notes.iter().any(|n| n.contains("2 most frequent of 4 levels")),
        "{:?}",
        p.notes
    );
    let new = table("c\nz\na\nz\nd\n");
    assert_eq!(
        p.recipe.new_rows(&new).expect("replays").x,
        [0., 0., 1., 1., 0., 0., 0., 0., 1., 0., 0., 1.]
    );
    let all = prepared(text, &[step("one_hot", &[])]);
    assert_eq!(all.recipe.new_rows(&new).expect("replays").x[..4], [0.0; 4]);
    let ordinal = prepared(text, &[step("ordinal", &[])]);
    assert_eq!(ordinal.recipe.new_rows(&new).expect("replays").x, [-1.0, 0.0, -1.0, 3.0]);
}

#[test]
fn dates_come_apart() {
    let text = "when,y\n2024-02-29T13:30:00,1\n1969-12-31T00:00:00,2\n2000-01-01T23:59:59,3\n";
    let p = prepared(text, &[step("date_parts", &[("hour", "true")])]);
    assert_eq!(p.train.feature_names[4], "when hour");
    // Thursday, Wednesday, Saturday.
    #[rustfmt::skip]
    assert_eq!(p.train.x, [
        2024.0, 2.0, 29.0, 3.0, 13.0,
        1969.0, 12.0, 31.0, 2.0, 0.0,
        2000.0, 1.0, 1.0, 5.0, 23.0,
    ]);
}

#[test]
fn logarithms_keep_their_digits_and_refuse_what_has_none() {
    let text = "a,b,y\n1e-12,1,1\n99,-4,2\n0,0,3\n";
    let p = prepared(
        text,
        &[on(step("log", &[]), &["a"]), on(step("log", &[("form", "signed")]), &["b"])],
    );
    assert!((p.train.row(0)[0] / 1e-12 - 1.0).abs() < 1e-11);
    assert!((p.train.row(1)[0] - 100.0_f64.ln()).abs() < 1e-15 * 5.0);
    assert!((p.train.row(1)[1] + 5.0_f64.ln()).abs() < 1e-15);
    let said = refusal(text, &[on(step("log", &[]), &["b"])]);
    assert!(said.contains("'b' goes down to -4") && said.contains("form=signed"), "{said}");
    // What comes later and has no logarithm counts as the smallest value met.
    assert_eq!(p.recipe.new_rows(&table("a,b\n-7,0\n")).expect("replays").x, [0.0, 0.0]);
}

#[test]
fn rows_that_repeat_others_go() {
    let mut text = "a,b,y\n".to_owned();
    for i in 0..60 {
        text += &format!("{},x{},{}\n", i % 10, i % 2, i % 5);
    }
    let recipe = [step("drop_duplicates", &[]), step("one_hot", &[])];
    assert_eq!(prepared(&text, &recipe).train.n_rows, 10);
    // With so few different rows all of those held out have been trained on.
    let said = prepare(
        &table(&text),
        &Preparation {
            validation: 0.2,
            ..whole(&recipe)
        },
    );
    assert!(said.is_err_and(|e| e.to_string().contains("repeats a training row")));
    let p = prepared(&text, &recipe);
    assert!(p.notes.iter().any(|n| n == "50 duplicate row(s) left out"), "{:?}", p.notes);
    assert_eq!(
        p.recipe.new_rows(&table(&text)).expect("replays").x.len(),
        60 * 3,
        "no row of new data is lost"
    );
}

#[test]
fn no_step_makes_nan() {
    let text = "huge,tiny,same,ends,y\n1e308,5e-324,7,1.7976931348623157e308,1\n-1e308,1e-310,7,-1.7976931348623157e308,2\n\
                1e300,2e-308,7,0,3\n0,0,7,1,5\n";
    for config in StepConfig::all() {
        let id = config.id();
        let recipe = match id {
            "drop_columns" => on(config.into(), &["huge"]),
            "log" => step("log", &[("form", "signed")]),
            _ => config.into(),
        };
        let p = prepared(text, &[recipe]);
        assert!(p.train.x.iter().all(|v| v.is_finite()), "{id}: {:?}", p.train.x);
        if matches!(id, "standardize" | "min_max" | "max_abs") {
            assert!(p.train.x.iter().all(|v| v.abs() <= 7.0), "{id}: {:?}", p.train.x);
        }
        if matches!(id, "standardize" | "min_max" | "robust") {
            assert!(
                p.notes.iter().any(|n| n.contains("'same' is constant")),
                "{id}: {:?}",
                p.notes
            );
        }
    }
    let whitened = prepared(text, &[step("pca", &[("whiten", "true")])]);
    assert!(whitened.train.x.iter().all(|v| v.is_finite()), "{:?}", whitened.train.x);
    // Every value of the training rows is missing.
    let text: String = (0..40)
        .map(|i| format!("{},{},{i}\n", 2 * i, if i == 39 { "5" } else { "" }))
        .collect();
    let p = prepare(
        &table(&format!("a,gap,y\n{text}")),
        &Preparation {
            validation: 0.5,
            seed: (0..99).find(|&seed| is_held_out(&text, seed)).expect("some seed"),
            ..whole(&default_recipe(true))
        },
    )
    .expect("prepares");
    assert!(p.train.x.iter().all(|v| v.is_finite()));
    assert!(
        p.notes.iter().any(|n| n.contains("not one training row has a value")),
        "{:?}",
        p.notes
    );
}

/// Whether the last row of 40 is held out.
fn is_held_out(text: &str, seed: u64) -> bool {
    let preparation = Preparation {
        validation: 0.5,
        seed,
        ..whole(&default_recipe(false))
    };
    let p = prepare(&table(&format!("a,gap,y\n{text}")), &preparation).expect("prepares");
    (0..p.train.n_rows).all(|r| p.train.row(r)[0] != 78.0)
}

#[test]
fn what_cannot_be_done_is_said() {
    let text = "a,b,colour,y\n1,2,red,1\n,3,blue,2\n5,4,red,3\n";
    let cases: &[(&[RecipeStep], &[&str])] = &[
        (&[step("standardize", &[])], &["'a'", "still missing", "impute"]),
        (&[step("impute", &[])], &["'colour'", "still a category", "one_hot"]),
        (&[step("pca", &[])], &["step pca", "'a' has missing values", "impute before"]),
        (
            &[on(step("standardize", &[]), &["colour"])],
            &["step standardize", "'colour'", "numbers"],
        ),
        (
            &[on(step("standardize", &[]), &["x"])],
            &["no column is called 'x'", "there are a, b, colour"],
        ),
        (&[on(step("date_parts", &[]), &["a"])], &["does not hold dates"]),
        (
            &[on(step("drop_columns", &[]), &["a", "b", "colour"])],
            &["no column would be left"],
        ),
        (&[step("min_max", &[("low", "2")])], &["low = 2 must be below high = 1"]),
        (&[step("robust", &[("lower", "0.9")])], &["lower = 0.9 must be below upper"]),
    ];
    for (recipe, parts) in cases {
        let said = refusal(text, recipe);
        for part in *parts {
            assert!(said.contains(part), "'{part}' in '{said}'");
        }
    }
    let mut wide = String::new();
    wide += &(0..40).map(|c| format!("c{c},")).collect::<String>();
    wide += "y\n";
    for row in 0..3 {
        wide += &"1,".repeat(40);
        wide += &format!("{row}\n");
    }
    let said = refusal(&wide, &[step("polynomial", &[("degree", "4")])]);
    assert!(said.contains("more than 5000 columns"), "{said}");
    let p = prepared(text, &default_recipe(true));
    let other = p
        .recipe
        .new_rows(&table("a,b,colour\none,two words,red\nx y,three,blue\n"))
        .expect_err("texts for numbers");
    assert!(other.to_string().contains("has learnt it as a"), "{other}");
    assert!(
        p.recipe
            .new_rows(&table("a,colour\n1,red\n"))
            .is_err_and(|e| e.to_string().contains("'b'"))
    );
}

#[test]
fn a_recipe_is_part_of_the_document() {
    let written = r#"{"target":"y","recipe":[{"step":{"id":"impute","strategy":"mean"},"columns":["a"]},{"step":{"id":"pca"}}]}"#;
    let read: Preparation = serde_json::from_str(written).expect("reads");
    let steps = read.recipe.clone().expect("a recipe");
    assert_eq!((steps.len(), steps[0].step.id()), (2, "impute"));
    let again: Preparation = serde_json::from_str(&serde_json::to_string(&read).expect("writes")).expect("reads");
    assert_eq!(read, again);
    // A file from before there were recipes has the same as ever.
    let old: Preparation = serde_json::from_str(r#"{"target":"y","standardize":false}"#).expect("reads");
    assert_eq!(old.steps(), default_recipe(false));
    assert!(!serde_json::to_string(&old).expect("writes").contains("recipe"));
    for wrong in [
        r#"{"step":{"id":"scale"}}"#,
        r#"{"step":{"id":"pca","whitened":true}}"#,
        r#"{"step":{"id":"pca"},"on":[]}"#,
    ] {
        assert!(serde_json::from_str::<RecipeStep>(wrong).is_err(), "{wrong}");
    }
}
