//! Landscapes: one picture a run, or one for all. All of them share the landscape, the view of it, the start and the playhead.

use eframe::egui::{Align2, Color32, Pos2, Rect, Response, Role, Sense, Spinner, Ui, WidgetInfo, pos2, vec2};

use super::height_map;
use super::panes::{TITLE, arrange, picture_rect};
use crate::app::camera::{Area, PaneMap};
use crate::app::number;
use crate::app::plots::inside::{self, Scale};
use crate::app::plots::{axes, marks, trail};
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{self, font, on_map, radius, space, tokens};
use crate::app::widgets::text::truncated;
use crate::experiment::Layout;
use crate::landscape::GridSpec;
use crate::optim::{RunStatus, StepEvent};

/// How near to the start the pointer must be to drag it, in points.
const GRAB: f32 = 14.0;
/// Distance from the edge at which runs outside the picture are marked.
const EDGE: f32 = 7.0;
/// Hollow dots of accepted uphill moves drawn at the most.
const MOST_DOTS: usize = 600;

pub fn landscapes_ui(ui: &mut Ui, state: &mut State, shown: &[usize]) {
    let area = ui.available_rect_before_wrap();
    let panes: Vec<Vec<usize>> = match state.layout() {
        Layout::SideBySide | Layout::Results => shown.iter().map(|i| vec![*i]).collect(),
        Layout::Overlay => vec![shown.to_vec()],
    };
    let everything = state.everything();
    let rects = arrange(area, panes.len());
    let first = picture_rect(rects[0]);
    if !first.is_positive() {
        // The window is too small for any picture.
        return;
    }
    request_picture(ui, state, &state.camera.map(first, everything));
    for (rect, runs) in rects.into_iter().zip(panes) {
        pane_ui(ui, state, rect, &runs, everything);
    }
    ui.allocate_rect(area, Sense::hover());
}

/// Asks for the picture of what is in view: a value a pixel for functions of two variables, the grid of the slice for the others.
fn request_picture(ui: &Ui, state: &mut State, map: &PaneMap) {
    let [a, b] = map.area();
    let pixels = ui.ctx().pixels_per_point();
    let (n_a, n_b) = match state.doc.problem.slice() {
        None => ((map.rect.width() * pixels) as usize, (map.rect.height() * pixels) as usize),
        Some(slice) => (slice.grid as usize, slice.grid as usize),
    };
    let spec = GridSpec {
        a,
        b,
        n_a: n_a.clamp(2, 2000),
        n_b: n_b.clamp(2, 2000),
    };
    state.paint(spec);
    if let Some(picture) = state.bench.easel().picture().cloned() {
        state.heat.update(ui.ctx(), &picture, ui.visuals().dark_mode);
    }
}

