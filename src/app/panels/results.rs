//! How good the models are at the playhead: a chart a run, and the table of their metrics.

use eframe::egui::{
    Align2, ComboBox, Grid, Rect, Response, RichText, Role, ScrollArea, Sense, Spinner, StrokeKind, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use super::folds::{folds_ui, n_folds, which_folds};
use super::panes::{TITLE, arrange, picture_rect};
use crate::app::charts::{Pane, chart_for, charts_for};
use crate::app::number;
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{Tokens, font, radius, space, tokens};
use crate::app::widgets::controls::{quiet, segmented};
use crate::app::widgets::text::truncated;
use crate::data::{Targets, Task};
use crate::experiment::{Chart, Rows};
use crate::model::Fit;
use crate::workbench::{SetStanding, Standing};

const TOOLBAR: f32 = 28.0;
/// Height of the table, in shares of the room.
const TABLE: f32 = 0.36;
/// Width of a run's column in the table.
const COLUMN: f32 = 74.0;

pub fn results_ui(ui: &mut Ui, state: &mut State, shown: &[usize]) {
    let area = ui.available_rect_before_wrap();
    let Some(task) = state.task() else {
        ui.put(Rect::from_center_size(area.center(), vec2(24.0, 24.0)), Spinner::new());
        return;
    };
    let table = (area.height() * TABLE).round();
    let [top, bottom] = [area.top() + TOOLBAR, area.bottom() - table];
    part(ui, area.with_max_y(top), |ui| toolbar(ui, state, task));
    let charts = Rect::from_x_y_ranges(area.x_range(), top + space::S..=bottom - space::L);
    if charts.is_positive() {
        panes(ui, state, task, charts, shown);
    }
    part(ui, area.with_min_y(bottom), |ui| match n_folds(state) {
        Some(n) if which_folds(ui, state) => folds_ui(ui, state, shown, n),
        _ => metrics(ui, state, shown),
    });
    ui.allocate_rect(area, Sense::hover());
}

fn part(ui: &mut Ui, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    contents(&mut ui.new_child(UiBuilder::new().max_rect(rect)));
}

fn toolbar(ui: &mut Ui, state: &mut State, task: Task) {
    let chosen = chart_for(state.doc.view.results.chart, task);
    ui.horizontal(|ui| {
        let list = ComboBox::from_id_salt("chart")
            .selected_text(chosen.title)
            .width(150.0)
            .show_ui(ui, |ui| {
                for info in charts_for(task) {
                    let is_chosen = info.chart == chosen.chart;
                    if ui.selectable_label(is_chosen, info.title).on_hover_text(info.hint).clicked() {
                        state.doc.view.results.chart = info.chart;
                    }
                }
            });
        list.response
            .on_hover_text(chosen.hint)
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "chart"));
        if chosen.chart == Chart::Boundary {
            features(ui, state);
        } else if chosen.chart != Chart::Learning {
            rows(ui, state);
            if matches!(chosen.chart, Chart::Roc | Chart::PrecisionRecall | Chart::Calibration) {
                class(ui, state);
            }
        }
        if matches!(chosen.chart, Chart::Boundary | Chart::Learning) {
            quiet(ui, "Table:");
            rows(ui, state);
        }
    });
}

/// Which rows charts and metrics are about, of the sets that there are.
fn rows(ui: &mut Ui, state: &mut State) {
    let sets = Rows::ALL.into_iter().filter(|rows| state.has_rows(*rows));
    let sets: Vec<Rows> = sets.collect();
    let names: Vec<&str> = sets.iter().map(|rows| rows.id()).collect();
    let chosen = sets.iter().position(|rows| *rows == state.shown_rows()).unwrap_or(0);
    ui.allocate_ui(vec2(72.0 * names.len() as f32, 24.0), |ui| {
        if let Some(i) = segmented(ui, &names, chosen) {
            state.doc.view.results.rows = sets[i];
        }
    });
}

