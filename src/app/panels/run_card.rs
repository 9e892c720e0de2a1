//! The card of one run: its rule, every hyperparameter, and how it stands. The swatch is the legend; there is no other.

use eframe::egui::{Align, Frame, Layout, Response, RichText, Role, Sense, TextEdit, Ui, WidgetInfo, vec2};
use lucide_icons::Icon;

use super::rule_menu::RuleMenu;
use super::schedule::schedule_ui;
use crate::app::commands::Command;
use crate::app::number;
use crate::app::run_style::style;
use crate::app::state::State;
use crate::app::theme::{font, radius, space, tokens};
use crate::app::widgets::controls::{command_button, icon_button, icon_sized, row};
use crate::app::widgets::param::{LABEL, main_param_ui, number_ui, param_ui};
use crate::experiment::{Problem, RunConfig};
use crate::optim::{OptimizerConfig, Overlay, RunStatus};
use crate::param::{Limit, ParamInfo, Range};
use crate::run::Trajectory;

pub fn card_ui(ui: &mut Ui, state: &mut State, i: usize) {
    let Some(mut run) = state.doc.runs.get(i).cloned() else {
        return;
    };
    let before = run.rule.clone();
    let t = tokens(ui);
    let frame = Frame::new()
        .fill(t.card)
        .stroke((1.0, t.line))
        .corner_radius(radius::CARD)
        .inner_margin(space::L);
    frame.show(ui, |ui| {
        ui.push_id(("run", i), |ui| {
            ui.set_width(ui.available_width());
            header(ui, state, &mut run);
            if run.rule.id() != before.id()
                && state
                    .doc
                    .runs
                    .iter()
                    .enumerate()
                    .any(|(k, other)| k != i && other.name == run.name)
            {
                run.name = state.doc.free_name(&run.name);
            }
            if run.look.open {
                open_body(ui, state, &mut run, i);
            } else {
                main_param(ui, &mut run);
            }
            chip(ui, state, &run, i);
        });
    });
    if let Some(slot) = state.doc.runs.get_mut(i) {
        *slot = run;
    }
}

fn header(ui: &mut Ui, state: &State, run: &mut RunConfig) {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(28.0, 18.0), Sense::hover());
        let style = style(run.look.style);
        let hue = style.hue(ui.visuals().dark_mode);
        style.draw_swatch(
            ui.painter(),
            rect.center(),
            28.0,
            if run.look.visible { hue } else { t.text3 },
        );
        rule_menu(ui, state, run);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let (symbol, hint) = if run.look.open {
                (Icon::ChevronUp, "Fold")
            } else {
                (Icon::ChevronDown, "All hyperparameters")
            };
            if icon_button(ui, symbol, &format!("{} unfold", run.name))
                .on_hover_text(hint)
                .clicked()
            {
                run.look.open ^= true;
            }
            let (symbol, hint) = if run.look.visible {
                (Icon::Eye, "Hide this run")
            } else {
                (Icon::EyeOff, "Show this run")
            };
            if icon_button(ui, symbol, &format!("{} visible", run.name))
                .on_hover_text(hint)
                .clicked()
            {
                run.look.visible ^= true;
            }
        });
    });
}

/// The run's name; opens the list of rules.
fn rule_menu(ui: &mut Ui, state: &State, run: &mut RunConfig) {
    let info = run.rule.info();
    let name = RichText::new(&run.name).font(font::heading());
    let menu = RuleMenu {
        salt: "rule",
        shown: name.into(),
        width: 118.0,
        current: &run.rule,
        nested: true,
    };
    let (response, chosen) = menu.show(ui, || state.offer());
    if let Some(rule) = chosen {
        choose(run, rule);
    }
    let label = format!("{} rule", run.name);
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
    response.on_hover_text(format!("{}\n{}\n{}\n{}", info.name, info.formula, info.source, info.variant));
}

/// Another rule for this run. A name that was the old rule's follows; one of the user's own stays.
fn choose(run: &mut RunConfig, rule: OptimizerConfig) {
    if run.name.starts_with(run.rule.info().name) {
        run.name = rule.info().name.to_owned();
    }
    run.rule = rule;
}

