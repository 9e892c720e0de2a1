//! The frame that all charts have: axes with names, a grid, the numbers of the point under the pointer.

use eframe::egui::{Align2, Painter, Rangef, Rect, RichText, Ui, UiBuilder, vec2};
use egui_plot::{AxisHints, HoverPosition, Line, Plot, PlotPoints, PlotResponse, PlotUi};

use super::Pane;
use crate::app::number;
use crate::app::theme::{font, tokens};

/// Room for the numbers left of a chart.
const TICKS: f32 = 26.0;
/// Room around a chart.
const MARGIN: f32 = 3.0;

/// Names and ranges of the axes; what is not given follows from what is drawn.
#[derive(Clone, Copy)]
pub struct Axes<'a> {
    pub names: [&'a str; 2],
    /// Values that are always in sight, along x and y.
    pub include: [[f64; 2]; 2],
}

impl<'a> Axes<'a> {
    /// Both from 0 to 1.
    pub fn shares(x: &'a str, y: &'a str) -> Self {
        Self {
            names: [x, y],
            include: [[0.0, 1.0]; 2],
        }
    }
}

/// Draws a chart into its pane.
pub fn show(ui: &mut Ui, pane: &Pane<'_>, axes: Axes<'_>, contents: impl FnOnce(&mut PlotUi<'_>)) -> PlotResponse<()> {
    let t = tokens(ui);
    let inner: Rect = pane.rect.shrink2(vec2(MARGIN, MARGIN));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).id_salt(pane.id));
    let hints = |hints: AxisHints<'static>| {
        hints
            .label(RichText::default())
            .label_spacing(Rangef::new(24.0, 40.0))
            .tick_label_font(font::tick())
            .tick_label_color(t.text3)
            .formatter(|mark, _| tick(mark.value))
    };
    let [x, y] = axes.names;
    let names = [x.to_owned(), y.to_owned()];
    let [[x_low, x_high], [y_low, y_high]] = axes.include;
    let plot = Plot::new(pane.id)
        .width(inner.width())
        .height(inner.height())
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .grid_color(t.line2)
        .custom_x_axes(vec![hints(AxisHints::new_x())])
        .custom_y_axes(vec![hints(AxisHints::new_y()).min_thickness(TICKS)])
        .set_margin_fraction(vec2(0.02, 0.04))
        .label_formatter(move |at| label(at, &names))
        .include_x(x_low)
        .include_x(x_high)
        .include_y(y_low)
        .include_y(y_high);
    let response = plot.show(&mut ui, |plot| contents(plot));
    let area = *response.transform.frame();
    axis_names(&ui.painter().with_clip_rect(area), area, [x, y], t.text3);
    response
}

/// The names of the axes, in the corners of the chart, where they cost no room.
fn axis_names(painter: &Painter, area: Rect, [x, y]: [&str; 2], colour: eframe::egui::Color32) {
    painter.text(
        area.right_bottom() - vec2(4.0, 2.0),
        Align2::RIGHT_BOTTOM,
        x,
        font::tick(),
        colour,
    );
    painter.text(area.left_top() + vec2(4.0, 2.0), Align2::LEFT_TOP, y, font::tick(), colour);
}

/// A line whose points may lie above one another. The plot would draw such stretches as bands, which they are not.
pub fn staircase<'a>(name: impl Into<String>, points: &[[f64; 2]]) -> Line<'a> {
    Line::new(name, PlotPoints::from(points.to_vec())).allow_band(false)
}

fn tick(value: f64) -> String {
    number::setting((value * 1e9).round() / 1e9).replace('-', "−")
}

fn label(at: &HoverPosition<'_>, [x, y]: &[String; 2]) -> Option<String> {
    let (name, position) = match at {
        HoverPosition::NearDataPoint { plot_name, position, .. } => (*plot_name, position),
        HoverPosition::Elsewhere { position } => ("", position),
    };
    let numbers = format!("{x} {}\n{y} {}", number::reading(position.x), number::reading(position.y));
    Some(if name.is_empty() {
        numbers
    } else {
        format!("{name}\n{numbers}")
    })
}
