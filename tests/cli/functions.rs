//! Functions without a window: eval, list, run.

use std::fs;

use optiscope::data::Progress;
use optiscope::experiment::{Experiment, ModelProblem, Source, save};
use optiscope::functions::FunctionConfig;

use super::program::*;

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
    optiscope("eval --function rosenbrock --at 1").refused(&["--at 1", "two finite numbers"]);
    let run = "run --function rosenbrock --steps 10";
    optiscope(run).refused(&["--optimizer is missing"]);
    optiscope(&format!("{run} --optimizer adamm")).refused(&["did you mean adam?", "optiscope list optimizers"]);
    optiscope(&format!("{run} --optimizer adam --set lr=fast")).refused(&["--set lr=fast", "lr"]);
    optiscope(&format!("{run} --set lr=1 --optimizer adam")).refused(&["--set lr=1", "after the --optimizer"]);
    optiscope(&format!("{run} --optimizer adam --set rule.lr=1")).refused(&["--set rule.lr=1", "no other rule inside it"]);
    optiscope(&format!("{run} --optimizer adam --start 9,9")).refused(&["--start 9,9", "outside the domain", "-2 to 2"]);
    optiscope("run --function rosenbrock --steps 0 --optimizer adam").refused(&["--steps", "from 1 to 1000000"]);
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
        let table = optiscope(&format!("list {what}")).ok();
        let lines = table.lines().count();
        assert_eq!(
            Some(lines),
            rows.as_array().map(|rows| rows.len() + 1),
            "a line a row: {table}"
        );
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
fn a_formula_is_a_landscape_like_any_other() {
    let typed = json(&optiscope("eval --formula a*x^2+10*sin(y) --param a=3 --at 2,0 --format json").ok());
    assert_eq!((&typed["value"], &typed["function"]), (&json("12.0"), &json("\"formula\"")));
    assert_eq!(typed["gradient"], json("[12.0, 10.0]"));
    assert_eq!(typed["hessian"], json("[[6.0, 0.0], [0.0, 0.0]]"));
    assert_eq!(typed["formula"], "a*x^2 + 10*sin(y)");
    let steps = "--start 1,-1.5 --steps 20 --optimizer adam --set lr=0.1 --format csv";
    let known = optiscope(&format!("run --function sphere {steps}")).ok();
    assert_eq!(optiscope(&format!("run --formula x^2+y^2 {steps}")).ok(), known);
    // A box of its own, and a start inside it.
    let far = optiscope("run --formula -x --param x_min=20 --param x_max=30 --steps 1 --optimizer sgd --format csv").ok();
    assert!((20.0..=30.0).contains(&number(csv(&far)[1][2])), "{far}");
}

#[test]
fn a_formula_is_refused_with_a_caret() {
    let reply = optiscope("eval --formula x+sine(y) --at 1,1");
    let lines: Vec<&str> = reply.err.lines().collect();
    assert_eq!(
        lines[0],
        "error: --formula: unknown name 'sine' at character 3: did you mean sin?"
    );
    assert_eq!(lines[1..], ["    x+sine(y)", "      ^^^^"]);
    reply.refused(&[]);
    optiscope("eval --formula x --param b=1 --at 1,1").refused(&["--param b=1", "no use of b", "x_min"]);
    optiscope("eval --formula x --function beale --at 1,1").refused(&["--formula", "--function", "cannot be used with"]);
    optiscope("eval --at 1,1").refused(&["--function", "--formula"]);
    optiscope("run x.optiscope --formula x").refused(&["--formula"]);
}