/// The one slider of a folded card: the learning rate, of the inner rule if need be, or else the first parameter.
fn main_param(ui: &mut Ui, run: &mut RunConfig) {
    let owner = run.name.clone();
    let inner = run.rule.inner_names().first();
    let rule = match inner.and_then(|name| run.rule.inner_mut(name)) {
        Some(inner) => inner,
        None => &mut run.rule,
    };
    let params = rule.params();
    let main = params.iter().find(|info| info.name == "lr");
    let is_number = |info: &&&'static ParamInfo| !matches!(info.range, Range::Switch | Range::Choice(_) | Range::List);
    let main = main.or_else(|| params.iter().find(is_number)).or_else(|| params.first());
    if let Some(info) = main {
        main_param_ui(ui, &owner, info, &mut **rule);
    }
}

fn open_body(ui: &mut Ui, state: &mut State, run: &mut RunConfig, i: usize) {
    let owner = run.name.clone();
    rule_params(ui, &owner, &mut run.rule);
    for name in run.rule.inner_names() {
        if let Some(inner) = run.rule.inner_mut(name) {
            inner_ui(ui, state, &owner, name, inner);
        }
    }
    let base = lr(&run.rule);
    schedule_ui(ui, &owner, &mut run.schedule, base, state.doc.steps);
    stages(ui, run);
    row(ui, "Name", |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        command_button(ui, state, Command::RemoveRun(i));
        command_button(ui, state, Command::DuplicateRun(i));
        let edit = TextEdit::singleline(&mut run.name).desired_width(120.0).char_limit(24);
        ui.add(edit).accessible_name(format!("{owner} name"));
    });
}

/// The learning rate before any schedule.
fn lr(rule: &OptimizerConfig) -> f64 {
    rule.lr().unwrap_or(1.0)
}

/// A rule inside a rule.
fn inner_ui(ui: &mut Ui, state: &State, owner: &str, name: &str, inner: &mut OptimizerConfig) {
    // The card's own menu is its rule already.
    let label = if name == "rule" { "around" } else { name };
    row(ui, label, |ui| {
        let menu = RuleMenu {
            salt: name,
            shown: inner.info().name.into(),
            width: 140.0,
            current: inner,
            nested: false,
        };
        let (response, chosen) = menu.show(ui, || state.offer());
        response.accessible_name(format!("{owner} {label}"));
        if let Some(rule) = chosen {
            *inner = rule;
        }
    });
    rule_params(ui, &format!("{owner} {name}"), inner);
}

/// All parameters of a rule but the rules inside it, which have lists of their own.
fn rule_params(ui: &mut Ui, owner: &str, rule: &mut OptimizerConfig) {
    let inside = rule.inner_names();
    for info in rule.params().into_iter().filter(|info| !inside.contains(&info.name)) {
        param_ui(ui, owner, info, &mut **rule);
    }
}

/// What a run may have around any rule, declared as the rules declare theirs.
const fn stage(name: &'static str, label: &'static str, limit: Limit, help: &'static str) -> ParamInfo {
    ParamInfo {
        name,
        label,
        symbol: "",
        help,
        range: Range::Log { min: 1e-6, max: 100.0 },
        limit,
    }
}

const WEIGHT_DECAY: ParamInfo = stage(
    "weight_decay",
    "Weight decay",
    Limit::NonNegative,
    "Coupled (L2): w x is added to the gradient, as PyTorch's weight_decay",
);
const CLIP_NORM: ParamInfo = stage(
    "clip_norm",
    "Clip norm",
    Limit::Positive,
    "Longest gradient; a longer one is scaled down to it",
);
const CLIP_VALUE: ParamInfo = stage(
    "clip_value",
    "Clip value",
    Limit::Positive,
    "Largest absolute value of a coordinate of the gradient",
);

/// What happens to the gradient before the rule sees it.
fn stages(ui: &mut Ui, run: &mut RunConfig) {
    let owner = run.name.clone();
    stage_row(ui, &owner, &WEIGHT_DECAY, &mut Some(&mut run.weight_decay), |ui| {
        ui.label(WEIGHT_DECAY.label)
    });
    for (info, clip) in [(&CLIP_NORM, &mut run.clip_norm), (&CLIP_VALUE, &mut run.clip_value)] {
        let mut on = clip.is_some();
        stage_row(ui, &owner, info, &mut clip.as_mut(), |ui| {
            let response = ui.checkbox(&mut on, info.label);
            response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, format!("{owner} {}", info.name)));
            response
        });
        if on != clip.is_some() {
            *clip = on.then_some(1.0);
        }
    }
}

