//! The model that is trained, how it is fed, and the slice through its parameters that is drawn.

use std::collections::BTreeMap;

use eframe::egui::{ComboBox, RichText, Role, TextEdit, Ui, WidgetInfo};

use super::function::{colour_bar, seed_and_steps};
use super::recipe::recipe_ui;
use super::slice::{plane_ui, trust_ui};
use super::split::split_ui;
use super::start::start_ui;
use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, tokens};
use crate::app::widgets::controls::{choice, divider, figure, heading, integer_box, number_box, refuse, row, segmented};
use crate::data::{Targets, Task};
use crate::experiment::{ModelProblem, Problem};
use crate::model::{Activation, Activations, ClassWeight, Init, Loss, ModelKind, Penalty};

const WIDTH: f32 = 120.0;

pub fn model_ui(ui: &mut Ui, state: &mut State) {
    let Problem::Model(problem) = &state.doc.problem else {
        return;
    };
    let mut edited = problem.clone();
    let task = state.task();
    split_ui(ui, state, &mut edited);
    recipe_ui(ui, state, &mut edited);
    divider(ui);
    heading(ui, "Model");
    task_row(ui, &mut edited, task);
    kind_row(ui, &mut edited);
    if edited.model.kind == ModelKind::Mlp {
        hidden_row(ui, &mut edited);
        activation_rows(ui, &mut edited);
        dropout_row(ui, &mut edited);
    }
    loss_row(ui, &mut edited, task);
    choice(ui, "Initialisation", &mut edited.model.init, &Init::ALL, |i| i.id());
    start_ui(ui, state, &mut edited);
    penalties(ui, &mut edited);
    if task == Some(Task::Classification) {
        class_weights(ui, state, &mut edited);
    }
    divider(ui);
    heading(ui, "Training");
    batch_rows(ui, &mut edited);
    early_stopping(ui, &mut edited);
    if let Problem::Model(problem) = &mut state.doc.problem {
        *problem = edited;
    }
    seed_and_steps(ui, state);
    counts(ui, state);
    divider(ui);
    slice_ui(ui, state);
    trust_ui(ui, state);
    colour_bar(ui, state);
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

/// One activation for all hidden layers, or one a layer.
fn activation_rows(ui: &mut Ui, problem: &mut ModelProblem) {
    let layers = problem.model.hidden.len();
    let mut each = problem.model.activation.fitted(layers.max(1));
    // A list is of two layers at least.
    let mut is_one = matches!(problem.model.activation, Activations::All(_)) || layers < 2;
    if is_one {
        choice(ui, "Activation", &mut each[0], &Activation::ALL, |a| a.id());
    } else {
        for (k, activation) in each.iter_mut().enumerate() {
            let label = format!("Activation {}", k + 1);
            choice(ui, &label, activation, &Activation::ALL, |a| a.id());
        }
    }
    if layers > 1 {
        row(ui, "One for all layers", |ui| {
            let response = ui.checkbox(&mut is_one, "");
            response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_one, "one activation for all layers"));
        });
    }
    // A list follows the number of layers.
    problem.model.activation = if is_one {
        Activations::All(each[0])
    } else {
        Activations::Each(each)
    };
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

/// The chance of a hidden unit to be left out.
fn dropout_row(ui: &mut Ui, problem: &mut ModelProblem) {
    row(ui, "Dropout", |ui| {
        number_box(ui, "dropout", &mut problem.model.dropout, 0.005, 0.0..=0.95, 57.0).on_hover_text(
            "The chance of a hidden unit to be left out in a step of training, the others being divided by 1 − p (Srivastava et al. 2014). The same \
             units for every run. Pictures, validation and results leave nothing out; the batch loss of the strips is the one with units left out",
        );
    });
}

