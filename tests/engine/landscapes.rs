//! The catalogue of landscapes checks itself: derivatives, minima and tags, for the usual parameters and for others.

use std::f64::consts::TAU;

use optiscope::functions::{Derivatives, FunctionConfig, Tag};
use optiscope::math::{Purpose, Rng};
use optiscope::objective::{Batch, Scratch};
use optiscope::param::Range;

/// Everything about which something is stated: what a user makes has no minima that could be known.
fn catalogue() -> Vec<FunctionConfig> {
    let stated = |f: &FunctionConfig| !f.minima().is_empty() || f.info().tags.contains(&Tag::Unbounded);
    FunctionConfig::all().into_iter().filter(stated).collect()
}

/// The catalogue, and every function again with each of its numbers at unusual values.
fn variants() -> Vec<FunctionConfig> {
    let mut all = catalogue();
    for function in catalogue() {
        for info in function.params() {
            assert!(!matches!(info.range, Range::Switch | Range::Choice(_) | Range::List));
            for text in ["1", "3", "7"] {
                let mut changed = function.clone();
                changed.set_text(info.name, text).unwrap();
                all.push(changed);
            }
        }
    }
    all
}

fn widths(function: &FunctionConfig) -> [f64; 2] {
    function.domain().map(|[low, high]| high - low)
}

fn is_inside(function: &FunctionConfig, x: [f64; 2]) -> bool {
    function
        .domain()
        .iter()
        .zip(x)
        .all(|([low, high], x)| (*low..=*high).contains(&x))
}

fn clamped(function: &FunctionConfig, x: [f64; 2]) -> [f64; 2] {
    let [[x_low, x_high], [y_low, y_high]] = function.domain();
    [x[0].clamp(x_low, x_high), x[1].clamp(y_low, y_high)]
}

/// Distance as a share of the domain.
fn distance(function: &FunctionConfig, a: [f64; 2], b: [f64; 2]) -> f64 {
    let [w, h] = widths(function);
    ((a[0] - b[0]) / w).hypot((a[1] - b[1]) / h)
}

/// Points spread over the domain.
fn spread(function: &FunctionConfig, n: usize) -> Vec<[f64; 2]> {
    let [[x_low, x_high], [y_low, y_high]] = function.domain();
    let mut rng = Rng::stream(7, Purpose::Bench, 0);
    let mut draw = || [rng.uniform_in(x_low, x_high), rng.uniform_in(y_low, y_high)];
    (0..n).map(|_| draw()).collect()
}

/// n points on a circle whose radius is a share of the domain.
fn circle(function: &FunctionConfig, x: [f64; 2], radius: f64, n: u32) -> impl Iterator<Item = [f64; 2]> {
    let [w, h] = widths(function);
    (0..n).map(move |k| {
        let (sin, cos) = (TAU * f64::from(k) / f64::from(n)).sin_cos();
        [x[0] + radius * w * cos, x[1] + radius * h * sin]
    })
}

fn length([x, y]: [f64; 2]) -> f64 {
    x.hypot(y)
}

/// Derivatives of m functions along coordinate i by central differences of order 6.
fn difference<const M: usize>(f: impl Fn([f64; 2]) -> [f64; M], x: [f64; 2], i: usize, h: f64) -> [f64; M] {
    let at = |k: f64| {
        let mut moved = x;
        moved[i] += k * h;
        f(moved)
    };
    let pairs = [(45.0, 1.0), (-9.0, 2.0), (1.0, 3.0)].map(|(weight, k)| (weight, at(k), at(-k)));
    std::array::from_fn(|m| pairs.iter().map(|(w, after, before)| w * (after[m] - before[m])).sum::<f64>() / (60.0 * h))
}

/// How far gradient and Hessian are from differences, in units of what is allowed.
fn error_of_derivatives(function: &FunctionConfig, x: [f64; 2]) -> f64 {
    let here = function.derivatives(x);
    let h = 1e-3 / (1.0 + x[0].abs().max(x[1].abs()));
    let (value, slope) = (here.value.abs().max(1.0), length(here.gradient));
    let bend = here.hessian.as_flattened().iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    // Terms that cancel leave more rounding than the value shows.
    let allowed_slope = 1e-7 * slope + 1e-14 * value / h;
    let allowed_bend = 1e-7 * bend + 1e-14 * slope.max(value) / h;
    let errors = (0..2).map(|i| {
        let [d] = difference(|x| [function.derivatives(x).value], x, i, h);
        let column = difference(|x| function.derivatives(x).gradient, x, i, h);
        let off = (0..2).map(|j| (column[j] - here.hessian[i][j]).abs()).fold(0.0, f64::max);
        ((d - here.gradient[i]).abs() / allowed_slope).max(off / allowed_bend)
    });
    errors.fold(0.0, f64::max)
}