fn pane_ui(ui: &mut Ui, state: &mut State, pane: Rect, runs: &[usize], everything: Area) {
    let t = tokens(ui);
    ui.painter().rect_filled(pane, f32::from(radius::BOX), t.panel);
    title(ui, state, pane, runs);
    let rect = picture_rect(pane);
    let map = state.camera.map(rect, everything);
    let response = ui.interact(rect, ui.scope_id().with(("pane", runs)), Sense::click_and_drag());
    let label = match runs {
        [i] => format!("Landscape {}", state.doc.runs[*i].name),
        _ => "Landscape all runs".to_owned(),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
    picture(ui, state, &map, runs, &response);
    interact(ui, state, &map, &response);
    ui.painter()
        .rect_stroke(pane, f32::from(radius::BOX), (1.0, t.line), eframe::egui::StrokeKind::Inside);
}

fn title(ui: &Ui, state: &State, pane: Rect, runs: &[usize]) {
    let t = tokens(ui);
    let y = pane.top() + TITLE / 2.0;
    let painter = ui.painter().with_clip_rect(pane);
    let [i] = runs else {
        let what = truncated(
            &painter,
            &state.landscape_name(),
            font::heading(),
            t.text,
            pane.width() - 2.0 * space::L,
        );
        let room = pane.width() - what.size().x - 4.0 * space::L;
        painter.galley(pos2(pane.left() + space::L, y - what.size().y / 2.0), what, t.text);
        let caption = truncated(&painter, &state.axes_caption(), font::small(), t.text3, room);
        let corner = pos2(pane.right() - space::L - caption.size().x, y - caption.size().y / 2.0);
        painter.galley(corner, caption, t.text3);
        return;
    };
    let run = &state.doc.runs[*i];
    let style = style(run.look.style);
    style.draw_swatch(&painter, pos2(pane.left() + 20.0, y), 24.0, style.hue(ui.visuals().dark_mode));
    let reading = state.reading_at_playhead(*i);
    let right = painter.text(
        pos2(pane.right() - space::L, y),
        Align2::RIGHT_CENTER,
        reading,
        font::number(),
        t.text,
    );
    let room = right.left() - pane.left() - 38.0 - space::M;
    let galley = truncated(&painter, &run.name, font::heading(), t.text, room);
    painter.galley(pos2(pane.left() + 38.0, y - galley.size().y / 2.0), galley, t.text);
}

fn picture(ui: &mut Ui, state: &State, map: &PaneMap, runs: &[usize], response: &Response) {
    let t = tokens(ui);
    let painter = ui.painter().with_clip_rect(map.rect);
    painter.rect_filled(map.rect, 0.0, t.inset);
    if !state.is_picture_ready() {
        ui.put(Rect::from_center_size(map.rect.center(), vec2(24.0, 24.0)), Spinner::new());
        return;
    }
    state.heat.draw(&painter, map);
    for minimum in state.minima() {
        marks::star(&painter, map.to_screen(minimum));
    }
    for i in runs {
        path(&painter, state, map, *i);
    }
    if let Some(start) = state.start() {
        marks::start(&painter, map.to_screen(start), response.hovered());
    }
    let mut labels = Vec::new();
    let dimming = theme::of(ui.visuals().dark_mode).map_dimming;
    let colours = state.bench.easel().picture().map(|picture| picture.scale);
    for i in runs {
        let insight = state.bench.insights().of(*i).filter(|_| state.is_looked_into(*i));
        if let Some((insight, colours)) = insight.zip(colours) {
            let scale = Scale { colours, dimming };
            inside::draw(&painter, map, &style(state.doc.runs[*i].look.style), insight, scale);
        }
        ball(&painter, state, map, *i);
        if runs.len() > 1 {
            name(&painter, state, map, *i, &mut labels);
        }
    }
    if let Some(off) = runs.first().filter(|_| runs.len() == 1).and_then(|i| state.off_plane(*i)) {
        let corner = map.rect.right_bottom() + vec2(-6.0, -18.0);
        axes::outlined(
            &painter,
            corner,
            Align2::RIGHT_BOTTOM,
            &format!("off plane {}", number::reading(off)),
        );
    }
    axes::draw(&painter, map, state.axis_names());
    if let Some(progress) = state.bench.easel().progress().filter(|_| state.doc.problem.is_on_plane()) {
        let text = format!("slice {:.0} %", 100.0 * progress);
        axes::outlined(&painter, map.rect.right_top() + vec2(-6.0, 4.0), Align2::RIGHT_TOP, &text);
    }
}

/// The trail of a run with its marks.
fn path(painter: &eframe::egui::Painter, state: &State, map: &PaneMap, i: usize) {
    let style = style(state.doc.runs[i].look.style);
    let (past, future) = state.path(i);
    // Jumps of restarts are not part of the way.
    for piece in past.drawable() {
        let points: Vec<Pos2> = piece.iter().map(|ab| map.to_screen(*ab)).collect();
        trail::draw(painter, &style, &points, &[]);
    }
    for piece in future.drawable() {
        let points: Vec<Pos2> = piece.iter().map(|ab| map.to_screen(*ab)).collect();
        trail::draw(painter, &style, &[], &points);
    }
    for (event, ab) in state.events(i, MOST_DOTS) {
        match event {
            StepEvent::Uphill => marks::hollow(painter, &style, map.to_screen(ab), 2.2),
            StepEvent::Restarted => marks::hollow(painter, &style, map.to_screen(ab), 4.0),
            StepEvent::Moved | StepEvent::Rejected => {}
        }
    }
}

fn ball(painter: &eframe::egui::Painter, state: &State, map: &PaneMap, i: usize) {
    let Some(at) = ball_at(state, map, i) else {
        return;
    };
    let style = style(state.doc.runs[i].look.style);
    let lane = state.bench.lanes().get(i);
    let ended = |trajectory: &crate::run::Trajectory| {
        matches!(trajectory.status(), RunStatus::Diverged { .. }) && state.playback.step() >= trajectory.last_step()
    };
    if lane.and_then(|lane| lane.shown()).is_some_and(ended) {
        marks::cross(painter, &style, at);
    } else {
        marks::ball(painter, &style, at);
    }
}

/// Where the ball of a run is drawn: a run that is outside is marked at the edge.
fn ball_at(state: &State, map: &PaneMap, i: usize) -> Option<Pos2> {
    let edge = EDGE.min(map.rect.size().min_elem() / 2.0).max(0.0);
    Some(map.rect.shrink(edge).clamp(map.to_screen(state.position(i)?)))
}

/// The name of a run beside its ball, below the names that are there already, so that none covers another.
fn name(painter: &eframe::egui::Painter, state: &State, map: &PaneMap, i: usize, taken: &mut Vec<Rect>) {
    let Some(at) = ball_at(state, map, i) else {
        return;
    };
    let name = &state.doc.runs[i].name;
    let text = state
        .off_plane(i)
        .map_or_else(|| name.clone(), |off| format!("{name}  off {}", number::reading(off)));
    let size = painter.layout_no_wrap(text.clone(), font::tick(), on_map::LABEL).size();
    let mut corner = at + vec2(9.0, -size.y / 2.0);
    corner.x = corner.x.min(map.rect.right() - size.x - space::XS);
    while let Some(other) = taken.iter().find(|other| other.intersects(Rect::from_min_size(corner, size))) {
        corner.y = other.bottom() + 0.5;
    }
    taken.push(Rect::from_min_size(corner, size));
    axes::outlined(painter, corner, Align2::LEFT_TOP, &text);
}

/// Click or drag to move the start, drag elsewhere to pan, scroll to zoom, hover to read.
fn interact(ui: &mut Ui, state: &mut State, map: &PaneMap, response: &Response) {
    if height_map::paint(ui, state, map, response) {
        return;
    }
    let near = |state: &State, at: Pos2| state.start().is_some_and(|start| map.to_screen(start).distance(at) < GRAB);
    let grabbed = response.id.with("grabbed");
    if response.drag_started() {
        let origin = ui.input(|input| input.pointer.press_origin());
        let on_start = origin.is_some_and(|at| near(state, at)) && state.can_move_start();
        ui.data_mut(|data| data.insert_temp(grabbed, on_start));
    }
    let on_start = ui.data(|data| data.get_temp::<bool>(grabbed)).unwrap_or(false);
    if let Some(at) = response.interact_pointer_pos() {
        if response.clicked() || (response.dragged() && on_start) {
            state.move_start(map.to_plane(at));
        } else if response.dragged() {
            state.camera.pan(map, response.drag_delta());
        }
    }
    if response.double_clicked() {
        state.camera.reset();
    }
    let Some(at) = response.hover_pos() else {
        return;
    };
    let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
    let factor = f64::from(pinch) * (f64::from(scroll) / 240.0).exp();
    if (factor - 1.0).abs() > 1e-6 {
        state.camera.zoom(map, at, factor);
    }
    readout(ui, state, map, at);
    let cursor = if near(state, at) && state.can_move_start() {
        eframe::egui::CursorIcon::Grab
    } else {
        eframe::egui::CursorIcon::Crosshair
    };
    ui.set_cursor_icon(cursor);
}

/// Point, value and gradient norm under the pointer, exactly.
fn readout(ui: &Ui, state: &mut State, map: &PaneMap, at: Pos2) {
    let point = map.to_plane(at);
    let [a, b] = point.map(number::reading);
    let mut lines = vec![format!("({a}, {b})")];
    lines.extend(state.read_at(point));
    let t = tokens(ui);
    let painter = ui.painter().with_clip_rect(map.rect);
    let galley = painter.layout_no_wrap(lines.join("\n"), font::number(), t.text);
    let size = galley.size() + vec2(12.0, 8.0);
    let mut corner = at + vec2(14.0, 14.0);
    if corner.x + size.x > map.rect.right() {
        corner.x = at.x - 14.0 - size.x;
    }
    if corner.y + size.y > map.rect.bottom() {
        corner.y = at.y - 14.0 - size.y;
    }
    let fill: Color32 = t.card.gamma_multiply(0.94);
    painter.rect(
        Rect::from_min_size(corner, size),
        f32::from(radius::BOX),
        fill,
        (1.0, t.line2),
        eframe::egui::StrokeKind::Inside,
    );
    painter.galley(corner + vec2(6.0, 4.0), galley, t.text);
}
