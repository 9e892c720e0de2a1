//! What kind of column the cells make, its figures, and what is odd about it.

use super::date::{self, Order};
use super::figures::{BINS, Tally, distinct, distinct_texts};
use super::finding::{Finding, Findings, Severity, Topic, printable};
use super::gather::{Growing, as_number};
use super::levels::{Levels, MISSING, Texts, truth};
use super::notation::Mixture;
use super::padded::are_codes;
use super::table::{Column, Kind, Lines, Values};
use super::task::{is_flat, is_row_number};
use super::{Codes, NumberFormat, Numbers, number};

/// Fewer rows than this prove nothing about being all different.
const FEW: usize = 20;

/// A column as numbers, codes or texts, its kind decided.
struct Typed {
    kind: Kind,
    values: Values,
    others: Vec<(u32, String)>,
    /// The first row whose whole number no double is.
    rounded: Option<u32>,
}

/// Finishes a column.
pub(super) fn finish(name: &str, growing: Growing, numbers: NumberFormat, lines: &Lines) -> (Column, Vec<Finding>) {
    let mut findings = Findings::default();
    let mut say = |severity, topic, row: Option<u32>, message: String| {
        findings.column(severity, topic, row.map(|r| lines.of(r)), name, message);
    };
    let typed = match growing {
        Growing::Numbers {
            values,
            fractional,
            others,
            rounded,
            ..
        } => typed_numbers(values, fractional, others, rounded),
        Growing::Levels { codes, levels } => from_levels(codes, levels, numbers, &mut say),
        Growing::Texts(texts) => from_texts(texts, numbers, &mut say),
        Growing::Skipped => typed_numbers(Numbers::default(), false, Vec::new(), None),
    };
    if let Some((row, text)) = typed.others.first() {
        let message = format!(
            "mixed types: {} cell(s) are no {}s, the first is '{}'; taken as missing (correct them, or leave the column out)",
            typed.others.len(),
            if typed.kind == Kind::Date { "date" } else { "number" },
            printable(text)
        );
        say(Severity::Warning, Topic::MixedTypes, Some(*row), message);
    }
    let mut column = Column {
        name: name.to_owned(),
        kind: typed.kind,
        missing: 0,
        distinct: None,
        figures: None,
        frequent: Vec::new(),
        others: typed.others,
        values: typed.values,
    };
    match &column.values {
        Values::Numbers(values) => {
            let tally = Tally::of(values);
            column.missing = tally.missing;
            column.distinct = distinct(values);
            column.figures = tally.figures(values, column.kind);
            about_numbers(&column, values, tally.infinite, typed.rounded, &mut say);
        }
        Values::Codes { codes, levels } => {
            let counts = counts(codes, levels.len());
            column.missing = codes.len() - counts.iter().sum::<usize>();
            column.frequent = most_frequent(counts);
            column.distinct = Some(levels.len());
            about_levels(&column, levels, &mut say);
        }
        Values::Texts(texts) => {
            column.missing = texts.iter().filter(|t| t.is_empty()).count();
            column.distinct = distinct_texts(texts).0;
            about_texts(&column, texts, &mut say);
        }
    }
    let rows = match &column.values {
        Values::Numbers(v) => v.len(),
        Values::Codes { codes, .. } => codes.len(),
        Values::Texts(texts) => texts.len(),
    };
    if rows > 0 && column.missing == rows && column.others.is_empty() {
        say(
            Severity::Warning,
            Topic::AllMissing,
            None,
            "all cells are missing; leave the column out".to_owned(),
        );
    } else if column.distinct == Some(1) && rows > 1 {
        let message = "constant: the same value in every row that has one; it explains nothing, leave it out".to_owned();
        say(Severity::Warning, Topic::Constant, None, message);
    }
    (column, findings.finish())
}

