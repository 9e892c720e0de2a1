//! The first rows of a table that is being read, and how far the reading is.

use std::sync::atomic::Ordering;

use eframe::egui::{Align, Grid, Label, Layout, RichText, Ui};

use super::columns::kind_icon;
use crate::app::number;
use crate::app::theme::{font, tokens};
use crate::app::widgets::controls::{icon_sized, quiet};
use crate::data::{Column, Progress, Table};

/// What is shown of a table at a glance.
const COLUMNS: usize = 5;
const ROWS: usize = 6;
/// Letters of a cell that are shown.
const LETTERS: usize = 12;

/// How many rows there are so far.
pub fn rows_so_far(progress: &Progress) -> String {
    format!("{} rows so far", number::whole(progress.rows.load(Ordering::Relaxed)))
}

/// A corner of the table.
pub fn first_rows(ui: &mut Ui, table: &Table) {
    let shown: Vec<&Column> = table.columns.iter().take(COLUMNS).collect();
    Grid::new("first rows").striped(true).spacing([14.0, 2.0]).show(ui, |ui| {
        for column in &shown {
            ui.horizontal(|ui| {
                ui.label(icon_sized(kind_icon(column.kind), 12.0).color(tokens(ui).text3));
                ui.label(RichText::new(cut(&column.name)).font(font::medium()));
            });
        }
        ui.end_row();
        for row in 0..table.n_rows.min(ROWS) {
            for column in &shown {
                let (text, colour) = match column.text(row) {
                    Some(text) => (cut(&text), tokens(ui).text2),
                    None => ("missing".to_owned(), tokens(ui).text3),
                };
                let cell = Label::new(RichText::new(text).font(font::small()).color(colour)).extend();
                let layout = if column.figures.is_some() { Align::Max } else { Align::Min };
                ui.with_layout(Layout::top_down(layout), |ui| ui.add(cell));
            }
            ui.end_row();
        }
    });
    if table.columns.len() > COLUMNS {
        let more = number::whole((table.columns.len() - COLUMNS) as u64);
        quiet(ui, format!("and {more} more"));
    }
}

fn cut(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(LETTERS)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LETTERS).is_some() {
        short.push('…');
    }
    short
}
