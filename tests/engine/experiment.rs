//! The file format: what is written reads back as the same experiment, and what is broken is refused with words that help.

use std::fs;
use std::path::{Path, PathBuf};

use optiscope::data::{Preparation, Task, write_whole};
use optiscope::experiment::{
    Directions, Experiment, ExperimentError, FunctionProblem, Layout, Look, ModelProblem, Problem, ResultsView, RunConfig,
    SliceConfig, Source, VERSION, View, from_json, load, save, to_json,
};
use optiscope::functions::{FunctionConfig, Himmelblau};
use optiscope::landscape::Normalization;
use optiscope::model::{Activation, Init, Loss, ModelConfig, ModelKind};
use optiscope::optim::{Adam, Noise, OptimizerConfig, RandomRestarts, Sgd};
use optiscope::param::{Limit, List, Range, Value};
use serde_json::{Value as Json, json};

/// Every field of a file about a function away from its default.
fn on_a_function() -> Experiment {
    let mut restarts = RandomRestarts::default();
    *restarts.rule = OptimizerConfig::Sgd(Sgd { lr: 1.0 / 3.0 });
    let mut annealing = RunConfig::of(OptimizerConfig::from_id("simulated_annealing").expect("in the list"), 4);
    annealing.look.visible = false;
    Experiment {
        version: VERSION,
        problem: Problem::Function(FunctionProblem {
            start: [-0.1, 0.30000000000000004],
            noise: Noise::gaussian(1e-300),
            ..FunctionProblem::of(FunctionConfig::Himmelblau(Himmelblau::default()))
        }),
        seed: 18_446_744_073_709_551_615,
        steps: 321,
        runs: vec![
            RunConfig {
                name: "Ω \"quoted\" \\ two\nlines".to_owned(),
                rule: OptimizerConfig::Adam(Adam {
                    amsgrad: true,
                    ..Adam::default()
                }),
                weight_decay: 1e-4,
                clip_norm: Some(5.0),
                clip_value: Some(0.1),
                schedule: None,
                look: Look {
                    style: 3,
                    visible: true,
                    open: true,
                },
            },
            annealing,
            RunConfig::of(OptimizerConfig::RandomRestarts(restarts), 255),
        ],
        view: View {
            layout: Layout::Overlay,
            speed: 0.25,
            looping: false,
            states: true,
            results: ResultsView::default(),
        },
    }
}

