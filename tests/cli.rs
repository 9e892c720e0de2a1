//! The command line from outside: what a script or a person at a terminal gets.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use optiscope::data::Progress;
use optiscope::experiment::{Experiment, ModelProblem, Source, save};
use optiscope::functions::FunctionConfig;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_optiscope");

struct Reply {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs a command line, its words separated by spaces, in a folder.
fn optiscope_in(folder: &Path, line: &str) -> Reply {
    let output = Command::new(PROGRAM)
        .args(line.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the program runs");
    Reply {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

fn optiscope(line: &str) -> Reply {
    optiscope_in(Path::new("."), line)
}

impl Reply {
    #[track_caller]
    fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self.out
    }

    /// Refused, in one line that contains these words.
    #[track_caller]
    fn refused(self, words: &[&str]) {
        assert_eq!(self.code, Some(2), "{}{}", self.out, self.err);
        let last = self.err.trim_end().lines().last().unwrap_or_default();
        assert!(last.starts_with("error: "), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "\"{word}\" is not in: {}", self.err);
        }
    }
}

/// The lines of a CSV without quotes.
fn csv(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split(',').collect()).collect()
}

#[track_caller]
fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// y = 3 x - 2 exactly.
const LINE: &str = "x,y\n0,-2\n1,1\n2,4\n3,7\n4,10\n5,13\n";

#[test]
fn eval_knows_rosenbrock() {
    let known = json(&optiscope("eval --function rosenbrock --at 1,1 --format json").ok());
    assert_eq!(known["value"], 0.0);
    assert_eq!(known["gradient"], json("[0.0, 0.0]"));
    assert_eq!(known["hessian"], json("[[802.0, -400.0], [-400.0, 200.0]]"));
    let eigenvalues = [501.0 - 250_601.0_f64.sqrt(), 501.0 + 250_601.0_f64.sqrt()];
    for (k, expected) in eigenvalues.into_iter().enumerate() {
        assert!((known["eigenvalues"][k].as_f64().expect("a number") - expected).abs() < 1e-9);
    }
    assert_eq!(known["nearest_minimum"]["distance"], 0.0);

    let text = optiscope("eval --function rosenbrock --param b=10 --at -1.5,2 --format csv").ok();
    let rows = csv(&text);
    assert_eq!(rows[0], ["quantity", "value"]);
    assert_eq!((rows[1][0], number(rows[1][1])), ("value", 2.5_f64.powi(2) + 10.0 * 0.0625));
    assert!(
        optiscope("eval --function rosenbrock --at 1,1 --seed 7")
            .ok()
            .contains("eigenvalue_2")
    );
}

#[test]
fn refusals_say_what_and_what_to_do() {
    optiscope("eval --function roosenbrock --at 1,1").refused(&["rosenbrock", "optiscope list functions"]);
    optiscope("eval --function rosenbrock --param c=1 --at 1,1").refused(&["--param c=1", "a, b"]);
    optiscope("eval --function rosenbrock --param b --at 1,1").refused(&["--param b", "name=value"]);
    optiscope("eval --function rosenbrock --param b=-1 --at 1,1").refused(&["b = -1", "0 or above"]);
    optiscope("eval --function rosenbrock --at 1").refused(&["--at 1", "two numbers"]);
    let run = "run --function rosenbrock --steps 10";
    optiscope(run).refused(&["--optimizer is missing"]);
    optiscope(&format!("{run} --optimizer adamm")).refused(&["did you mean adam?", "optiscope list optimizers"]);
    optiscope(&format!("{run} --optimizer adam --set lr=fast")).refused(&["--set lr=fast", "lr"]);
    optiscope(&format!("{run} --set lr=1 --optimizer adam")).refused(&["--set lr=1", "after the --optimizer"]);
    optiscope(&format!("{run} --optimizer adam --set rule.lr=1")).refused(&["--set rule.lr=1", "wraps no other rule"]);
    optiscope(&format!("{run} --optimizer adam --start 9,9")).refused(&["--start 9,9", "outside the domain", "-2 to 2"]);
    optiscope("run --function rosenbrock --steps 0 --optimizer adam").refused(&["steps = 0"]);
    optiscope("evla").refused(&["evla", "no such command", "optiscope help"]);
    for line in [
        "list lessons",
        "eval",
        "run",
        "bench",
        "bench w99",
        "run --function rosenbrock --optimizer adam",
        "--nonsense",
    ] {
        let reply = optiscope(line);
        assert_eq!(reply.code, Some(2), "{line}: {}", reply.err);
        assert!(reply.out.is_empty() && !reply.err.is_empty(), "{line}");
    }
}

#[test]
fn lists_have_everything_once() {
    let list = |what: &str| optiscope(&format!("list {what} --format json")).ok();
    let functions = json(&list("functions"));
    let ids: Vec<&str> = functions
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["id"].as_str())
        .collect();
    assert_eq!(ids, FunctionConfig::IDS);
    for (what, id) in [("optimizers", "adam"), ("schedules", "cosine"), ("datasets", "iris")] {
        let rows = json(&list(what));
        assert_eq!(
            rows.as_array().expect("rows").iter().filter(|row| row["id"] == id).count(),
            1,
            "{what}"
        );
    }
    assert!(optiscope("list optimizers --format csv").ok().starts_with("id,name,params,"));
    assert!(
        optiscope("list functions")
            .ok()
            .lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("rosenbrock "))
    );
}

