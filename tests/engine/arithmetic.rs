//! "Show the arithmetic": what is written down is what the rule does.

use std::sync::Arc;

use optiscope::functions::FunctionConfig;
use optiscope::math::Rng;
use optiscope::objective::{Batch, Batches, MatrixSpan, Objective, Scratch};
use optiscope::optim::arithmetic::{Line, explain};
use optiscope::optim::{Fixed, Noise, OptimizerConfig, Order, Stages, Trace, Walk};
use optiscope::param::{ParamInfo, Range, Value};
use optiscope::run::{RunPlan, Trajectory};
use serde_json::json;

/// The value of an expression in numbers, as a reader would work it out.
fn evaluate(text: &str) -> f64 {
    let mut rest = text;
    let value = sum(&mut rest);
    assert!(rest.trim().is_empty(), "{text}: what is \"{rest}\"?");
    value
}

fn take(rest: &mut &str, sign: &str) -> bool {
    let Some(after) = rest.trim_start().strip_prefix(sign) else {
        return false;
    };
    *rest = after;
    true
}

fn sum(rest: &mut &str) -> f64 {
    let mut total = product(rest);
    loop {
        if take(rest, "+") {
            total += product(rest);
        } else if take(rest, "−") {
            total -= product(rest);
        } else {
            return total;
        }
    }
}

fn product(rest: &mut &str) -> f64 {
    let mut total = power(rest);
    loop {
        if take(rest, "·") {
            total *= power(rest);
        } else if take(rest, "/") {
            total /= power(rest);
        } else {
            return total;
        }
    }
}

fn power(rest: &mut &str) -> f64 {
    let base = atom(rest);
    if take(rest, "²") {
        base * base
    } else if take(rest, "^") {
        base.powf(atom(rest))
    } else {
        base
    }
}

fn atom(rest: &mut &str) -> f64 {
    let closed = |rest: &mut &str, sign: &str, value: f64| {
        assert!(take(rest, sign), "\"{sign}\" is missing before \"{rest}\"");
        value
    };
    if take(rest, "√") {
        return atom(rest).sqrt();
    }
    for (name, of) in [("max(", f64::max as fn(f64, f64) -> f64), ("min(", f64::min)] {
        if take(rest, name) {
            let first = sum(rest);
            closed(rest, ",", first);
            let second = sum(rest);
            return closed(rest, ")", of(first, second));
        }
    }
    if take(rest, "sign(") {
        let inner = sum(rest);
        return closed(rest, ")", if inner == 0.0 { 0.0 } else { inner.signum() });
    }
    if take(rest, "(") {
        let inner = sum(rest);
        return closed(rest, ")", inner);
    }
    if take(rest, "|") {
        let inner = sum(rest);
        return closed(rest, "|", inner.abs());
    }
    let digits = |c: char| c.is_ascii_digit() || "-.einf".contains(c);
    let text = rest.trim_start();
    let (number, after) = text.split_at(text.len() - text.trim_start_matches(digits).len());
    *rest = after;
    number.parse().unwrap_or_else(|_| panic!("{number:?} is no number"))
}

fn close(a: f64, b: f64, scale: f64) -> bool {
    a == b || (a - b).abs() <= 1e-12 * scale.max(a.abs())
}

/// The numbers of the last line for x, a coordinate each.
fn new_x(lines: &[Line]) -> Vec<f64> {
    let last = lines.iter().rfind(|line| line.symbol == "x");
    last.map_or_else(Vec::new, |line| line.worked.iter().map(|w| w.result).collect())
}

#[track_caller]
fn check_lines(lines: &[Line], who: &str) {
    for line in lines {
        let coordinates: Vec<_> = line.worked.iter().map(|w| w.coordinate).collect();
        assert!(
            coordinates == [Some(0), Some(1)] || coordinates == [None],
            "{who}, {}: {coordinates:?}",
            line.symbol
        );
        for worked in line.worked.iter().filter(|w| !w.terms.is_empty()) {
            let written = worked.written(|number| format!("{number:?}"));
            let value = evaluate(&written);
            assert!(
                close(value, worked.result, 0.0),
                "{who}: {} = {} = {written} = {value}, not {}",
                line.symbol,
                line.formula,
                worked.result
            );
        }
    }
}

