//! The receiver operating characteristic of one class against the rest.

use eframe::egui::Ui;
use egui_plot::{Line, LineStyle, PlotPoints};

use super::frame::{Axes, show, staircase};
use super::{ChartInfo, Pane, class_style};
use crate::app::number;
use crate::app::theme::tokens;
use crate::data::Task;
use crate::experiment::Chart;
use crate::model::Charts;

pub const INFO: ChartInfo = ChartInfo {
    chart: Chart::Roc,
    title: "ROC curve",
    hint: "Of the rows of the class, the share that is taken for it, against that of the other rows, as the threshold falls (Fawcett 2006). \
           The dashes are guessing; the area below is the chance that a row of the class scores higher than another row",
    task: Some(Task::Classification),
    draw,
};

fn draw(ui: &mut Ui, pane: &Pane<'_>) {
    let Charts::Classes(charts) = &pane.set.charts else {
        return;
    };
    let (hue, faint) = (class_style(charts.class).hue(ui.visuals().dark_mode), tokens(ui).text3);
    let name = format!("{}: area {}", charts.names[charts.class], number::reading(charts.roc_auc));
    let axes = Axes::shares("false positive rate", "true positive rate");
    show(ui, pane, axes, |plot| {
        let chance = PlotPoints::from(vec![[0.0, 0.0], [1.0, 1.0]]);
        plot.line(
            Line::new("", chance)
                .color(faint)
                .style(LineStyle::dashed_loose())
                .allow_hover(false),
        );
        plot.line(staircase(name, &charts.roc).color(hue).width(1.8));
    });
}