#[test]
fn run_tells_every_step() {
    let text = optiscope("run --function sphere --start 1,2 --steps 4 --optimizer sgd --set lr=0.25 --format csv").ok();
    let rows = csv(&text);
    assert_eq!(rows[0], ["run", "step", "x0", "x1", "value", "grad_norm", "lr"]);
    assert_eq!(rows.len(), 6);
    for (step, row) in rows[1..].iter().enumerate() {
        let shrunk = 0.5_f64.powi(step as i32);
        assert_eq!((row[0], number(row[1])), ("0", step as f64));
        assert_eq!((number(row[2]), number(row[3])), (shrunk, 2.0 * shrunk));
        assert_eq!(number(row[4]), 5.0 * shrunk * shrunk);
        assert!((number(row[5]) - 20.0_f64.sqrt() * shrunk).abs() < 1e-15);
        assert_eq!(row[6], if step == 0 { "" } else { "0.25" });
    }
}

#[test]
fn each_optimizer_has_the_settings_after_it() {
    let line = "run --function sphere --start 1,1 --steps 2 --record-every 5 --format csv \
                --optimizer sgd --set lr=0.125 --optimizer sgd --optimizer sgd --set lr=0.5 --set lr=0.25";
    let text = optiscope(line).ok();
    let rows = csv(&text);
    assert_eq!(rows.len(), 7, "the start and the end of three runs");
    let ends: Vec<f64> = rows.iter().filter(|row| row[1] == "2").map(|row| number(row[2])).collect();
    assert_eq!((ends[0], ends[2]), (0.5625, 0.25));
    assert!(ends[1] > ends[0], "the default is small");

    // A rule around another: which one, and its settings.
    let around =
        "run --function sphere --start 1,1 --steps 2 --format csv --optimizer random_restarts --set rule=sgd --set rule.lr=0.25";
    let text = optiscope(around).ok();
    assert_eq!(number(csv(&text)[3][2]), 0.25);
}

