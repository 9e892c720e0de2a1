//! What is odd about a table, all of it, and what to do about each.

use eframe::egui::{CollapsingHeader, Id, Label, RichText, Ui};
use lucide_icons::Icon;

use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, tokens};
use crate::app::widgets::controls::{icon_sized, quiet};
use crate::data::{Finding, Severity, Table};

/// Findings listed at first, and more at every wish: thousands of them would make the panel slow.
const PAGE: usize = 12;
/// So few are shown without being asked for.
const FEW: usize = 3;

/// What was found in the file while it was read and afterwards, and what was done to make numbers of it.
pub fn findings_ui(ui: &mut Ui, state: &State, table: &Table) {
    let data = state.bench.data();
    let notes = (data.model_for(&state.doc))
        .map(|model| model.prepared.notes.clone())
        .unwrap_or_default();
    let examined = data.examined(&state.doc);
    let mut findings: Vec<&Finding> = table.findings.iter().chain(examined.unwrap_or_default()).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let n = findings.len() + notes.len();
    let title = match n {
        1 => "1 finding".to_owned(),
        n => format!("{} findings", number::whole(n as u64)),
    };
    if n > 0 {
        let header = CollapsingHeader::new(title).id_salt("findings").default_open(n <= FEW);
        header.show(ui, |ui| {
            some_of(ui, &findings);
            for note in notes {
                line(ui, Icon::Info, tokens(ui).text3, &note);
            }
        });
    }
    if examined.is_none() {
        quiet(ui, "Looking for what may hurt …");
    }
}

/// The worst of them, and the others at a click.
fn some_of(ui: &mut Ui, findings: &[&Finding]) {
    let id = Id::unique("findings shown");
    let shown = ui.data(|data| data.get_temp::<usize>(id)).unwrap_or(PAGE);
    for finding in findings.iter().take(shown) {
        finding_row(ui, finding);
    }
    let left = findings.len().saturating_sub(shown);
    if left > 0 && ui.link(format!("{} more", number::whole(left as u64))).clicked() {
        ui.data_mut(|data| data.insert_temp(id, shown * 4));
    }
    if shown > PAGE && findings.len() > PAGE && ui.link("fewer").clicked() {
        ui.data_mut(|data| data.insert_temp(id, PAGE));
    }
}

fn finding_row(ui: &mut Ui, finding: &Finding) {
    let t = tokens(ui);
    let (symbol, colour) = match finding.severity {
        Severity::Error => (Icon::CircleAlert, t.bad),
        Severity::Warning => (Icon::TriangleAlert, t.warn),
        Severity::Info => (Icon::Info, t.text3),
    };
    line(ui, symbol, colour, &finding.to_string());
}

fn line(ui: &mut Ui, symbol: Icon, colour: eframe::egui::Color32, text: &str) {
    ui.horizontal_top(|ui| {
        ui.label(icon_sized(symbol, 12.0).color(colour));
        ui.add(Label::new(RichText::new(text).font(font::small()).color(tokens(ui).text2)).wrap());
    });
}