/// The class that curves are about.
fn class(ui: &mut Ui, state: &mut State) {
    let Some(model) = state.bench.data().model_for(&state.doc) else {
        return;
    };
    let Targets::Classes { names, .. } = &model.network.data().targets else {
        return;
    };
    let last = names.len().saturating_sub(1);
    let chosen = state.doc.view.results.class.map_or(last, |class| class.min(last));
    let list = ComboBox::from_id_salt("class")
        .selected_text(&names[chosen])
        .width(110.0)
        .show_ui(ui, |ui| {
            for (k, name) in names.iter().enumerate() {
                if ui.selectable_label(k == chosen, name).clicked() {
                    state.doc.view.results.class = Some(k);
                }
            }
        });
    list.response
        .on_hover_text("The class that the curve is about, against the rest")
        .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "class"));
}

/// The axes over which answers are drawn.
fn features(ui: &mut Ui, state: &mut State) {
    let Some(model) = state.bench.data().model_for(&state.doc) else {
        return;
    };
    let names = &model.network.data().feature_names;
    if names.len() < 3 {
        return;
    }
    let chosen = &mut state.doc.view.results.features;
    let shown = chosen.filter(|pair| pair.iter().all(|i| *i < names.len()));
    for axis in [0, 1] {
        let label = ["feature along x", "feature along y"][axis];
        let text = shown.map_or_else(|| format!("component {}", axis + 1), |pair| names[pair[axis]].clone());
        let list = ComboBox::from_id_salt(label)
            .selected_text(text)
            .width(120.0)
            .show_ui(ui, |ui| {
                ui.selectable_value(chosen, None, "principal components");
                for (i, name) in names.iter().enumerate() {
                    let mut pair = shown.unwrap_or([0, 1]);
                    pair[axis] = i;
                    // Both axes showing the same feature would be a line: the other one gives way.
                    if pair[0] == pair[1] {
                        pair[1 - axis] = usize::from(i == 0);
                    }
                    ui.selectable_value(chosen, Some(pair), name);
                }
            });
        list.response
            .on_hover_text("Answers are drawn over two features as the model sees them, the others at their means, or over two principal components")
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, label));
    }
}