/// Rows of each level.
fn counts(codes: &Codes, levels: usize) -> Vec<usize> {
    let mut counts = vec![0; levels];
    for code in codes.iter() {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    counts
}

/// Those of the most frequent ones, for a histogram.
fn most_frequent(mut counts: Vec<usize>) -> Vec<u32> {
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.into_iter().take(BINS).map(|n| n as u32).collect()
}

fn typed_numbers(values: Numbers, fractional: bool, others: Vec<(u32, String)>, rounded: Option<u32>) -> Typed {
    let any = values.iter().any(|v| v.is_finite());
    Typed {
        kind: if any && !fractional { Kind::Integer } else { Kind::Number },
        values: Values::Numbers(values),
        others,
        rounded,
    }
}

/// The first of these cells that is a whole number which no double is.
fn first_rounded<'a>(mut cells: impl Iterator<Item = &'a str>, numbers: NumberFormat) -> Option<u32> {
    let is_rounded = |cell: &str| {
        as_number(cell, numbers).is_some_and(|(value, is_fractional)| number::is_rounded(cell.as_bytes(), value, is_fractional))
    };
    cells.position(is_rounded).map(|row| row as u32)
}

/// Something said about a column: how bad, what about, at which row, and the sentence.
type Say<'a> = dyn FnMut(Severity, Topic, Option<u32>, String) + 'a;

fn from_levels(codes: Codes, levels: Levels, numbers: NumberFormat, say: &mut Say) -> Typed {
    let counts = counts(&codes, levels.texts.len());
    let present: usize = counts.iter().sum();
    let cells = || levels.texts.iter().zip(counts.iter().copied());
    let spread = |value: &dyn Fn(&str) -> Option<f64>| {
        let of_level: Vec<Option<f64>> = levels.texts.iter().map(value).collect();
        let mut others = Vec::new();
        let values = codes.iter().enumerate().map(|(row, code)| match of_level.get(code as usize) {
            Some(Some(value)) => *value,
            Some(None) => {
                others.push((row as u32, levels.texts.get(code as usize).to_owned()));
                f64::NAN
            }
            None => f64::NAN,
        });
        (values.collect::<Numbers>(), others)
    };
    if are_codes(levels.texts.iter()) {
        about_codes(say);
    } else if present == 0 || weigh(cells(), numbers).is_numeric() {
        let fractional = levels.texts.iter().any(|t| as_number(t, numbers).is_some_and(|(_, f)| f));
        let (values, others) = spread(&|t| as_number(t, numbers).map(|(v, _)| v));
        let rounded = first_rounded(codes.iter().map(|code| levels.texts.get(code as usize)), numbers);
        return typed_numbers(values, fractional, others, rounded);
    }
    if levels.texts.iter().all(|t| truth(t).is_some())
        && levels.texts.iter().any(|t| t.trim().len() > 1 || levels.texts.len() > 1)
    {
        return boolean(codes, &levels);
    }
    if let Some((order, ambiguous)) = date_order(cells()) {
        let (values, others) = spread(&|t| date::parse(t, order));
        about_dates(order, ambiguous, say);
        return Typed {
            kind: Kind::Date,
            values: Values::Numbers(values),
            others,
            rounded: None,
        };
    }
    let count = levels.texts.len();
    if count < present && (count <= FEW || count * 2 <= present) {
        let levels = levels.texts.iter().map(str::to_owned).collect();
        return Typed {
            kind: Kind::Category,
            values: Values::Codes { codes, levels },
            others: Vec::new(),
            rounded: None,
        };
    }
    let texts = super::block::spelled_out(codes.iter(), codes.len(), &levels);
    plain_text(texts, count == present && present >= FEW)
}

fn boolean(codes: Codes, levels: &Levels) -> Typed {
    // The words stay those of the file, as first written, but no comes before yes: code 0 is false and 1 is true.
    let word = |wanted| {
        levels
            .texts
            .iter()
            .find(|t| truth(t) == Some(wanted))
            .map(|t| t.trim().to_lowercase())
    };
    let names = match (word(false), word(true)) {
        (Some(no), Some(yes)) => vec![no, yes],
        (no, yes) => vec![
            no.unwrap_or_else(|| "false".to_owned()),
            yes.unwrap_or_else(|| "true".to_owned()),
        ],
    };
    let map: Vec<u32> = levels.texts.iter().map(|t| u32::from(truth(t) == Some(true))).collect();
    let codes = codes
        .iter()
        .map(|c| map.get(c as usize).copied().unwrap_or(MISSING))
        .collect();
    Typed {
        kind: Kind::Boolean,
        values: Values::Codes { codes, levels: names },
        others: Vec::new(),
        rounded: None,
    }
}

