//! The model that is trained, how it is fed, and the slice through its parameters that is drawn.

use eframe::egui::{ComboBox, RichText, Role, TextEdit, Ui, WidgetInfo};

use super::function::{colour_bar, seed_and_steps};
use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, space, tokens};
use crate::app::widgets::controls::{divider, figure, heading, integer_box, number_box, quiet, refuse, row, segmented};
use crate::data::Task;
use crate::experiment::{Directions, ModelProblem, Problem, SliceConfig};
use crate::landscape::Normalization;
use crate::model::{Activation, Init, Loss, ModelKind};

const WIDTH: f32 = 120.0;

pub fn model_ui(ui: &mut Ui, state: &mut State) {
    let Problem::Model(problem) = &state.doc.problem else {
        return;
    };
    let mut edited = problem.clone();
    let task = state.task();
    heading(ui, "Model");
    task_row(ui, &mut edited, task);
    kind_row(ui, &mut edited);
    if edited.model.kind == ModelKind::Mlp {
        hidden_row(ui, &mut edited);
        choice(ui, "Activation", &mut edited.model.activation, &Activation::ALL, |a| a.id());
    }
    loss_row(ui, &mut edited, task);
    choice(ui, "Initialisation", &mut edited.model.init, &Init::ALL, |i| i.id());
    penalties(ui, &mut edited);
    divider(ui);
    heading(ui, "Training");
    batch_rows(ui, &mut edited);
    split_rows(ui, &mut edited);
    if let Problem::Model(problem) = &mut state.doc.problem {
        *problem = edited;
    }
    seed_and_steps(ui, state);
    counts(ui, state);
    divider(ui);
    slice_ui(ui, state);
    trust(ui, state);
    colour_bar(ui, state);
}

/// A row with a list of words.
fn choice<T: Copy + PartialEq>(ui: &mut Ui, label: &str, value: &mut T, all: &[T], name: fn(T) -> &'static str) {
    row(ui, label, |ui| {
        let response = ComboBox::from_id_salt(label)
            .selected_text(name(*value))
            .width(WIDTH)
            .show_ui(ui, |ui| {
                for item in all {
                    ui.selectable_value(value, *item, name(*item));
                }
            });
        response
            .response
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, label));
    });
}

/// The task as recognised, which can be overruled.
fn task_row(ui: &mut Ui, problem: &mut ModelProblem, recognised: Option<Task>) {
    let name = |task: Task| match task {
        Task::Regression => "regression",
        Task::Classification => "classification",
    };
    row(ui, "Task", |ui| {
        let automatic = recognised.map_or_else(|| "automatic".to_owned(), |task| format!("{} (recognised)", name(task)));
        let shown = problem
            .preparation
            .task
            .map_or_else(|| automatic.clone(), |task| name(task).to_owned());
        let list = ComboBox::from_id_salt("task")
            .selected_text(shown)
            .width(WIDTH)
            .show_ui(ui, |ui| {
                let before = problem.preparation.task;
                let mut task = before;
                ui.selectable_value(&mut task, None, automatic);
                ui.selectable_value(&mut task, Some(Task::Regression), name(Task::Regression));
                ui.selectable_value(&mut task, Some(Task::Classification), name(Task::Classification));
                if before != task {
                    problem.preparation.task = task;
                    problem.fit_task(task.or(recognised));
                }
            });
        list.response.accessible_name("Task");
    });
}

fn kind_row(ui: &mut Ui, problem: &mut ModelProblem) {
    let chosen = ModelKind::ALL
        .iter()
        .position(|kind| *kind == problem.model.kind)
        .unwrap_or(0);
    if let Some(i) = segmented(ui, &["Linear", "Logistic", "MLP"], chosen) {
        problem.model.kind = ModelKind::ALL[i];
        problem.model.loss = None;
    }
}

