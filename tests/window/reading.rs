//! How a file was read is shown, and can be said; what is odd about it is told to the last line.

use std::fs;
use std::path::PathBuf;

use egui_kittest::kittest::NodeT as _;
use tempfile::TempDir;

use super::driver::Window;

fn on(text: impl AsRef<[u8]>) -> (TempDir, PathBuf, Window) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("table.csv");
    fs::write(&path, text).expect("written");
    let mut window = Window::paused();
    window.drop_file(&path);
    window.finish();
    (folder, path, window)
}

/// Forty rows of two numbers and a word, with commas inside.
fn ambiguous() -> String {
    let row = |i: usize| {
        format!(
            "{i},5;{},25;{}\n",
            i * i % 17,
            if i.is_multiple_of(3) { "low" } else { "high" }
        )
    };
    "height;weight;class\n".to_owned() + &(1..=40).map(row).collect::<String>()
}

#[test]
fn how_a_file_was_read_can_be_said_and_taken_back() {
    let (_folder, _, mut window) = on(ambiguous());
    assert_eq!(window.error(), None);
    window.click("How it was read");
    window.frames(5);
    let shown = |window: &Window, list: &str| window.find(list).accesskit_node().value().unwrap_or_default();
    assert_eq!(shown(&window, "Delimiter"), "detected (';')");
    assert_eq!(shown(&window, "Quote"), "detected ('\"')");
    assert_eq!(shown(&window, "Encoding"), "detected (UTF-8)");
    assert_eq!(shown(&window, "Thousands"), "detected (none)");
    assert_eq!(shown(&window, "Line ends"), "detected (LF)");
    let before = window.doc().clone();
    window.is_undone_and_redone(|window| window.choose("Decimal mark", "'.'"));
    window.finish();
    assert_ne!(*window.doc(), before);
    let table = window.state().table().expect("read again");
    assert_eq!(table.dialect.numbers.decimal, '.');
    window.choose("Header", "no");
    window.finish();
    let table = window.state().table().expect("read again");
    assert_eq!((table.n_rows, table.dialect.header), (41, false));
    assert!(window.says("no column is called"), "the target has another name now");
    window.choose("Header", "detected");
    window.choose("Decimal mark", "detected");
    window.finish();
    assert_eq!(*window.doc(), before);
    assert!(window.state().bench.data().refusal(window.doc()).is_none());
}

#[test]
fn a_dialect_under_which_nothing_can_be_read_is_told_and_left_again() {
    let (_folder, path, mut window) = on(ambiguous());
    window.click("How it was read");
    window.frames(5);
    fs::remove_file(&path).expect("removed");
    window.choose("Quote", "none");
    window.finish();
    assert!(window.says("cannot be read"), "it is not tried for ever, and told");
    assert!(window.state().table().is_none());
    fs::write(&path, ambiguous()).expect("written");
    window.click("Read again");
    window.finish();
    assert_eq!(window.state().table().expect("a table").dialect.quote, None);
    window.undo();
    window.finish();
    assert_eq!(window.state().table().expect("a table").dialect.quote, Some('"'));
}

#[test]
fn every_finding_can_be_reached() {
    // Twenty columns that hardly ever change, each with its own finding.
    let names = (0..20).map(|i| format!("dull_{i}")).collect::<Vec<_>>().join(",");
    let row = |i: usize| {
        let cells = (0..20).map(|c| u8::from(i == c).to_string()).collect::<Vec<_>>().join(",");
        format!("{cells},{}.5,{}\n", i * 7 % 31, i * 13 % 37)
    };
    let text = format!("{names},x,y\n") + &(0..60).map(row).collect::<String>();
    let (_folder, _, mut window) = on(text);
    assert_eq!(window.error(), None);
    let found = window.state().bench.data().examined(window.doc()).expect("looked for").len();
    assert!(found >= 20);
    let told = found + window.state().table().expect("a table").findings.len();
    let notes = window
        .state()
        .bench
        .data()
        .model_for(window.doc())
        .map_or(0, |model| model.prepared.notes.len());
    let title = format!("{} findings", told + notes);
    assert!(window.has(&title), "{title}");
    window.press(&title);
    window.frames(10);
    assert!(window.says("column 'dull_0': nearly constant"));
    assert!(!window.says("column 'dull_19': nearly constant"));
    window.press(&format!("{} more", told - 12));
    window.frames(5);
    assert!(window.says("column 'dull_19': nearly constant"));
}

#[test]
fn any_of_many_columns_can_be_found_and_made_the_target() {
    let names = (0..80).map(|i| format!("c{i}")).collect::<Vec<_>>().join(",");
    let row = |i: usize| {
        let cells = (0..80).map(|c| format!("{}.5", (i * (c + 3)) % 29)).collect::<Vec<_>>();
        cells.join(",") + "\n"
    };
    let text = names + "\n" + &(0..100).map(row).collect::<String>();
    let (_folder, _, mut window) = on(text);
    assert!(window.has("column c3") && !window.has("column c77"));
    window.type_into("find column", "C77");
    window.frames(3);
    assert!(window.has("column c77") && !window.has("column c3"));
    window.press("target c77");
    window.frames(3);
    assert_eq!(window.model().preparation.target, "c77");
}

#[test]
fn a_gzip_is_opened_like_what_it_holds() {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(ambiguous().as_bytes()).expect("packed");
    let (_folder, _, mut window) = on(packed.finish().expect("packed"));
    assert_eq!(window.error(), None);
    assert!(window.says("40 rows") && window.has("column height"));
    window.click("How it was read");
    window.frames(5);
    assert!(window.says("Unpacked from a gzip"));
}
