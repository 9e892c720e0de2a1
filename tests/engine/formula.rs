//! Formulas typed by the user: what is understood, what is refused and where, exact derivatives, files, hostile input.

use crate::golden::{items, numbers, read};
use optiscope::experiment::{Experiment, FunctionProblem, Problem, from_json, to_json};
use optiscope::functions::{AnyFunction, Derivatives, Formula, FunctionConfig};
use optiscope::math::{Purpose, Rng};
use optiscope::param::{Parameters, Value};

#[track_caller]
fn formula(text: &str) -> Formula {
    Formula::new(text).unwrap_or_else(|error| panic!("{error}\n{}", error.marked(text)))
}

#[track_caller]
fn at(text: &str, x: [f64; 2]) -> Derivatives {
    formula(text).derivatives(x)
}

/// Largest deviation relative to the largest entry of `want`, but at least to `floor`.
fn deviation(got: &[f64], want: &[f64], floor: f64) -> f64 {
    let scale = want.iter().fold(floor, |m, v| m.max(v.abs()));
    let worst = got.iter().zip(want).map(|(g, w)| (g - w).abs()).fold(0.0, f64::max);
    if worst == 0.0 { 0.0 } else { worst / scale }
}

#[test]
fn every_formula_of_the_reference_typed_in_is_exact() {
    let file = read("functions.json");
    let entries = items(&file["functions"]);
    assert_eq!(entries.len(), 35);
    for entry in entries {
        let text = entry["formula"].as_str().unwrap();
        let typed = formula(text);
        let tolerance = |of: &str| (20.0 * entry["f64_err"][of].as_f64().unwrap()).max(1e-12);
        for point in items(&entry["points"]) {
            let x: [f64; 2] = numbers(&point["x"]).try_into().unwrap();
            let (f, g, h) = (point["f"].as_f64().unwrap(), numbers(&point["g"]), numbers(&point["h"]));
            let got = typed.derivatives(x);
            let [[xx, xy], [yx, yy]] = got.hessian;
            assert!(
                deviation(&[got.value], &[f], 1.0) <= tolerance("f"),
                "{text} at {x:?}: {got:?}"
            );
            assert!(
                deviation(&got.gradient, &g, 0.0) <= tolerance("g"),
                "{text} at {x:?}: {got:?}"
            );
            assert!(
                deviation(&[xx, xy, yy], &h, 0.0) <= tolerance("h"),
                "{text} at {x:?}: {got:?}"
            );
            assert!((xy - yx).abs() <= 1e-9 * xy.abs().max(1e-9), "{text} at {x:?}: {got:?}");
        }
    }
}

#[test]
fn what_is_typed_is_understood() {
    for (typed, meant) in [
        ("-x^2", "-(x^2)"),
        ("2^3^2*x", "512*x"),
        ("x^-2", "1/(x^2)"),
        ("-x^-2^2", "-(x^(-(2^2)))"),
        ("--x", "x"),
        ("x - -y", "x + y"),
        ("+x", "x"),
        ("2x", "2*x"),
        ("2(x+1)", "2*(x+1)"),
        ("(x+1)(y-1)", "(x+1)*(y-1)"),
        ("x y", "x*y"),
        ("xy", "x*y"),
        ("3x^2y", "3*(x^2)*y"),
        ("3x²y⁻¹", "3*x^2*y^(-1)"),
        ("x(y+1)", "x*(y+1)"),
        ("sin(x)cos(y)", "sin(x)*cos(y)"),
        ("sin(x)^2", "(sin(x))*(sin(x))"),
        ("x**2", "x^2"),
        ("x·y×2÷4−1", "x*y*2/4-1"),
        ("x/y/2", "(x/y)/2"),
        ("x/y*2", "(x/y)*2"),
        ("1 - 2 - x", "(1-2)-x"),
        ("√(x^2+1)", "sqrt(x^2+1)"),
        ("√4x", "2*x"),
        ("π x", "pi*x"),
        ("2e x", "2*e*x"),
        ("2e3x", "2000*x"),
        (".5x + 1.e1", "0.5*x + 10"),
        ("log(x)", "ln(x)"),
        ("log10(1000)x", "3*x"),
        ("pow(x, 3)", "x*x*x"),
        ("min(x, y) + max(x, y)", "x + y"),
        ("hypot(x, y)", "sqrt(x^2 + y^2)"),
        ("arctan(x)", "atan(x)"),
        ("x\n+\ty", "x+y"),
    ] {
        for x in [[0.7, 1.9], [2.5, 0.3]] {
            let (got, want) = (at(typed, x), at(meant, x));
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-13 * b.abs().max(1.0);
            assert!(close(got.value, want.value), "{typed}: {got:?} is not {meant}: {want:?}");
            assert!(
                (0..2).all(|i| close(got.gradient[i], want.gradient[i])),
                "{typed}: {got:?} {want:?}"
            );
        }
    }
    assert_eq!(formula("3 x y^2/2 - -1").understood(), "3*x*y^2/2 + 1");
    assert_eq!(
        at("2^10 + floor(2.7) + sign(-3) + ceil(0.2) + round(2.5)", [0.0; 2]).value,
        1029.0
    );
}

