//! Which rows train, which watch, which judge.

use serde::{Deserialize, Serialize};

use super::{DataError, Preparation};
use crate::math::{Purpose, Rng};

/// What the rows are divided by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Split {
    /// By chance, every class in (nearly) the same proportions in all parts; numbers simply by chance.
    #[default]
    Stratified,
    /// By chance.
    Random,
    /// Rows with the same value in this column stay together: a patient, a machine, a site.
    Group { column: String },
    /// The earliest rows train and the latest judge.
    Time { column: String },
}

impl Split {
    /// Whether it is the one that is meant where none is named.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Cross-validation: the rows that are not kept for the final test are divided into `folds`, each of which is held out once; and that
/// `repeats` times, divided anew. By time each fold is held out from those before it only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folds {
    pub folds: u32,
    #[serde(default = "once")]
    pub repeats: u32,
    /// The one that is held out now: `repeat * folds + fold`.
    #[serde(default)]
    pub fold: u32,
}

fn once() -> u32 {
    1
}

/// Row numbers of each part, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Parts {
    pub train: Vec<u32>,
    pub validation: Vec<u32>,
    pub test: Vec<u32>,
}

/// What the split has to know of the rows.
pub(super) enum Basis<'a> {
    /// Nothing.
    Nothing,
    /// The class of each.
    Classes(&'a [u32]),
    /// The group of each.
    Groups(Vec<u32>),
    /// When each was.
    Times(Vec<f64>),
}

/// Splits `n` rows by a seeded shuffle, or by time. At least one row of every class trains where classes are kept in proportion.
pub(super) fn split(n: usize, basis: &Basis, preparation: &Preparation) -> Result<Parts, DataError> {
    let Preparation { validation, test, .. } = *preparation;
    let validation = if preparation.folds.is_some() { 0.0 } else { validation };
    check_shares(validation, test)?;
    let mut parts = match basis {
        Basis::Nothing => by_chance(n, None, [validation, test], preparation.seed),
        Basis::Classes(labels) => by_chance(n, Some(labels), [validation, test], preparation.seed),
        Basis::Groups(groups) => by_group(groups, [validation, test], preparation.seed),
        Basis::Times(times) => by_time(times, [validation, test]),
    };
    if let Some(folds) = preparation.folds {
        let rest = std::mem::take(&mut parts.train);
        (parts.train, parts.validation) = hold_out(&rest, basis, folds, preparation.seed)?;
    }
    for part in [&mut parts.train, &mut parts.validation, &mut parts.test] {
        part.sort_unstable();
    }
    for (field, share, part) in [("validation", validation, &parts.validation), ("test", test, &parts.test)] {
        if share > 0.0 && part.is_empty() {
            return Err(DataError::Share {
                field,
                value: share,
                advice: "not one row falls into this part; give a larger share, more rows, or 0",
            });
        }
    }
    if parts.train.is_empty() {
        let why = "no row is left to train on: groups or times are too few; hold out less, or split at random";
        return Err(DataError::Split { why: why.to_owned() });
    }
    Ok(parts)
}

fn check_shares(validation: f64, test: f64) -> Result<(), DataError> {
    for (field, value) in [
        ("validation", validation),
        ("test", test),
        ("validation + test", validation + test),
    ] {
        if !(0.0..1.0).contains(&value) {
            return Err(DataError::Share {
                field,
                value,
                advice: "give a share from 0 to below 1, such as 0.2, and leave some rows to train on",
            });
        }
    }
    Ok(())
}

/// The rows of each class, each shuffled.
fn shuffled(rows: impl Iterator<Item = u32>, labels: Option<&[u32]>, rng: &mut Rng) -> Vec<Vec<u32>> {
    let classes = labels.and_then(|l| l.iter().max()).map_or(1, |&most| most as usize + 1);
    let mut members = vec![Vec::new(); classes];
    for row in rows {
        members[labels.map_or(0, |l| l[row as usize] as usize)].push(row);
    }
    for rows in &mut members {
        rng.shuffle(rows);
    }
    members
}