/// A label (or the switch of what can be off), and slider and box of what is on.
fn stage_row(ui: &mut Ui, owner: &str, info: &ParamInfo, value: &mut Option<&mut f64>, label: impl FnOnce(&mut Ui) -> Response) {
    ui.horizontal(|ui| {
        ui.set_height(space::ROW);
        let left = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(LABEL, space::BOX), left, |ui| {
            ui.set_min_width(LABEL);
            label(ui).on_hover_text(format!("{}\n{}", info.name, info.help));
        });
        if let Some(value) = value {
            number_ui(ui, &format!("{owner} {}", info.name), info, value);
        }
    });
}

/// How the run stands, in words and numbers that come from its rows.
fn chip(ui: &mut Ui, state: &State, run: &RunConfig, i: usize) {
    let t = tokens(ui);
    let (symbol, colour, text) = match standing(state, i) {
        Standing::Waiting => (Icon::Hourglass, t.text3, "Waiting for data".to_owned()),
        Standing::Running(steps) => (Icon::Play, t.text2, format!("Computing: step {}", number::whole(steps))),
        Standing::Failed(words) => (Icon::TriangleAlert, t.bad, words),
        Standing::Diverged(step) => (
            Icon::TrendingUp,
            t.bad,
            format!("Diverged: not finite at step {}", number::whole(step)),
        ),
        Standing::Finished(text) => (Icon::Flag, t.text2, text),
    };
    ui.add_space(space::XS);
    let frame = Frame::new()
        .fill(t.inset)
        .corner_radius(radius::BOX)
        .inner_margin(eframe::egui::Margin::symmetric(6, 2));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(icon_sized(symbol, 12.0).color(colour));
            let label = eframe::egui::Label::new(RichText::new(text).font(font::small())).truncate();
            let response = ui.add(label);
            response.on_hover_text(format!(
                "{} on {} gradients and {} values",
                run.name,
                counts(state, i).0,
                counts(state, i).1
            ));
        });
    });
}

fn counts(state: &State, i: usize) -> (u64, u64) {
    let counts = state
        .bench
        .lanes()
        .get(i)
        .map(|lane| lane.trajectory().counts())
        .unwrap_or_default();
    (counts.grads, counts.values)
}

enum Standing {
    Waiting,
    Running(u64),
    Diverged(u64),
    Finished(String),
    Failed(String),
}

fn standing(state: &State, i: usize) -> Standing {
    let Some(lane) = state.bench.lanes().get(i) else {
        return Standing::Waiting;
    };
    if let Some(words) = lane.failure() {
        return Standing::Failed(format!("Internal error: {words}"));
    }
    if let Some(why) = lane.refusal() {
        return Standing::Failed(why.to_owned());
    }
    let trajectory = lane.trajectory();
    match trajectory.status() {
        RunStatus::Running => Standing::Running(trajectory.last_step()),
        RunStatus::Diverged { .. } => Standing::Diverged(trajectory.last_step() + 1),
        RunStatus::StoppedEarly { best } => Standing::Finished(stopped_early(trajectory, best)),
        RunStatus::Finished => Standing::Finished(end_of(state, i)),
    }
}

/// Where a run that stopped early was best.
fn stopped_early(trajectory: &Trajectory, best: u64) -> String {
    let at_best = trajectory.measurements().iter().find(|(step, _)| *step == best);
    let loss = at_best.and_then(|(_, m)| m.validation_loss).unwrap_or(f64::NAN);
    format!("Early stop: val. loss {} at {}", number::reading(loss), number::whole(best))
}

/// Where a finished run ended.
fn end_of(state: &State, i: usize) -> String {
    let trajectory = state.bench.lanes()[i].trajectory();
    let last = trajectory.trace().value.last().copied().unwrap_or(f64::NAN);
    // Rules that keep the best point so far are judged by it.
    let end = trajectory.keyframes().last();
    let best = end.and_then(|end| end.slot.overlays().iter().find_map(Overlay::best));
    let (word, value) = best.map_or(("", last), |best| ("Best ", best.min(last)));
    let step = number::whole(trajectory.last_step());
    match &state.doc.problem {
        Problem::Function(problem) => match problem.minimum() {
            Some((_, lowest)) => format!("{word}{} above f* at {step}", number::reading(value - lowest)),
            None => format!("{word}f = {} at {step}", number::reading(value)),
        },
        Problem::Model(_) => match trajectory.measurements().last() {
            Some((_, m)) => {
                let metric = state.metric(m.validation_metric.or(Some(m.train_metric)));
                format!(
                    "Loss {}, val. {} {metric}",
                    number::reading(m.train_loss),
                    state.short_metric_name()
                )
            }
            None => format!("Loss {}", number::reading(value)),
        },
    }
}