#[test]
fn seeds_and_stages_matter_and_repeat() {
    let line = "run --function sphere --steps 20 --optimizer sgd --set lr=0.1 --noise 1 --format csv --start 1,1";
    let once = optiscope(line).ok();
    assert_eq!(optiscope(line).ok(), once);
    assert_eq!(optiscope(&format!("{line} --seed 0")).ok(), once);
    assert_ne!(optiscope(&format!("{line} --seed 1")).ok(), once);
    let clipped =
        optiscope("run --function sphere --start 3,4 --steps 1 --optimizer sgd --set lr=1 --clip-norm 1 --format csv").ok();
    let rows = csv(&clipped);
    assert!((number(rows[2][2]) - 2.4).abs() < 1e-5 && (number(rows[2][3]) - 3.2).abs() < 1e-5);
    let decayed =
        optiscope("run --function sphere --start 3,4 --steps 1 --optimizer sgd --set lr=0.5 --weight-decay 1 --format csv").ok();
    let rows = csv(&decayed);
    assert_eq!((number(rows[2][2]), number(rows[2][3])), (-1.5, -2.0));
}

#[test]
fn a_schedule_moves_the_learning_rate() {
    let line = "run --function sphere --start 1,1 --steps 6 --format csv --optimizer sgd --set lr=0.4 --schedule";
    let rates = |schedule: &str| {
        let text = optiscope(&format!("{line} {schedule}")).ok();
        csv(&text)[2..].iter().map(|row| number(row[6])).collect::<Vec<_>>()
    };
    assert_eq!(
        rates("step --schedule-set step_size=2 --schedule-set gamma=0.5"),
        [0.4, 0.4, 0.2, 0.2, 0.1, 0.1]
    );
    assert_eq!(
        rates("multistep --schedule-set milestones=1|4 --schedule-set gamma=0.5"),
        [0.4, 0.2, 0.2, 0.2, 0.1, 0.1]
    );
    let warm = "warmup --schedule-set steps=2 --schedule-set start_factor=0.5 --schedule-set then=step \
                --schedule-set then.step_size=3 --schedule-set then.gamma=0.5";
    let expected = [0.2, 0.3, 0.4, 0.4, 0.4, 0.2];
    for (ours, expected) in rates(warm).into_iter().zip(expected) {
        assert!((ours - expected).abs() < 1e-15, "{ours} is not {expected}");
    }
    optiscope(&format!("{line} cosin")).refused(&["did you mean cosine?", "optiscope list schedules"]);
    optiscope(&format!("{line} step --schedule-set size=3")).refused(&["--schedule-set size=3", "step_size"]);
    optiscope(&format!("{line} step --schedule-set then.gamma=3")).refused(&["--schedule-set then.gamma=3", "then"]);
    optiscope(&line.replace("--schedule", "--schedule-set gamma=1 --schedule step")).refused(&["after the --schedule"]);
}

#[test]
fn a_diverged_run_is_a_result() {
    let line = "run --function rosenbrock --start -1.5,2 --steps 50 --optimizer sgd --set lr=1 --optimizer adam";
    let text = optiscope(&format!("{line} --summary --format csv")).ok();
    let rows = csv(&text);
    assert_eq!(
        text.lines().next(),
        Some("run,optimizer,steps,value,grad_norm,values,grads,hess_vecs,verdict,detail")
    );
    assert_eq!((rows[1][1], rows[1][8]), ("sgd", "diverged"));
    assert!(number(rows[1][2]) < 10.0);
    assert_eq!(
        (rows[2][1], rows[2][2], rows[2][6], rows[2][8]),
        ("adam", "50", "50", "finished")
    );
    let steps = optiscope(&format!("{line} --format csv")).ok();
    assert!(
        csv(&steps)[1..]
            .iter()
            .all(|row| number(row[2]).is_finite() && number(row[3]).is_finite())
    );
}