fn from_texts(texts: Texts, numbers: NumberFormat, say: &mut Say) -> Typed {
    let present = || texts.iter().filter(|t| !t.is_empty());
    let early = weigh(present().take(1000).map(|t| (t, 1)), numbers);
    if are_codes(present()) {
        about_codes(say);
    } else if early.numbers > early.others && weigh(present().map(|t| (t, 1)), numbers).is_numeric() {
        let mut fractional = false;
        let (values, others) = convert(&texts, |t| {
            let (value, f) = as_number(t, numbers)?;
            fractional |= f;
            Some(value)
        });
        let rounded = first_rounded(texts.iter(), numbers);
        return typed_numbers(values, fractional, others, rounded);
    }
    if date_order(present().take(1000).map(|t| (t, 1))).is_some()
        && let Some((order, ambiguous)) = date_order(present().map(|t| (t, 1)))
    {
        let (values, others) = convert(&texts, |t| date::parse(t, order));
        about_dates(order, ambiguous, say);
        return Typed {
            kind: Kind::Date,
            values: Values::Numbers(values),
            others,
            rounded: None,
        };
    }
    let all_different = distinct_texts(&texts).1;
    plain_text(texts, all_different)
}

fn plain_text(texts: Texts, all_different: bool) -> Typed {
    // A sentence is different in every row too, but is no identifier.
    let some = || texts.iter().filter(|t| !t.is_empty()).take(100);
    let sentences = some().filter(|t| t.split_whitespace().count() > 2).count() * 2 > some().count();
    Typed {
        kind: if all_different && !sentences {
            Kind::Identifier
        } else {
            Kind::Text
        },
        values: Values::Texts(texts),
        others: Vec::new(),
        rounded: None,
    }
}

fn convert(texts: &Texts, mut value: impl FnMut(&str) -> Option<f64>) -> (Numbers, Vec<(u32, String)>) {
    let mut others = Vec::new();
    let mut values = Numbers::with_capacity(texts.len());
    for (row, text) in texts.iter().enumerate() {
        let number = if text.is_empty() { None } else { value(text) };
        if number.is_none() && !text.is_empty() {
            others.push((row as u32, text.to_owned()));
        }
        values.push(number.unwrap_or(f64::NAN));
    }
    (values, others)
}

fn weigh<'a>(cells: impl Iterator<Item = (&'a str, usize)>, numbers: NumberFormat) -> Mixture {
    let mut mixture = Mixture::default();
    for (text, count) in cells {
        if as_number(text, numbers).is_some() {
            mixture.numbers += count;
        } else {
            let before = mixture.alike;
            mixture.other(text);
            mixture.others += count - 1;
            mixture.alike += (mixture.alike - before) * (count - 1);
        }
    }
    mixture
}

/// The order in which (nearly) all of these cells are dates, and whether another order would do as well.
fn date_order<'a>(cells: impl Iterator<Item = (&'a str, usize)>) -> Option<(Order, bool)> {
    let mut total = 0;
    let mut fits = [0_usize; 3];
    let mut differs = false;
    for (text, count) in cells {
        total += count;
        let days = Order::ALL.map(|order| date::parse(text, order));
        for (fit, day) in fits.iter_mut().zip(&days) {
            *fit += if day.is_some() { count } else { 0 };
        }
        differs |= days[1].is_some() && days[2].is_some() && days[1] != days[2];
        if total > 100 && fits.iter().all(|&f| f * 2 < total) {
            return None;
        }
    }
    let best = (0..3).max_by_key(|&i| (fits[i], std::cmp::Reverse(i)))?;
    let enough = total > 0 && (total - fits[best]) * 10 <= total;
    enough.then_some((Order::ALL[best], differs && fits[1] == fits[2]))
}

