//! How often the model misses by how much.

use eframe::egui::Ui;
use egui_plot::{Bar, BarChart, VLine};

use super::frame::{Axes, show};
use super::{ChartInfo, Pane, class_style};
use crate::app::theme::tokens;
use crate::data::Task;
use crate::experiment::Chart;
use crate::model::{Charts, Histogram};

pub const INFO: ChartInfo = ChartInfo {
    chart: Chart::Residuals,
    title: "Residuals",
    hint: "True minus predicted, in the units of the file: how many rows in each interval. A heap beside 0 is a bias, long tails are rows that the \
           model does not understand",
    task: Some(Task::Regression),
    draw,
};

fn draw(ui: &mut Ui, pane: &Pane<'_>) {
    let Charts::Numbers(charts) = &pane.set.charts else {
        return;
    };
    let (hue, faint) = (class_style(0).hue(ui.visuals().dark_mode), tokens(ui).text3);
    let Histogram { from, to, counts } = &charts.residuals;
    let width = if to > from { (to - from) / counts.len() as f64 } else { 1.0 };
    let bar = |(k, count): (usize, &u64)| Bar::new(from + (k as f64 + 0.5) * width, *count as f64).width(width * 0.94);
    let bars: Vec<Bar> = counts.iter().enumerate().map(bar).collect();
    let axes = Axes {
        names: ["true − predicted", "rows"],
        include: [[0.0, 0.0], [0.0, 1.0]],
    };
    show(ui, pane, axes, |plot| {
        plot.bar_chart(BarChart::new("rows", bars).color(hue.gamma_multiply(0.8)));
        plot.vline(VLine::new("", 0.0).color(faint).width(1.0).allow_hover(false));
    });
}