#[test]
fn an_experiment_runs_from_its_file() {
    let folder = folder();
    let experiment = Experiment {
        steps: 12,
        ..Experiment::default()
    };
    save(&experiment, &folder.path().join("six.optiscope")).expect("saved");
    let text = optiscope_in(folder.path(), "run six.optiscope --summary --format csv").ok();
    assert_eq!(text.lines().count(), 1 + experiment.runs.len());
    let rows = csv(&text);
    assert!(rows[1..].iter().all(|row| row[2] == "12"), "{text}");

    let whole = fs::read_to_string(folder.path().join("six.optiscope")).expect("text");
    let broken = [
        (
            "cut.optiscope",
            whole[..whole.len() / 2].to_owned(),
            ["cut.optiscope, line ", "column "],
        ),
        (
            "newer.optiscope",
            whole.replacen("\"version\": 1", "\"version\": 99", 1),
            ["newer.optiscope", "version 99"],
        ),
        (
            "odd.optiscope",
            whole.replacen("\"steps\"", "\"stepps\"", 1),
            ["odd.optiscope, line ", "stepps"],
        ),
        ("none.optiscope", "[1, 2]".to_owned(), ["none.optiscope", "version"]),
    ];
    for (name, text, words) in broken {
        fs::write(folder.path().join(name), text).expect("written");
        optiscope_in(folder.path(), &format!("run {name}")).refused(&words);
    }
    optiscope_in(folder.path(), "run gone.optiscope").refused(&["gone.optiscope"]);
    for option in [
        "--steps 5",
        "--optimizer adam",
        "--schedule cosine",
        "--weight-decay 1",
        "--noise 1",
    ] {
        let reply = optiscope_in(folder.path(), &format!("run six.optiscope {option}"));
        assert_eq!(reply.code, Some(2), "{option} would change nothing");
    }
}

#[test]
fn an_experiment_finds_its_data_beside_itself() {
    let folder = folder();
    fs::write(folder.path().join("line.csv"), LINE).expect("written");
    let source = Source::File { path: "line.csv".into() };
    let table = source.table(Some(folder.path()), &Progress::default()).expect("a table");
    let mut problem = ModelProblem::suggested(source, &table).expect("a problem");
    problem.preparation.validation = 0.0;
    let mut experiment = Experiment::default();
    experiment.show_model(problem);
    experiment.steps = 5;
    save(&experiment, &folder.path().join("line.optiscope")).expect("saved");

    // From anywhere: the path in the file is relative to the file.
    let line = format!("run {} --format csv", folder.path().join("line.optiscope").display());
    let text = optiscope(&line).ok();
    let rows = csv(&text);
    assert_eq!(
        rows[0],
        ["run", "step", "value", "grad_norm", "lr"],
        "a network has too many coordinates to show"
    );
    assert_eq!(rows.len(), 1 + 6 * experiment.runs.len());
    let starts: Vec<&str> = rows.iter().filter(|row| row[1] == "0").map(|row| row[2]).collect();
    assert!(
        starts.iter().all(|value| *value == starts[0]),
        "all runs start from the same weights: {starts:?}"
    );
    fs::remove_file(folder.path().join("line.csv")).expect("removed");
    optiscope(&line).refused(&["line.csv"]);
}

