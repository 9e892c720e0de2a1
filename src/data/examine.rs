//! What a table tells before anything is trained on it, and what to do about it.

use super::Numbers;
use super::alike::Recurring;
use super::finding::{Finding, Findings, Severity, Topic, printable};
use super::levels::MISSING;
use super::met::Met;
use super::moments::moments;
use super::recipe::{level_counts, levels_of, quantile};
use super::table::{Column, Kind, Table, Values, plain};
use super::task::{Task, task_for};

/// Shares of fewer rows than this prove nothing.
const FEW: usize = 20;
/// Of fewer rows than this columns agree by chance, and no value is far from the others.
pub(super) const FEWEST: usize = 10;
/// A column with this share of one value is nearly constant.
const NEARLY_ALL: f64 = 0.95;
/// An outlier is farther than this many interquartile ranges from the quartiles (Tukey 1977: "far out").
const FAR_OUT: f64 = 3.0;
/// Correlation from which on two columns tell the same.
const COLLINEAR: f64 = 0.99;
/// Correlation with the target from which on a feature gives it away.
const GIVEAWAY: f64 = 0.999;
/// A class with fewer than this share of the rows of the largest is rare.
const RARE: f64 = 0.1;
/// Pairs are looked at among so many columns, and in so many rows.
const MOST_COLUMNS: usize = 200;
pub(super) const MOST_ROWS: usize = 10_000;

/// Numbers from which on sums of their squares overflow, or nearly: the largest double is 1.8e308.
const HUGE: f64 = 1e150;

/// Looks for huge numbers, nearly constant columns, duplicate rows, outliers and collinear pairs, and, if the target is known, for rare classes and
/// features that give it away. Each finding says what to do.
pub fn examine(table: &Table, target: Option<&str>) -> Vec<Finding> {
    let mut findings = Findings::default();
    table.columns.iter().for_each(|column| huge(column, &mut findings));
    let target = target.and_then(|name| table.column(name));
    let features: Vec<&Column> = (table.columns.iter())
        .filter(|c| target.is_none_or(|t| t.name != c.name))
        .collect();
    duplicates(table, &mut findings);
    for column in &features {
        nearly_constant(column, &mut findings);
        outliers(column, "pulls less after --prepare robust or --prepare log", &mut findings);
    }
    collinear(&features, &mut findings);
    same_categories(&features, &mut findings);
    if let Some(target) = target {
        target_findings(target, &features, &mut findings);
    }
    findings.finish()
}

fn warn(findings: &mut Findings, topic: Topic, column: &str, message: String) {
    findings.column(Severity::Warning, topic, None, column, message);
}

fn huge(column: &Column, findings: &mut Findings) {
    let (Some(figures), true) = (&column.figures, measured(column).is_some()) else {
        return;
    };
    let largest = figures.max.max(-figures.min);
    if largest >= HUGE {
        let message = format!(
            "numbers up to {largest:.1e}, so large that their squares overflow: losses, gradients and condition numbers of them cannot be worked \
             out; standardise them, as is done unless you say otherwise, divide them by a power of ten, or take --prepare log"
        );
        warn(findings, Topic::HugeNumbers, &column.name, message);
    }
}

fn nearly_constant(column: &Column, findings: &mut Findings) {
    if !column.distinct.is_some_and(|distinct| (2..=1000).contains(&distinct)) {
        return;
    }
    let counts = level_counts(column);
    let present: usize = counts.iter().map(|(_, count)| count).sum();
    let Some((most, count)) = counts.into_iter().max_by_key(|(_, n)| *n) else {
        return;
    };
    let share = count as f64 / present.max(1) as f64;
    if present >= FEW && share >= NEARLY_ALL {
        let message = format!(
            "nearly constant: '{}' in {:.1}% of the rows that have a value; it explains little, leave it out unless the rest is what matters",
            printable(&most),
            100.0 * share
        );
        warn(findings, Topic::NearlyConstant, &column.name, message);
    }
}

/// The bits of a cell: the same for cells that are the same.
fn bits(column: &Column, row: usize) -> u64 {
    match &column.values {
        Values::Numbers(values) if values.at(row).is_nan() => u64::MAX,
        Values::Numbers(values) => (values.at(row) + 0.0).to_bits(),
        Values::Codes { codes, .. } => u64::from(codes.at(row)),
        Values::Texts(texts) => {
            let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            texts.get(row).bytes().fold(0xcbf2_9ce4_8422_2325, mix)
        }
    }
}

/// Rows that are compared in one go, so that the memory for it hardly grows with the table.
const ROWS_AT_ONCE: usize = 1 << 18;

