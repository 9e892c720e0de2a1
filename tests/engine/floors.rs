//! The shape of the code: floors, sizes, names. A failure here names the file and the line.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What each floor may use beside itself, from the bottom up. Floors that are not in a list are above or beside.
const FLOORS: &[(&str, &[&str])] = &[
    ("math", &[]),
    ("param", &["math"]),
    ("objective", &["math", "param"]),
    ("functions", &["math", "param", "objective"]),
    ("optim", &["math", "param", "objective"]),
    ("data", &["math", "param"]),
    ("model", &["math", "objective", "data"]),
    ("landscape", &["math", "objective", "data", "model"]),
    ("run", &["math", "param", "objective", "optim", "data", "model", "landscape"]),
    (
        "experiment",
        &[
            "math",
            "param",
            "objective",
            "functions",
            "optim",
            "data",
            "model",
            "landscape",
            "run",
        ],
    ),
    (
        "workbench",
        &[
            "math",
            "param",
            "objective",
            "functions",
            "optim",
            "data",
            "model",
            "landscape",
            "run",
            "experiment",
        ],
    ),
    (
        "cli",
        &[
            "math",
            "param",
            "objective",
            "functions",
            "optim",
            "data",
            "model",
            "landscape",
            "run",
            "experiment",
            "workbench",
        ],
    ),
    (
        "app",
        &[
            "math",
            "param",
            "objective",
            "functions",
            "optim",
            "data",
            "model",
            "landscape",
            "run",
            "experiment",
            "workbench",
        ],
    ),
];

/// Crates of the window.
const WINDOW_CRATES: [&str; 8] = [
    "egui",
    "eframe",
    "egui_plot",
    "rfd",
    "lucide_icons",
    "colorous",
    "pollster",
    "directories",
];

/// Names that say nothing.
const EMPTY_NAMES: [&str; 6] = ["utils.rs", "util.rs", "common.rs", "helpers.rs", "types.rs", "prelude.rs"];

const MOST_LINES: usize = 600;

struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// Lines of code with their numbers; comments are left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(i, line)| (i + 1, line));
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The path inside `src`, in pieces.
    fn pieces(&self) -> Vec<String> {
        let inside = self.path.strip_prefix(root().join("src")).expect("a file of src");
        inside.iter().map(|piece| piece.to_string_lossy().into_owned()).collect()
    }

    fn floor(&self) -> Option<String> {
        let pieces = self.pieces();
        (pieces.len() > 1).then(|| pieces[0].clone())
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<Source> {
    let mut folders = vec![root().join(folder)];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("source is UTF-8");
                sources.push(Source { path, text });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!sources.is_empty(), "there are sources in {folder}");
    sources
}

/// Fails with all slips at once.
#[track_caller]
fn none(slips: &[String]) {
    let mut text = String::new();
    for slip in slips {
        let _ = writeln!(text, "  {slip}");
    }
    assert!(slips.is_empty(), "\n{text}");
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Places where `word` stands by itself.
fn words<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let at_start = |i: &usize| !line[..*i].ends_with(is_word);
    let at_end = move |i: &usize| !line[i + word.len()..].starts_with(is_word);
    line.match_indices(word).map(|(i, _)| i).filter(at_start).filter(at_end)
}

/// The floors that a line names after `crate::`, in braces or not. A list in braces over several lines is rustfmt's business only
/// where it is longer than a line; floors are never listed that way.
fn named_floors(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for at in words(line, "crate") {
        let Some(rest) = line[at + "crate".len()..].strip_prefix("::") else {
            continue;
        };
        match rest.strip_prefix('{') {
            None => found.push(rest.chars().take_while(|c| is_word(*c)).collect()),
            Some(list) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in list.chars().chain(",".chars()) {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => {}
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            found.push(item.trim().chars().take_while(|c| is_word(*c)).collect());
                            item.clear();
                        }
                        _ => item.push(c),
                    }
                }
            }
        }
    }
    found.retain(|name: &String| !name.is_empty());
    found
}

#[test]
fn floors_use_floors_below_them_only() {
    let mut slips = Vec::new();
    for source in sources("src") {
        let Some(floor) = source.floor() else { continue };
        let allowed = FLOORS.iter().find(|(name, _)| *name == floor);
        let Some((_, allowed)) = allowed else {
            slips.push(format!("{}: no floor is called {floor}", source.path.display()));
            continue;
        };
        for (line, code) in source.code() {
            for used in named_floors(code) {
                if used != floor && !allowed.contains(&used.as_str()) {
                    slips.push(format!("{}:{line}: {floor} must not use {used}", source.path.display()));
                }
            }
        }
    }
    none(&slips);
}