#[test]
fn data_tells_what_was_read() {
    let folder = folder();
    let text = "name;when;height\nAda;2024-01-02;1,75\nBob;2024-03-04;1,80\nCay;;\nDon;2024-05-06;1,62\nEve;2024-05-06;1,62;9\n";
    fs::write(folder.path().join("people.csv"), text).expect("written");
    let report = json(&optiscope_in(folder.path(), "data people.csv --format json").ok());
    assert_eq!(
        (&report["rows"], &report["dialect"]["delimiter"]),
        (&json("4"), &json("\";\""))
    );
    assert_eq!(
        (&report["dialect"]["encoding"], &report["dialect"]["header"]),
        (&json("\"UTF-8\""), &json("true"))
    );
    let columns = report["columns"].as_array().expect("columns");
    assert_eq!(columns.len(), 3);
    assert_eq!(
        (&columns[2]["name"], &columns[2]["type"]),
        (&json("\"height\""), &json("\"number\""))
    );
    assert_eq!((&columns[2]["missing"], &columns[2]["max"]), (&json("1"), &json("1.8")));
    assert_eq!(columns[1]["min"], "2024-01-02");
    assert!(
        report["warnings"]
            .as_array()
            .expect("warnings")
            .iter()
            .any(|w| w["line"] == 6),
        "the row that is too long"
    );
    assert!(report["suggested_target"].is_string());

    let table = optiscope_in(folder.path(), "data people.csv --export out.csv").ok();
    assert!(table.contains("suggested target") && table.contains("line 6"), "{table}");
    let exported = fs::read_to_string(folder.path().join("out.csv")).expect("exported");
    assert!(
        exported
            .replace("\r\n", "\n")
            .starts_with("name,when,height\nAda,2024-01-02,1.75\n"),
        "{exported}"
    );
    let columns = optiscope_in(folder.path(), "data out.csv --format csv").ok();
    assert!(
        columns.starts_with("column,type,missing,distinct,min,max\nname,"),
        "{columns}"
    );

    fs::write(folder.path().join("picture.csv"), b"\x89PNG\r\n\x1a\n0000").expect("written");
    optiscope_in(folder.path(), "data picture.csv").refused(&["picture.csv", "PNG"]);
    fs::write(folder.path().join("empty.csv"), "").expect("written");
    optiscope_in(folder.path(), "data empty.csv").refused(&["empty.csv", "empty"]);
    optiscope_in(folder.path(), "data gone.csv").refused(&["gone.csv"]);
    optiscope_in(folder.path(), "data people.csv --export no/such/folder.csv").refused(&["folder.csv"]);
    optiscope_in(folder.path(), "data people.csv --encoding klingon").refused(&["klingon"]);
}

#[test]
fn training_finds_a_line_and_keeps_it() {
    let folder = folder();
    fs::write(folder.path().join("line.csv"), LINE).expect("written");
    let base = "train line.csv --target y --model linear --standardize false --validation 0 --test 0 --batch full --format csv";
    let rule = "--optimizer momentum --set lr=0.05 --set momentum=0.9";
    let text = optiscope_in(
        folder.path(),
        &format!("{base} --steps 800 {rule} --save line.safetensors --log steps.csv"),
    )
    .ok();
    let rows = csv(&text);
    assert_eq!(
        rows[0],
        [
            "run",
            "optimizer",
            "steps",
            "epochs",
            "train_loss",
            "train_r2",
            "train_rmse",
            "train_mae",
            "verdict",
            "detail"
        ]
    );
    assert!(number(rows[1][4]) < 1e-20 && number(rows[1][5]) > 1.0 - 1e-12, "{text}");

    let bytes = fs::read(folder.path().join("line.safetensors")).expect("weights");
    let file = SafeTensors::deserialize(&bytes).expect("safetensors");
    let read = |name: &str| {
        let tensor = file.tensor(name).expect(name);
        let value = f64::from_le_bytes(tensor.data().try_into().expect("one double"));
        (tensor.shape().to_vec(), (value * 1e6).round() / 1e6)
    };
    assert_eq!(read("layers.0.weight"), (vec![1, 1], 3.0));
    assert_eq!(read("layers.0.bias"), (vec![1], -2.0));

    let log = fs::read_to_string(folder.path().join("steps.csv")).expect("a log");
    let steps = csv(&log);
    assert_eq!(steps[0], ["run", "step", "epoch", "loss", "lr", "grad_norm"]);
    assert_eq!(steps.len(), 801);
    assert_eq!((steps[800][1], steps[800][2], number(steps[800][4])), ("799", "799", 0.05));
    assert!(number(steps[1][3]) > 1.0, "the loss before the first step");

    // Taken up again without moving: the same numbers.
    let again = optiscope_in(
        folder.path(),
        &format!("{base} --steps 1 --optimizer sgd --set lr=0 --init line.safetensors"),
    )
    .ok();
    assert_eq!(csv(&again)[1][4..8], rows[1][4..8]);
    optiscope_in(
        folder.path(),
        "train line.csv --target y --hidden 4 --init line.safetensors --validation 0 --test 0",
    )
    .refused(&["layers.0.weight", "[1, 1]", "[4, 1]"]);
}

