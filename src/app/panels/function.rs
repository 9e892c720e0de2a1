//! A landscape given by a formula: which one, its parameters, the start, the noise.

use eframe::egui::{Frame, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2};

use super::formula::formula_ui;
use super::height_map::height_map_ui;
use super::slice::{plane_ui, trust_ui};
use crate::app::commands::Command;
use crate::app::number;
use crate::app::plots::heat::shade;
use crate::app::state::State;
use crate::app::theme::{self, font, radius, space, tokens};
use crate::app::widgets::controls::{divider, figure, heading, integer_box, number_box, quiet, row, section};
use crate::app::widgets::param::{param_ui, params_ui};
use crate::experiment::{FunctionProblem, MAX_STEPS, Problem};
use crate::functions::{FunctionConfig, MAX_DIM, Tag};
use crate::optim::Noise;
use crate::param::Parameters as _;

/// Thumbnails side by side.
const COLUMNS: usize = 3;
/// Largest seed that can be typed: the largest whole number a box holds exactly.
const MAX_SEED: u64 = 1 << 53;
/// Height of the catalogue; the rest is scrolled to.
const CATALOGUE: f32 = 154.0;

pub fn function_ui(ui: &mut Ui, state: &mut State) {
    let Problem::Function(problem) = &state.doc.problem else {
        return;
    };
    let mut edited = problem.clone();
    heading(ui, "Landscape");
    catalogue(ui, state, edited.function.id());
    divider(ui);
    match &mut edited.function {
        FunctionConfig::Formula(formula) => formula_ui(ui, &mut state.formula, formula),
        FunctionConfig::HeightMap(map) => height_map_ui(ui, state, map),
        function => formula(ui, function),
    }
    params_ui(ui, "landscape", &mut *edited.function);
    // The box of a landscape of one's own may have become smaller.
    let domain = edited.domain();
    edited.start = [0, 1].map(|i| edited.start[i].clamp(domain[i][0], domain[i][1]));
    divider(ui);
    placement(ui, &mut edited);
    divider(ui);
    start_row(ui, &mut edited);
    noise_row(ui, &mut edited);
    variables(ui, &mut edited);
    let is_on_plane = edited.is_on_plane();
    if let Problem::Function(problem) = &mut state.doc.problem {
        *problem = edited;
    }
    seed_and_steps(ui, state);
    divider(ui);
    if is_on_plane {
        trust_ui(ui, state);
        divider(ui);
    }
    at_the_minimum(ui, state);
    colour_bar(ui, state);
}

fn catalogue(ui: &mut Ui, state: &mut State, chosen: &str) {
    let search = TextEdit::singleline(&mut state.search)
        .hint_text("Search by name or tag")
        .desired_width(f32::INFINITY);
    ui.add(search)
        .widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, "search functions"));
    let wanted: Vec<FunctionConfig> = FunctionConfig::all()
        .into_iter()
        .filter(|f| matches(f, &state.search))
        .collect();
    if wanted.is_empty() {
        quiet(ui, "No function of that name or tag");
    }
    let gap = 5.0;
    ScrollArea::vertical()
        .id_salt("catalogue")
        .max_height(CATALOGUE)
        .show(ui, |ui| {
            let width = (ui.available_width() - gap * COLUMNS as f32) / COLUMNS as f32;
            for functions in wanted.chunks(COLUMNS) {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = gap;
                    for function in functions {
                        if state.thumbnails.button(ui, function, function.id() == chosen, width) {
                            state.inbox.push(Command::ShowFunction(function.clone()));
                        }
                    }
                });
            }
        });
}

/// Whether a function is what is searched for: every word is part of its name, its id or one of its tags.
fn matches(function: &FunctionConfig, search: &str) -> bool {
    let info = function.info();
    let tags: Vec<&str> = info.tags.iter().map(|tag| tag.name()).collect();
    let text = format!("{} {} {}", info.name, function.id(), tags.join(" ")).to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn formula(ui: &mut Ui, function: &FunctionConfig) {
    let t = tokens(ui);
    let info = function.info();
    let frame = Frame::new()
        .fill(t.inset)
        .stroke((1.0, t.line))
        .corner_radius(radius::BOX)
        .inner_margin(space::M);
    let response = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(function.formula()).font(font::number()));
    });
    let about = format!("{}\n{}", info.teaches, info.source);
    response.response.on_hover_text(about);
    ui.add_space(space::XS);
}

/// Turn, stretch and shift.
fn placement(ui: &mut Ui, problem: &mut FunctionProblem) {
    let mut transform = problem.transform;
    let open = !transform.is_identity();
    let hint = "Lay the landscape elsewhere: rules that treat each axis on its own notice, the others do not";
    section(ui, "Turn, stretch, move", open, hint, |ui| {
        params_ui(ui, "landscape", &mut transform)
    });
    if transform != problem.transform {
        problem.lay(transform);
    }
}

fn start_row(ui: &mut Ui, problem: &mut FunctionProblem) {
    let [[x_low, x_high], [y_low, y_high]] = problem.domain();
    let [x, y] = &mut problem.start;
    row(ui, "Start x, y", |ui| {
        number_box(ui, "start y", y, (y_high - y_low) / 500.0, y_low..=y_high, 68.0);
        number_box(ui, "start x", x, (x_high - x_low) / 500.0, x_low..=x_high, 68.0);
    });
}

