//! What a newcomer gets wrong, and what is said about it: the option by its name, what is accepted, what to do.

use std::fs;

use super::program::*;

/// The short way to train, with more options.
fn train(options: &str) -> Reply {
    optiscope(&format!("train iris --target species {options}"))
}

#[test]
fn files_that_cannot_be_written_are_refused_before_the_work() {
    // A million steps: the test would not end if it trained first.
    for option in ["--save", "--log"] {
        train(&format!("--steps 1000000 {option} no/such/x")).refused(&[option, "no/such/x", "there is no folder no/such"]);
        train(&format!("--steps 1000000 {option} src")).refused(&[option, "src", "a folder"]);
    }
}

#[cfg(unix)]
#[test]
fn the_metrics_are_printed_although_a_file_fails() {
    let folder = folder();
    // The folder takes files, but none of a name as long as this: only writing it can tell.
    let long = "w".repeat(300);
    let line = "train iris --target species --steps 2 --format csv";
    let reply = optiscope_in(folder.path(), &format!("{line} --save {long} --log steps.csv"));
    assert!(
        reply.out.contains("train_accuracy") && reply.out.lines().count() == 2,
        "{}",
        reply.out
    );
    assert!(
        !reply.err.contains(".tmp") && folder.path().join("steps.csv").is_file(),
        "{}",
        reply.err
    );
    reply.refused(&[&long, "cannot be written"]);
    let reply = optiscope_in(folder.path(), &format!("{line} --save w.safetensors --log {long}"));
    assert!(
        reply.out.contains("train_accuracy") && folder.path().join("w.safetensors").is_file(),
        "{}",
        reply.out
    );
    assert!(!reply.err.contains(".optiscope-"), "{}", reply.err);
    reply.refused(&[&long, "cannot be written"]);
}

#[test]
fn refusals_name_the_file_asked_for() {
    let reply = optiscope("data iris --export no/such/x.csv");
    assert!(
        !reply.err.contains(".optiscope-") && !reply.err.contains(".tmp"),
        "{}",
        reply.err
    );
    reply.refused(&["no/such/x.csv", "cannot be written"]);
}

#[test]
fn numbers_out_of_range_are_answered_with_what_is_accepted() {
    let run = "run --function beale --optimizer sgd";
    for bad in ["-5", "0", "1e6", "2000000", "many"] {
        optiscope(&format!("{run} --steps {bad}")).refused(&["--steps", bad, "whole number", "from 1 to 1000000"]);
        train(&format!("--steps {bad}")).refused(&["--steps", bad, "from 1 to 1000000"]);
    }
    let run = format!("{run} --steps 5");
    for bad in ["-1", "nan", "inf"] {
        optiscope(&format!("{run} --noise {bad}")).refused(&["--noise", bad, "0 or above"]);
        optiscope(&format!("{run} --clip-norm {bad}")).refused(&["--clip-norm", bad, "above 0"]);
        optiscope(&format!("{run} --weight-decay {bad}")).refused(&["--weight-decay", bad, "0 or more"]);
        train(&format!("--l2 {bad}")).refused(&["--l2", bad, "0 or more"]);
    }
    optiscope(&format!("{run} --record-every 0")).refused(&["--record-every", "1 or more"]);
    optiscope(&format!("{run} --seed -1")).refused(&["--seed", "-1", "0 or more"]);
    optiscope("slice iris --target species --init w --range -1").refused(&["--range", "-1", "above 0"]);
    optiscope("eval --function beale --at nan,1").refused(&["--at nan,1", "two finite numbers"]);
    optiscope("eval --function beale --at 1,inf").refused(&["--at 1,inf", "two finite numbers"]);
    assert!(optiscope(&format!("{run} --start -1,-1 --noise 0 --seed 3")).code == Some(0));
}

