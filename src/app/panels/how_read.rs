//! How a file was read: what was found out about it, and what to say instead.

use eframe::egui::{ComboBox, Ui};

use crate::app::widgets::controls::{quiet, row, section};
use crate::data::{Dialect, LineEnd, Mark, ReadOptions};
use crate::experiment::Source;

const WIDTH: f32 = 108.0;
/// Encodings that tables are written in, by the names of the WHATWG standard.
const ENCODINGS: &[&str] = &[
    "UTF-8",
    "UTF-16LE",
    "UTF-16BE",
    "windows-1252",
    "ISO-8859-2",
    "windows-1250",
    "windows-1251",
    "macintosh",
    "Shift_JIS",
    "EUC-KR",
    "gb18030",
    "Big5",
];
/// Lines before a table that can be chosen; more are given on the command line.
const LINES: u64 = 12;

/// The dialect as it was found, each part with what it can be instead. The document changes, and the file is read again.
pub fn how_read_ui(ui: &mut Ui, source: &mut Source, found: Option<&Dialect>) {
    let Source::File { dialect, .. } = source else {
        return;
    };
    let open = !dialect.is_detected();
    section(
        ui,
        "How it was read",
        open,
        "What was found out about the file, and what to say instead",
        |ui| {
            parts(ui, dialect, found);
            if found.is_some_and(|found| found.gzip) {
                quiet(ui, "Unpacked from a gzip");
            }
        },
    );
}

fn parts(ui: &mut Ui, said: &mut ReadOptions, found: Option<&Dialect>) {
    let sign = |mark: Mark| mark.shown();
    let letter = |letter: char| Mark(Some(letter)).shown();
    let some = |letters: &str| letters.chars().map(|c| Mark(Some(c))).collect::<Vec<_>>();
    let or_none = |letters: &str| [some(letters), vec![Mark(None)]].concat();
    let delimiters: Vec<char> = ",;\t |:".chars().collect();
    part(
        ui,
        "Delimiter",
        &mut said.delimiter,
        found.map(|f| f.delimiter),
        &delimiters,
        |c| letter(*c),
    );
    part(
        ui,
        "Quote",
        &mut said.quote,
        found.map(|f| Mark(f.quote)),
        &or_none("\"'"),
        |m| sign(*m),
    );
    part(
        ui,
        "Escape",
        &mut said.escape,
        found.map(|f| Mark(f.escape)),
        &or_none("\\"),
        |m| sign(*m),
    );
    part(
        ui,
        "Comments",
        &mut said.comment,
        found.map(|f| Mark(f.comment)),
        &or_none("#%"),
        |m| sign(*m),
    );
    let encodings: Vec<String> = ENCODINGS.iter().map(|&name| name.to_owned()).collect();
    let encoding = found.map(|f| f.encoding.clone());
    part(ui, "Encoding", &mut said.encoding, encoding, &encodings, Clone::clone);
    let ends = LineEnd::ALL;
    part(ui, "Line ends", &mut said.line_end, found.map(|f| f.line_end), &ends, |end| {
        end.label().to_owned()
    });
    let header = |named: &bool| if *named { "yes" } else { "no" }.to_owned();
    part(
        ui,
        "Header",
        &mut said.header,
        found.map(|f| f.header),
        &[true, false],
        header,
    );
    let lines: Vec<u64> = (0..=LINES).collect();
    part(
        ui,
        "Lines before",
        &mut said.preamble,
        found.map(|f| f.preamble_lines),
        &lines,
        u64::to_string,
    );
    part(
        ui,
        "Decimal mark",
        &mut said.decimal,
        found.map(|f| f.numbers.decimal),
        &['.', ','],
        |c| letter(*c),
    );
    let thousands = found.map(|f| Mark(f.numbers.thousands));
    part(ui, "Thousands", &mut said.thousands, thousands, &or_none(",.' _"), |m| {
        sign(*m)
    });
}

/// A list: what was found, and what else it can be.
fn part<T: Clone + PartialEq>(
    ui: &mut Ui,
    label: &str,
    said: &mut Option<T>,
    found: Option<T>,
    all: &[T],
    name: impl Fn(&T) -> String,
) {
    // What was said is what was read: then nobody knows what would have been found.
    let found = found.filter(|_| said.is_none());
    let detected = found.map_or_else(|| "detected".to_owned(), |found| format!("detected ({})", name(&found)));
    row(ui, label, |ui| {
        let list = ComboBox::from_id_salt(label)
            .selected_text(said.as_ref().map_or_else(|| detected.clone(), &name))
            .width(WIDTH)
            .show_ui(ui, |ui| {
                ui.selectable_value(said, None, detected);
                for item in all {
                    ui.selectable_value(said, Some(item.clone()), name(item));
                }
            });
        list.response.accessible_name(label);
    });
}