fn noise_row(ui: &mut Ui, problem: &mut FunctionProblem) {
    row(ui, "Noise σ", |ui| {
        let speed = (problem.noise.gradient * 0.02).max(0.01);
        number_box(ui, "noise", &mut problem.noise.gradient, speed, 0.0..=1e6, 68.0).on_hover_text(
            "Standard deviation of Gaussian noise added to every coordinate of the gradient; the same draws for every run",
        );
    });
    let Noise { gradient, .. } = problem.noise;
    let more = problem.noise != Noise::gaussian(gradient);
    let hint = "Noise on the values that a rule is told, heavy tails, and noise that fades";
    section(ui, "More noise", more, hint, |ui| {
        let params = problem.noise.params();
        for info in params.into_iter().filter(|info| info.name != "gradient") {
            param_ui(ui, "noise", info, &mut problem.noise);
        }
    });
}

/// How many variables, and the plane on which more than two are shown.
fn variables(ui: &mut Ui, problem: &mut FunctionProblem) {
    if problem.function.any_dim() {
        let mut n = problem.dim as u64;
        row(ui, "Variables", |ui| {
            integer_box(ui, "variables", &mut n, 2..=MAX_DIM as u64, 68.0)
                .on_hover_text("More than two are shown on a slice; the start repeats: x, y, x, y ...");
        });
        problem.dim = n as usize;
    }
    if problem.is_on_plane() {
        plane_ui(ui, &mut problem.slice, problem.dim, ["axes", "a value of the function"]);
    }
}

/// Seed and budget: the same for functions and models.
pub fn seed_and_steps(ui: &mut Ui, state: &mut State) {
    row(ui, "Seed", |ui| {
        integer_box(ui, "seed", &mut state.doc.seed, 0..=MAX_SEED, 68.0)
            .on_hover_text("Of noise, batches, initial weights, proposals and restarts; the same for every run");
    });
    row(ui, "Steps", |ui| {
        integer_box(ui, "steps", &mut state.doc.steps, 1..=MAX_STEPS, 68.0).on_hover_text("Budget of every run");
    });
}

fn at_the_minimum(ui: &mut Ui, state: &State) {
    let Problem::Function(problem) = &state.doc.problem else {
        return;
    };
    if problem.is_on_plane() {
        if let Some((_, value)) = problem.minimum() {
            heading(ui, "At the minimum");
            row(ui, &format!("f* = {}", number::reading(value)), |_| ());
        }
        return;
    }
    let minima = problem.minima();
    let Some(minimum) = minima.first() else {
        let (title, why) = if problem.function.info().tags.contains(&Tag::Custom) {
            ("No known minimum", "Nobody has said where it is: find it")
        } else {
            ("No minimum", "The function falls without end")
        };
        heading(ui, title);
        quiet(ui, why);
        return;
    };
    heading(
        ui,
        if minima.len() > 1 {
            "At the first minimum"
        } else {
            "At the minimum"
        },
    );
    let [x, y] = minimum.x.map(number::coordinate);
    row(ui, &format!("f* = {} at ({x}, {y})", number::reading(minimum.value)), |_| ());
    if !problem.is_differentiable_at(minimum.x) {
        quiet(ui, "A crease or a tip: there is no gradient there");
        return;
    }
    let [low, high] = problem.derivatives(minimum.x).eigenvalues();
    if high <= 0.0 {
        quiet(ui, "No curvature there: it is flat");
        return;
    }
    row(ui, "sharpness λ", |ui| {
        figure(ui, number::reading(high)).on_hover_text("Largest eigenvalue of the Hessian")
    });
    row(ui, "condition number κ", |ui| {
        figure(ui, number::reading(high / low)).on_hover_text("Largest eigenvalue over smallest")
    });
}

/// What the colours mean.
pub fn colour_bar(ui: &mut Ui, state: &State) {
    let Some(picture) = state.bench.easel().picture() else {
        return;
    };
    let scale = picture.scale;
    ui.add_space(space::M);
    heading(ui, "Colour");
    let t = tokens(ui);
    let dimming = theme::of(ui.visuals().dark_mode).map_dimming;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 10.0), Sense::hover());
    let pieces = 64;
    for i in 0..pieces {
        let part = |k: usize| rect.left() + rect.width() * k as f32 / pieces as f32;
        let piece = eframe::egui::Rect::from_x_y_ranges(part(i)..=part(i + 1), rect.y_range());
        ui.painter()
            .rect_filled(piece, 0.0, shade((i as f64 + 0.5) / f64::from(pieces as u32), dimming));
    }
    response.on_hover_text(
        "Height above the lowest point, on a logarithmic scale; contour lines divide the picture into equal areas",
    );
    let ends = [0.0, 0.5, 1.0].map(|p| number::reading(scale.value_at(p)));
    let (labels, _) = ui.allocate_exact_size(vec2(rect.width(), 14.0), Sense::hover());
    let aligned = [
        eframe::egui::Align2::LEFT_TOP,
        eframe::egui::Align2::CENTER_TOP,
        eframe::egui::Align2::RIGHT_TOP,
    ];
    for ((text, align), x) in ends
        .iter()
        .zip(aligned)
        .zip([labels.left(), labels.center().x, labels.right()])
    {
        ui.painter()
            .text(eframe::egui::pos2(x, labels.top()), align, text, font::tick(), t.text3);
    }
}