/// Every step of a run, written out and then taken.
#[track_caller]
fn check(rule: &OptimizerConfig, stages: &Stages, steps: u64) {
    check_on(
        FunctionConfig::from_id("himmelblau").unwrap().objective().as_ref(),
        rule,
        stages,
        steps,
    );
}

#[track_caller]
fn check_on(objective: &dyn Objective, rule: &OptimizerConfig, stages: &Stages, steps: u64) {
    let fixed = Fixed {
        objective,
        batches: &Batches::Full,
        stages,
        seed: 5,
    };
    let x0 = [-1.2, 0.7];
    let (mut walk, mut trace, mut slot) = (Walk::new(&x0), Trace::new(2), rule.start(&x0));
    for step in 0..steps {
        let who = format!("{} step {step}", serde_json::to_string(rule).unwrap());
        let lines = explain(slot.as_ref(), &fixed, &walk, &[0, 1]);
        let before = walk.x.clone();
        slot.advance(&fixed, &mut walk, 1, &mut trace);
        check_lines(&lines, &who);
        let told = new_x(&lines);
        assert_eq!(told.len(), 2, "{who}: no line says where x goes");
        for ((told, x), before) in told.iter().zip(&walk.x).zip(&before) {
            assert!(close(*told, *x, before.abs()), "{who}: the last line is {told}, but x is {x}");
        }
    }
}

