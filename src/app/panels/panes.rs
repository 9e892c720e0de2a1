//! The division of the centre into panes: a title and a picture each.

use eframe::egui::{Rect, pos2, vec2};

const GUTTER: f32 = 8.0;
/// Height of a pane's title.
pub const TITLE: f32 = 22.0;
/// Panes narrower than this are not worth another column.
const NARROWEST: f32 = 150.0;

/// Panes in rows and columns, as near to square as the room allows.
pub fn arrange(area: Rect, n: usize) -> Vec<Rect> {
    let most = ((area.width() / NARROWEST) as usize).clamp(1, n.max(1));
    let worth = |columns: usize| {
        let rows = n.div_ceil(columns);
        let width = (area.width() - GUTTER * (columns - 1) as f32) / columns as f32;
        let height = (area.height() - GUTTER * (rows - 1) as f32) / rows as f32 - TITLE;
        // Empty places count against an arrangement.
        width.min(height) * (n as f32 / (rows * columns) as f32).sqrt()
    };
    let columns = (1..=most).max_by(|a, b| worth(*a).total_cmp(&worth(*b))).unwrap_or(1);
    let rows = n.div_ceil(columns);
    let width = (area.width() - GUTTER * (columns - 1) as f32) / columns as f32;
    let height = (area.height() - GUTTER * (rows - 1) as f32) / rows as f32;
    (0..n)
        .map(|i| {
            let corner = vec2(
                (i % columns) as f32 * (width + GUTTER),
                (i / columns) as f32 * (height + GUTTER),
            );
            Rect::from_min_size(area.min + corner, vec2(width, height))
        })
        .collect()
}

/// The part of a pane below its title.
pub fn picture_rect(pane: Rect) -> Rect {
    Rect::from_min_max(pos2(pane.left(), pane.top() + TITLE), pane.max)
}
