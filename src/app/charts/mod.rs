//! Charts of how good a model is. A chart is one file and one line in [`CHARTS`].

mod answers;
mod boundary;
mod calibration;
mod confusion;
mod frame;
mod learning;
mod precision_recall;
mod predicted;
mod residuals;
mod roc;
mod zero_lines;

use eframe::egui::{Id, Rect, Ui};

pub use answers::{Pictures, class_style};

use crate::data::Task;
use crate::experiment::Chart;
use crate::landscape::FeaturePlane;
use crate::workbench::{SetStanding, Standing};

/// What there is to be said of a chart, and how it is drawn.
pub struct ChartInfo {
    pub chart: Chart,
    pub title: &'static str,
    /// What it shows and how to read it.
    pub hint: &'static str,
    /// The task it is for; none = any.
    pub task: Option<Task>,
    pub draw: fn(&mut Ui, &Pane<'_>),
}

/// Every chart, in the order of the menu.
pub const CHARTS: [ChartInfo; 8] = [
    boundary::INFO,
    learning::INFO,
    confusion::INFO,
    roc::INFO,
    precision_recall::INFO,
    calibration::INFO,
    predicted::INFO,
    residuals::INFO,
];

/// The charts of a task.
pub fn charts_for(task: Task) -> impl Iterator<Item = &'static ChartInfo> {
    CHARTS.iter().filter(move |info| info.task.is_none_or(|only| only == task))
}

/// The chart, or the first of the task if it is not for this task.
pub fn chart_for(chart: Chart, task: Task) -> &'static ChartInfo {
    let fits = |info: &&ChartInfo| info.chart == chart;
    charts_for(task).find(fits).unwrap_or(&CHARTS[0])
}

/// A run's place on the screen and what is drawn there.
pub struct Pane<'a> {
    pub rect: Rect,
    pub id: Id,
    pub standing: &'a Standing,
    pub set: &'a SetStanding,
    pub plane: Option<&'a FeaturePlane>,
    /// What the model answers, painted.
    pub picture: Option<&'a answers::Painted>,
    /// Step of the end of the run.
    pub last_step: u64,
}