fn about_codes(say: &mut Say) {
    let message = "digits of one length, some with zeros in front: codes, not numbers, and read as they are written; \
                   write them without the zeros if they are amounts";
    say(Severity::Info, Topic::NumberInDisguise, None, message.to_owned());
}

fn about_dates(order: Order, ambiguous: bool, say: &mut Say) {
    if ambiguous && order != Order::YearMonthDay {
        let message =
            "day and month could change places in all of these dates; read as day, month, year (write them as 2020-01-31)";
        say(Severity::Warning, Topic::AmbiguousDate, None, message.to_owned());
    }
}

fn about_numbers(column: &Column, values: &Numbers, infinite: usize, rounded: Option<u32>, say: &mut Say) {
    if let Some(first) = (infinite > 0).then(|| values.iter().position(|v| v.is_infinite())).flatten() {
        let message = format!("{infinite} infinite value(s); rows with one are set aside when a model is trained (correct them)");
        say(Severity::Warning, Topic::Infinite, Some(first as u32), message);
    }
    let Some(figures) = &column.figures else { return };
    if column.kind == Kind::Integer && rounded.is_some() {
        let message = "whole numbers beyond 2^53 are rounded to the nearest double, this one first; \
                       if they are names, leave the column out";
        say(Severity::Info, Topic::Rounded, rounded, message.to_owned());
    }
    if figures.max > figures.min && is_flat(figures) {
        let message = "the values differ by less than a model can tell; treated as constant";
        say(Severity::Warning, Topic::Constant, None, message.to_owned());
    }
    if is_row_number(column) {
        let message = "counts up by one in every row: probably a row number, which says nothing about new rows; leave it out";
        say(Severity::Warning, Topic::Identifier, None, message.to_owned());
    }
}

fn about_levels(column: &Column, levels: &[String], say: &mut Say) {
    let mut folded: Vec<(String, &String)> = levels.iter().map(|l| (l.trim().to_lowercase(), l)).collect();
    folded.sort();
    let similar: Vec<_> = folded.windows(2).filter(|w| w[0].0 == w[1].0).collect();
    if let (Some(pair), false) = (similar.first(), column.kind == Kind::Boolean) {
        let message = format!(
            "'{}' and '{}' differ only in case or spaces ({} such pair(s)) and count as different; make them equal if they are the same",
            printable(pair[0].1),
            printable(pair[1].1),
            similar.len()
        );
        say(Severity::Warning, Topic::SimilarLevels, None, message);
    }
    disguised(levels.iter().map(String::as_str), say);
}

fn about_texts(column: &Column, texts: &Texts, say: &mut Say) {
    if column.kind == Kind::Identifier {
        let message = "a different text in every row: a name, not a measurement; left out of the features".to_owned();
        say(Severity::Info, Topic::Identifier, None, message);
    }
    disguised(texts.iter().filter(|t| !t.is_empty()).take(1000), say);
}

/// Numbers with a sign that keeps them from being numbers, and texts among which numbers are.
fn disguised<'a>(cells: impl Iterator<Item = &'a str>, say: &mut Say) {
    let (mut total, mut dressed, mut bare) = (0, 0, 0);
    let mut example = None;
    for cell in cells {
        total += 1;
        let naked = cell
            .trim()
            .trim_matches(|c: char| "%$€£¥ ".contains(c))
            .replace([',', '_'], "");
        if naked.parse::<f64>().is_ok() {
            if cell.trim().parse::<f64>().is_ok() {
                bare += 1;
            } else {
                dressed += 1;
                example = example.or(Some(cell));
            }
        }
    }
    if let (Some(example), true) = (example, (dressed + bare) * 2 > total) {
        let message = format!(
            "looks like numbers, but '{}' is none; remove the signs around them to use the column as numbers",
            printable(example)
        );
        say(Severity::Warning, Topic::NumberInDisguise, None, message);
    } else if bare > 0 && bare < total {
        let message =
            format!("mixed types: {bare} of {total} different values are numbers, the others texts; all are taken as texts");
        say(Severity::Warning, Topic::MixedTypes, None, message);
    }
}