/// How much each class counts in the loss.
fn class_weights(ui: &mut Ui, state: &State, problem: &mut ModelProblem) {
    const HINT: &str = "The loss is the weighted mean Σ wᵢ lᵢ / Σ wᵢ, as in PyTorch. Balanced: n / (k nᶜ) on the training rows, so that rare classes \
                        count as much as common ones";
    let weight = &mut problem.model.class_weight;
    row(ui, "Class weights", |ui| {
        let shown = match weight {
            None => "none",
            Some(ClassWeight::Balanced) => "balanced",
            Some(ClassWeight::Given(_)) => "my own",
        };
        let list = ComboBox::from_id_salt("class weights")
            .selected_text(shown)
            .width(WIDTH)
            .show_ui(ui, |ui| {
                ui.selectable_value(weight, None, "none");
                ui.selectable_value(weight, Some(ClassWeight::Balanced), "balanced");
                let is_own = matches!(weight, Some(ClassWeight::Given(_)));
                if ui.selectable_label(is_own, "my own").clicked() && !is_own {
                    *weight = Some(ClassWeight::Given(BTreeMap::new()));
                }
            });
        list.response.on_hover_text(HINT).accessible_name("Class weights");
    });
    let Some(ClassWeight::Given(given)) = weight else {
        return;
    };
    for name in class_names(state) {
        row(ui, &format!("  {name}"), |ui| {
            let mut value = given.get(&name).copied().unwrap_or(1.0);
            let before = value;
            number_box(ui, &format!("weight of {name}"), &mut value, 0.02, 0.0..=1e6, 57.0);
            if value != before {
                given.insert(name, value);
            }
        });
    }
}

/// Classes whose weights are set by hand, at the most.
const MOST_CLASSES: usize = 20;

fn class_names(state: &State) -> Vec<String> {
    let model = state.bench.data().model_for(&state.doc);
    match model.as_ref().map(|model| &model.prepared.train.targets) {
        Some(Targets::Classes { names, .. }) => names.iter().take(MOST_CLASSES).cloned().collect(),
        _ => Vec::new(),
    }
}

fn penalties(ui: &mut Ui, problem: &mut ModelProblem) {
    let (l1, l2) = (problem.model.l1, problem.model.l2);
    let mut penalty = Penalty::of(l1, l2);
    choice(ui, "Penalty", &mut penalty, &Penalty::ALL, |penalty| match penalty {
        Penalty::Nothing => "none",
        Penalty::Ridge => "ridge (L2)",
        Penalty::Lasso => "lasso (L1)",
        Penalty::ElasticNet => "elastic net",
    });
    if penalty != Penalty::of(l1, l2) {
        (problem.model.l1, problem.model.l2) = penalty.applied(l1, l2);
    }
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

/// How long a run may go on without getting better.
fn early_stopping(ui: &mut Ui, problem: &mut ModelProblem) {
    const HINT: &str = "End a run once its validation loss has not fallen for so many epochs, and restore the weights with the lowest: results, saved \
                        models and predictions at its end are theirs (Prechelt 1998). Needs validation rows";
    row(ui, "Early stopping", |ui| {
        let mut on = problem.early_stopping.is_some();
        let mut epochs = problem.early_stopping.unwrap_or(10);
        ui.add_enabled_ui(on, |ui| {
            integer_box(ui, "patience", &mut epochs, 1..=1_000_000, 57.0).on_hover_text(HINT)
        });
        let response = ui.checkbox(&mut on, "");
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, "early stopping"));
        response.on_hover_text(HINT);
        problem.early_stopping = on.then_some(epochs);
    });
}

fn counts(ui: &mut Ui, state: &State) {
    let Some(model) = state.bench.data().model_for(&state.doc) else {
        return;
    };
    let [all, trained] = [model.x0.len(), model.start.len()].map(|n| number::whole(n as u64));
    let parameters = if trained == all { all } else { format!("{trained} of {all}") };
    row(ui, "Features, parameters", |ui| {
        figure(ui, format!("{} / {parameters}", model.prepared.train.n_features));
    });
}

fn slice_ui(ui: &mut Ui, state: &mut State) {
    let n_params = state.bench.plane().map_or(0, |plane| plane.slice.dim());
    let Problem::Model(problem) = &mut state.doc.problem else {
        return;
    };
    plane_ui(ui, &mut problem.slice, n_params, ["weights", "a loss over the training rows"]);
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