/// Landscapes with creases: across one, differences are meaningless.
const CREASED: [&str; 6] = ["ackley", "bukin6", "cross_in_tray", "eggholder", "holder_table", "schwefel"];

#[test]
fn derivatives_agree_with_differences() {
    for function in variants() {
        let mut points = spread(&function, 200);
        // Where most of the box is flat, the minima are not.
        points.extend(function.minima().iter().flat_map(|m| circle(&function, m.x, 0.01, 10)));
        let errors = points.iter().map(|x| error_of_derivatives(&function, *x));
        let off = errors.filter(|error| *error > 1.0).count();
        let excused = usize::from(CREASED.contains(&function.id()));
        assert!(off <= excused, "{function:?}: {off} points disagree");
    }
}

#[test]
fn an_optimizer_is_told_what_the_formula_says() {
    let mut scratch = Scratch::default();
    for function in variants() {
        let objective = function.objective();
        for x in spread(&function, 50) {
            let (here, mut grad, mut hv) = (function.derivatives(x), [0.0; 2], [0.0; 2]);
            let value = objective.value_and_grad(&x, Batch::Full, &mut grad, &mut scratch);
            objective.hess_vec(&x, &[0.6, -0.8], Batch::Full, &mut hv, &mut scratch);
            let [[xx, xy], [yx, yy]] = here.hessian;
            let expected = [0.6 * xx - 0.8 * xy, 0.6 * yx - 0.8 * yy];
            let scale = here.hessian.as_flattened().iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            assert!(
                (value - here.value).abs() <= 1e-14 * value.abs().max(1.0),
                "{function:?} at {x:?}"
            );
            assert!(length([grad[0] - here.gradient[0], grad[1] - here.gradient[1]]) <= 1e-12 * length(grad));
            assert!(
                length([hv[0] - expected[0], hv[1] - expected[1]]) <= 1e-10 * scale,
                "{function:?} at {x:?}"
            );
        }
    }
}

/// A Newton step with `shift` added to the curvatures.
fn newton_step(d: &Derivatives, x: [f64; 2], shift: f64) -> [f64; 2] {
    let [[a, b], [_, c]] = d.hessian;
    let (a, c, [gx, gy]) = (a + shift, c + shift, d.gradient);
    let determinant = a * c - b * b;
    [x[0] - (c * gx - b * gy) / determinant, x[1] - (a * gy - b * gx) / determinant]
}

/// Goes down inside the domain: by damped Newton steps, then by trying eight directions, which creases do not hinder.
fn settled(function: &FunctionConfig, mut x: [f64; 2]) -> ([f64; 2], f64) {
    let mut here = function.derivatives(x);
    let mut damping = 1e-3;
    for _ in 0..100 {
        let [low, high] = here.eigenvalues();
        let shift = damping * low.abs().max(high.abs()) + (-low).max(0.0);
        let next = clamped(function, newton_step(&here, x, shift));
        let there = function.derivatives(next);
        if there.value < here.value {
            (x, here, damping) = (next, there, (damping * 0.1).max(1e-12));
        } else if damping < 1e12 {
            damping *= 10.0;
        } else {
            break;
        }
    }
    let (mut radius, mut value) = (1e-3, here.value);
    for _ in 0..120 {
        let around = circle(function, x, radius, 8).map(|x| clamped(function, x));
        let valued = around.map(|x| (x, function.derivatives(x).value));
        match valued.min_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((next, lower)) if lower < value => (x, value) = (next, lower),
            _ => radius *= 0.5,
        }
    }
    (x, value)
}

/// Where a search from many starts ends, the lowest first, and the span of values over the domain.
fn search(function: &FunctionConfig) -> (Vec<([f64; 2], f64)>, f64) {
    let mut starts: Vec<_> = spread(function, 4000)
        .into_iter()
        .map(|x| (x, function.derivatives(x).value))
        .collect();
    starts.sort_by(|a, b| a.1.total_cmp(&b.1));
    let span = starts[3999].1 - starts[0].1;
    // The best of them, and some of all heights.
    let chosen = starts[..50].iter().chain(starts[50..].iter().step_by(40));
    let mut ends: Vec<_> = chosen.map(|(x, _)| settled(function, *x)).collect();
    ends.sort_by(|a, b| a.1.total_cmp(&b.1));
    (ends, span)
}