/// Hidden sizes as text: `16, 16`.
fn hidden_row(ui: &mut Ui, problem: &mut ModelProblem) {
    row(ui, "Hidden units", |ui| {
        let id = ui.scope_id().with("hidden");
        let settled = problem
            .model
            .hidden
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        let mut text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| settled.clone());
        let response = ui.add(TextEdit::singleline(&mut text).font(font::number()).desired_width(WIDTH));
        let response = response.accessible_name("hidden units");
        if response.lost_focus() {
            let sizes: Option<Vec<usize>> = text
                .split([',', ' '])
                .filter(|s| !s.is_empty())
                .map(|s| s.parse().ok())
                .collect();
            match sizes {
                Some(sizes) => problem.model.hidden = sizes,
                None => refuse(
                    ui.ctx(),
                    format!("hidden units: \"{text}\" is not a list of whole numbers such as 16, 16"),
                ),
            }
            ui.data_mut(|data| data.remove::<String>(id));
        } else if response.has_focus() {
            ui.data_mut(|data| data.insert_temp(id, text));
        } else {
            ui.data_mut(|data| data.remove::<String>(id));
        }
        response.on_hover_text("Units of each hidden layer, separated by commas");
    });
}

fn loss_row(ui: &mut Ui, problem: &mut ModelProblem, task: Option<Task>) {
    let classes = task == Some(Task::Classification);
    row(ui, "Loss", |ui| {
        let shown = problem.model.loss.map_or("by the task", Loss::id);
        let list = ComboBox::from_id_salt("loss")
            .selected_text(shown)
            .width(WIDTH)
            .show_ui(ui, |ui| {
                ui.selectable_value(&mut problem.model.loss, None, "by the task");
                for loss in Loss::ALL
                    .into_iter()
                    .filter(|loss| task.is_none() || loss.is_for_classes() == classes)
                {
                    ui.selectable_value(&mut problem.model.loss, Some(loss), loss.id());
                }
            });
        list.response.accessible_name("Loss");
    });
}

fn penalties(ui: &mut Ui, problem: &mut ModelProblem) {
    row(ui, "L2, L1", |ui| {
        for (name, value) in [("l1", &mut problem.model.l1), ("l2", &mut problem.model.l2)] {
            let speed = (*value * 0.02).max(1e-5);
            number_box(ui, name, value, speed, 0.0..=1e6, 57.0)
                .on_hover_text("L2 adds w/2 times the sum of squared weights to the loss, L1 w times the sum of absolute weights; biases are left out");
        }
    });
}

fn batch_rows(ui: &mut Ui, problem: &mut ModelProblem) {
    row(ui, "Batch", |ui| {
        let mut full = problem.batch.is_none();
        let mut size = problem.batch.unwrap_or(32);
        ui.add_enabled_ui(!full, |ui| integer_box(ui, "batch", &mut size, 1..=1_000_000, 57.0));
        ui.checkbox(&mut full, "all rows");
        problem.batch = (!full).then_some(size);
    });
    if problem.batch.is_some() {
        row(ui, "Shuffle", |ui| {
            ui.checkbox(&mut problem.shuffle, "")
                .on_hover_text("A new order of the rows every epoch, the same for every run")
        });
    }
}

fn split_rows(ui: &mut Ui, problem: &mut ModelProblem) {
    row(ui, "Validation share", |ui| {
        number_box(ui, "validation", &mut problem.preparation.validation, 0.005, 0.0..=0.9, 57.0)
            .on_hover_text("Share of the rows that is held out and never trained on");
    });
    row(ui, "Standardise", |ui| {
        let response = ui.checkbox(&mut problem.preparation.standardize, "");
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, problem.preparation.standardize, "standardise"));
        response.on_hover_text("Mean 0 and standard deviation 1 for every feature, as measured on the training rows");
    });
}

fn counts(ui: &mut Ui, state: &State) {
    let Some(model) = state.bench.data().model_for(&state.doc) else {
        return;
    };
    let rows = |data: &Option<std::sync::Arc<crate::data::Dataset>>| data.as_ref().map_or(0, |data| data.n_rows);
    let (train, validation) = (model.prepared.train.n_rows, rows(&model.prepared.validation));
    row(ui, "Rows, train / validation", |ui| {
        figure(
            ui,
            format!("{} / {}", number::whole(train as u64), number::whole(validation as u64)),
        );
    });
    row(ui, "Features, parameters", |ui| {
        figure(
            ui,
            format!(
                "{} / {}",
                model.prepared.train.n_features,
                number::whole(model.x0.len() as u64)
            ),
        );
    });
}