fn panes(ui: &mut Ui, state: &mut State, task: Task, area: Rect, shown: &[usize]) {
    let dark = ui.visuals().dark_mode;
    state
        .answers
        .update(ui.ctx(), state.bench.standings(), state.doc.runs.len(), dark);
    let info = chart_for(state.doc.view.results.chart, task);
    let plane = state.bench.standings().plane().cloned();
    for (rect, &i) in arrange(area, shown.len()).into_iter().zip(shown) {
        let t = tokens(ui);
        ui.painter().rect_filled(rect, f32::from(radius::BOX), t.panel);
        title(ui, state, rect, i);
        let picture = picture_rect(rect);
        if !picture.is_positive() {
            continue;
        }
        ui.painter().rect_filled(picture, 0.0, t.inset);
        let standing = state.bench.standings().of(i);
        let set = standing.and_then(|standing| state.shown_set(standing));
        match standing.zip(set) {
            Some((standing, set)) => {
                let pane = Pane {
                    rect: picture,
                    id: ui.scope_id().with(("chart", i)),
                    standing,
                    set,
                    plane: plane.as_deref(),
                    picture: state.answers.of(i),
                    last_step: state.doc.steps,
                };
                (info.draw)(ui, &pane);
            }
            None => waiting(ui, state, picture, i),
        }
        let label = format!("{} {}", info.title, state.doc.runs[i].name);
        let response = ui.interact(picture, ui.scope_id().with(("chart of run", i)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
        ui.painter()
            .rect_stroke(rect, f32::from(radius::BOX), (1.0, t.line), StrokeKind::Inside);
    }
}

/// Why there is no chart yet.
fn waiting(ui: &mut Ui, state: &State, rect: Rect, i: usize) {
    let t = tokens(ui);
    let refusal = state.bench.lanes().get(i).and_then(|lane| lane.refusal());
    match refusal {
        Some(why) => {
            let galley = ui
                .painter()
                .layout(why.to_owned(), font::small(), t.text3, rect.width() - 20.0);
            ui.painter().galley(rect.center() - galley.size() / 2.0, galley, t.text3);
        }
        None => {
            ui.put(Rect::from_center_size(rect.center(), vec2(20.0, 20.0)), Spinner::new());
        }
    }
}

/// Swatch, name and verdict of a run; the evidence on hover.
fn title(ui: &mut Ui, state: &State, pane: Rect, i: usize) {
    let t = tokens(ui);
    let bar = pane.with_max_y(pane.top() + TITLE);
    let y = bar.center().y;
    let painter = ui.painter().with_clip_rect(pane);
    let run = &state.doc.runs[i];
    let style = style(run.look.style);
    style.draw_swatch(&painter, pos2(pane.left() + 20.0, y), 24.0, style.hue(ui.visuals().dark_mode));
    let standing = state.bench.standings().of(i);
    let words = standing.map_or("", |standing| standing.verdict.fit.title());
    let colour = standing.map_or(t.text3, |standing| fit_colour(t, standing.verdict.fit));
    let right = painter.text(
        pos2(pane.right() - space::L, y),
        Align2::RIGHT_CENTER,
        words,
        font::small(),
        colour,
    );
    let room = right.left() - pane.left() - 38.0 - space::M;
    let galley = truncated(&painter, &run.name, font::heading(), t.text, room);
    painter.galley(pos2(pane.left() + 38.0, y - galley.size().y / 2.0), galley, t.text);
    let response = ui.interact(bar, ui.scope_id().with(("standing", i)), Sense::hover());
    evidence(response, standing, &run.name);
}

fn evidence(response: Response, standing: Option<&Standing>, name: &str) {
    let Some(standing) = standing else {
        return;
    };
    let words = format!("{}: {}", standing.verdict.fit.title(), standing.verdict.evidence);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {words}")));
    response.on_hover_text(words);
}

fn fit_colour(t: &Tokens, fit: Fit) -> eframe::egui::Color32 {
    match fit {
        Fit::Good => t.good,
        Fit::Diverged | Fit::Diverging | Fit::Overfitting | Fit::Underfitting => t.warn,
        Fit::Unknown | Fit::Learning | Fit::Settled => t.text3,
    }
}

/// Every metric of every run; the main ones first and brighter.
fn metrics(ui: &mut Ui, state: &State, shown: &[usize]) {
    let t = tokens(ui);
    let dark = ui.visuals().dark_mode;
    let standings: Vec<Option<&Standing>> = shown.iter().map(|i| state.bench.standings().of(*i)).collect();
    let sets: Vec<Option<&SetStanding>> = standings.iter().map(|s| s.and_then(|s| state.shown_set(s))).collect();
    let Some(known) = sets.iter().flatten().next() else {
        return;
    };
    ui.spacing_mut().item_spacing.x = space::L;
    ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        Grid::new("metrics")
            .striped(true)
            .min_col_width(COLUMN)
            .spacing([space::L, 2.0])
            .show(ui, |ui| {
                let what = format!("At step {}, {} rows", number::whole(state.playback.step()), known.name);
                ui.label(RichText::new(what).font(font::heading()));
                for i in shown {
                    let run = &state.doc.runs[*i];
                    let hue = style(run.look.style).hue(dark);
                    ui.label(RichText::new(&run.name).font(font::small_medium()).color(hue));
                }
                ui.end_row();
                for (k, metric) in known.metrics.iter().enumerate() {
                    let colour = if metric.main { t.text } else { t.text2 };
                    ui.label(RichText::new(metric.title).font(font::small()).color(colour))
                        .on_hover_text(metric.id);
                    for set in &sets {
                        let value = set.and_then(|set| set.metrics.get(k)).map_or(f64::NAN, |metric| metric.value);
                        ui.label(RichText::new(number::reading(value)).font(font::number()).color(colour))
                            .on_hover_text(format!("{value:?}"));
                    }
                    ui.end_row();
                }
            });
    });
}
