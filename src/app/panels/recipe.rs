//! How columns become numbers: the steps of the recipe, in order.

use eframe::egui::{Align, Label, Layout, RichText, Role, Ui, WidgetInfo};
use lucide_icons::Icon;

use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::{figure, icon_button, quiet, row, titled_section};
use crate::app::widgets::param::params_ui;
use crate::data::recipe::{RecipeStep, StepConfig};
use crate::data::{Conditioning, Effect, FLAT};
use crate::experiment::ModelProblem;

const HINT: &str = "What is done to the columns, step by step, before a model sees them. Every step learns from the training rows only, and does the \
                    same to held-out rows and to new data";
/// Features whose names are written out.
const MOST_NAMES: usize = 40;

pub fn recipe_ui(ui: &mut Ui, state: &State, problem: &mut ModelProblem) {
    let mut steps = problem.preparation.steps();
    let title = summary(&steps, problem.preparation.recipe.is_none());
    titled_section(ui, "recipe", &title, HINT, |ui| {
        let before = steps.clone();
        let columns = columns(state, problem);
        let mut moved = None;
        let count = steps.len();
        for (k, step) in steps.iter_mut().enumerate() {
            moved = step_ui(ui, k, count, step, &columns).or(moved);
        }
        match moved {
            Some(Act::Up(k)) => steps.swap(k, k - 1),
            Some(Act::Down(k)) => steps.swap(k, k + 1),
            Some(Act::Remove(k)) => {
                steps.remove(k);
            }
            None => {}
        }
        ui.horizontal(|ui| {
            add_menu(ui, &mut steps);
            if problem.preparation.recipe.is_none() {
                quiet(ui, "the usual recipe");
            } else if ui
                .button("Back to the usual")
                .on_hover_text("Impute, one-hot, standardise")
                .clicked()
            {
                problem.preparation.recipe = None;
                steps.clone_from(&before);
            }
        });
        if steps != before {
            problem.preparation.recipe = Some(steps);
        }
        scaled_target(ui, problem);
        refusal(ui, state);
        outcome(ui, state);
        if let Some(effect) = state.bench.data().effect(&state.doc) {
            effect_ui(ui, effect);
        }
    });
}

/// In a line: how many steps.
fn summary(steps: &[RecipeStep], is_usual: bool) -> String {
    let usual = if is_usual { ", the usual" } else { "" };
    match steps.len() {
        1 => "Recipe: 1 step".to_owned(),
        n => format!("Recipe: {n} steps{usual}"),
    }
}

/// What the buttons of a step ask for.
enum Act {
    Up(usize),
    Down(usize),
    Remove(usize),
}

/// A step: its name and buttons, the columns that it works on, its parameters.
fn step_ui(ui: &mut Ui, k: usize, count: usize, step: &mut RecipeStep, columns: &[String]) -> Option<Act> {
    let info = step.step.info();
    let label = format!("step {} {}", k + 1, step.step.id());
    let mut act = None;
    ui.horizontal(|ui| {
        let title = RichText::new(format!("{}  {}", k + 1, info.name))
            .font(font::medium())
            .color(tokens(ui).text);
        ui.label(title).on_hover_text(info.about);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            if icon_button(ui, Icon::X, &format!("{label} remove"))
                .on_hover_text("Leave this step out")
                .clicked()
            {
                act = Some(Act::Remove(k));
            }
            ui.add_enabled_ui(k + 1 < count, |ui| {
                if icon_button(ui, Icon::ChevronDown, &format!("{label} down"))
                    .on_hover_text("Do this later")
                    .clicked()
                {
                    act = Some(Act::Down(k));
                }
            });
            ui.add_enabled_ui(k > 0, |ui| {
                if icon_button(ui, Icon::ChevronUp, &format!("{label} up"))
                    .on_hover_text("Do this earlier")
                    .clicked()
                {
                    act = Some(Act::Up(k));
                }
            });
        });
    });
    ui.indent(("step", k), |ui| {
        columns_menu(ui, &label, step, columns);
        params_ui(ui, &label, &mut *step.step);
    });
    act
}

/// The columns that a step works on: all that it is for, or some by name.
fn columns_menu(ui: &mut Ui, label: &str, step: &mut RecipeStep, columns: &[String]) {
    let shown = match &step.columns {
        None => "all columns that it is for".to_owned(),
        Some(names) if names.is_empty() => "no column yet: choose".to_owned(),
        Some(names) => names.join(", "),
    };
    let text = RichText::new(shown).font(font::small());
    let menu = ui.menu_button(text, |ui| {
        if ui.selectable_label(step.columns.is_none(), "all that it is for").clicked() {
            step.columns = None;
        }
        ui.separator();
        for name in columns {
            let mut on = step.columns.as_ref().is_some_and(|names| names.contains(name));
            if ui.checkbox(&mut on, name).changed() {
                let names = step.columns.get_or_insert_default();
                names.retain(|other| other != name);
                if on {
                    names.push(name.clone());
                }
            }
        }
    });
    let response = menu.response.on_hover_text("Which columns this step works on");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{label} columns")));
}

