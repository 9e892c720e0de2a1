//! Metrics are scikit-learn's, and a report on a model says what its predictions say.

use std::sync::Arc;

use crate::golden::{items, numbers, read};
use optiscope::data::{Bundled, Dataset, Preparation, Scaling, Targets, prepare};
use optiscope::math::{Purpose, Rng};
use optiscope::model::metrics::{self, Average, Confusion, PrecisionRecallCurve, RocCurve, Scores};
use optiscope::model::{Activation, Loss, Metric, Network, Report, TaskReport, over_folds};
use optiscope::objective::{Objective, Scratch};
use serde_json::Value;

/// Expected numbers of one case, each of which is to be compared once.
struct Case<'a> {
    id: &'a str,
    expect: &'a Value,
    compared: usize,
}

impl Case<'_> {
    #[track_caller]
    fn all(&mut self, path: &str, ours: &[f64]) {
        let expected = match self.expect.pointer(path) {
            Some(one) if one.is_number() => vec![one.as_f64().unwrap()],
            Some(row) if items(row).iter().all(Value::is_array) => items(row).iter().flat_map(numbers).collect(),
            Some(row) => numbers(row),
            None => panic!("{}: nothing at {path}", self.id),
        };
        assert_eq!(ours.len(), expected.len(), "{}{path}", self.id);
        for (i, (ours, expected)) in ours.iter().zip(&expected).enumerate() {
            let close = ours == expected || (ours - expected).abs() <= 1e-12 * expected.abs().max(1.0);
            assert!(close, "{}{path}[{i}]: {ours:e} instead of {expected:e}", self.id);
        }
        self.compared += ours.len();
    }

    #[track_caller]
    fn one(&mut self, path: &str, ours: f64) {
        self.all(path, &[ours]);
    }

    /// Everything that follows from the confusion of the classes.
    fn confusion(&mut self, confusion: &Confusion) {
        let classes = confusion.classes();
        self.one("/accuracy", confusion.accuracy());
        self.one("/balanced_accuracy", confusion.balanced_accuracy());
        self.one("/mcc", confusion.mcc());
        self.one("/cohen_kappa", confusion.cohen_kappa());
        let pairs = (0..classes).flat_map(|label| (0..classes).map(move |predicted| (label, predicted)));
        let counts: Vec<f64> = pairs.map(|(l, p)| confusion.count(l, p) as f64).collect();
        self.all("/confusion_matrix", &counts);
        for (name, average) in [
            ("macro", Average::Macro),
            ("micro", Average::Micro),
            ("weighted", Average::Weighted),
        ] {
            let scores = confusion.average(average);
            self.one(&format!("/{name}/precision"), scores.precision);
            self.one(&format!("/{name}/recall"), scores.recall);
            self.one(&format!("/{name}/f1"), scores.f1);
        }
        let of_classes = |part: fn(Scores) -> f64| -> Vec<f64> { (0..classes).map(|c| part(confusion.scores(c))).collect() };
        self.all("/per_class/labels", &(0..classes).map(|c| c as f64).collect::<Vec<_>>());
        self.all("/per_class/precision", &of_classes(|s| s.precision));
        self.all("/per_class/recall", &of_classes(|s| s.recall));
        self.all("/per_class/f1", &of_classes(|s| s.f1));
        let support: Vec<f64> = (0..classes).map(|c| confusion.support(c) as f64).collect();
        self.all("/per_class/support", &support);
    }
}

fn labels(values: &Value) -> Vec<u32> {
    numbers(values).into_iter().map(|label| label as u32).collect()
}

fn binary(case: &mut Case<'_>, input: &Value) {
    let (y, score) = (labels(&input["y_true"]), numbers(&input["y_score"]));
    let threshold = input["threshold"].as_f64().unwrap();
    let predicted: Vec<u32> = score.iter().map(|s| u32::from(*s >= threshold)).collect();
    assert_eq!(predicted, labels(&input["y_pred"]));
    let confusion = Confusion::new(2, &y, predicted.into_iter());
    case.confusion(&confusion);
    let second = confusion.scores(1);
    case.one("/precision", second.precision);
    case.one("/recall", second.recall);
    case.one("/f1", second.f1);
    let p: Vec<f64> = score.iter().flat_map(|s| [1.0 - s, *s]).collect();
    case.one("/log_loss", metrics::log_loss(&p, 2, &y));
    case.one("/brier", metrics::brier(&p, 2, &y));
    let roc = RocCurve::new(metrics::against_rest(&p, 2, 1, &y));
    case.one("/roc_auc", roc.auc());
    case.all("/roc_curve/fpr", &roc.false_positive_rate);
    case.all("/roc_curve/tpr", &roc.true_positive_rate);
    case.all("/roc_curve/thresholds", &roc.thresholds);
    let pr = PrecisionRecallCurve::new(metrics::against_rest(&p, 2, 1, &y));
    case.one("/average_precision", pr.average_precision());
    case.one("/pr_auc_trapezoid", pr.trapezoid_area());
    case.all("/pr_curve/precision", &pr.precision);
    case.all("/pr_curve/recall", &pr.recall);
    case.all("/pr_curve/thresholds", &pr.thresholds);
}