fn slice_ui(ui: &mut Ui, state: &mut State) {
    let n_params = state.bench.plane().map_or(0, |plane| plane.slice.dim());
    let Problem::Model(problem) = &mut state.doc.problem else {
        return;
    };
    let slice = &mut problem.slice;
    heading(ui, "Slice");
    let kind = match slice.directions {
        Directions::Pca => 0,
        Directions::Random { .. } => 1,
        Directions::Parameters { .. } => 2,
    };
    if let Some(i) = segmented(ui, &["PCA", "Random", "Two weights"], kind) {
        slice.directions = match i {
            0 => Directions::Pca,
            1 => Directions::Random {
                normalize: Normalization::Filter,
            },
            _ => Directions::Parameters { a: 0, b: 1 },
        };
    }
    directions_rows(ui, slice, n_params);
    row(ui, "Grid", |ui| {
        let mut n = u64::from(slice.grid);
        integer_box(ui, "grid", &mut n, 5..=301, 57.0)
            .on_hover_text("Points along each axis; each is a loss over the training rows");
        slice.grid = n as u32;
    });
    let Some(model) = state.bench.data().model_for(&state.doc) else {
        return;
    };
    let (drawn, all) = (model.watched.data().n_rows, model.network.data().n_rows);
    let text = if drawn == all {
        format!("Heights are the loss over all {} training rows", number::whole(all as u64))
    } else {
        format!(
            "Heights and readings are over {} of {} training rows",
            number::whole(drawn as u64),
            number::whole(all as u64)
        )
    };
    ui.add(eframe::egui::Label::new(RichText::new(text).font(font::small()).color(tokens(ui).text3)).wrap());
}

fn directions_rows(ui: &mut Ui, slice: &mut SliceConfig, n_params: usize) {
    match &mut slice.directions {
        Directions::Pca => {}
        Directions::Random { normalize } => {
            let all = [
                Normalization::Filter,
                Normalization::Layer,
                Normalization::Weight,
                Normalization::None,
            ];
            choice(ui, "Scaled by", normalize, &all, |n| match n {
                Normalization::Filter => "filter",
                Normalization::Layer => "layer",
                Normalization::Weight => "weight",
                Normalization::None => "none",
            });
            row(ui, "Directions' seed", |ui| {
                integer_box(ui, "slice seed", &mut slice.seed, 0..=999_999, 57.0)
            });
        }
        Directions::Parameters { a, b } => {
            let last = n_params.saturating_sub(1) as u64;
            row(ui, "Parameters", |ui| {
                for (name, index) in [("parameter b", b), ("parameter a", a)] {
                    let mut i = *index as u64;
                    integer_box(ui, name, &mut i, 0..=last, 57.0);
                    *index = i as usize;
                }
            });
        }
    }
}

/// How far the plane can be trusted: true loss beside the loss on the plane, and the distance from it.
fn trust(ui: &mut Ui, state: &State) {
    let Some(plane) = state.bench.plane() else {
        return;
    };
    ui.add_space(space::M);
    heading(ui, "On and off the plane");
    if let Some([a, b]) = plane.explained {
        row(ui, "Variance of the paths", |ui| figure(ui, number::percent(a + b)));
        row(ui, "a random walk would give", |ui| {
            figure(ui, number::percent(plane.random_walk()))
        })
        .on_hover_text("6/(π k)² for the k-th component (Antognini and Sohl-Dickstein 2018)");
    }
    let grid = eframe::egui::Grid::new("trust")
        .num_columns(4)
        .spacing(eframe::egui::vec2(space::M, space::XS));
    grid.show(ui, |ui| {
        for title in ["", "True", "On plane", "Off"] {
            quiet(ui, title);
        }
        ui.end_row();
        for (i, run) in state.doc.runs.iter().enumerate().filter(|(_, run)| run.look.visible) {
            let Some(probe) = state.bench.probes().of(i) else {
                continue;
            };
            ui.add_sized(
                [78.0, 14.0],
                eframe::egui::Label::new(RichText::new(&run.name).font(font::small())).truncate(),
            );
            for value in [probe.true_loss, probe.plane_loss, probe.off] {
                figure(ui, number::reading(value));
            }
            ui.end_row();
        }
    });
}
