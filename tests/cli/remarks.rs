//! What `train` says of a training that was done, but not as one may think.

use std::fs;

use super::program::*;

#[test]
fn a_number_is_not_stratified_in_silence() {
    for rest in ["", "--folds 2"] {
        let line = format!("train diabetes --target progression --model linear --epochs 1 --split stratified {rest}");
        let reply = optiscope(&line);
        assert_eq!(
            reply.err.matches("'progression' is a number and has no classes").count(),
            1,
            "{}",
            reply.err
        );
        reply.ok();
    }
    let unasked = optiscope("train diabetes --target progression --model linear --epochs 1");
    assert!(!unasked.err.contains("divided evenly"), "{}", unasked.err);
}

#[test]
fn a_constant_target_is_told_to_be_one() {
    let folder = folder();
    let rows: String = (0..20).map(|i| format!("{i},7\n")).collect();
    fs::write(folder.path().join("flat.csv"), format!("x,y\n{rows}")).expect("written");
    let reply = optiscope_in(folder.path(), "train flat.csv --target y --model linear --epochs 2");
    assert!(
        reply
            .err
            .contains("the target 'y' is constant: it is 7 in every training row"),
        "{}",
        reply.err
    );
    assert!(!reply.err.contains("explains nothing"), "{}", reply.err);
}

#[test]
fn a_class_without_rows_is_told_where_it_leaves_a_metric_undefined() {
    let folder = folder();
    let rows: String = (0..30)
        .map(|i| format!("{i},{}\n", if i == 29 { "rare" } else { ["a", "b"][i % 2] }))
        .collect();
    fs::write(folder.path().join("rare.csv"), format!("x,kind\n{rows}")).expect("written");
    let reply = optiscope_in(folder.path(), "train rare.csv --target kind --epochs 1");
    let told = ["train", "validation", "test"].map(|set| {
        reply
            .err
            .contains(&format!("no {set} row is of the class rare: {set}_roc_auc"))
    });
    assert_eq!(told.iter().filter(|told| **told).count(), 2, "{}", reply.err);
    assert!(!optiscope("train iris --target species --epochs 1").err.contains("roc_auc"));
}

#[test]
fn scores_that_early_stopping_has_chosen_are_told_to_be_chosen() {
    let line = "train iris --target species --hidden 4 --epochs 4 --folds 3 --early-stopping 2";
    let reply = optiscope(line);
    assert!(reply.err.contains("best on the fold that is then scored"), "{}", reply.err);
    reply.ok();
}

#[test]
fn a_run_that_diverges_or_stops_early_gets_no_advice_to_go_on() {
    let linear = "train diabetes --target progression --model linear --batch full --optimizer sgd --format json";
    for (rest, title) in [
        ("--set lr=3 --epochs 2000", "Diverged"),
        ("--set lr=3 --epochs 30", "Diverging"),
    ] {
        let row = &json(&optiscope(&format!("{linear} {rest}")).ok())[0];
        assert_eq!(row["fit"], title, "{row}");
        assert!(
            row["evidence"].as_str().is_some_and(|text| text.contains("smaller lr")),
            "{row}"
        );
    }
    let line =
        "train iris --target species --hidden 16 --optimizer adam --set lr=0.05 --early-stopping 5 --epochs 300 --format json";
    let row = &json(&optiscope(line).ok())[0];
    assert_eq!(row["verdict"], "stopped early", "{row}");
    let evidence = row["evidence"].as_str().expect("text");
    assert!(
        evidence.starts_with("stopped early at step") && !evidence.contains("longer"),
        "{evidence}"
    );
}

/// NoInt1 of NIST's reference data sets: y = b x, without an intercept.
#[test]
fn a_line_through_the_origin_is_nists() {
    let folder = folder();
    let rows: String = (60..=70).map(|x| format!("{},{x}\n", x + 70)).collect();
    fs::write(folder.path().join("noint1.csv"), format!("y,x\n{rows}")).expect("written");
    let train = |rest: &str| {
        let line = "train noint1.csv --target y --features x --model linear --no-bias --validation 0 --test 0 --batch full \
                    --format json --optimizer least_squares --steps 1";
        json(&optiscope_in(folder.path(), &format!("{line} {rest}")).ok())[0]["train_mse"]
            .as_f64()
            .expect("a number")
    };
    // Certified: residual standard deviation 3.56753034006338 with 10 degrees of freedom.
    let certified = 3.567_530_340_063_38_f64.powi(2) * 10.0 / 11.0;
    for rest in ["", "--prepare max_abs", "--seed 3"] {
        assert!((train(rest) / certified - 1.0).abs() < 1e-12, "{rest}: {}", train(rest));
    }
    optiscope_in(
        folder.path(),
        "train noint1.csv --target y --features x --model linear --no-bias --epochs 1 --save m.safetensors",
    )
    .ok();
    fs::write(folder.path().join("zero.csv"), "x\n0\n").expect("written");
    let text = optiscope_in(folder.path(), "predict m.safetensors zero.csv --format csv").ok();
    assert_eq!(number(csv(&text)[1][1]), 0.0);
}
