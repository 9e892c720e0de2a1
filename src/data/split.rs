//! Which rows train, which watch, which judge.

use super::{DataError, Preparation};
use crate::math::{Purpose, Rng};

/// Row numbers of each part, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub train: Vec<u32>,
    pub validation: Vec<u32>,
    pub test: Vec<u32>,
}

/// Splits `n` rows by a seeded shuffle; with labels, every class in (nearly) the same proportions. At least one row of every class trains.
pub(super) fn split(n: usize, labels: Option<&[u32]>, preparation: &Preparation) -> Result<Parts, DataError> {
    let Preparation {
        validation, test, seed, ..
    } = *preparation;
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
    let classes = labels.and_then(|l| l.iter().max()).map_or(1, |&most| most as usize + 1);
    let mut members = vec![Vec::new(); classes];
    for row in 0..n as u32 {
        members[labels.map_or(0, |l| l[row as usize] as usize)].push(row);
    }
    let mut rng = Rng::stream(seed, Purpose::Split, 0);
    for rows in &mut members {
        rng.shuffle(rows);
    }
    let sizes: Vec<usize> = members.iter().map(Vec::len).collect();
    let for_validation = quotas(&sizes, validation, &vec![0; classes]);
    let for_test = quotas(&sizes, test, &for_validation);
    let mut parts = Parts {
        train: Vec::new(),
        validation: Vec::new(),
        test: Vec::new(),
    };
    for (rows, (v, t)) in members.iter().zip(for_validation.iter().zip(&for_test)) {
        parts.validation.extend(&rows[..*v]);
        parts.test.extend(&rows[*v..v + t]);
        parts.train.extend(&rows[v + t..]);
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
    Ok(parts)
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