#[test]
fn a_search_finds_the_stated_minima_and_nothing_lower() {
    for function in variants() {
        let (ends, span) = search(&function);
        let minima = function.minima();
        let Some(lowest) = minima.first().map(|m| m.value) else {
            continue;
        };
        let slack = 1e-10 * lowest.abs().max(1.0);
        assert!(ends[0].1 >= lowest - slack, "{function:?}: {:?} is below {lowest}", ends[0]);
        // A changed parameter may push the minimum out of the box.
        if minima.iter().all(|m| is_inside(&function, m.x)) {
            assert!(
                ends[0].1 <= lowest + 2e-3 * span,
                "{function:?}: the search is too weak: {:?}",
                ends[0]
            );
            for (x, _) in ends.iter().take_while(|(_, value)| *value <= lowest + 1e-12 * span) {
                let stated = minima.iter().any(|m| distance(&function, m.x, *x) < 1e-3);
                assert!(stated, "{function:?}: {x:?} is as low as the stated minima");
            }
        }
    }
}

#[test]
fn stated_minima_are_the_lowest_points_around() {
    for function in variants() {
        for minimum in function.minima() {
            let here = function.derivatives(minimum.x);
            let scale = minimum.value.abs().max(1.0);
            assert!(
                (here.value - minimum.value).abs() <= 1e-12 * scale,
                "{function:?}: {minimum:?}"
            );
            for radius in [1e-7, 1e-5, 1e-3, 1e-2] {
                let around = circle(&function, minimum.x, radius, 64).map(|x| clamped(&function, x));
                let lowest = around.map(|x| function.derivatives(x).value).fold(f64::INFINITY, f64::min);
                let is_parted = is_inside(&function, minimum.x);
                assert!(
                    !is_parted || lowest >= minimum.value - 1e-12 * scale,
                    "{function:?}: {lowest} beside {minimum:?}"
                );
            }
        }
        let changed = FunctionConfig::from_id(function.id()).unwrap() != function;
        for minimum in function.minima().iter().filter(|_| changed) {
            let gradient = function.derivatives(minimum.x).gradient;
            assert!(length(gradient) < 1e-10, "{function:?}: {gradient:?} at {minimum:?}");
        }
    }
}

/// The local minima that a search ends in, away from the edge: points with a circle around them on which nothing is lower.
fn hollows(function: &FunctionConfig) -> Vec<[f64; 2]> {
    let (ends, span) = search(function);
    let mut found: Vec<[f64; 2]> = Vec::new();
    for (x, value) in ends {
        let radius = 5e-4;
        let mut around = circle(function, x, radius, 64);
        let is_hollow = around.all(|x| is_inside(function, x) && function.derivatives(x).value >= value - 1e-12 * span);
        if is_hollow && found.iter().all(|other| distance(function, *other, x) > 2.0 * radius) {
            found.push(x);
        }
    }
    found
}

#[test]
fn one_minimum_several_or_none() {
    for function in catalogue() {
        let tags = function.info().tags;
        let tagged = [Tag::Unbounded, Tag::Unimodal, Tag::Multimodal].map(|tag| tags.contains(&tag));
        // Along its crease Bukin's function falls to one point, on a track too thin for circles.
        if function.id() == "bukin6" {
            let along = |x: f64| function.derivatives([x, 0.01 * x * x]).value;
            assert!((0..100).all(|i| along(-15.0 + 0.1 * f64::from(i)).abs() < 0.06) && along(-10.0) < along(-10.1));
            assert_eq!(tagged, [false, true, false]);
            continue;
        }
        let found = hollows(&function).len();
        assert_eq!(
            tagged,
            [found == 0, found == 1, found > 1],
            "{}: {found} minima",
            function.id()
        );
    }
}

/// Points at rest with higher and lower ground around them, twice each or more.
fn saddles(function: &FunctionConfig) -> usize {
    let span = search(function).1;
    let at_rest = |start: [f64; 2]| {
        let mut x = start;
        for _ in 0..60 {
            x = newton_step(&function.derivatives(x), x, 0.0);
        }
        let slope = length(function.derivatives(x).gradient);
        (is_inside(function, x) && slope * length(widths(function)) <= 1e-8 * span).then_some(x)
    };
    let is_saddle = |x: &[f64; 2]| {
        let level = function.derivatives(*x).value;
        let higher: Vec<bool> = circle(function, *x, 0.01, 64)
            .map(|x| function.derivatives(x).value > level)
            .collect();
        (0..64).filter(|k| higher[*k] != higher[(k + 1) % 64]).count() >= 4
    };
    spread(function, 200)
        .into_iter()
        .filter_map(at_rest)
        .filter(is_saddle)
        .count()
}