/// The same for a model.
fn on_a_model() -> Experiment {
    Experiment {
        problem: Problem::Model(ModelProblem {
            source: Source::file("data/penguins.csv"),
            preparation: Preparation {
                target: "species".to_owned(),
                features: Some(vec!["bill_length_mm".to_owned(), "sex".to_owned()]),
                task: Some(Task::Classification),
                standardize: false,
                validation: 0.25,
                test: 0.125,
                seed: 11,
                ..Preparation::default()
            },
            model: ModelConfig {
                kind: ModelKind::Mlp,
                hidden: vec![8, 3],
                activation: Activation::Gelu.into(),
                loss: Some(Loss::CrossEntropy),
                l1: 1e-5,
                l2: 1e-3,
                init: Init::He,
                dropout: 0.0,
                class_weight: None,
            },
            batch: Some(17),
            shuffle: false,
            early_stopping: None,
            start: None,
            frozen: Vec::new(),
            slice: SliceConfig {
                directions: Directions::Random {
                    normalize: Normalization::Layer,
                },
                seed: 5,
                grid: 31,
            },
        }),
        seed: 0,
        steps: 77,
        runs: vec![RunConfig::of(OptimizerConfig::Sgd(Sgd { lr: 0.1 }), 0)],
        ..Experiment::default()
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

#[track_caller]
fn refused(text: &str, words: &[&str]) {
    let error = from_json(text, "a.optiscope").expect_err("this must be refused");
    let message = error.to_string();
    for word in words {
        assert!(message.contains(word), "\"{word}\" is not in: {message}");
    }
}

/// The welcome, changed as JSON.
fn changed(change: impl FnOnce(&mut Json)) -> String {
    let mut value = serde_json::from_str(&to_json(&Experiment::default())).expect("what we write is JSON");
    change(&mut value);
    serde_json::to_string_pretty(&value).expect("JSON can be written")
}

#[test]
fn files_of_version_1_are_read_and_written_byte_for_byte() {
    for (name, expected) in [
        ("experiment-v1-function.optiscope", on_a_function()),
        ("experiment-v1-model.optiscope", on_a_model()),
    ] {
        let path = golden(name);
        let text = fs::read_to_string(&path).expect("a golden file");
        let experiment = load(&path).expect("a file of version 1");
        assert_eq!(experiment, expected, "{name}");
        assert_eq!(to_json(&experiment), text, "{name}");
    }
}

#[test]
fn a_file_need_not_say_what_is_as_usual() {
    let text = r#"{
        "version": 1,
        "problem": {"kind": "function", "function": {"id": "rosenbrock"}, "start": [-1.5, 2]},
        "steps": 10,
        "runs": [{"name": "mine", "rule": {"id": "adam"}}]
    }"#;
    let experiment = from_json(text, "short").expect("all the rest has defaults");
    assert_eq!(experiment.runs[0].rule, OptimizerConfig::Adam(Adam::default()));
    assert_eq!(experiment.view, View::default());
    assert_eq!(experiment.seed, 0);
}

/// Values at the ends of a parameter's slider and some that only a file can hold.
fn values_of(range: Range, limit: Limit) -> Vec<Value> {
    let admitted = |v: &f64| match limit {
        Limit::Positive => *v > 0.0,
        Limit::NonNegative => *v >= 0.0,
        Limit::UnitOpen => (0.0..1.0).contains(v),
        Limit::UnitClosed => (0.0..=1.0).contains(v),
        Limit::AtLeastOne => *v >= 1.0,
        Limit::Finite => true,
    };
    let ends = match range {
        Range::Switch => return vec![Value::Switch(true), Value::Switch(false)],
        Range::Choice(words) => return words.iter().map(|word| Value::Choice(word)).collect(),
        Range::List => return vec![Value::List(List::of(&[])), Value::List(List::of(&[30, u64::MAX]))],
        Range::Integer { min, max } => return vec![Value::Integer(min), Value::Integer(max)],
        Range::Linear { min, max } | Range::Log { min, max } => [min, max],
        Range::NearOne { max } => [0.0, max],
    };
    let odd = [5e-324, 0.1 + 0.2, 1.0 / 3.0, 1.0 - f64::EPSILON / 2.0, f64::MAX, -1e-7];
    let all = ends.into_iter().chain(odd).filter(admitted);
    all.map(Value::Number).collect()
}

#[test]
fn every_value_of_every_rule_comes_back_bit_for_bit() {
    for rule in OptimizerConfig::all() {
        for info in rule.params() {
            for value in values_of(info.range, info.limit) {
                let mut run = RunConfig::of(rule.clone(), 0);
                if run.rule.set(info.name, value).is_err() {
                    // A rule may be stricter than its limits say: then a file cannot hold the value either.
                    continue;
                }
                let experiment = Experiment {
                    runs: vec![run],
                    ..Experiment::default()
                };
                let back = from_json(&to_json(&experiment), "memory");
                let back = back.unwrap_or_else(|e| panic!("{}.{} = {value}: {e}", rule.id(), info.name));
                assert_eq!(back, experiment, "{}.{} = {value}", rule.id(), info.name);
                assert_eq!(back.runs[0].rule.get(info.name), Some(value));
            }
        }
    }
}

#[test]
fn every_value_of_every_function_comes_back_bit_for_bit() {
    for function in FunctionConfig::all() {
        let plain = Experiment {
            problem: Problem::Function(FunctionProblem::of(function.clone())),
            ..Experiment::default()
        };
        assert_eq!(from_json(&to_json(&plain), "memory").expect("readable"), plain);
        for info in function.params() {
            for value in values_of(info.range, info.limit) {
                let mut changed = function.clone();
                if changed.set(info.name, value).is_err() {
                    continue;
                }
                let domain = changed.domain();
                let experiment = Experiment {
                    problem: Problem::Function(FunctionProblem {
                        start: domain.map(|[low, high]| low + (high - low) / 3.0),
                        noise: Noise::gaussian(0.1 + 0.2),
                        ..FunctionProblem::of(changed)
                    }),
                    ..Experiment::default()
                };
                let back = from_json(&to_json(&experiment), "memory");
                let back = back.unwrap_or_else(|e| panic!("{}.{} = {value}: {e}", function.id(), info.name));
                assert_eq!(back, experiment, "{}.{} = {value}", function.id(), info.name);
            }
        }
    }
}

#[test]
fn a_file_that_ends_too_early_is_refused_wherever_it_ends() {
    for experiment in [on_a_function(), on_a_model()] {
        let text = to_json(&experiment);
        let whole = text.trim_end().len();
        for end in (0..whole).filter(|end| text.is_char_boundary(*end)) {
            let error = from_json(&text[..end], "half.optiscope").expect_err("half a file");
            assert!(error.to_string().starts_with("half.optiscope"), "{error}");
        }
    }
}

#[test]
fn one_wrong_byte_never_panics() {
    let text = to_json(&on_a_model());
    for at in 0..text.len() {
        for byte in [b'"', b'}', b'9', b'-', 0, 0xff] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = byte;
            // Whether it is still an experiment is a matter of luck; that it is answered is not.
            let _ = from_json(&String::from_utf8_lossy(&bytes), "noise");
        }
    }
}

