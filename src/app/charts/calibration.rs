//! Whether what is given a probability of 0.7 happens seven times out of ten.

use eframe::egui::{Align2, Ui};
use egui_plot::{Line, LineStyle, PlotPoints, Points};

use super::frame::{Axes, show};
use super::{ChartInfo, Pane, class_style};
use crate::app::theme::{font, tokens};
use crate::data::Task;
use crate::experiment::Chart;
use crate::model::Charts;

pub const INFO: ChartInfo = ChartInfo {
    chart: Chart::Calibration,
    title: "Calibration",
    hint: "The probability that the model gives to the class, in ten intervals, against how often it is right (Murphy and Winkler 1977). On the \
           dashes a probability means what it says; below them the model is too sure",
    task: Some(Task::Classification),
    draw,
};

fn draw(ui: &mut Ui, pane: &Pane<'_>) {
    let Charts::Classes(charts) = &pane.set.charts else {
        return;
    };
    let (hue, faint) = (class_style(charts.class).hue(ui.visuals().dark_mode), tokens(ui).text3);
    let Some(bins) = &charts.calibration else {
        let text = "The hinge loss knows no probabilities";
        ui.painter()
            .text(pane.rect.center(), Align2::CENTER_CENTER, text, font::small(), faint);
        return;
    };
    let filled = bins.iter().filter(|bin| bin.rows > 0);
    let points: Vec<[f64; 2]> = filled.map(|bin| [bin.mean_probability, bin.share]).collect();
    let name = charts.names[charts.class].clone();
    show(ui, pane, Axes::shares("probability", "share that is right"), |plot| {
        let ideal = PlotPoints::from(vec![[0.0, 0.0], [1.0, 1.0]]);
        plot.line(
            Line::new("", ideal)
                .color(faint)
                .style(LineStyle::dashed_loose())
                .allow_hover(false),
        );
        plot.line(
            Line::new("", PlotPoints::from(points.clone()))
                .color(hue)
                .width(1.2)
                .allow_hover(false),
        );
        plot.points(Points::new(name, points).color(hue).radius(3.0));
    });
}
