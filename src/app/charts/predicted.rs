//! Predicted against true numbers.

use eframe::egui::Ui;
use egui_plot::{Line, LineStyle, PlotPoints, Points};

use super::frame::{Axes, show};
use super::{ChartInfo, Pane, class_style};
use crate::app::theme::tokens;
use crate::data::Task;
use crate::experiment::Chart;
use crate::model::Charts;

pub const INFO: ChartInfo = ChartInfo {
    chart: Chart::Predicted,
    title: "Predicted against true",
    hint: "A point a row, in the units of the file; on the dashes the prediction is right",
    task: Some(Task::Regression),
    draw,
};

fn draw(ui: &mut Ui, pane: &Pane<'_>) {
    let Charts::Numbers(charts) = &pane.set.charts else {
        return;
    };
    let (hue, faint) = (class_style(0).hue(ui.visuals().dark_mode), tokens(ui).text3);
    let truths = || charts.pairs.iter().map(|pair| pair[0]);
    let low = truths().fold(f64::INFINITY, f64::min);
    let high = truths().fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let axes = Axes {
        names: ["true", "predicted"],
        include: [[low, high]; 2],
    };
    show(ui, pane, axes, |plot| {
        let right = PlotPoints::from(vec![[low, low], [high, high]]);
        plot.line(
            Line::new("", right)
                .color(faint)
                .style(LineStyle::dashed_loose())
                .allow_hover(false),
        );
        plot.points(
            Points::new("", charts.pairs.clone())
                .color(hue.gamma_multiply(0.8))
                .radius(2.0),
        );
    });
}