fn duplicates(table: &Table, findings: &mut Findings) {
    let mix = |hash: u64, bits: u64| (hash.rotate_left(5) ^ bits).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let hash = |row| table.columns.iter().fold(0, |hash, column| mix(hash, bits(column, row)));
    let hashes: Vec<u32> = (0..table.n_rows).map(|row| (hash(row) >> 32) as u32).collect();
    let same = |a, b| table.columns.iter().all(|c| bits(c, a) == bits(c, b));
    let rounds = table.n_rows.div_ceil(ROWS_AT_ONCE).max(1) as u32;
    let (mut count, mut first) = (0_usize, None::<usize>);
    for round in 0..rounds {
        // Rows that are the same have the same hash, and are met in the same round.
        let mut met = Met::of(&hashes);
        for row in (0..table.n_rows).filter(|&row| hashes[row] % rounds == round) {
            if met.before(row, same) {
                count += 1;
                first = Some(first.map_or(row, |first| first.min(row)));
            }
        }
    }
    if let Some(row) = first {
        let message = format!(
            "duplicate: {count} row(s) repeat an earlier one, this is the first; if they were not measured twice, drop them \
             (--prepare drop_duplicates), or held-out rows are known by heart"
        );
        let line = Some(table.lines.of(row as u32));
        findings.note(Severity::Warning, Topic::DuplicateRows, line, message);
    }
}

/// The numbers of a column that measures something.
fn measured(column: &Column) -> Option<&Numbers> {
    match &column.values {
        Values::Numbers(values) if matches!(column.kind, Kind::Number | Kind::Integer) => Some(values),
        _ => None,
    }
}

/// An even choice of some of the rows.
pub(super) fn even(rows: usize, most: usize) -> impl Iterator<Item = usize> + Clone {
    let count = rows.min(most);
    (0..count).map(move |k| k * rows / count.max(1))
}

/// The end of the sentence says what becomes of outliers that are right.
fn outliers(column: &Column, what_is_right: &str, findings: &mut Findings) {
    let Some(values) = measured(column).filter(|_| column.distinct.is_none_or(|d| d > 10)) else {
        return;
    };
    let mut sorted: Vec<f64> = even(values.len(), 10 * MOST_ROWS)
        .map(|r| values.at(r))
        .filter(|v| v.is_finite())
        .collect();
    if sorted.len() < FEWEST {
        return;
    }
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
    let reach = FAR_OUT * (high - low);
    let beyond = |v: &f64| (low - v).max(v - high);
    let far = || values.iter().filter(|v| v.is_finite() && beyond(v) > reach);
    let count = far().count();
    let Some(farthest) = far().max_by(|a, b| beyond(a).total_cmp(&beyond(b))).filter(|_| reach > 0.0) else {
        return;
    };
    let message = format!(
        "{count} outlier(s), more than {FAR_OUT} interquartile ranges from the middle half; the farthest is {}: correct what is wrong; \
         what is right {what_is_right}",
        plain(farthest)
    );
    warn(findings, Topic::Outliers, &column.name, message);
}

/// Correlation (Pearson 1895) of the rows in which both have a value; 0 if one of them does not vary.
fn correlation(a: &Numbers, b: &Numbers) -> f64 {
    let rows: Vec<usize> = even(a.len(), MOST_ROWS)
        .filter(|&r| a.at(r).is_finite() && b.at(r).is_finite())
        .collect();
    let of = |values: &Numbers| moments(rows.iter().map(|&r| values.at(r)));
    let ((mean_a, sd_a), (mean_b, sd_b)) = (of(a), of(b));
    if rows.len() < FEWEST || sd_a == 0.0 || sd_b == 0.0 {
        return 0.0;
    }
    let products = rows.iter().map(|&r| (a.at(r) - mean_a) / sd_a * ((b.at(r) - mean_b) / sd_b));
    products.sum::<f64>() / rows.len() as f64
}

fn collinear(features: &[&Column], findings: &mut Findings) {
    // Of two values the rarer must recur, or two columns agree by chance.
    let varies = |c: &&&Column| c.distinct.is_none_or(|d| d > 2) || Recurring::of(c).is_some();
    let columns = features.iter().filter(varies).filter_map(|c| Some((&c.name, measured(c)?)));
    let columns: Vec<_> = columns.take(MOST_COLUMNS).collect();
    for (k, (name, values)) in columns.iter().enumerate() {
        // The first that tells the same is enough: of three alike two pairs are told.
        let mut alike = columns[..k]
            .iter()
            .map(|(other, theirs)| (other, correlation(values, theirs)));
        if let Some((other, r)) = alike.find(|(_, r)| r.abs() >= COLLINEAR) {
            let message = format!(
                "collinear with '{}' (correlation {r:.4}): their weights cannot be told apart and gradient descent crawls along the \
                 difference; leave one out, or use --prepare pca or --l2",
                printable(other)
            );
            warn(findings, Topic::Collinear, name, message);
        }
    }
}