fn multiclass(case: &mut Case<'_>, input: &Value) {
    let y = labels(&input["y_true"]);
    let rows = items(&input["y_prob"]);
    let (classes, p) = (items(&rows[0]).len(), rows.iter().flat_map(numbers).collect::<Vec<f64>>());
    let predicted: Vec<u32> = p.chunks(classes).map(metrics::decide).collect();
    assert_eq!(predicted, labels(&input["y_pred"]));
    case.confusion(&Confusion::new(classes, &y, predicted.into_iter()));
    assert_eq!(
        metrics::accuracy(&p, classes, &y),
        metrics::top_k_accuracy(&p, classes, 1, &y)
    );
    case.one("/log_loss", metrics::log_loss(&p, classes, &y));
    case.one("/roc_auc_ovr_macro", metrics::roc_auc_one_vs_rest(&p, classes, &y, false));
    case.one("/roc_auc_ovr_weighted", metrics::roc_auc_one_vs_rest(&p, classes, &y, true));
    case.one("/roc_auc_ovo_macro", metrics::roc_auc_one_vs_one(&p, classes, &y, false));
    case.one("/top2_accuracy", metrics::top_k_accuracy(&p, classes, 2, &y));
    let precision = |class| PrecisionRecallCurve::new(metrics::against_rest(&p, classes, class, &y)).average_precision();
    let precisions: Vec<f64> = (0..classes).map(precision).collect();
    case.all("/average_precision_per_class", &precisions);
}

fn regression(case: &mut Case<'_>, input: &Value) {
    let (y, p) = (numbers(&input["y_true"]), numbers(&input["y_pred"]));
    case.one("/r2", metrics::r2(&p, &y, 1));
    case.one("/mae", metrics::mae(&p, &y));
    case.one("/mse", metrics::mse(&p, &y));
    case.one("/rmse", metrics::rmse(&p, &y));
    case.one("/medae", metrics::median_absolute_error(&p, &y, 1));
    case.one("/max_error", metrics::max_error(&p, &y));
    case.one("/explained_variance", metrics::explained_variance(&p, &y, 1));
    case.one("/mape", metrics::mape(&p, &y));
}

/// How many numbers there are to compare.
fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(fields) => fields.values().map(leaves).sum(),
        _ => 1,
    }
}

#[test]
fn every_number_is_that_of_scikit_learn() {
    let file = read("metrics.json");
    let mut compared = 0;
    for input in items(&file["metrics"]) {
        let mut case = Case {
            id: input["id"].as_str().unwrap(),
            expect: &input["expect"],
            compared: 0,
        };
        match input["kind"].as_str() {
            Some("binary") => binary(&mut case, input),
            Some("multiclass") => multiclass(&mut case, input),
            _ => regression(&mut case, input),
        }
        assert_eq!(case.compared, leaves(case.expect), "{}: all are compared", case.id);
        compared += case.compared;
    }
    assert_eq!(compared, COMPARED);
}

/// Expected numbers in the file.
const COMPARED: usize = 755;

#[test]
fn what_is_not_defined_is_nan_and_a_share_of_nothing_is_zero() {
    let one_class = RocCurve::new([(0.2, true), (0.7, true)].into_iter());
    assert!(one_class.auc().is_nan());
    let without = PrecisionRecallCurve::new([(0.2, false), (0.7, false)].into_iter());
    assert!(without.average_precision().is_nan() && without.trapezoid_area().is_nan());
    for scores in [vec![], vec![(f64::NAN, true), (0.5, false)]] {
        assert!(RocCurve::new(scores.clone().into_iter()).auc().is_nan());
        assert!(PrecisionRecallCurve::new(scores.into_iter()).average_precision().is_nan());
    }
    // Class 1 has no rows and is never predicted: it is not held against the others.
    let confusion = Confusion::new(3, &[0, 0, 2, 2], [0, 0, 2, 2].into_iter());
    assert_eq!(confusion.average(Average::Macro).f1, 1.0);
    assert_eq!((confusion.balanced_accuracy(), confusion.mcc()), (1.0, 1.0));
    assert_eq!(confusion.scores(1), Scores::default());
    assert!(metrics::max_error(&[f64::NAN, 1.0], &[0.0, 0.0]).is_nan());
    assert!(metrics::median_absolute_error(&[f64::NAN, 1.0, 2.0], &[0.0; 3], 1).is_nan());
    assert_eq!(metrics::r2(&[3.0, 3.0], &[3.0, 3.0], 1), 1.0);
}