#[test]
fn nothing_is_held_out_of_too_few_rows_unless_asked_for() {
    let folder = folder();
    fs::write(folder.path().join("two.csv"), "x,y\n0,0.5\n1,1.5\n").expect("written");
    let train = |options: &str| {
        optiscope_in(
            folder.path(),
            &format!("train two.csv --target y --model linear --steps 1 {options}"),
        )
    };
    let row = &json(&train("--format json").ok())[0];
    assert!(row["test_loss"].is_null() && row["train_loss"].is_f64(), "{row}");
    train("--validation 0.2 --test 0.2").refused(&["test: 0.2", "or 0"]);
    let most = json(&optiscope("train iris --target species --validation 0.9 --steps 1 --format json").ok());
    assert!(
        most[0]["test_loss"].is_null() && most[0]["validation_loss"].is_f64(),
        "{most}"
    );
}

#[test]
fn training_tells_classes_apart() {
    let line = "train iris --target species --hidden 8 --epochs 40 --optimizer adam --set lr=0.02 --optimizer sgd --set lr=0.1 --format json";
    let rows = json(&optiscope(line).ok());
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    for row in rows.as_array().expect("rows") {
        for metric in ["train_accuracy", "validation_accuracy", "test_accuracy"] {
            assert!(row[metric].as_f64().expect(metric) > 0.8, "{row}");
        }
        assert_eq!(row["epochs"], 40.0);
    }
    assert_eq!(optiscope(line).ok(), optiscope(line).ok(), "the same bits every time");
    optiscope("train iris --target kind").refused(&["kind"]);
    optiscope("train iris --target species --model linear").refused(&["linear"]);
    optiscope("train iris --target species --loss mse").refused(&["mse"]);
    optiscope("train iris --target species --validation 0.7 --test 0.7").refused(&["validation"]);
    optiscope("train iris --target species --optimizer adam --optimizer sgd --save w.safetensors").refused(&["--save"]);
    optiscope("train iris --target species --early-stopping 3 --validation 0").refused(&["--early-stopping"]);
    optiscope("train iris --target species --epochs 0").refused(&["steps = 0"]);
    assert_eq!(optiscope("train iris --target species --activation sine").code, Some(2));
}

#[test]
fn early_stopping_goes_back_to_the_best_weights() {
    let line =
        "train wine --target cultivar --hidden 32 --optimizer adam --set lr=0.05 --epochs 200 --early-stopping 5 --format json";
    let row = &json(&optiscope(line).ok())[0];
    assert_eq!(row["verdict"], "stopped early", "{row}");
    assert!(row["epochs"].as_f64().expect("epochs") < 200.0);
    assert!(row["detail"].as_str().expect("detail").contains("best after step"));
}

