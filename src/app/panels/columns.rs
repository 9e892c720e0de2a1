//! The columns of a table: what each is to the model, its kind, its histogram, its range.

use eframe::egui::{Align2, Rect, Response, Role, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, tokens};
use crate::app::widgets::controls::quiet;
use crate::data::{Column, Kind, Table};
use crate::experiment::ModelProblem;

/// Columns listed at the most; a table with thousands would make the panel useless and slow.
const MOST_COLUMNS: usize = 60;
/// Height of a column's row.
const ROW: f32 = 22.0;

/// The columns of a table that is there; a click changes what one is to the model.
pub fn columns_ui(ui: &mut Ui, state: &State, table: &Table, problem: &mut ModelProblem) {
    let usable = usable_features(state, table, problem);
    let wanted = if table.columns.len() > MOST_COLUMNS {
        find_ui(ui)
    } else {
        String::new()
    };
    let found = || table.columns.iter().filter(|c| c.name.to_lowercase().contains(&wanted));
    for column in found().take(MOST_COLUMNS) {
        column_row(ui, column, problem, &usable);
    }
    match found().count() {
        0 => {
            quiet(ui, "No column of that name");
        }
        n if n > MOST_COLUMNS => {
            let more = number::whole((n - MOST_COLUMNS) as u64);
            quiet(ui, format!("and {more} columns more: find them by name"));
        }
        _ => {}
    }
}

/// A field for a part of a column's name; what is in it, in small letters.
fn find_ui(ui: &mut Ui) -> String {
    let id = ui.scope_id().with("find column");
    let mut text: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let field = TextEdit::singleline(&mut text)
        .hint_text("Find a column")
        .desired_width(f32::INFINITY);
    ui.add(field)
        .widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, "find column"));
    ui.data_mut(|data| data.insert_temp(id, text.clone()));
    text.to_lowercase()
}

/// The columns of a table that is being read, as far as its first rows tell.
pub fn coming_columns(ui: &mut Ui, table: &Table) {
    for column in table.columns.iter().take(MOST_COLUMNS) {
        let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("column {} so far", column.name)));
        paint_column(ui, row, column, Use::None, false);
    }
}

/// The columns that are features now.
fn usable_features(state: &State, table: &Table, problem: &ModelProblem) -> Vec<String> {
    if let Some(features) = &problem.preparation.features {
        return features.clone();
    }
    let names = table.columns.iter().map(|column| column.name.clone());
    names
        .filter(|name| *name != problem.preparation.target && state.is_feature(name))
        .collect()
}

/// What a column is to the model.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Target,
    Feature,
    None,
}

/// One column: click to use it as a feature or not; the ring makes it the target.
fn column_row(ui: &mut Ui, column: &Column, problem: &mut ModelProblem, usable: &[String]) {
    let used = if problem.preparation.target == column.name {
        Use::Target
    } else if usable.contains(&column.name) {
        Use::Feature
    } else {
        Use::None
    };
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let label = format!("column {}", column.name);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, used == Use::Feature, &label));
    paint_column(ui, row, column, used, response.hovered());
    if target_ring(ui, row, column, used).clicked() {
        problem.set_target(&column.name);
    } else if response.on_hover_text(about(column)).clicked() && used != Use::Target {
        problem.toggle_feature(&column.name, usable);
    }
}

/// Kind, name, histogram, and range or missing values.
fn paint_column(ui: &Ui, row: Rect, column: &Column, used: Use, hovered: bool) {
    let t = tokens(ui);
    if used == Use::Target || hovered {
        ui.painter().rect_filled(row.expand2(vec2(4.0, 0.0)), 4.0, t.hover);
    }
    let painter = ui.painter().with_clip_rect(row.intersect(ui.clip_rect()));
    let (colour, bars) = if used == Use::None {
        (t.text3, t.line2)
    } else {
        (t.text, t.text3)
    };
    let at = |x: f32| pos2(row.left() + x, row.center().y);
    painter.text(
        at(0.0),
        Align2::LEFT_CENTER,
        kind_icon(column.kind).unicode(),
        font::icon(13.0),
        t.text3,
    );
    let name = if used == Use::Target { font::medium() } else { font::body() };
    let words =
        painter.with_clip_rect(Rect::from_x_y_ranges(row.left()..=row.left() + 82.0, row.y_range()).intersect(ui.clip_rect()));
    words.text(at(20.0), Align2::LEFT_CENTER, &column.name, name, colour);
    let area = Rect::from_x_y_ranges(row.left() + 86.0..=row.left() + 126.0, row.top() + 3.0..=row.bottom() - 3.0);
    histogram(&painter, area, column.bars(), bars);
    let (words, colour) = match (used, column.missing) {
        (Use::Target, _) => ("target".to_owned(), colour),
        (_, 0) => (range_of(column), colour),
        (_, missing) => (format!("{} miss.", number::whole(missing as u64)), t.warn),
    };
    painter.text(
        pos2(row.right() - 20.0, row.center().y),
        Align2::RIGHT_CENTER,
        words,
        font::tick(),
        colour,
    );
}

