//! The table of a cross-validation: mean and standard deviation of every metric over all folds.

use std::sync::atomic::Ordering;

use eframe::egui::{Grid, RichText, ScrollArea, Spinner, Ui, vec2};

use crate::app::number;
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::{quiet, segmented};
use crate::experiment::Problem;
use crate::model::FoldMetric;

/// Width of a run's column.
const COLUMN: f32 = 118.0;

/// The number of folds of the model that is shown, if it is cross-validated.
pub fn n_folds(state: &State) -> Option<u32> {
    match &state.doc.problem {
        Problem::Model(problem) => problem.preparation.folds.map(|folds| folds.folds * folds.repeats),
        Problem::Function(_) => None,
    }
}

/// A switch between the fold that is held out now and all of them; true for all.
pub fn which_folds(ui: &mut Ui, state: &mut State) -> bool {
    let all_folds = &mut state.doc.view.results.all_folds;
    ui.allocate_ui(vec2(160.0, 24.0), |ui| {
        if let Some(i) = segmented(ui, &["This fold", "All folds"], usize::from(*all_folds)) {
            *all_folds = i == 1;
        }
    });
    *all_folds
}

pub fn folds_ui(ui: &mut Ui, state: &State, shown: &[usize], n: u32) {
    let results = match state.bench.cross_validations().results() {
        Some(Ok(results)) => results,
        Some(Err(why)) => {
            ui.label(RichText::new(why).color(tokens(ui).warn));
            return;
        }
        None => {
            waiting(ui, state, n);
            return;
        }
    };
    let of = |i: &usize| results.get(*i).and_then(Option::as_deref);
    let Some(known) = shown.iter().find_map(of) else {
        quiet(ui, "No run that is shown can be used on this problem");
        return;
    };
    let set = state.shown_rows().id();
    ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        Grid::new("folds")
            .striped(true)
            .min_col_width(COLUMN)
            .spacing([space::L, 2.0])
            .show(ui, |ui| {
                let what = format!("Mean ± sd over {n} folds, {set} rows");
                ui.label(RichText::new(what).font(font::heading()));
                for i in shown {
                    let run = &state.doc.runs[*i];
                    let hue = style(run.look.style).hue(ui.visuals().dark_mode);
                    ui.label(RichText::new(&run.name).font(font::small_medium()).color(hue));
                }
                ui.end_row();
                for (k, of_first) in known.iter().enumerate().filter(|(_, metric)| metric.set == set) {
                    let row: Vec<Option<&FoldMetric>> = shown.iter().map(|i| of(i)?.get(k)).collect();
                    row_ui(ui, of_first, &row);
                }
            });
    });
}

fn row_ui(ui: &mut Ui, of_first: &FoldMetric, row: &[Option<&FoldMetric>]) {
    let t = tokens(ui);
    let colour = if of_first.metric.main { t.text } else { t.text2 };
    ui.label(RichText::new(of_first.metric.title).font(font::small()).color(colour))
        .on_hover_text(of_first.metric.id);
    for metric in row {
        let Some(FoldMetric { metric, sd, .. }) = metric else {
            ui.label("");
            continue;
        };
        let text = format!("{} ± {}", number::reading(metric.value), number::reading(*sd));
        ui.label(RichText::new(text).font(font::number()).color(colour))
            .on_hover_text(format!("mean {:?}, standard deviation (n − 1) {sd:?}", metric.value));
    }
    ui.end_row();
}

fn waiting(ui: &mut Ui, state: &State, n: u32) {
    let Some(progress) = state.bench.cross_validations().progress() else {
        return;
    };
    let (done, total) = (progress.done.load(Ordering::Relaxed), progress.total.load(Ordering::Relaxed));
    let fold = done * u64::from(n) / total.max(1) + 1;
    ui.horizontal(|ui| {
        ui.add(Spinner::new().size(16.0));
        quiet(ui, format!("Training every run on fold {fold} of {n}; “This fold” stops it"));
    });
}