#[test]
fn saddles_are_where_they_are_said_to_be() {
    for function in catalogue() {
        let tags = function.info().tags;
        let (tagged, several) = (tags.contains(&Tag::Saddle), tags.contains(&Tag::Multimodal));
        // Between two minima there always is one: the tag is for those where it matters.
        if tagged || !several {
            assert_eq!(saddles(&function) > 0, tagged, "{}", function.id());
        }
    }
}

#[test]
fn unbounded_ones_fall_without_end() {
    for function in catalogue().iter().filter(|f| f.info().tags.contains(&Tag::Unbounded)) {
        let lowest = |radius: f64| {
            let around = circle(function, [0.0, 0.0], radius, 64);
            around.map(|x| function.derivatives(x).value).fold(f64::INFINITY, f64::min)
        };
        let falls = [1.0, 10.0, 100.0, 1e3, 1e4].map(lowest);
        assert!(
            falls[0] < -1.0 && falls.windows(2).all(|pair| pair[1] < 50.0 * pair[0]),
            "{}: {falls:?}",
            function.id()
        );
    }
}

#[test]
fn plateaus_are_flat_and_nothing_else_is() {
    for function in catalogue() {
        let all: Vec<_> = spread(&function, 4000).iter().map(|x| function.derivatives(*x)).collect();
        let value = all.iter().map(|d| d.value);
        let span = value.clone().fold(f64::MIN, f64::max) - value.fold(f64::MAX, f64::min);
        let [w, h] = widths(&function);
        // A hundredth of the whole height on the way from one side to the other.
        let is_flat = |d: &&Derivatives| length([d.gradient[0] * w, d.gradient[1] * h]) < 0.01 * span;
        let share = all.iter().filter(is_flat).count() as f64 / 4000.0;
        assert_eq!(
            share > 0.3,
            function.info().tags.contains(&Tag::Plateau),
            "{}: {share}",
            function.id()
        );
    }
}

#[test]
fn valleys_are_steeper_across_than_along() {
    for function in catalogue() {
        let condition = |x: [f64; 2]| {
            let [low, high] = function.derivatives(x).eigenvalues().map(f64::abs);
            low.max(high) / low.min(high)
        };
        let mut conditions: Vec<f64> = spread(&function, 2000).into_iter().map(condition).collect();
        conditions.sort_by(f64::total_cmp);
        let at_minima = function.minima().iter().map(|m| condition(m.x)).fold(0.0, f64::max);
        let is_valley = conditions[1000].max(at_minima) > 15.0;
        let tags = function.info().tags;
        // Ripples are steeper across than along too, but they are many.
        if tags.contains(&Tag::Valley) || tags.contains(&Tag::Unimodal) {
            let report = format!("{}: {} and {at_minima}", function.id(), conditions[1000]);
            assert_eq!(is_valley, tags.contains(&Tag::Valley), "{report}");
        }
    }
}

#[test]
fn sums_and_convex_functions_are_what_they_are_said_to_be() {
    for mut function in catalogue() {
        // A tag is for every value of the parameters: turned, the quadratic is no sum any more.
        if function.get("rotation").is_some() {
            function.set_text("rotation", "30").unwrap();
        }
        let (id, tags) = (function.id(), function.info().tags);
        let points = spread(&function, 300);
        let all: Vec<_> = points.iter().map(|x| function.derivatives(*x)).collect();
        let size = |d: &Derivatives| d.hessian.as_flattened().iter().fold(f64::MIN_POSITIVE, |m, v| m.max(v.abs()));
        let separable = all.iter().all(|d| d.hessian[0][1].abs() <= 1e-9 * size(d));
        assert_eq!(separable, tags.contains(&Tag::Separable), "{id}: separable");
        // Curved upwards everywhere, and below its chords: creases have no curvature to look at.
        let f = |x: [f64; 2]| function.derivatives(x).value;
        let is_below_chord = |pair: &[[f64; 2]]| {
            let ([a, b], chord) = ([pair[0], pair[1]], (f(pair[0]) + f(pair[1])) / 2.0);
            f([(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]) <= chord + 1e-9 * chord.abs()
        };
        let curved = all.iter().all(|d| d.eigenvalues()[0] >= -1e-9 * size(d));
        let convex = curved && points.windows(2).all(is_below_chord);
        assert_eq!(convex, tags.contains(&Tag::Convex), "{id}: convex");
    }
}