#[test]
fn a_height_map_is_a_landscape_like_any_other() {
    let folder = folder();
    let rows = ["9,4,1,0,1", "10,5,2,1,2", "13,8,5,4,5", "18,13,10,9,10", "25,20,17,16,17"];
    fs::write(folder.path().join("bowl.csv"), rows.join("\n")).expect("written");
    let eval = |more: &str| {
        optiscope_in(
            folder.path(),
            &format!("eval --height-map bowl.csv --at 2.5,5 {more} --format json"),
        )
    };
    // One cell is 2.5 wide, and the samples are those of (x/2.5 - 1)² + (y/2.5 - 2)².
    let lowest = json(&eval("").ok());
    assert_eq!(lowest["function"], "height_map");
    assert!(lowest["value"].as_f64().is_some_and(|value| value.abs() < 1e-12), "{lowest}");
    assert!(
        lowest["hessian"][0][0].as_f64().is_some_and(|h| (h - 0.32).abs() < 1e-12),
        "{lowest}"
    );
    let half = json(&eval("--param scale=0.5").ok());
    assert!(
        half["hessian"][0][0].as_f64().is_some_and(|h| (h - 0.16).abs() < 1e-12),
        "{half}"
    );
    let run = "run --height-map bowl.csv --start -4,-4 --steps 200 --optimizer sgd --set lr=1 --summary --format csv";
    let text = optiscope_in(folder.path(), run).ok();
    assert!(number(csv(&text)[1][3]) < 1e-9, "{text}");
    optiscope("eval --height-map none.csv --at 0,0").refused(&["none.csv"]);
    optiscope("eval --height-map none.csv --formula x --at 0,0").refused(&["--formula", "cannot be used with"]);
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
fn functions_take_as_many_variables_as_asked_for() {
    let text = optiscope("eval --function rosenbrock --dim 10 --at 1,1 --format csv").ok();
    let rows = csv(&text);
    assert_eq!((rows.len(), number(rows[1][1])), (13, 0.0), "value, ten slopes, the minimum");
    let ten = "1,1,1,1,1,1,1,1,1,2";
    let text = optiscope(&format!("eval --function rosenbrock --dim 10 --at {ten} --format csv")).ok();
    assert_eq!(number(csv(&text)[1][1]), 100.0);
    let run = |start: &str| {
        let line = format!("run --function sphere --dim 10 --start {start} --steps 1 --optimizer sgd --set lr=0.25 --format csv");
        optiscope(&line).ok()
    };
    let text = run("1,2");
    assert!(text.starts_with("run,step,x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,value"), "{text}");
    let halves: Vec<f64> = csv(&text)[2][2..12].iter().map(|x| number(x)).collect();
    assert_eq!(halves, [0.5, 1.0, 0.5, 1.0, 0.5, 1.0, 0.5, 1.0, 0.5, 1.0]);
    assert_eq!(number(csv(&run(ten))[2][11]), 1.0);
    optiscope("eval --function beale --dim 3 --at 1,1").refused(&["--dim", "3", "two variables"]);
    optiscope("eval --function sphere --dim 3 --at 1,1,1,1").refused(&["--at", "3 finite numbers"]);
    optiscope("eval --function sphere --dim 101 --at 1,1").refused(&["--dim", "from 2 to 100"]);
}

#[test]
fn a_point_without_a_gradient_is_named_as_one() {
    let at_the_crease = optiscope("eval --function bukin6 --at -10,1 --format csv").ok();
    assert!(
        at_the_crease.contains("differentiable,no") || at_the_crease.contains("differentiable,\"no"),
        "{at_the_crease}"
    );
    assert!(
        !optiscope("eval --function bukin6 --at -9,1 --format csv")
            .ok()
            .contains("differentiable")
    );
    let json = |at: &str| optiscope(&format!("eval --function ackley --at {at} --format json")).ok();
    let differentiable = |at: &str| serde_json::from_str::<serde_json::Value>(&json(at)).expect("JSON")["differentiable"].clone();
    assert_eq!((differentiable("0,0"), differentiable("1,0")), (false.into(), true.into()));
    // Moved with the landscape.
    let moved = optiscope("eval --function bukin6 --transform shift_x=0.1 --at -9.9,1 --format csv").ok();
    assert!(moved.contains("differentiable"), "{moved}");
}

#[test]
fn a_landscape_can_be_turned_stretched_and_moved() {
    // Booth's minimum (1, 3), turned by a quarter about the origin, stretched and moved.
    let laid = "--transform rotation=90 --transform scale_y=2 --transform shift_x=1";
    let text = optiscope(&format!("eval --function booth {laid} --at -5,1 --format csv")).ok();
    let rows = csv(&text);
    let of = |name: &str| number(rows.iter().find(|row| row[0] == name).expect("a row")[1]);
    assert_eq!((of("value"), of("gradient_x"), of("gradient_y")), (0.0, 0.0, 0.0));
    assert_eq!((of("nearest_minimum_x"), of("nearest_minimum_distance")), (-5.0, 0.0));
    let run = optiscope(&format!(
        "run --function booth {laid} --steps 300 --optimizer sgd --set lr=0.05 --format csv"
    ))
    .ok();
    let end = csv(&run).pop().expect("rows");
    assert!(
        (number(end[2]) + 5.0).abs() < 1e-3 && (number(end[3]) - 1.0).abs() < 1e-3,
        "{end:?}"
    );
    optiscope("eval --function booth --transform angle=3 --at 0,0").refused(&["angle", "rotation", "scale_x"]);
    optiscope("eval --function booth --transform scale_x=-1 --at 0,0").refused(&["scale_x = -1", "above 0"]);
}

#[test]
fn seeds_and_stages_matter_and_repeat() {
    let line = "run --function sphere --steps 20 --optimizer sgd --set lr=0.1 --noise 1 --format csv --start 1,1";
    let once = optiscope(line).ok();
    assert_eq!(optiscope(line).ok(), once);
    assert_eq!(optiscope(&format!("{line} --seed 0")).ok(), once);
    assert_ne!(optiscope(&format!("{line} --seed 1")).ok(), once);
    assert_eq!(optiscope(&line.replace("--noise 1", "--noise gradient=1")).ok(), once);
    optiscope(&line.replace("--noise 1", "--noise 1 --noise nu=1")).refused(&["nu", "no use"]);
    let heavy = "--noise nu=1 --noise kind=student_t --noise 1 --noise decay=0.55 --noise value=0.1";
    assert_ne!(optiscope(&line.replace("--noise 1", heavy)).ok(), once);
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
        Some("run,optimizer,steps,value,grad_norm,values,grads,hess_vecs,verdict,detail,best_value")
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
    let source = Source::file("line.csv");
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
fn settings_reach_every_rule_inside_a_rule() {
    let run =
        "run --function sphere --start 1,1 --steps 4 --format csv --optimizer switch --set at=2 --set first=sgd --set second=sgd";
    let reply = optiscope(&format!("{run} --set first.lr=0.25 --set second.lr=0.125"));
    let rows = csv(&reply.out);
    let lr: Vec<&str> = rows.iter().skip(2).filter_map(|row| row.last().copied()).collect();
    assert_eq!(lr, ["0.25", "0.25", "0.125", "0.125"], "{}{}", reply.out, reply.err);
    optiscope(&format!("{run} --set third.lr=1")).refused(&["third.lr=1", "no rule called third", "first.lr or second.lr"]);
}

#[test]
fn a_step_is_written_out_with_its_numbers() {
    let run = "run --function sphere --start 1,2 --steps 3 --optimizer momentum --set lr=0.25 --set momentum=0.5";
    let text = optiscope(&format!("{run} --explain 1 --format csv")).ok();
    let rows = csv(&text);
    assert_eq!(
        rows[0],
        ["run", "step", "symbol", "coordinate", "formula", "numbers", "result"]
    );
    assert_eq!(rows[1], ["0", "1", "g", "0", "∇f(x)", "", "1.0"]);
    assert_eq!(
        rows[3],
        ["0", "1", "v", "0", "μ v + (1 − τ) g", "0.5 · 2.0 + (1.0 − 0.0) · 1.0", "2.0"]
    );
    assert_eq!(rows[6], ["0", "1", "x", "1", "x − η v", "1.0 − 0.25 · 4.0", "0.0"]);
    // The last line is the next row of the run.
    let path = optiscope(&format!("{run} --format csv")).ok();
    assert_eq!(csv(&path)[3][2..4], ["0.0", "0.0"]);

    let one = optiscope(&format!("{run} --explain 1 --coordinates 1 --format json")).ok();
    let one = json(&one);
    let lines = one.as_array().expect("rows");
    assert!(lines.len() == 3 && lines.iter().all(|line| line["coordinate"] == 1));
    assert!(
        optiscope(&format!("{run} --explain 1"))
            .ok()
            .contains("0.5 · 2 + (1 − 0) · 1")
    );

    optiscope(&format!("{run} --explain 3")).refused(&["--explain 3", "3 steps"]);
    optiscope(&format!("{run} --explain 1 --summary")).refused(&["--explain", "--summary"]);
    optiscope(&format!("{run} --coordinates 1")).refused(&["--explain"]);
    let silent = optiscope("run --function sphere --start 1,2 --steps 3 --optimizer nelder_mead --explain 1");
    assert!(silent.err.contains("nelder_mead does not write out"), "{}", silent.err);
    silent.ok();
}
