//! What holds for every command.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use super::program::*;

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