#[test]
fn what_is_refused_says_where_and_why() {
    for (text, range, words) in [
        ("x + sine(y)", 4..8, "unknown name 'sine' at character 5: did you mean sin?"),
        ("", 0..0, "the formula is empty at character 1: expected a number"),
        ("   ", 3..3, "empty"),
        ("x +", 3..3, "ends too early"),
        ("x + * y", 4..5, "two signs in a row"),
        ("(x + 1", 0..1, "unclosed '('"),
        ("sin(x", 3..4, "unclosed '('"),
        ("x + 1)", 5..6, "')' without '('"),
        ("()", 1..2, "too early"),
        ("sin x", 0..3, "write sin(...)"),
        ("sin(x, y)", 0..3, "it takes one"),
        ("min(x)", 0..3, "it takes two"),
        ("1/2x", 3..4, "two ways"),
        ("1/xy", 3..4, "two ways"),
        ("x/2(y)", 3..4, "two ways"),
        ("ax", 0..2, "a*x"),
        ("x2", 0..2, "unknown name 'x2'"),
        ("x 2", 2..3, "expected an operator"),
        ("1,5x", 1..2, "decimal point"),
        ("|x|", 0..1, "abs"),
        ("f = x", 2..3, "right of the ="),
        ("X^2", 0..1, "did you mean x?"),
        ("x # y", 2..3, "unexpected '#'"),
        ("1e999", 0..5, "too large"),
        (".", 0..1, "'.' is no number"),
        ("x⁻", 1..2, "no power"),
        ("é", 0..1, "the letters are a b c"),
        ("αβ + x", 0..2, "unknown name"),
    ] {
        let error = Formula::new(text).expect_err(text);
        assert_eq!(error.range, range, "{text}: {error}");
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
    let text = "x + sine(y)";
    let error = Formula::new(text).expect_err("refused");
    assert_eq!(error.marked(text), "x + sine(y)\n    ^^^^");
    assert_eq!(Formula::new("π +").expect_err("refused").marked("π +"), "π +\n   ^");
}

#[test]
fn length_and_nesting_are_bounded() {
    for (text, words) in [
        ("x+".repeat(999) + "x", "too many operations"),
        ("x+".repeat(5000), "too long"),
        ("(".repeat(1000) + "x", "nested too deeply"),
        ("x^".repeat(900) + "x", "nested too deeply"),
        ("sin(".repeat(300) + "x" + &")".repeat(300), "nested too deeply"),
        ("q".repeat(1999), "unknown name 'qqqqqqqqqqqqqqqqqqqqqqqq...'"),
    ] {
        let error = Formula::new(&text).expect_err(words).to_string();
        assert!(error.contains(words) && error.len() < 300, "{error}");
    }
    // Signs are counted, not nested; equal parts are computed once.
    assert_eq!(at(&("-".repeat(1900) + "x"), [3.0, 0.0]).value, 3.0);
    assert_eq!(at(&("√".repeat(400) + "x"), [1.0, 0.0]).value, 1.0);
    let deep = "(".repeat(60) + "x" + &")".repeat(60);
    assert_eq!(at(&deep, [3.0, 0.0]).value, 3.0);
    assert!(
        Formula::new(
            &(0..60)
                .map(|i| format!("sin({i}x)+"))
                .chain(["y".to_owned()])
                .collect::<String>()
        )
        .is_ok()
    );
}

#[test]
fn derivatives_agree_with_differences() {
    let h = 1e-3;
    let difference = |f: &dyn Fn(f64) -> f64| {
        let d = |k: f64| f(k * h) - f(-k * h);
        (45.0 * d(1.0) - 9.0 * d(2.0) + d(3.0)) / (60.0 * h)
    };
    for text in [
        "tan(x y)",
        "exp(x)ln(y+2)",
        "log10(x+2)sqrt(y+2)",
        "abs(x-y)^3",
        "sinh(x)cosh(y)",
        "tanh(x)tanh(y)",
        "asin(x/3)acos(y/3)",
        "atan(x y)",
        "(x+2)^(y+1)",
        "2^(x y)",
        "(x+3)^1.7/(y+3)^0.3",
        "(x-2)^3(y-2)^-2",
        "min(x^2, y^3)max(x, y)",
        "hypot(x,y)^3",
        "e^(-x^2)",
        "(x-5)^70/4^70",
        "x sign(y) + y floor(x)",
        "1/x/y",
        "3 - x y - 2/(x+4)",
        "x^x + y^a",
    ] {
        let typed = formula(text);
        for x in [[0.6, 1.3], [1.7, 0.4], [1.1, 0.8]] {
            let here = typed.derivatives(x);
            for i in 0..2 {
                let moved = |t: f64| {
                    let mut there = x;
                    there[i] += t;
                    typed.derivatives(there)
                };
                let slope = difference(&|t| moved(t).value);
                let bends = [0, 1].map(|j| difference(&|t| moved(t).gradient[j]));
                let close = |got: f64, want: f64| (got - want).abs() <= 1e-8 * want.abs().max(1.0);
                assert!(close(here.gradient[i], slope), "{text} at {x:?}: {here:?}, {slope}");
                assert!(
                    (0..2).all(|j| close(here.hessian[i][j], bends[j])),
                    "{text} at {x:?}: {here:?}, {bends:?}"
                );
            }
        }
    }
}

#[test]
fn powers_are_right_at_and_below_zero() {
    for text in ["x^2", "x^a"] {
        let mut typed = formula(text);
        typed.set("a", Value::Number(2.0)).unwrap();
        for x in [-3.0, 0.0, 3.0] {
            let d = typed.derivatives([x, 0.0]);
            assert_eq!(
                (d.value, d.gradient[0], d.hessian[0][0]),
                (x * x, 2.0 * x, 2.0),
                "{text} at {x}"
            );
        }
    }
    assert_eq!(at("x^3", [-2.0, 0.0]).hessian[0][0], -12.0);
    assert_eq!(at("x^1", [0.0, 0.0]).gradient, [1.0, 0.0]);
    assert_eq!(at("x^0 + y^0", [0.0, 0.0]).value, 2.0);
    assert_eq!(at("x^-1", [-2.0, 0.0]).gradient[0], -0.25);
    // Where there is no slope it is 0, not 0/0.
    for text in [
        "sqrt(x^2 + y^2)",
        "(x^2 + y^2)^0.5",
        "abs(x)",
        "abs(x)^1.5",
        "abs(x)^0.1",
        "hypot(x, y)",
        "abs(x)^(1 + abs(y))",
    ] {
        let d = at(text, [0.0, 0.0]);
        assert_eq!((d.value, d.gradient), (0.0, [0.0, 0.0]), "{text}");
        assert!(d.hessian.as_flattened().iter().all(|h| h.is_finite()), "{text}: {d:?}");
    }
    // What is no number is none, whatever stands beside it.
    for text in [
        "x^0.5",
        "sqrt(x)",
        "x^y",
        "ln(x)",
        "min(sqrt(x), 1)",
        "max(1, sqrt(x))",
        "sign(ln(x))",
    ] {
        assert!(at(text, [-2.0, 2.0]).value.is_nan(), "{text}");
    }
}

#[test]
fn unknown_letters_get_sliders() {
    let shown = |formula: &Formula| formula.params().iter().map(|info| info.name).collect::<Vec<_>>();
    let mut typed = formula("a x^2 + κ y^2 + B");
    assert_eq!(shown(&typed), ["x_min", "x_max", "y_min", "y_max", "a", "B", "κ"]);
    assert_eq!(typed.derivatives([1.0, 1.0]).value, 3.0);
    typed.set_text("κ", "5").unwrap();
    assert_eq!(typed.derivatives([1.0, 1.0]).value, 7.0);
    typed.retype("κ x").unwrap();
    assert_eq!((shown(&typed).len(), typed.derivatives([1.0, 1.0]).value), (5, 5.0));
    let before = typed.clone();
    typed.retype("κ x +").expect_err("refused");
    assert_eq!(typed, before, "a refused text changes nothing");
    let unknown = typed.set_text("a2", "1").unwrap_err().to_string();
    assert!(unknown.contains("κ") && !unknown.contains("ω"), "{unknown}");
}

#[test]
fn a_box_has_a_size_whatever_is_typed() {
    for ends in [[3.0, -2.0], [1.0, 1.0], [1e300, -1e300], [1e300, 1e300], [f64::MAX, f64::MAX]] {
        let mut typed = Formula::default();
        typed.set("x_min", Value::Number(ends[0])).unwrap();
        typed.set("x_max", Value::Number(ends[1])).unwrap();
        let [[low, high], _] = AnyFunction::domain(&typed);
        assert!(low < high && (high - low).is_finite(), "{ends:?}: {low}, {high}");
        let [x, y] = AnyFunction::start(&typed);
        assert!((low..=high).contains(&x) && (-5.0..=5.0).contains(&y), "{ends:?}");
    }
}

fn experiment_on(formula: Formula) -> Experiment {
    Experiment {
        problem: Problem::Function(FunctionProblem::of(FunctionConfig::Formula(formula))),
        ..Experiment::default()
    }
}

#[test]
fn files_keep_text_and_letters() {
    let mut typed = formula("a*x^2 + sin(q y)");
    typed.set_text("a", "0.1").unwrap();
    typed.set_text("y_max", "9.5").unwrap();
    let experiment = experiment_on(typed);
    let text = to_json(&experiment);
    assert!(
        text.contains("\"a*x^2 + sin(q y)\"") && text.contains("\"q\": 1.0") && !text.contains("\"b\""),
        "{text}"
    );
    assert_eq!(from_json(&text, "memory").unwrap(), experiment);

    for (from, to, words) in [
        (
            "sin(q y)",
            "sine(q y)",
            "formula: unknown name 'sine' at character 9: did you mean sin?",
        ),
        ("sin(q y)", "sin(q y", "unclosed"),
        ("\"q\": 1.0", "\"qq\": 1.0", "\"qq\""),
        ("\"q\": 1.0", "\"x\": 1.0", "\"x\""),
    ] {
        let error = from_json(&text.replace(from, to), "mine.optiscope").unwrap_err().to_string();
        assert!(error.starts_with("mine.optiscope, line") && error.contains(words), "{error}");
    }
}

/// What the mutations are made of.
const PIECES: [&str; 60] = [
    "x",
    "y",
    "e",
    "pi",
    "a",
    "κ",
    "2",
    "0.5",
    ".",
    "1e",
    "1e9",
    "1e308",
    "+",
    "-",
    "*",
    "/",
    "^",
    "**",
    "(",
    ")",
    "()",
    ",",
    " ",
    "²",
    "⁻",
    "³",
    "√",
    "·",
    "−",
    "sin(",
    "cos(",
    "exp(",
    "ln(",
    "sqrt(",
    "abs(",
    "tanh(",
    "min(",
    "max(",
    "pow(",
    "floor(",
    "sine(",
    "|",
    "=",
    "#",
    "\u{0}",
    "\u{301}",
    "😀",
    "ß",
    "π",
    "0",
    "1",
    "-1",
    "x^2",
    "(x",
    "y)",
    "2(",
    ")2",
    "xy",
    "(((((((((((((((((",
    "------------------",
];

/// A text is answered: if it is a formula, it prints as one that is the same.
fn answered(text: &str) -> bool {
    let Ok(typed) = Formula::new(text) else {
        let error = Formula::new(text).unwrap_err();
        let length = text.chars().count();
        assert!(error.range.start <= length && error.range.end <= length, "{text:?}: {error}");
        assert!(error.marked(text).contains('^'));
        return false;
    };
    let understood = typed.understood();
    let again = Formula::new(&understood).unwrap_or_else(|error| panic!("{text:?} prints as {understood:?}: {error}"));
    assert_eq!(again.understood(), understood, "{text:?}");
    for x in [[0.7, -1.3], [0.0, 2.0]] {
        let (a, b) = (typed.derivatives(x), again.derivatives(x));
        let bits = |d: &Derivatives| [d.value, d.gradient[0], d.gradient[1]].map(|v| if v.is_nan() { 0 } else { v.to_bits() });
        assert_eq!(bits(&a), bits(&b), "{text:?} prints as {understood:?}");
    }
    true
}

#[test]
fn whatever_is_typed_is_answered() {
    let mut rng = Rng::stream(3, Purpose::Bench, 0);
    let mut below = |n: usize| (rng.uniform() * n as f64) as usize;
    let good: Vec<String> = items(&read("functions.json")["functions"])
        .iter()
        .map(|entry| entry["formula"].as_str().unwrap().to_owned())
        .collect();
    let mut understood = 0;
    for text in &good {
        assert!(answered(text), "{text}");
        for _ in 0..60 {
            let mut chars: Vec<char> = text.chars().collect();
            for _ in 0..=below(3) {
                let at = below(chars.len() + 1);
                match below(3) {
                    0 if at < chars.len() => drop(chars.remove(at)),
                    1 if at < chars.len() => chars[at] = chars[below(chars.len())],
                    _ => drop(chars.splice(at..at, PIECES[below(PIECES.len())].chars())),
                }
            }
            understood += usize::from(answered(&chars.into_iter().collect::<String>()));
        }
    }
    for _ in 0..4000 {
        let text: String = (0..=below(12)).map(|_| PIECES[below(PIECES.len())]).collect();
        understood += usize::from(answered(&text));
    }
    assert!(
        understood > 500,
        "{understood} of the mutations are formulas: too few to tell anything"
    );
}