#[test]
fn what_is_no_json_says_where_it_stops_being_it() {
    refused("", &["a.optiscope", "line 1"]);
    refused("x,y\n1,2\n", &["line 1, column 1"]);
    let text = to_json(&on_a_function());
    let broken = text.replacen("\"steps\": 321,", "\"steps\": 321;", 1);
    let line = 1 + text.lines().position(|line| line.contains("\"steps\"")).expect("a line");
    refused(&broken, &[&format!("line {line}, column ")]);
}

#[test]
fn the_version_is_asked_for_first() {
    refused("{}", &["a.optiscope", "\"version\" is missing"]);
    refused("[1, 2]", &["\"version\" is missing"]);
    refused(r#"{"version": "one"}"#, &["version"]);
    // A newer file may look quite different; what counts is that it is newer.
    refused(
        r#"{"version": 2, "stuff": [{"new": true}]}"#,
        &["newer", "format version 2", "up to 1", "update"],
    );
    refused(r#"{"version": 99999999999}"#, &["newer", "99999999999"]);
    refused(&changed(|v| v["version"] = json!(0)), &["version"]);
}

#[test]
fn fields_that_do_not_exist_are_named() {
    refused(
        &changed(|v| v["lerning_rate"] = json!(1)),
        &["lerning_rate", "line", "column"],
    );
    refused(&changed(|v| v["runs"][1]["colour"] = json!(1)), &["colour"]);
    refused(&changed(|v| v["runs"][2]["rule"]["beta3"] = json!(1)), &["beta3"]);
    refused(&changed(|v| v["problem"]["nose"] = json!(1)), &["nose"]);
    refused(&changed(|v| v["problem"]["function"]["c"] = json!(1)), &["c"]);
    refused(&changed(|v| v["view"]["spede"] = json!(1)), &["spede"]);
    let mut model: Json = serde_json::from_str(&to_json(&on_a_model())).expect("JSON");
    model["problem"]["model"]["layers"] = json!([1]);
    refused(&model.to_string(), &["layers"]);
}

#[test]
fn rules_and_functions_that_do_not_exist_are_named_with_those_that_do() {
    refused(
        &changed(|v| v["runs"][0]["rule"]["id"] = json!("sdg")),
        &["sdg", "sgd", "adam"],
    );
    refused(
        &changed(|v| v["problem"]["function"]["id"] = json!("rosenbrok")),
        &["rosenbrok", "rosenbrock", "himmelblau"],
    );
    refused(
        &changed(|v| v["problem"]["kind"] = json!("banana")),
        &["banana", "function", "model"],
    );
}

#[test]
fn values_of_the_wrong_kind_are_refused_with_their_place() {
    let text = changed(|v| v["steps"] = json!("many"));
    let line = 1 + text.lines().position(|line| line.contains("many")).expect("a line");
    refused(&text, &["a.optiscope", &format!("line {line}, column "), "many"]);
    refused(&changed(|v| v["runs"] = json!("six")), &["line", "column", "six"]);
    refused(
        &changed(|v| v["runs"][0]["rule"]["lr"] = json!("fast")),
        &["line", "column", "fast"],
    );
    refused(&changed(|v| v["problem"]["start"] = json!([1])), &["line", "column", "2"]);
    refused(&changed(|v| v["steps"] = json!(-3)), &["-3"]);
    refused(&changed(|v| v["steps"] = json!(2.5)), &["2.5"]);
    refused(&changed(|v| v["runs"][0]["look"]["style"] = json!(256)), &["256"]);
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    let with = |number: &str| changed(|v| v["problem"]["noise"] = json!(123.5)).replace("123.5", number);
    for number in ["NaN", "nan", "Infinity", "-inf", "1e999", "-1e999"] {
        refused(&with(number), &["line", "column"]);
    }
    refused(&with("null"), &["line", "column"]);
    // A number below the smallest is 0, as everywhere.
    assert!(from_json(&with("1e-999"), "tiny").is_ok());
}

#[test]
fn values_out_of_range_are_named_with_what_is_accepted() {
    let cases: [(&str, Json, &[&str]); 16] = [
        ("/steps", json!(0), &["steps = 0", "from 1 to 1000000"]),
        ("/steps", json!(1_000_001), &["steps = 1000001"]),
        ("/view/speed", json!(0.0), &["view.speed = 0"]),
        ("/problem/start/0", json!(-2.5), &["problem.start[0] = -2.5", "from -2 to 2"]),
        ("/problem/start/1", json!(1e300), &["problem.start[1]"]),
        (
            "/problem/noise",
            json!(-1.0),
            &["problem.noise", "gradient = -1", "0 or above"],
        ),
        ("/runs/0/rule/lr", json!(-0.1), &["runs[0].rule", "lr = -0.1"]),
        ("/runs/1/rule/momentum", json!(1.5), &["runs[1].rule", "momentum = 1.5"]),
        ("/runs/2/rule/beta1", json!(1.0), &["runs[2].rule", "beta1 = 1", "below 1"]),
        ("/runs/2/rule/eps", json!(-1.0), &["runs[2].rule", "eps = -1"]),
        ("/runs/3/rule/alpha", json!(2.0), &["runs[3].rule", "alpha = 2"]),
        ("/runs/5/rule/budget", json!(0), &["runs[5].rule", "budget = 0"]),
        ("/runs/5/rule/rule/lr", json!(-1.0), &["runs[5].rule.", "lr = -1"]),
        ("/runs/4/weight_decay", json!(-1.0), &["runs[4].weight_decay"]),
        ("/runs/4/clip_norm", json!(0.0), &["runs[4].clip_norm = 0"]),
        ("/runs/4/clip_value", json!(-2.0), &["runs[4].clip_value = -2"]),
    ];
    for (pointer, value, words) in cases {
        let text = changed(|v| *v.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there")) = value);
        refused(&text, words);
    }
    let many = changed(|v| {
        let run = v["runs"][0].clone();
        v["runs"] = Json::Array(vec![run; 25]);
    });
    refused(&many, &["number of runs = 25", "to 24"]);
}

#[test]
fn values_out_of_range_of_a_model_are_named() {
    let with = |pointer: &str, value: Json| {
        let mut model: Json = serde_json::from_str(&to_json(&on_a_model())).expect("JSON");
        *model.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there")) = value;
        model.to_string()
    };
    refused(&with("/problem/batch", json!(0)), &["problem.batch = 0"]);
    refused(&with("/problem/slice/grid", json!(1)), &["problem.slice.grid = 1"]);
    refused(
        &with("/problem/preparation/validation", json!(0.95)),
        &["problem.preparation.validation"],
    );
    refused(&with("/problem/preparation/test", json!(-0.1)), &["problem.preparation.test"]);
    let too_many = json!({"from": "generated", "id": "two_moons", "rows": 1_000_000_000_u64, "noise": 0.1, "seed": 0});
    refused(&with("/problem/source", too_many), &["problem.source.rows"]);
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = "[".repeat(100_000);
    refused(&deep, &["line 1"]);
    let mut rule = json!({"id": "sgd"});
    for _ in 0..200 {
        rule = json!({"id": "random_restarts", "rule": rule});
    }
    refused(&changed(|v| v["runs"][0]["rule"] = rule), &["a.optiscope"]);
}

#[test]
fn a_file_far_too_large_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("huge.optiscope");
    fs::File::create(&path)
        .and_then(|file| file.set_len(1 << 40))
        .expect("a sparse file");
    let error = load(&path).expect_err("a terabyte");
    assert!(matches!(error, ExperimentError::TooLarge { bytes, .. } if bytes == 1 << 40));
    assert!(error.to_string().contains("huge.optiscope"));
}

#[test]
fn files_that_are_not_there_or_are_folders_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in [folder.path().join("missing.optiscope"), folder.path().to_owned()] {
        let error = load(&path).expect_err("nothing to read");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
}

#[test]
fn saving_where_it_cannot_be_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let into_nothing = folder.path().join("no such folder").join("a.optiscope");
    let error = save(&on_a_function(), &into_nothing).expect_err("there is no folder");
    assert!(error.to_string().contains("a.optiscope"), "{error}");
    let taken = folder.path().join("taken");
    fs::create_dir_all(taken.join("by a folder")).expect("a folder");
    save(&on_a_function(), &taken).expect_err("a folder is in the way");
    let left: Vec<_> = fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(left, ["taken"]);
}

#[test]
fn saving_replaces_a_file_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.optiscope");
    save(&on_a_function(), &path).expect("saved");
    save(&on_a_model(), &path).expect("saved over");
    assert_eq!(load(&path).expect("whole"), on_a_model());
    // A disk that is full half way through.
    let full = write_whole(&path, |w| {
        w.write_all(b"{\"version\": 1, \"pro")?;
        Err(std::io::Error::other("no space left"))
    });
    assert!(full.is_err());
    assert_eq!(load(&path).expect("as it was"), on_a_model());
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
}

#[cfg(unix)]
#[test]
fn saving_keeps_the_permissions_of_a_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("private.optiscope");
    save(&on_a_function(), &path).expect("saved");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("made private");
    save(&on_a_model(), &path).expect("saved over");
    let mode = fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