#[test]
fn no_floor_is_left_by_way_of_super() {
    let mut slips = Vec::new();
    for source in sources("src") {
        let pieces = source.pieces();
        let is_mod = pieces.last().is_some_and(|name| name == "mod.rs");
        let mut depth = pieces.len() - usize::from(is_mod);
        for (line, code) in source.code() {
            // Modules inside a file are a level deeper; there are none but tests, and those stand at the end.
            depth += usize::from(code.starts_with("mod ") && code.ends_with('{'));
            let supers = (1..8).take_while(|k| code.contains(&"super::".repeat(*k))).count();
            if supers >= depth && source.floor().is_some() {
                slips.push(format!("{}:{line}: {code}", source.path.display()));
            }
        }
    }
    none(&slips);
}

#[test]
fn the_table_of_floors_has_no_cycle_and_names_every_folder() {
    for (i, (floor, allowed)) in FLOORS.iter().enumerate() {
        for used in *allowed {
            let below = FLOORS[..i].iter().any(|(name, _)| name == used);
            assert!(below, "{used} is not below {floor}");
        }
        assert!(root().join("src").join(floor).is_dir(), "there is no floor {floor}");
    }
    let top = fs::read_dir(root().join("src")).expect("src");
    for entry in top {
        let name = entry.expect("an entry of src").file_name().to_string_lossy().into_owned();
        let known = FLOORS.iter().any(|(floor, _)| *floor == name) || name == "lib.rs" || name == "main.rs";
        assert!(known, "src/{name} belongs to a floor");
    }
}

#[test]
fn only_the_window_knows_the_crates_of_the_window() {
    let mut slips = Vec::new();
    for source in sources("src")
        .iter()
        .filter(|source| source.floor().as_deref() != Some("app"))
    {
        for (line, code) in source.code() {
            for name in WINDOW_CRATES {
                if words(code, name).any(|at| code[at + name.len()..].starts_with("::")) {
                    slips.push(format!("{}:{line}: {name} is for src/app only", source.path.display()));
                }
            }
        }
    }
    none(&slips);
}

#[test]
fn files_are_short_and_have_names_that_say_something() {
    let mut slips = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        let lines = source.text.lines().count();
        if lines > MOST_LINES {
            slips.push(format!("{}: {lines} lines, the most are {MOST_LINES}", source.path.display()));
        }
        let name = source.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if EMPTY_NAMES.contains(&name.as_str()) {
            slips.push(format!("{}: a name that says nothing", source.path.display()));
        }
    }
    none(&slips);
}

#[test]
fn nothing_is_left_undone_switched_off_or_hidden() {
    // Put together here, so that this file does not find itself.
    let forbidden = [
        ["todo", "!("].concat(),
        ["unimplemented", "!("].concat(),
        ["dbg", "!("].concat(),
        ["#[igno", "re"].concat(),
        ["allow(dead", "_code)"].concat(),
        ["allow(unu", "sed"].concat(),
    ];
    let mut slips = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        for (line, code) in source.code() {
            for word in forbidden.iter().filter(|word| code.contains(word.as_str())) {
                slips.push(format!("{}:{line}: {word}", source.path.display()));
            }
        }
    }
    none(&slips);
}

#[test]
fn there_is_one_macro() {
    let word = ["macro", "_rules!"].concat();
    let mut macros = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        for (_, code) in source.code().filter(|(_, code)| code.contains(&word)) {
            macros.push(code.trim().to_owned());
        }
    }
    assert_eq!(macros, [format!("{word} registry {{")]);
}

#[test]
fn the_scanner_sees_what_it_is_to_see() {
    assert_eq!(named_floors("use crate::math::{Rng, ops};"), ["math"]);
    assert_eq!(named_floors("use crate::{data::{Table, read}, optim};"), ["data", "optim"]);
    assert_eq!(
        named_floors("pub(crate) fn f(p: &crate::data::Progress) -> crate::run::Run {"),
        ["data", "run"]
    );
    assert!(named_floors("use mycrate::math;").is_empty());
    assert_eq!(words("egui::Ui and egui_plot::Plot", "egui").count(), 1);
}
