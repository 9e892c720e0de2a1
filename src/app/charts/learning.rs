//! Loss on training and validation rows over the steps, up to the playhead.

use eframe::egui::Ui;
use egui_plot::{Line, LineStyle, PlotPoints, VLine};

use super::frame::{Axes, show};
use super::{ChartInfo, Pane, class_style};
use crate::app::theme::tokens;
use crate::experiment::Chart;
use crate::model::Measurement;

pub const INFO: ChartInfo = ChartInfo {
    chart: Chart::Learning,
    title: "Learning curves",
    hint: "Loss on the training rows (line) and on the validation rows (dashes) over the steps. Both high: underfitting. Validation rising or \
           staying behind while training falls: overfitting (Goodfellow, Bengio and Courville 2016, section 5.2)",
    task: None,
    draw,
};

fn draw(ui: &mut Ui, pane: &Pane<'_>) {
    let t = tokens(ui);
    let dark = ui.visuals().dark_mode;
    let line = |name: &str, of: fn(&Measurement) -> Option<f64>| {
        let points = pane
            .standing
            .curve
            .iter()
            .filter_map(|(step, m)| Some([*step as f64, of(m)?]));
        let points: Vec<[f64; 2]> = points.filter(|p| p[1].is_finite()).collect();
        Line::new(name, PlotPoints::from(points))
    };
    let train = line("training", |m| Some(m.train_loss))
        .color(class_style(0).hue(dark))
        .width(1.6);
    let validation = line("validation", |m| m.validation_loss)
        .color(class_style(1).hue(dark))
        .width(1.6)
        .style(LineStyle::dashed_dense());
    let axes = Axes {
        names: ["step", "loss"],
        include: [[0.0, pane.last_step.max(1) as f64], [0.0, 0.0]],
    };
    let (step, accent) = (pane.standing.step as f64, t.accent);
    show(ui, pane, axes, |plot| {
        plot.vline(VLine::new("playhead", step).color(accent).width(1.0).allow_hover(false));
        plot.line(train);
        plot.line(validation);
    });
}