#[test]
fn a_slice_passes_through_the_weights() {
    let folder = folder();
    let options = "iris --target species --hidden 4";
    let trained = json(
        &optiscope_in(
            folder.path(),
            &format!("train {options} --epochs 5 --save w.safetensors --format json"),
        )
        .ok(),
    );
    let loss = trained[0]["train_loss"].as_f64().expect("loss");
    for directions in ["random", "random --normalize layer", "random --normalize none", "hessian"] {
        let line = format!("slice {options} --init w.safetensors --directions {directions} --grid 3 --range 0.5 --format csv");
        let text = optiscope_in(folder.path(), &line).ok();
        let rows = csv(&text);
        assert_eq!((rows.len(), &rows[0][..]), (10, &["a", "b", "loss"][..]));
        assert_eq!(
            (number(rows[1][0]), number(rows[1][1]), number(rows[2][1])),
            (-0.5, -0.5, 0.0)
        );
        assert_eq!((number(rows[5][0]), number(rows[5][1]), number(rows[5][2])), (0.0, 0.0, loss));
    }

    // Directions from a file: u leads from the weights to 0, where three classes are equally likely.
    let bytes = fs::read(folder.path().join("w.safetensors")).expect("weights");
    let weights = SafeTensors::deserialize(&bytes).expect("safetensors");
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (name, tensor) in weights.tensors() {
        let negated = tensor
            .data()
            .chunks(8)
            .flat_map(|b| (-f64::from_le_bytes(b.try_into().expect("8 bytes"))).to_le_bytes());
        tensors.push((format!("u.{name}"), tensor.shape().to_vec(), negated.collect()));
        tensors.push((format!("v.{name}"), tensor.shape().to_vec(), vec![0; tensor.data().len()]));
    }
    let write = |path: &str, tensors: &[(String, Vec<usize>, Vec<u8>)]| {
        let views = tensors
            .iter()
            .map(|(n, s, d)| (n.as_str(), TensorView::new(Dtype::F64, s.clone(), d).expect("a tensor")));
        fs::write(folder.path().join(path), safetensors::serialize(views, None).expect("a file")).expect("written");
    };
    write("d.safetensors", &tensors);
    let line = format!("slice {options} --init w.safetensors --grid 3 --format csv --directions");
    let text = optiscope_in(folder.path(), &format!("{line} d.safetensors")).ok();
    assert!((number(csv(&text)[8][2]) - 3.0_f64.ln()).abs() < 1e-15, "{text}");
    tensors.retain(|(name, ..)| name != "v.layers.1.bias");
    write("short.safetensors", &tensors);
    optiscope_in(folder.path(), &format!("{line} short.safetensors")).refused(&["v.layers.1.bias"]);
    optiscope_in(folder.path(), &format!("{line} gone.safetensors")).refused(&["gone.safetensors"]);
}

#[test]
fn a_bench_prints_json_lines() {
    for (workload, name) in [("w1", "W1"), ("w4b", "W4b"), ("w7", "W7")] {
        let text = optiscope(&format!("bench {workload} --runs 1 --scale 0.002")).ok();
        let line = json(text.trim());
        assert_eq!(
            (&line["workload"], &line["peer"]),
            (&json(&format!("\"{name}\"")), &json("\"optiscope\""))
        );
        for key in ["seconds", "rate", "min", "max", "check"] {
            assert!(line[key].is_f64(), "{key} in {line}");
        }
    }
    optiscope("bench w4a --data no/such/folder").refused(&["no/such/folder"]);
}

#[test]
fn the_examples_of_the_help_work_as_printed() {
    let folder = folder();
    for command in ["list", "eval", "run", "data", "train", "slice"] {
        // A long example goes on in the next line after a backslash, as in a shell.
        let help = optiscope(&format!("help {command}")).ok().replace("\\\n", "");
        let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  optiscope ")).collect();
        assert!(examples.len() > 1, "{help}");
        for example in examples {
            let reply = optiscope_in(folder.path(), example);
            assert_eq!(reply.code, Some(0), "{example}: {}", reply.err);
            assert!(!reply.out.is_empty(), "{example}");
        }
    }
    assert!(optiscope("--help").ok().contains("Usage: optiscope"));
    assert!(optiscope("--version").ok().starts_with("optiscope "));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child = Command::new(PROGRAM)
        .args("run --function rosenbrock --steps 20000 --optimizer adam --format csv".split(' '))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe"))
        .read_line(&mut line)
        .expect("a line");
    assert!(line.starts_with("run,step,"));
    let mut err = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
    assert_eq!((child.wait().expect("it ends").code(), err.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_130_and_leaves_nothing_half_done() {
    let folder = folder();
    let line = "train breast_cancer --target diagnosis --steps 1000000 --save w.safetensors --log steps.csv";
    let mut child = Command::new(PROGRAM)
        .args(line.split(' '))
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    // Long enough for the handler to be in place, far too short for a million steps.
    std::thread::sleep(std::time::Duration::from_millis(700));
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(killed.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