#[test]
fn ties_do_not_depend_on_the_order_of_the_rows() {
    let tied = [(0.0, true), (-0.0, false), (0.0, false), (-0.0, true)];
    let mut turned = tied;
    turned.reverse();
    let [a, b] = [tied, turned].map(|rows| RocCurve::new(rows.into_iter()));
    assert_eq!((a.auc(), b.auc()), (0.5, 0.5));
    assert_eq!(a.thresholds.len(), 2);
    assert_eq!(metrics::top_k_accuracy(&[0.5, 0.5, 0.0], 3, 1, &[0]), 1.0);
    assert_eq!(metrics::top_k_accuracy(&[0.5, 0.5, 0.0], 3, 1, &[1]), 0.0);
}

#[test]
fn calibration_counts_every_probability_once() {
    // On an edge a probability belongs to the interval that it ends.
    let p = [0.0, 0.1, 0.100001, 0.3, 0.55, 0.6, 1.0, 0.999];
    let scored = p.iter().enumerate().map(|(i, p)| (*p, i % 2 == 1));
    let bins = metrics::calibration(scored, 10);
    let rows: Vec<usize> = bins.iter().map(|bin| bin.rows).collect();
    assert_eq!(rows, [2, 1, 1, 0, 0, 2, 0, 0, 0, 2]);
    assert_eq!((bins[0].share, bins[0].mean_probability), (0.5, 0.05));
    assert!(bins[3].share.is_nan());
    let perfect = [(0.0, false), (1.0, true)].into_iter();
    assert_eq!(metrics::calibration_error(&metrics::calibration(perfect, 5)), 0.0);
    let bold = [(1.0, false), (1.0, true)].into_iter();
    assert_eq!(metrics::calibration_error(&metrics::calibration(bold, 5)), 0.5);
}

fn bundled(id: &str, target: &str) -> (Arc<Dataset>, optiscope::data::Scaling) {
    let preparation = Preparation {
        target: target.to_owned(),
        validation: 0.0,
        ..Preparation::default()
    };
    let table = Bundled::from_id(id).unwrap().table().unwrap();
    let prepared = prepare(&table, &preparation).unwrap();
    (prepared.train, prepared.scaling.unwrap())
}

fn report(loss: Loss, data: Arc<Dataset>, scaling: Option<&optiscope::data::Scaling>, size: f64) -> Report {
    let network = Network::new(vec![4], Activation::Tanh, loss, data).unwrap();
    let mut x = vec![0.0; network.dim()];
    network.sample_start(&mut Rng::stream(1, Purpose::Start, 0), &mut x);
    x.iter_mut().for_each(|x| *x *= size);
    Report::new(&network, &x, scaling, &mut Scratch::default())
}

fn value(report: &Report, id: &str) -> f64 {
    let metrics = report.metrics();
    let metric = metrics.iter().find(|metric| metric.id == id);
    metric.unwrap_or_else(|| panic!("no {id}")).value
}

#[test]
fn a_report_on_classes_agrees_with_itself() {
    for (id, target, loss) in [
        ("iris", "species", Loss::CrossEntropy),
        ("iris", "species", Loss::Hinge),
        ("breast_cancer", "diagnosis", Loss::CrossEntropy),
        ("breast_cancer", "diagnosis", Loss::Bce),
        ("breast_cancer", "diagnosis", Loss::Hinge),
    ] {
        let (data, _) = bundled(id, target);
        let report = report(loss, Arc::clone(&data), None, 1.0);
        let TaskReport::Classes(classes) = &report.task else {
            panic!("classes")
        };
        assert_eq!(classes.confusion.total() as usize, data.n_rows);
        let decided: Vec<u32> = classes.scores.chunks(classes.names.len()).map(metrics::decide).collect();
        let by_scores = Confusion::new(classes.names.len(), &classes.labels, decided.into_iter());
        assert_eq!(by_scores, classes.confusion, "{id}: the scores decide as the model does");
        assert_eq!(classes.probabilistic, loss != Loss::Hinge);
        assert_eq!(classes.calibration(0, 10).is_some(), loss != Loss::Hinge);
        if classes.probabilistic {
            assert!((value(&report, "log_loss") - report.loss).abs() < 1e-12);
        }
        for (name, average) in [
            ("macro", Average::Macro),
            ("micro", Average::Micro),
            ("weighted", Average::Weighted),
        ] {
            let scores = classes.confusion.average(average);
            let told = ["precision", "recall", "f1"].map(|part| value(&report, &format!("{part}_{name}")));
            assert_eq!(told, [scores.precision, scores.recall, scores.f1], "{id}, {name}");
        }
        let auc = value(&report, "roc_auc");
        assert!((0.0..=1.0).contains(&auc) && auc == classes.roc_auc());
        let ids: Vec<&str> = report.metrics().iter().map(|metric| metric.id).collect();
        let mut different = ids.clone();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), ids.len(), "{ids:?}");
    }
}

