//! Predicted classes.

use super::Metric;
use crate::model::Loss;
use crate::model::metrics::{self, Average, CalibrationBin, Confusion, PrecisionRecallCurve, RocCurve};

/// Predicted classes beside true ones.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassReport {
    /// The classes, in order.
    pub names: Vec<String>,
    /// The true class of every row.
    pub labels: Vec<u32>,
    /// One number a class and row: its probability, or with the hinge loss, which knows none, its score.
    pub scores: Vec<f64>,
    pub confusion: Confusion,
    /// Whether the scores are probabilities.
    pub probabilistic: bool,
}

/// From a model's outputs, `width` a row, one number a class and row (its probability, or with the hinge loss its score), and the class
/// decided for.
pub(in crate::model) fn class_scores(loss: Loss, outputs: &[f64], width: usize, classes: usize) -> (Vec<f64>, Vec<u32>) {
    let rows = || outputs.chunks_exact(width.max(1));
    let mut scores = vec![0.0; rows().len() * classes];
    for (scores, row) in scores.chunks_exact_mut(classes.max(1)).zip(rows()) {
        match (row, &mut *scores) {
            (row, scores) if loss != Loss::Hinge => metrics::probabilities(row, scores),
            ([score], [first, second]) => (*first, *second) = (-score, *score),
            (row, scores) => scores.copy_from_slice(row),
        }
    }
    (scores, rows().map(metrics::decide).collect())
}

impl ClassReport {
    pub(super) fn new(loss: Loss, outputs: &[f64], width: usize, labels: &[u32], names: &[String]) -> Self {
        let (scores, predicted) = class_scores(loss, outputs, width, names.len());
        Self {
            names: names.to_vec(),
            confusion: Confusion::new(names.len(), labels, predicted.into_iter()),
            labels: labels.to_vec(),
            scores,
            probabilistic: loss != Loss::Hinge,
        }
    }

    /// Each row's score for a class and whether it is of that class.
    fn against_rest(&self, class: usize) -> impl Iterator<Item = (f64, bool)> {
        metrics::against_rest(&self.scores, self.names.len(), class, &self.labels)
    }

    /// A class against the rest. Of two classes the second is the one to look at.
    pub fn roc(&self, class: usize) -> RocCurve {
        RocCurve::new(self.against_rest(class))
    }

    /// A class against the rest.
    pub fn precision_recall(&self, class: usize) -> PrecisionRecallCurve {
        PrecisionRecallCurve::new(self.against_rest(class))
    }

    /// The probabilities of a class against how often it is the true one; none if there are no probabilities.
    pub fn calibration(&self, class: usize, bins: usize) -> Option<Vec<CalibrationBin>> {
        self.probabilistic
            .then(|| metrics::calibration(self.against_rest(class), bins))
    }

    /// Area under the ROC curve: of the second of two classes, else the mean of each class against the rest.
    pub fn roc_auc(&self) -> f64 {
        match self.names.len() {
            2 => self.roc(1).auc(),
            classes => metrics::roc_auc_one_vs_rest(&self.scores, classes, &self.labels, false),
        }
    }

    /// Average precision: of the second of two classes, else the mean of each class against the rest.
    pub fn average_precision(&self) -> f64 {
        let of = |class| self.precision_recall(class).average_precision();
        match self.names.len() {
            2 => of(1),
            classes => (0..classes).map(of).sum::<f64>() / classes as f64,
        }
    }

    pub(super) fn metrics(&self, into: &mut Vec<Metric>) {
        let c = &self.confusion;
        let [mean, all, weighted] = [Average::Macro, Average::Micro, Average::Weighted].map(|average| c.average(average));
        into.extend([
            Metric::main("accuracy", "Accuracy", c.accuracy()),
            Metric::main("f1_macro", "F1, mean of classes", mean.f1),
            Metric::main("roc_auc", "Area under the ROC curve", self.roc_auc()),
            Metric::new("balanced_accuracy", "Balanced accuracy", c.balanced_accuracy()),
            Metric::new("mcc", "Matthews' correlation", c.mcc()),
            Metric::new("cohen_kappa", "Cohen's kappa", c.cohen_kappa()),
            Metric::new("precision_macro", "Precision, mean of classes", mean.precision),
            Metric::new("recall_macro", "Recall, mean of classes", mean.recall),
            Metric::new("precision_micro", "Precision, all decisions", all.precision),
            Metric::new("recall_micro", "Recall, all decisions", all.recall),
            Metric::new("f1_micro", "F1, all decisions", all.f1),
            Metric::new("precision_weighted", "Precision, weighted by rows", weighted.precision),
            Metric::new("recall_weighted", "Recall, weighted by rows", weighted.recall),
            Metric::new("f1_weighted", "F1, weighted by rows", weighted.f1),
            Metric::new("average_precision", "Average precision", self.average_precision()),
        ]);
        if self.probabilistic {
            let [log_loss, brier] =
                [metrics::log_loss, metrics::brier].map(|of| of(&self.scores, self.names.len(), &self.labels));
            into.push(Metric::new("log_loss", "Log loss", log_loss));
            into.push(Metric::new("brier", "Brier score", brier));
        }
        if self.names.len() == 2 {
            let second = c.scores(1);
            into.push(Metric::new("precision", "Precision of the second class", second.precision));
            into.push(Metric::new("recall", "Recall of the second class", second.recall));
            into.push(Metric::new("f1", "F1 of the second class", second.f1));
        } else {
            let top_2 = metrics::top_k_accuracy(&self.scores, self.names.len(), 2, &self.labels);
            into.push(Metric::new("top_2_accuracy", "Right class among the first two", top_2));
        }
    }
}