fn add_menu(ui: &mut Ui, steps: &mut Vec<RecipeStep>) {
    ui.menu_button("Add step", |ui| {
        for step in StepConfig::all() {
            let info = step.info();
            if ui.button(info.name).on_hover_text(info.about).clicked() {
                // A step that takes no column by itself waits for names.
                steps.push(RecipeStep::from(step));
                ui.close();
            }
        }
    });
}

/// A number to predict is scaled beside the recipe.
fn scaled_target(ui: &mut Ui, problem: &mut ModelProblem) {
    row(ui, "Standardise", |ui| {
        let on = &mut problem.preparation.standardize;
        let response = ui.checkbox(on, "");
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, *on, "standardise"));
        response.on_hover_text(
            "A number to predict gets mean 0 and standard deviation 1 on the training rows, and so do the features of the usual recipe. Metrics \
             and predictions are told in the units of the file",
        );
    });
}

/// The columns that the recipe starts from.
fn columns(state: &State, problem: &ModelProblem) -> Vec<String> {
    match (&problem.preparation.features, state.table()) {
        (Some(features), _) => features.clone(),
        (None, Some(table)) => {
            let names = table.columns.iter().map(|column| column.name.clone());
            names.filter(|name| *name != problem.preparation.target).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// Why a step cannot be done.
fn refusal(ui: &mut Ui, state: &State) {
    let why = state.bench.data().refusal(&state.doc).filter(|why| why.starts_with("step "));
    if let Some(why) = why {
        let text = RichText::new(why).font(font::small()).color(tokens(ui).bad);
        ui.add(Label::new(text).wrap());
    }
}

/// What comes out, and what was done on the way.
fn outcome(ui: &mut Ui, state: &State) {
    let Some(model) = state.bench.data().model_for(&state.doc) else {
        return;
    };
    let names = &model.prepared.train.feature_names;
    let mut listed: Vec<&str> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
    if names.len() > MOST_NAMES {
        listed.push("…");
    }
    quiet(ui, format!("{} features come out", number::whole(names.len() as u64))).on_hover_text(listed.join("\n"));
}

/// What the recipe does to gradient descent.
fn effect_ui(ui: &mut Ui, effect: Effect) {
    let Effect { before, after } = effect;
    ui.add_space(space::XS);
    let pair = |ui: &mut Ui, label: &str, [a, b]: [String; 2], hint: &str| {
        row(ui, label, |ui| {
            figure(ui, format!("{a} → {b}")).on_hover_text(hint);
        });
    };
    pair(
        ui,
        "Condition number",
        [before, after].map(condition),
        "Of G = (1/n) Σ [x, 1][x, 1]ᵀ, the Hessian of least squares on these features: its largest eigenvalue by its smallest that is more than \
         rounding, before the recipe (only filled in and one-hot) and after it. Gradient descent needs steps in proportion to it (Nocedal and \
         Wright 2006, section 3.3)",
    );
    pair(
        ui,
        "Largest stable lr",
        [before, after].map(max_lr),
        "2 / λmax of the same matrix: gradient descent on least squares diverges above it. Of mse, which has no factor 1/2, it is half of this",
    );
    quiet(ui, in_words(effect));
}

/// Of columns that follow from others it is infinite; what it is without the flat directions stands in the sentence below.
fn condition(of: Conditioning) -> String {
    match of.condition.is_infinite() && of.flat == 0 {
        true => "overflows".to_owned(),
        false if of.flat > 0 => number::reading(f64::INFINITY),
        false => number::reading(of.condition),
    }
}

fn max_lr(of: Conditioning) -> String {
    match of.max_lr == 0.0 {
        true => "none".to_owned(),
        false => number::reading(of.max_lr),
    }
}

fn in_words(Effect { before, after }: Effect) -> String {
    if before.flat + after.flat > 0 {
        let curved = [before, after].map(|of| match of.overflows() {
            true => "overflows".to_owned(),
            false => number::reading(of.condition),
        });
        return format!(
            "{} → {} directions are flat, and the condition number without them is {} → {}; {FLAT}",
            before.flat, after.flat, curved[0], curved[1]
        );
    }
    match (before.overflows(), after.overflows()) {
        (_, true) => {
            return "The squares of these numbers overflow: gradient descent comes to nothing on them; standardise them"
                .to_owned();
        }
        (true, false) => return "Without it squares overflow, and gradient descent comes to nothing".to_owned(),
        (false, false) => {}
    }
    let gain = before.condition / after.condition;
    if gain > 1.5 {
        format!(
            "Gradient descent needs about {} times fewer steps for it",
            number::reading(gain)
        )
    } else if gain < 1.0 / 1.5 {
        format!(
            "Gradient descent needs about {} times more steps for it",
            number::reading(1.0 / gain)
        )
    } else {
        "Gradient descent needs about as many steps as without it".to_owned()
    }
}
