//! What every rule and every landscape must do, whatever it is: tables over the registries.

use optiscope::functions::FunctionConfig;
use optiscope::optim::OptimizerConfig;
use optiscope::param::{Limit, List, Parameters, Range, Value};
use serde_json::json;

fn is_snake_case(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && !id.ends_with('_')
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[track_caller]
fn check_ids(ids: &[&str]) {
    let mut unique = ids.to_vec();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "an id is there twice: {ids:?}");
    assert!(ids.iter().all(|id| is_snake_case(id)), "{ids:?}");
}

#[test]
fn ids_are_permanent_words() {
    check_ids(OptimizerConfig::IDS);
    check_ids(FunctionConfig::IDS);
    for id in OptimizerConfig::IDS {
        assert_eq!(OptimizerConfig::from_id(id).unwrap().id(), *id);
    }
    for id in FunctionConfig::IDS {
        assert_eq!(FunctionConfig::from_id(id).unwrap().id(), *id);
    }
    assert!(OptimizerConfig::from_id("no_such_rule").is_none());
}

#[test]
fn files_keep_every_value() {
    for rule in OptimizerConfig::all() {
        let text = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<OptimizerConfig>(&text).unwrap(), rule, "{text}");
        let bare = json!({ "id": rule.id() });
        assert_eq!(serde_json::from_value::<OptimizerConfig>(bare).unwrap(), rule, "defaults");
    }
    for function in FunctionConfig::all() {
        let text = serde_json::to_string(&function).unwrap();
        assert_eq!(serde_json::from_str::<FunctionConfig>(&text).unwrap(), function, "{text}");
    }
}

#[test]
fn unknown_fields_are_refused_by_name() {
    for id in OptimizerConfig::IDS {
        let error = serde_json::from_value::<OptimizerConfig>(json!({ "id": id, "learning_rat": 1.0 })).unwrap_err();
        assert!(error.to_string().contains("learning_rat"), "{id}: {error}");
    }
    for id in FunctionConfig::IDS {
        let error = serde_json::from_value::<FunctionConfig>(json!({ "id": id, "kapa": 1.0 })).unwrap_err();
        assert!(error.to_string().contains("kapa"), "{id}: {error}");
    }
    let error = serde_json::from_value::<OptimizerConfig>(json!({ "id": "adan2" })).unwrap_err();
    assert!(error.to_string().contains("adan2"), "{error}");
}

/// Values that a parameter with this limit must refuse.
fn refused_by(limit: Limit) -> &'static [f64] {
    match limit {
        Limit::Finite => &[f64::NAN, f64::INFINITY],
        Limit::Positive => &[0.0, -1.0, f64::NAN],
        Limit::NonNegative => &[-1e-300, f64::INFINITY],
        Limit::UnitOpen => &[1.0, -0.1, f64::NAN],
        Limit::UnitClosed => &[1.000_000_1, -0.1],
        Limit::AtLeastOne => &[0.0],
    }
}

fn check_parameters(id: &str, owner: &mut dyn Parameters) {
    owner.check().unwrap_or_else(|e| panic!("{id}: defaults: {e}"));
    let mut names = Vec::new();
    for info in owner.params() {
        let at = format!("{id}.{}", info.name);
        names.push(info.name);
        assert!(!info.label.is_empty() && !info.help.is_empty(), "{at} is not explained");
        assert!(!info.help.ends_with('.'), "{at}: a tooltip has no final stop");
        let before = owner.get(info.name).unwrap_or_else(|| panic!("{at} cannot be read"));
        owner.set(info.name, before).unwrap_or_else(|e| panic!("{at}: {e}"));

        let (refused, other) = match info.range {
            Range::Switch => (vec![Value::Number(1.0)], None),
            Range::Choice(choices) => {
                assert!(choices.len() > 1, "{at} leaves no choice");
                (
                    vec![Value::Choice("nothing of the kind")],
                    choices.last().map(|c| Value::Choice(c)),
                )
            }
            Range::List => (vec![Value::Number(1.0)], Some(Value::List(List::of(&[3, 5])))),
            Range::Integer { min, max } => {
                assert!(min < max, "{at}");
                let refused = refused_by(info.limit).iter().filter(|v| **v == 0.0);
                (
                    refused.map(|_| Value::Integer(0)).chain([Value::Switch(true)]).collect(),
                    Some(Value::Integer(max)),
                )
            }
            Range::Linear { min, max } | Range::Log { min, max } => {
                assert!(min < max, "{at}");
                info.check(Value::Number(min))
                    .unwrap_or_else(|e| panic!("{at}: the slider's left end: {e}"));
                (
                    refused_by(info.limit).iter().map(|v| Value::Number(*v)).collect(),
                    Some(Value::Number(max)),
                )
            }
            Range::NearOne { max } => (
                refused_by(info.limit).iter().map(|v| Value::Number(*v)).collect(),
                Some(Value::Number(max)),
            ),
        };
        for value in refused {
            let error = owner.set(info.name, value).expect_err(&at).to_string();
            assert!(error.contains(info.name), "{at}: {error}");
            assert_eq!(owner.get(info.name), Some(before), "{at}: a refused value changed something");
        }
        if let Some(other) = other {
            owner.set(info.name, other).unwrap_or_else(|e| panic!("{at}: {e}"));
            assert_eq!(owner.get(info.name), Some(other), "{at}");
            owner
                .set_text(info.name, &before.to_string())
                .unwrap_or_else(|e| panic!("{at}: {e}"));
            assert_eq!(owner.get(info.name), Some(before), "{at}: text");
        }
        owner.set_text(info.name, "no such thing").expect_err(&at);
    }
    let error = owner.set_text("no_such_name", "1").expect_err(id).to_string();
    assert!(error.contains("no_such_name"), "{id}: {error}");
    assert!(
        names.iter().all(|name| error.contains(name)),
        "{id}: {error} does not say what there is"
    );
}

#[test]
fn parameters_are_declared_and_guarded() {
    for mut rule in OptimizerConfig::all() {
        let id = rule.id();
        check_parameters(id, &mut *rule);
        assert_eq!(
            rule.lr().is_some(),
            rule.get("lr").is_some() || !rule.inner_names().is_empty(),
            "{id}"
        );
    }
    for mut function in FunctionConfig::all() {
        let id = function.id();
        check_parameters(id, &mut *function);
    }
}

#[test]
fn everything_is_explained() {
    for rule in OptimizerConfig::all() {
        let info = rule.info();
        assert!(
            !info.name.is_empty() && !info.formula.is_empty() && !info.source.is_empty(),
            "{}",
            rule.id()
        );
        assert!(
            info.source.contains(|c: char| c.is_ascii_digit()),
            "{}: a source has a year",
            rule.id()
        );
    }
    for function in FunctionConfig::all() {
        let (id, info) = (function.id(), function.info());
        assert!(
            !function.formula().is_empty() && !info.source.is_empty() && !info.tags.is_empty(),
            "{id}"
        );
        assert!(
            info.teaches.len() > 20 && !info.teaches.ends_with('.'),
            "{id}: {}",
            info.teaches
        );
        let [[x_low, x_high], [y_low, y_high]] = function.domain();
        let [x, y] = function.start();
        assert!(
            (x_low..=x_high).contains(&x) && (y_low..=y_high).contains(&y),
            "{id}: starts outside its domain"
        );
        let gradient = function.derivatives([x, y]).gradient;
        assert!(gradient.iter().any(|g| *g != 0.0), "{id}: nothing happens at the start");
    }
}