fn by_chance(n: usize, labels: Option<&[u32]>, [validation, test]: [f64; 2], seed: u64) -> Parts {
    let members = shuffled(0..n as u32, labels, &mut Rng::stream(seed, Purpose::Split, 0));
    let sizes: Vec<usize> = members.iter().map(Vec::len).collect();
    let for_validation = quotas(&sizes, validation, &vec![0; sizes.len()]);
    let for_test = quotas(&sizes, test, &for_validation);
    let mut parts = Parts::default();
    for (rows, (v, t)) in members.iter().zip(for_validation.iter().zip(&for_test)) {
        parts.validation.extend(&rows[..*v]);
        parts.test.extend(&rows[*v..v + t]);
        parts.train.extend(&rows[v + t..]);
    }
    parts
}

/// How many of each class, by largest remainders; at least one row of a class is left over beside those `taken`.
fn quotas(sizes: &[usize], share: f64, taken: &[usize]) -> Vec<usize> {
    let total: usize = sizes.iter().sum();
    let mut wanted = (total as f64 * share).round() as usize;
    if share > 0.0 {
        wanted = wanted.max(1);
    }
    let room = |class: usize| sizes[class].saturating_sub(taken[class] + 1);
    let exact = |class: usize| sizes[class] as f64 * share;
    let mut given: Vec<usize> = (0..sizes.len()).map(|c| (exact(c) as usize).min(room(c))).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| exact(b).fract().total_cmp(&exact(a).fract()).then(a.cmp(&b)));
    let mut left = wanted.saturating_sub(given.iter().sum());
    while left > 0 {
        let before = left;
        for &class in &order {
            if left > 0 && given[class] < room(class) {
                given[class] += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    given
}

/// The rows of each group, the groups in an order of chance.
fn shuffled_groups(rows: impl Iterator<Item = u32>, groups: &[u32], rng: &mut Rng) -> Vec<Vec<u32>> {
    let mut members = std::collections::BTreeMap::<u32, Vec<u32>>::new();
    for row in rows {
        members.entry(groups[row as usize]).or_default().push(row);
    }
    let mut members: Vec<Vec<u32>> = members.into_values().collect();
    rng.shuffle(&mut members);
    members
}

/// Whole groups until a part has its share; one group at least trains.
fn by_group(groups: &[u32], [validation, test]: [f64; 2], seed: u64) -> Parts {
    let n = groups.len();
    let mut members = shuffled_groups(0..n as u32, groups, &mut Rng::stream(seed, Purpose::Split, 0)).into_iter();
    let mut take = |share: f64| {
        let wanted = (n as f64 * share).round().max(if share > 0.0 { 1.0 } else { 0.0 }) as usize;
        let mut rows = Vec::new();
        while rows.len() < wanted && members.len() > 1 {
            rows.extend(members.next().unwrap_or_default());
        }
        rows
    };
    let (validation, test) = (take(validation), take(test));
    Parts {
        validation,
        test,
        train: members.flatten().collect(),
    }
}

/// The rows by time, the earliest first.
fn in_time(rows: impl Iterator<Item = u32>, times: &[f64]) -> Vec<u32> {
    let mut rows: Vec<u32> = rows.collect();
    rows.sort_by(|&a, &b| times[a as usize].total_cmp(&times[b as usize]).then(a.cmp(&b)));
    rows
}

/// A cut near `at` that separates no rows of the same time.
fn cut(rows: &[u32], times: &[f64], at: usize) -> usize {
    let time = |i: usize| times[rows[i] as usize];
    let mut cut = at.min(rows.len());
    while cut > 0 && cut < rows.len() && time(cut) == time(cut - 1) {
        cut -= 1;
    }
    cut
}

fn by_time(times: &[f64], [validation, test]: [f64; 2]) -> Parts {
    let rows = in_time(0..times.len() as u32, times);
    let n = rows.len() as f64;
    let judged = cut(&rows, times, rows.len() - (n * test).round() as usize);
    let watched = judged.saturating_sub((n * validation).round() as usize);
    let watched = cut(&rows[..judged], times, watched);
    Parts {
        train: rows[..watched].to_vec(),
        validation: rows[watched..judged].to_vec(),
        test: rows[judged..].to_vec(),
    }
}

/// Training and held-out rows of one fold of the rows that there are.
fn hold_out(rows: &[u32], basis: &Basis, folds: Folds, seed: u64) -> Result<(Vec<u32>, Vec<u32>), DataError> {
    let Folds {
        folds: count,
        repeats,
        fold,
    } = folds;
    let refuse = |why: String| Err(DataError::Split { why });
    if count < 2 || repeats < 1 || fold / count.max(1) >= repeats {
        return refuse(format!(
            "fold {fold} of {count} folds, {repeats} time(s), does not exist; give 2 folds or more"
        ));
    }
    if count as usize > rows.len() {
        return refuse(format!("{} rows are too few for {count} folds; give fewer folds", rows.len()));
    }
    let (repeat, fold) = (fold / count, (fold % count) as usize);
    // The stream before these is the one that chose the test rows.
    let mut rng = Rng::stream(seed, Purpose::Split, 1 + u64::from(repeat));
    let all = rows.iter().copied();
    let divided = match basis {
        Basis::Nothing => deal(shuffled(all, None, &mut rng), count as usize),
        Basis::Classes(labels) => deal(shuffled(all, Some(labels), &mut rng), count as usize),
        Basis::Groups(groups) => {
            let groups = shuffled_groups(all, groups, &mut rng);
            if groups.len() < count as usize {
                return refuse(format!(
                    "{} groups are too few for {count} folds; give fewer folds",
                    groups.len()
                ));
            }
            balance(groups, count as usize)
        }
        Basis::Times(_) if repeats > 1 => {
            return refuse("rows in the order of time can be divided in one way only; repeat once".to_owned());
        }
        Basis::Times(times) => return growing(&in_time(all, times), times, count as usize, fold),
    };
    let others = divided.iter().enumerate().filter(|(k, _)| *k != fold);
    let train = others.flat_map(|(_, rows)| rows.iter().copied()).collect();
    Ok((train, divided.into_iter().nth(fold).unwrap_or_default()))
}

/// Deals out rows like cards, class after class: sizes, and those of every class, differ by one at the most.
fn deal(members: Vec<Vec<u32>>, count: usize) -> Vec<Vec<u32>> {
    let mut folds = vec![Vec::new(); count];
    for (i, row) in members.into_iter().flatten().enumerate() {
        folds[i % count].push(row);
    }
    folds
}

/// The largest group first, each to the smallest fold.
fn balance(mut groups: Vec<Vec<u32>>, count: usize) -> Vec<Vec<u32>> {
    groups.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
    let mut folds = vec![Vec::new(); count];
    for rows in groups {
        if let Some(smallest) = folds.iter_mut().min_by_key(|fold| fold.len()) {
            smallest.extend(rows);
        }
    }
    folds
}

/// Of `count` + 1 stretches of time the one after the first `fold` + 1, held out from those before it.
fn growing(rows: &[u32], times: &[f64], count: usize, fold: usize) -> Result<(Vec<u32>, Vec<u32>), DataError> {
    let end = |stretch: usize| cut(rows, times, rows.len() * stretch / (count + 1));
    let (from, to) = (end(fold + 1), end(fold + 2));
    if from == 0 || from == to {
        let why = format!("too many rows are of the same time for {count} folds; give fewer folds");
        return Err(DataError::Split { why });
    }
    Ok((rows[..from].to_vec(), rows[from..to].to_vec()))
}
