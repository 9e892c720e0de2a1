//! Who is taken for whom, and the numbers that follow from the counts alone.

use super::weighted_mean;

/// How often a row of one class is taken for one of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// Row-major: the true class picks the row, the predicted one the column.
    counts: Vec<u64>,
}

/// How well one class is recognised, or the mean of that over classes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scores {
    /// Of the rows taken for the class, the share that is of it.
    pub precision: f64,
    /// Of the rows of the class, the share taken for it.
    pub recall: f64,
    /// The harmonic mean of both, 2 tp / (2 tp + fp + fn).
    pub f1: f64,
}

/// How the scores of classes become one number. Classes that are neither there nor predicted do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// Every class counts alike.
    Macro,
    /// Every row counts alike: all decisions of all classes are counted together.
    Micro,
    /// Every class counts by its number of rows.
    Weighted,
}

impl Confusion {
    /// Counts pairs of true and predicted classes, both below `classes`.
    pub fn new(classes: usize, labels: &[u32], predicted: impl Iterator<Item = u32>) -> Self {
        let mut counts = vec![0; classes * classes];
        for (&label, predicted) in labels.iter().zip(predicted) {
            debug_assert!((label as usize) < classes && (predicted as usize) < classes);
            counts[label as usize * classes + predicted as usize] += 1;
        }
        Self { classes, counts }
    }

    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Rows of class `label` that are taken for class `predicted`.
    pub fn count(&self, label: usize, predicted: usize) -> u64 {
        self.counts[label * self.classes + predicted]
    }

    /// Rows of a class.
    pub fn support(&self, label: usize) -> u64 {
        (0..self.classes).map(|predicted| self.count(label, predicted)).sum()
    }

    /// Rows that are taken for a class.
    pub fn predicted(&self, class: usize) -> u64 {
        (0..self.classes).map(|label| self.count(label, class)).sum()
    }

    /// All rows.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Rows that are taken for what they are.
    pub fn right(&self) -> u64 {
        (0..self.classes).map(|class| self.count(class, class)).sum()
    }

    /// The share of rows that are taken for what they are.
    pub fn accuracy(&self) -> f64 {
        self.right() as f64 / self.total() as f64
    }

    /// The mean recall of the classes that have rows: what guessing the commonest class cannot raise.
    pub fn balanced_accuracy(&self) -> f64 {
        let present = (0..self.classes).filter(|&class| self.support(class) > 0);
        weighted_mean(present.map(|class| (self.scores(class).recall, 1.0)))
    }

    /// Precision, recall and F1 of a class against the rest.
    pub fn scores(&self, class: usize) -> Scores {
        let hits = self.count(class, class);
        Scores::of(hits, self.predicted(class), self.support(class))
    }

    /// Precision, recall and F1 of all classes.
    pub fn average(&self, average: Average) -> Scores {
        if average == Average::Micro {
            return Scores::of(self.right(), self.total(), self.total());
        }
        let used = |class: &usize| self.support(*class) + self.predicted(*class) > 0;
        let mean = |part: fn(&Scores) -> f64| {
            weighted_mean((0..self.classes).filter(used).map(|class| {
                let weight = match average {
                    Average::Weighted => self.support(class) as f64,
                    _ => 1.0,
                };
                (part(&self.scores(class)), weight)
            }))
        };
        Scores {
            precision: mean(|s| s.precision),
            recall: mean(|s| s.recall),
            f1: mean(|s| s.f1),
        }
    }

    /// Matthews' correlation coefficient (1975) for any number of classes (Gorodkin 2004, eq. 8): 1 all right, 0 no better than chance; 0
    /// also where all rows or all predictions are of one class.
    pub fn mcc(&self) -> f64 {
        let n = self.total() as f64;
        let (mut both, mut of_predicted, mut of_labels) = (n * self.right() as f64, n * n, n * n);
        for class in 0..self.classes {
            let (label, predicted) = (self.support(class) as f64, self.predicted(class) as f64);
            both -= label * predicted;
            of_predicted -= predicted * predicted;
            of_labels -= label * label;
        }
        share(both, (of_predicted * of_labels).sqrt())
    }

    /// Cohen's kappa (1960, eq. 1): by how much more the predictions agree with the truth than two strangers with the same totals would. NaN
    /// where strangers could not but agree.
    pub fn cohen_kappa(&self) -> f64 {
        let n = self.total() as f64;
        let chance = |class| self.support(class) as f64 * self.predicted(class) as f64;
        let by_chance: f64 = (0..self.classes).map(chance).sum();
        (n * self.right() as f64 - by_chance) / (n * n - by_chance)
    }
}

impl Scores {
    fn of(hits: u64, predicted: u64, support: u64) -> Self {
        let hits = hits as f64;
        Self {
            precision: share(hits, predicted as f64),
            recall: share(hits, support as f64),
            f1: share(2.0 * hits, (predicted + support) as f64),
        }
    }
}

/// A share, 0 of nothing.
fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