#[test]
fn models_are_refused_in_the_words_of_the_command_line() {
    train("--validation 1.5").refused(&["--validation", "1.5", "from 0 (none) to 0.9"]);
    train("--validation 0.6 --test 0.6").refused(&["--validation and --test together 1.2", "below 1"]);
    train("--hidden 0").refused(&["--hidden", "1 or more", "--model linear"]);
    train("--hidden -4").refused(&["--hidden", "-4", "1 or more"]);
    train("--hidden 5000").refused(&["--hidden 5000", "1 to 4096"]);
    train("--hidden 4096,4096").refused(&["--hidden: the model would have"]);
    train("--model linear").refused(&["--model: a linear model", "logistic"]);
    train("--loss mse").refused(&["--loss: mse needs"]);
    train("--dropout 1").refused(&["--dropout", "unit", "0 <= p < 1"]);
    train("--class-weight rose=2").refused(&["--class-weight: there is no class 'rose'"]);
    train("--model logistic --no-bias --init w.safetensors").refused(&["--no-bias", "--init"]);
    train("--no-bias").refused(&["--no-bias", "--model logistic"]);
    for (option, given) in [("--hidden", "3"), ("--activation", "relu"), ("--dropout", "0.5")] {
        train(&format!("--model logistic {option} {given}")).refused(&[option, given, "no hidden layers"]);
    }
    train("--epochs 10000000").refused(&["--epochs 10000000", "at most 1000000 steps", "333333 epochs of 3 steps"]);
}

#[test]
fn a_file_of_another_kind_is_told_as_such() {
    let folder = folder();
    for (name, text) in [
        ("my.csv", LINE),
        ("digits.csv", "1,2\n3,4\n"),
        ("quoted.csv", "\"a\",\"b\"\n1,2\n"),
    ] {
        fs::write(folder.path().join(name), text).expect("written");
        optiscope_in(folder.path(), &format!("run {name}")).refused(&[name, "not an Optiscope experiment", "optiscope train"]);
    }
    // What is meant to be an experiment is told where it goes wrong.
    fs::write(folder.path().join("x.optiscope"), "{\n  \"version\": oops\n}").expect("written");
    optiscope_in(folder.path(), "run x.optiscope").refused(&["x.optiscope, line 2"]);
    let foo = "slice iris --target species --init w.safetensors --directions foo";
    optiscope(foo).refused(&["--directions foo", "random, hessian", ".safetensors"]);
}

#[test]
fn data_without_rows_or_in_the_wrong_encoding_are_refused() {
    let folder = folder();
    fs::write(folder.path().join("head.csv"), "a,b\n").expect("written");
    for format in ["table", "csv", "json"] {
        let reply = optiscope_in(folder.path(), &format!("data head.csv --format {format}"));
        assert!(
            reply.out.contains("distinct"),
            "the report is printed all the same: {}",
            reply.out
        );
        assert!(
            !reply.out.contains("error:") && !reply.out.contains("suggested target:"),
            "{}",
            reply.out
        );
        reply.refused(&["head", "no row of data"]);
    }
    fs::write(folder.path().join("line.csv"), LINE).expect("written");
    optiscope_in(folder.path(), "data line.csv --encoding klingon").refused(&["encoding", "klingon"]);
    optiscope_in(folder.path(), "data line.csv --encoding utf-16le").refused(&["line"]);
    optiscope("data iris --encoding klingon").refused(&["--encoding klingon", "comes with the program"]);
    optiscope("data iris --header false").refused(&["--header false", "leave this out"]);
}

#[test]
fn a_summary_tells_the_best_value_of_every_path() {
    let run = "run --function rastrigin --start 3,3 --steps 200";
    let rules = "--optimizer simulated_annealing --optimizer random_restarts --optimizer sgd --set lr=0.001";
    let text = optiscope(&format!("{run} {rules} --summary --format csv")).ok();
    let steps = optiscope(&format!("{run} {rules} --format csv")).ok();
    let rows = csv(&text);
    assert_eq!(rows[0].last(), Some(&"best_value"));
    for row in &rows[1..] {
        let path = csv(&steps).into_iter().filter(|step| step[0] == row[0]);
        let best = path.map(|step| number(step[4])).fold(f64::INFINITY, f64::min);
        assert_eq!(number(row[10]), best, "{row:?}");
        assert!(number(row[10]) <= number(row[3]));
    }
    assert!(
        optiscope(&format!("{run} {rules} --summary --format json"))
            .ok()
            .contains("\"best_value\": ")
    );
}

#[test]
fn a_rule_that_cannot_be_used_on_a_model_says_why() {
    train("--hidden 60,60 --steps 1 --optimizer bfgs").refused(&["BFGS", "matrix", "up to 2000", "L-BFGS"]);
    train("--hidden 60,60 --steps 1 --optimizer lookahead --set rule=newton").refused(&["Newton", "matrix"]);
}
