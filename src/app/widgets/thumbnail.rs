//! Small pictures of functions.

use std::collections::BTreeMap;

use eframe::egui::{self, Color32, Rect, Role, Sense, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2};

use super::text::truncated;
use crate::app::plots::heat;
use crate::app::theme::{self, font, radius, tokens};
use crate::functions::FunctionConfig;
use crate::workbench::Picture;

const SIZE: [usize; 2] = [72, 48];

/// Textures of the functions seen so far.
#[derive(Default)]
pub struct Thumbnails {
    painted: BTreeMap<(&'static str, bool), TextureHandle>,
}

impl Thumbnails {
    /// The picture of a function with its default parameters. It is small enough to be painted at once.
    fn texture(&mut self, ui: &Ui, function: &FunctionConfig) -> egui::TextureId {
        let dark = ui.visuals().dark_mode;
        let texture = self.painted.entry((function.id(), dark)).or_insert_with(|| {
            let picture = Picture::small(function, SIZE);
            let image = heat::bake(&picture, theme::of(dark).map_dimming, true);
            ui.ctx().load_texture(function.id(), image, TextureOptions::LINEAR)
        });
        texture.id()
    }

    /// A button that shows the function; true if it was clicked.
    pub fn button(&mut self, ui: &mut Ui, function: &FunctionConfig, chosen: bool, width: f32) -> bool {
        let t = tokens(ui);
        let name = function.info().name;
        let height = width * SIZE[1] as f32 / SIZE[0] as f32;
        let (rect, response) = ui.allocate_exact_size(vec2(width, height + 18.0), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, name));
        let picture = Rect::from_min_size(rect.min, vec2(width, height));
        let texture = self.texture(ui, function);
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        egui::Image::new((texture, picture.size()))
            .uv(uv)
            .corner_radius(radius::BOX)
            .paint_at(ui, picture);
        let (stroke, colour) = if chosen {
            (egui::Stroke::new(1.6, t.accent), t.text)
        } else if response.hovered() {
            (egui::Stroke::new(1.0, t.text3), t.text)
        } else {
            (egui::Stroke::new(1.0, Color32::TRANSPARENT), t.text2)
        };
        ui.painter()
            .rect_stroke(picture, f32::from(radius::BOX), stroke, egui::StrokeKind::Outside);
        let font = if chosen { font::small_medium() } else { font::small() };
        let galley = truncated(ui.painter(), name, font, colour, width);
        let left = (width - galley.size().x).max(0.0) / 2.0;
        let place = pos2(rect.left() + left, rect.bottom() - galley.size().y);
        ui.painter().galley(place, galley, colour);
        let tags: Vec<&str> = function.info().tags.iter().map(|tag| tag.name()).collect();
        response
            .on_hover_text(format!("{name}: {}\n{}", function.info().teaches, tags.join(", ")))
            .clicked()
    }
}