/// The rules that explain themselves: all that need nothing but the gradient where they stand.
fn explained() -> Vec<OptimizerConfig> {
    let objective = FunctionConfig::from_id("sphere").unwrap().objective();
    let stages = Stages::default();
    let fixed = Fixed {
        objective: objective.as_ref(),
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let mut rules = OptimizerConfig::all();
    rules.retain(|rule| !explain(rule.start(&[1.0, 2.0]).as_ref(), &fixed, &Walk::new(&[1.0, 2.0]), &[0, 1]).is_empty());
    rules
}

/// Another value that a parameter may have.
fn others(info: &ParamInfo, value: Value) -> Vec<Value> {
    match (info.range, value) {
        (Range::Switch, Value::Switch(on)) => vec![Value::Switch(!on)],
        (Range::Choice(choices), _) => choices.iter().map(|choice| Value::Choice(choice)).collect(),
        (Range::Integer { .. }, _) => vec![Value::Integer(3)],
        (Range::Linear { min, max }, _) => vec![Value::Number(min + 0.3 * (max - min))],
        (Range::Log { .. }, Value::Number(old)) => vec![Value::Number(if old == 0.0 { 0.01 } else { 0.5 * old })],
        (Range::NearOne { .. }, _) => vec![Value::Number(0.6)],
        _ => Vec::new(),
    }
}

#[test]
fn every_first_order_rule_explains_itself() {
    let ids: Vec<&str> = explained().iter().map(OptimizerConfig::id).collect();
    for id in [
        "sgd",
        "momentum",
        "nesterov",
        "adagrad",
        "adadelta",
        "rmsprop",
        "adam",
        "adamw",
        "adamax",
        "nadam",
        "radam",
        "rprop",
        "asgd",
        "adafactor",
        "lion",
        "adabelief",
        "yogi",
        "adan",
        "qhm",
        "qhadam",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
}

#[test]
fn the_last_line_is_where_the_rule_goes() {
    let plain = Stages::default();
    for rule in explained() {
        check(&rule, &plain, 40);
    }
}

#[test]
fn so_it_is_with_any_setting() {
    let plain = Stages::default();
    for rule in explained() {
        // Another rule inside is another rule.
        let mut names: Vec<&ParamInfo> = rule.all_params();
        names.retain(|info| !rule.inner_names().contains(&info.name));
        for (i, info) in names.iter().enumerate() {
            for value in others(info, rule.get(info.name).unwrap()) {
                let mut changed = rule.clone();
                changed.set(info.name, value).unwrap();
                check(&changed, &plain, 12);
                // Together with each that follows: momentum and centred, decay and decoupled.
                for second in &names[i + 1..] {
                    for value in others(second, rule.get(second.name).unwrap()) {
                        let mut both = changed.clone();
                        both.set(second.name, value).unwrap();
                        check(&both, &plain, 3);
                    }
                }
            }
        }
    }
}

#[test]
fn stages_and_schedules_come_first() {
    let stages = Stages {
        noise: Noise::gaussian(0.5),
        clip_norm: Some(3.0),
        clip_value: Some(2.5),
        weight_decay: 0.1,
        schedule: Some(serde_json::from_value(json!({ "id": "cosine", "t_max": 20 })).unwrap()),
    };
    let cycled = Stages {
        schedule: Some(serde_json::from_value(json!({ "id": "one_cycle", "total_steps": 20 })).unwrap()),
        ..Stages::default()
    };
    for rule in explained() {
        check(&rule, &stages, 15);
        check(&rule, &cycled, 15);
    }
}

#[test]
fn a_run_is_explained_where_the_playhead_stands() {
    let rule: OptimizerConfig = serde_json::from_value(json!({ "id": "momentum", "lr": 0.25, "momentum": 0.5 })).unwrap();
    let plan = RunPlan {
        objective: FunctionConfig::from_id("sphere").unwrap().objective(),
        rule,
        stages: Stages::default(),
        batches: Batches::Full,
        seed: 0,
        x0: Arc::new([1.0, 2.0]),
        steps: 3,
        patience: None,
        free: None,
        evaluator: None,
    };
    let trajectory = Trajectory::of(&plan);
    // x = 1, 0.5, 0 ...: v = 2, then 0.5 · 2 + 1 = 2.
    let lines = trajectory.arithmetic_at(&plan, 1, &[0]);
    let written: Vec<String> = lines
        .iter()
        .map(|line| {
            let worked = &line.worked[0];
            format!(
                "{} = {} = {} = {}",
                line.symbol,
                line.formula,
                worked.written(|number| number.to_string()),
                worked.result
            )
        })
        .collect();
    assert_eq!(
        written,
        [
            "g = ∇f(x) =  = 1",
            "v = μ v + (1 − τ) g = 0.5 · 2 + (1 − 0) · 1 = 2",
            "x = x − η v = 0.5 − 0.25 · 2 = 0",
        ]
    );
    for step in 0..3 {
        let told = new_x(&trajectory.arithmetic_at(&plan, step, &[0, 1]));
        assert_eq!(Some(&told[..]), trajectory.trace().point(step as usize + 1));
    }
    assert!(
        trajectory.arithmetic_at(&plan, 3, &[0]).is_empty(),
        "no step starts at the end"
    );
    assert_eq!(
        trajectory.arithmetic_at(&plan, 1, &[1, 7]),
        trajectory.arithmetic_at(&plan, 1, &[1])
    );
    assert!(trajectory.arithmetic_at(&plan, 1, &[]).is_empty());
}

#[test]
fn rules_of_other_kinds_say_nothing_rather_than_something_wrong() {
    for rule in explained() {
        assert_eq!(rule.order(), Order::First, "{}", rule.id());
    }
}

/// Himmelblau's function whose x is a matrix of one entry, or both variables one row.
struct Layer(Arc<dyn Objective>, Vec<MatrixSpan>);

impl Objective for Layer {
    fn dim(&self) -> usize {
        2
    }
    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        self.0.value(x, batch, scratch)
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        self.0.value_and_grad(x, batch, grad, scratch)
    }
    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
        self.0.hess_vec(x, v, batch, hv, scratch);
    }
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        self.0.sample_start(rng, x);
    }
    fn layout(&self) -> &[MatrixSpan] {
        &self.1
    }
}

#[test]
fn muon_explains_matrices_and_what_is_no_matrix() {
    for (rows, columns) in [(1, 1), (1, 2), (2, 1)] {
        let span = MatrixSpan { start: 0, rows, columns };
        let layer = Layer(FunctionConfig::from_id("himmelblau").unwrap().objective(), vec![span]);
        for nesterov in [true, false] {
            let settings =
                json!({ "id": "muon", "nesterov": nesterov, "adamw_weight_decay": 0.1, "adjust_lr_fn": "match_rms_adamw" });
            let rule: OptimizerConfig = serde_json::from_value(settings).unwrap();
            check_on(&layer, &rule, &Stages::default(), 12);
        }
    }
}