/// Pairs of categories, or of a category and a number that takes two values only: once they are one-hot they are numbers.
fn same_categories(features: &[&Column], findings: &mut Findings) {
    let is_number = |c: &Column| measured(c).is_some();
    let candidates = features.iter().filter(|c| !is_number(c) || c.distinct == Some(2));
    let columns = candidates.filter_map(|c| Some((c, Recurring::of(c)?))).take(MOST_COLUMNS);
    let columns: Vec<_> = columns.collect();
    for (k, (column, codes)) in columns.iter().enumerate() {
        let others = columns[..k]
            .iter()
            .filter(|(other, _)| !(is_number(column) && is_number(other)));
        let mut alike = others.map(|(other, theirs)| (other, codes.cramers_v(theirs)));
        if let Some((other, v)) = alike.find(|(_, v)| *v >= COLLINEAR) {
            let message = format!(
                "collinear with '{}' (Cramér's V {v:.4}): one follows from the other, so their weights cannot be told apart; leave one out, or \
                 use --prepare pca or --l2",
                printable(&other.name)
            );
            warn(findings, Topic::Collinear, &column.name, message);
        }
    }
}

fn target_findings(target: &Column, features: &[&Column], findings: &mut Findings) {
    match (task_for(target).0, measured(target)) {
        (Task::Regression, Some(values)) => {
            outliers(target, "pulls less with --loss huber or --loss mae", findings);
            for feature in features {
                if let Some(why) = explains(feature, values) {
                    giveaway(&feature.name, target, &why, findings);
                }
            }
        }
        (Task::Classification, _) if target.distinct.is_some_and(|d| (2..=1000).contains(&d)) => {
            let (labels, names) = levels_of(target);
            imbalance(target, &labels, &names, findings);
            for feature in features.iter().filter(|c| gives_away(c, &labels, names.len())) {
                giveaway(&feature.name, target, "it alone tells every class apart", findings);
            }
        }
        _ => {}
    }
}

/// Why a column gives a number away, if it does.
fn explains(feature: &Column, target: &Numbers) -> Option<String> {
    let r = measured(feature).map_or(0.0, |values| correlation(target, values));
    if r.abs() >= GIVEAWAY {
        return Some(format!("its correlation with the target is {r:.5}"));
    }
    let share = Recurring::of(feature)?.explains(target.len(), |row| target.at(row));
    (share >= GIVEAWAY * GIVEAWAY).then(|| format!("its levels explain {:.2}% of the variance of the target", 100.0 * share))
}

fn giveaway(name: &str, target: &Column, why: &str, findings: &mut Findings) {
    let message = format!(
        "gives '{}' away: {why}; is it known before the target is? If not, leave it out: a model that looks perfect would be useless",
        printable(&target.name)
    );
    warn(findings, Topic::Giveaway, name, message);
}

fn imbalance(target: &Column, labels: &[u32], names: &[String], findings: &mut Findings) {
    let mut counts = vec![0_usize; names.len()];
    labels
        .iter()
        .for_each(|&l| counts.get_mut(l as usize).into_iter().for_each(|n| *n += 1));
    let (Some(least), Some(most)) = (
        (0..names.len()).min_by_key(|&c| counts[c]),
        (0..names.len()).max_by_key(|&c| counts[c]),
    ) else {
        return;
    };
    if labels.len() >= FEWEST && (counts[least] as f64) < RARE * counts[most] as f64 {
        let message = format!(
            "imbalance: '{}' in {} row(s), '{}' in {}: accuracy says little, so read balanced accuracy, F1 and the confusion matrix; split \
             stratified, or gather more of the rare",
            printable(&names[least]),
            counts[least],
            printable(&names[most]),
            counts[most]
        );
        warn(findings, Topic::Imbalance, &target.name, message);
    }
}

/// Whether every value of a column (or, of numbers, every stretch between two of them) belongs to one class.
fn gives_away(feature: &Column, labels: &[u32], classes: usize) -> bool {
    let numbers = measured(feature);
    let few = feature.distinct.is_some_and(|d| d * 5 <= labels.len() && d >= 2);
    if numbers.is_none() && !few {
        return false;
    }
    // Where each row stands: the number, or the level.
    let coded = match &feature.values {
        Values::Texts(_) => levels_of(feature).0,
        _ => Vec::new(),
    };
    let code = |row: usize| match &feature.values {
        Values::Codes { codes, .. } => codes.at(row),
        _ => coded[row],
    };
    let place = |row: u32| match &feature.values {
        Values::Numbers(values) => values.at(row as usize),
        _ => Some(code(row as usize))
            .filter(|&code| code != MISSING)
            .map_or(f64::NAN, f64::from),
    };
    let known = |&row: &u32| labels[row as usize] != MISSING && !place(row).is_nan();
    let tells = |mut rows: Vec<u32>| {
        rows.sort_unstable_by(|&a, &b| place(a).total_cmp(&place(b)).then(a.cmp(&b)));
        let pure = rows
            .chunk_by(|&a, &b| place(a) == place(b))
            .all(|same| same.iter().all(|&r| labels[r as usize] == labels[same[0] as usize]));
        let stretches = rows.chunk_by(|&a, &b| labels[a as usize] == labels[b as usize]).count();
        rows.len() >= FEW && pure && (stretches <= classes || numbers.is_none())
    };
    // Some rows are enough to find that it does not.
    let some = even(labels.len(), MOST_ROWS).map(|row| row as u32);
    tells(some.filter(known).collect()) && tells((0..labels.len() as u32).filter(known).collect())
}