fn target_ring(ui: &Ui, row: Rect, column: &Column, used: Use) -> Response {
    let t = tokens(ui);
    let ring = Rect::from_center_size(pos2(row.right() - 7.0, row.center().y), vec2(16.0, 18.0));
    let response = ui.interact(ring, ui.scope_id().with(("target", &column.name)), Sense::click());
    let is_target = used == Use::Target;
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_target, format!("target {}", column.name)));
    ui.painter()
        .circle_stroke(ring.center(), 5.0, (1.2, if is_target { t.accent } else { t.line2 }));
    if is_target {
        ui.painter().circle_filled(ring.center(), 2.2, t.accent);
    }
    response.on_hover_text("Predict this column")
}

/// The sign of a kind.
pub fn kind_icon(kind: Kind) -> Icon {
    match kind {
        Kind::Number | Kind::Integer => Icon::Hash,
        Kind::Boolean => Icon::ToggleLeft,
        Kind::Category => Icon::Tag,
        Kind::Date => Icon::Calendar,
        Kind::Text => Icon::Type,
        Kind::Identifier => Icon::Fingerprint,
    }
}

fn range_of(column: &Column) -> String {
    match (&column.figures, column.distinct) {
        // There is no room for both ends.
        (Some(figures), _) if column.kind == Kind::Date => {
            let first = column.written(figures.min);
            format!("{} …", first.split('T').next().unwrap_or_default())
        }
        (Some(figures), _) => format!("{} … {}", short(figures.min), short(figures.max)),
        (None, Some(distinct)) => format!("{distinct} levels"),
        (None, None) => String::new(),
    }
}

/// An end of a range: two decimals at the most, for there is little room.
fn short(v: f64) -> String {
    if v != 0.0 && !(0.01..1e5).contains(&v.abs()) {
        return number::reading(v);
    }
    let text = format!("{v:.2}");
    text.trim_end_matches('0').trim_end_matches('.').replace('-', "−")
}

fn histogram(painter: &eframe::egui::Painter, rect: Rect, bins: &[u32], colour: eframe::egui::Color32) {
    let tallest = bins.iter().max().copied().unwrap_or(0).max(1) as f32;
    let width = rect.width() / bins.len().max(1) as f32;
    for (i, count) in bins.iter().enumerate() {
        let x = rect.left() + i as f32 * width;
        let top = rect.bottom() - rect.height() * *count as f32 / tallest;
        painter.rect_filled(
            Rect::from_min_max(pos2(x, top), pos2(x + (width - 0.5).max(0.5), rect.bottom())),
            0.0,
            colour,
        );
    }
}

fn about(column: &Column) -> String {
    let mut lines = vec![format!("{}: {}", column.name, column.kind.label())];
    if column.missing > 0 {
        lines.push(format!("{} missing", number::whole(column.missing as u64)));
    }
    if let Some(distinct) = column.distinct {
        lines.push(format!("{} distinct", number::whole(distinct as u64)));
    }
    if let Some(f) = &column.figures {
        let (shown, unit): (&dyn Fn(f64) -> String, _) = match column.kind {
            Kind::Date => (&|day| column.written(day), " days"),
            _ => (&number::reading, ""),
        };
        lines.push(format!("min {}  max {}", shown(f.min), shown(f.max)));
        lines.push(format!("mean {}  sd {}{unit}", shown(f.mean), number::reading(f.sd)));
    }
    lines.push("Click to use it as a feature or to leave it out".to_owned());
    lines.join("\n")
}