#[test]
fn a_report_on_numbers_is_in_the_units_of_the_file() {
    let (data, scaling) = bundled("diabetes", "progression");
    let report = report(Loss::Mse, data, Some(&scaling), 0.0);
    let TaskReport::Numbers(numbers) = &report.task else {
        panic!("numbers")
    };
    // All weights 0: the mean is predicted, and missed by the standard deviation.
    let (mean, sd) = scaling.target.as_ref().unwrap()[0];
    assert!(numbers.predicted.iter().all(|p| *p == mean));
    assert!((value(&report, "rmse") / sd - 1.0).abs() < 1e-12);
    assert!(value(&report, "r2").abs() < 1e-12 && value(&report, "explained_variance").abs() < 1e-12);
    assert!((report.loss - 1.0).abs() < 1e-12);
    assert!(numbers.residuals().sum::<f64>().abs() < 1e-8);
    let largest = numbers.residuals().fold(0.0_f64, |most, r| most.max(r.abs()));
    assert_eq!(value(&report, "max_error"), largest);
}

#[test]
fn weights_that_overflow_give_a_report_all_the_same() {
    let (data, _) = bundled("iris", "species");
    let report = report(Loss::CrossEntropy, data, None, f64::INFINITY);
    assert!(value(&report, "roc_auc").is_nan() && value(&report, "loss").is_nan());
    assert!((0.0..=1.0).contains(&value(&report, "accuracy")));
}

/// As far as doubles hold them: the squares of such errors do not fit, their root does.
#[test]
fn errors_of_numbers_of_1e308_are_finite() {
    let y = [1e308, -1e308, 0.5e308, 1e308];
    let p = [0.5e308, 0.0, 0.5e308, 0.5e308];
    let near = |ours: f64, want: f64| assert!((ours / want - 1.0).abs() < 1e-14, "{ours} {want}");
    near(metrics::rmse(&p, &y), (1.5_f64 / 4.0).sqrt() * 1e308);
    near(metrics::mae(&p, &y), 0.5e308);
    let scaling = Scaling {
        target: Some(vec![(-0.5e308, 1e308)]),
    };
    near(scaling.undo_target(0, 2.0), 1.5e308);
    assert!(metrics::rmse(&[f64::NAN], &[1.0]).is_nan() && metrics::mae(&[f64::INFINITY], &[1.0]).is_infinite());
}

#[test]
fn a_single_row_has_no_r2() {
    let single = Arc::new(Dataset {
        name: "one".into(),
        feature_names: vec!["x".into()],
        target_name: "y".into(),
        n_rows: 1,
        n_features: 1,
        x: vec![1.0],
        targets: Targets::Values {
            columns: 1,
            values: vec![2.0],
        },
    });
    let report = report(Loss::Mse, single, None, 0.0);
    assert!(value(&report, "r2").is_nan());
    assert_eq!((value(&report, "rmse"), value(&report, "mape")), (2.0, 1.0));
}

#[test]
fn a_metric_over_folds_is_that_of_the_folds_where_it_is_defined() {
    let fold = |values: [f64; 2]| {
        let of = |(id, value)| Metric {
            id,
            title: id,
            value,
            main: false,
        };
        vec![("test", ["roc_auc", "mcc"].into_iter().zip(values).map(of).collect())]
    };
    let folds = [fold([f64::NAN, 0.5]), fold([f64::NAN, f64::NAN]), fold([f64::NAN, 0.9])];
    let [auc, mcc] = over_folds(&folds)[..] else {
        panic!("two metrics")
    };
    assert!(
        auc.metric.value.is_nan() && auc.sd.is_nan(),
        "defined nowhere, so it is no number"
    );
    assert!(
        (mcc.metric.value - 0.7).abs() < 1e-15 && (mcc.sd - 0.08_f64.sqrt()).abs() < 1e-15,
        "{mcc:?}"
    );
}
