//! Precision against recall of one class against the rest.

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
    chart: Chart::PrecisionRecall,
    title: "Precision and recall",
    hint: "Of the rows taken for the class, the share that is of it, against the share of the class that is found (Davis and Goadrich 2006). \
           The dashes are guessing: the share of the class among all rows",
    task: Some(Task::Classification),
    draw,
};

fn draw(ui: &mut Ui, pane: &Pane<'_>) {
    let Charts::Classes(charts) = &pane.set.charts else {
        return;
    };
    let (hue, faint) = (class_style(charts.class).hue(ui.visuals().dark_mode), tokens(ui).text3);
    let name = format!(
        "{}: average precision {}",
        charts.names[charts.class],
        number::reading(charts.average_precision)
    );
    show(ui, pane, Axes::shares("recall", "precision"), |plot| {
        let chance = PlotPoints::from(vec![[0.0, charts.share], [1.0, charts.share]]);
        plot.line(
            Line::new("", chance)
                .color(faint)
                .style(LineStyle::dashed_loose())
                .allow_hover(false),
        );
        plot.line(staircase(name, &charts.precision_recall).color(hue).width(1.8));
    });
}
