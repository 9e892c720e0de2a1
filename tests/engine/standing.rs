//! How good a model is, and what is concluded from its learning curve.

use optiscope::data::{Dataset, Targets};
use optiscope::landscape::FeaturePlane;
use optiscope::model::{Charts, Ending, Fit, Loss, Measurement, Network, Report, judge};
use optiscope::objective::Scratch;
use std::sync::Arc;

fn classes(x: &[[f64; 2]], labels: &[u32]) -> Arc<Dataset> {
    Arc::new(Dataset {
        name: "points".to_owned(),
        feature_names: ["a", "b"].map(str::to_owned).to_vec(),
        target_name: "class".to_owned(),
        n_rows: x.len(),
        n_features: 2,
        x: x.concat(),
        targets: Targets::Classes {
            labels: labels.to_vec(),
            names: ["no", "yes"].map(str::to_owned).to_vec(),
        },
    })
}

fn logistic(data: &Arc<Dataset>, loss: Loss) -> Network {
    Network::new(Vec::new(), optiscope::model::Activation::default(), loss, Arc::clone(data)).expect("a model")
}

const SQUARE: [[f64; 2]; 4] = [[-1.0, -2.0], [1.0, -2.0], [-1.0, 2.0], [1.0, 2.0]];

#[test]
fn charts_of_a_perfect_model_are_the_corners_and_its_confusion_the_diagonal() {
    let data = classes(&SQUARE, &[0, 0, 1, 1]);
    let report = Report::new(&logistic(&data, Loss::Bce), &[0.0, 5.0, 0.0], None, &mut Scratch::default());
    let Charts::Classes(charts) = report.charts(1) else {
        panic!("classes");
    };
    assert_eq!((charts.roc_auc, charts.average_precision, charts.share), (1.0, 1.0, 0.5));
    assert!(
        charts.roc.contains(&[0.0, 1.0]) && charts.roc.first() == Some(&[0.0, 0.0]) && charts.roc.last() == Some(&[1.0, 1.0])
    );
    assert_eq!(
        (
            charts.confusion.count(0, 0),
            charts.confusion.count(1, 1),
            charts.confusion.right()
        ),
        (2, 2, 4)
    );
    let filled = charts
        .calibration
        .expect("probabilities")
        .into_iter()
        .filter(|bin| bin.rows > 0);
    assert_eq!(filled.map(|bin| bin.share).collect::<Vec<_>>(), [0.0, 1.0]);
}

#[test]
fn answers_over_two_features_are_the_models_own() {
    let data = classes(&SQUARE, &[0, 0, 1, 1]);
    let network = logistic(&data, Loss::Bce);
    let (params, mut scratch) = ([0.3, 1.1, -0.4], Scratch::default());
    let plane = FeaturePlane::new(&data, None, None).expect("two features");
    assert_eq!(plane.names, ["a", "b"]);
    assert_eq!(plane.rows.iter().map(|row| row.at).collect::<Vec<_>>(), SQUARE);
    let grid = 5;
    let answers = plane.answers(&network, &params, grid, &mut scratch);
    for (k, scores) in answers.values.chunks_exact(answers.width).enumerate() {
        let at = |axis: usize, i: usize| {
            let [low, high] = plane.area[axis];
            low + (high - low) * i as f64 / (grid - 1) as f64
        };
        let z = 0.3 * at(0, k % grid) + 1.1 * at(1, k / grid) - 0.4;
        assert!((scores[1] - scores[0] - z).abs() < 1e-12);
    }
}

#[test]
fn many_features_are_seen_along_their_principal_components() {
    let n = 60;
    // All variance lies along (1, 1, 1) and (1, -1, 0).
    let row = |i: usize| {
        let (s, t) = ((i % 10) as f64 - 4.5, (i / 10) as f64 - 2.5);
        [s + 0.1 * t, s - 0.1 * t, s]
    };
    let data = Dataset {
        name: "points".to_owned(),
        feature_names: ["a", "b", "c"].map(str::to_owned).to_vec(),
        target_name: "y".to_owned(),
        n_rows: n,
        n_features: 3,
        x: (0..n).flat_map(row).collect(),
        targets: Targets::Values {
            columns: 1,
            values: vec![0.0; n],
        },
    };
    let plane = FeaturePlane::new(&data, None, None).expect("a plane");
    assert!(plane.explained.is_some_and(|share| (share - 1.0).abs() < 1e-12));
    let along = plane.slice.u.iter().sum::<f64>() / 3.0_f64.sqrt();
    assert!((along.abs() - 1.0).abs() < 1e-12, "{:?}", plane.slice.u);
    let chosen = FeaturePlane::new(&data, None, Some([2, 0])).expect("a plane");
    assert_eq!(chosen.names, ["c", "a"]);
    assert_eq!(chosen.rows[7].at, [data.row(7)[2], data.row(7)[0]]);
    let none = FeaturePlane::new(&data, None, Some([1, 1])).expect("a plane");
    assert_eq!(none.names[0], "component 1", "a feature against itself is no plane");
}

/// A learning curve: training and validation losses at steps 0, 10, 20 ...
fn curve(losses: &[(f64, Option<f64>)]) -> Vec<(u64, Measurement)> {
    let measured = |(i, (train_loss, validation_loss)): (usize, &(f64, Option<f64>))| {
        let measurement = Measurement {
            train_loss: *train_loss,
            validation_loss: *validation_loss,
            ..Measurement::default()
        };
        (10 * i as u64, measurement)
    };
    losses.iter().enumerate().map(measured).collect()
}

fn both(train: impl Fn(f64) -> f64, validation: impl Fn(f64) -> f64) -> Vec<(u64, Measurement)> {
    let losses: Vec<(f64, Option<f64>)> = (0..=20)
        .map(|i| {
            let t = f64::from(i) / 20.0;
            (train(t), Some(validation(t)))
        })
        .collect();
    curve(&losses)
}

#[test]
fn a_learning_curve_is_judged_as_a_teacher_would() {
    let settled = |floor: f64| move |t: f64| floor + (1.0 - floor) * (-12.0 * t).exp();
    let verdict = |curve: &[(u64, Measurement)]| judge(curve, 1.0, Ending::Plain).fit;
    assert_eq!(verdict(&both(settled(0.1), settled(0.12))), Fit::Good);
    assert_eq!(verdict(&both(settled(0.1), settled(0.4))), Fit::Overfitting, "a gap");
    let turning = |t: f64| settled(0.3)(t) + 0.2 * t * t;
    assert_eq!(verdict(&both(|t| 1.0 - 0.8 * t, turning)), Fit::Overfitting, "a turn");
    assert_eq!(verdict(&both(settled(0.96), settled(0.97))), Fit::Underfitting);
    assert_eq!(verdict(&both(|t| 1.0 - 0.8 * t, |t| 1.0 - 0.8 * t)), Fit::Learning);
    assert_eq!(verdict(&curve(&[(0.2, None); 9])), Fit::Settled);
    let vanishing = |t: f64| 1e-20 * (1.0 - t) + (-100.0 * t).exp();
    assert_eq!(verdict(&both(vanishing, vanishing)), Fit::Good, "nothing is left to learn");
    assert_eq!(verdict(&curve(&[(0.2, None); 2])), Fit::Unknown);
    assert_eq!(verdict(&curve(&[])), Fit::Unknown);
}

#[test]
fn a_training_loss_that_goes_up_is_no_fit_at_all() {
    let judged = |losses: &[(f64, Option<f64>)], ending| judge(&curve(losses), 0.7, ending);
    let exploding = [1.0, 50.0, 1e12, 1e30, 1e45].map(|loss| (loss, Some(2.0 * loss)));
    let verdict = judged(&exploding, Ending::Plain);
    assert_eq!(verdict.fit, Fit::Diverging);
    assert!(
        verdict
            .evidence
            .contains("rose from 1.000 at step 0 to 1.00e45 at step 40, above 0.700"),
        "{}",
        verdict.evidence
    );
    assert!(verdict.evidence.contains("take a smaller lr"), "{}", verdict.evidence);
    assert_eq!(
        judged(&exploding[..2], Ending::Plain).fit,
        Fit::Diverging,
        "however little was measured"
    );
    let coming_down = [1.0, 1e9, 1e8, 1e7, 1e6].map(|loss| (loss, None));
    assert_eq!(judged(&coming_down, Ending::Plain).fit, Fit::Diverging);
    let verdict = judged(&exploding, Ending::Diverged { step: 45 });
    assert_eq!(verdict.fit, Fit::Diverged);
    assert!(verdict.evidence.contains("not finite at step 45"), "{}", verdict.evidence);
    assert_eq!(judged(&[(1.0, None)], Ending::Diverged { step: 3 }).fit, Fit::Diverged);
    assert_eq!(judged(&[(f64::NAN, None); 9], Ending::Plain).fit, Fit::Diverged);
    let above = [
        (26.0, None),
        (9.0, None),
        (2.0, None),
        (2.0, None),
        (2.0, None),
        (2.0, None),
        (2.0, None),
    ];
    let verdict = judged(&above, Ending::Plain);
    assert_eq!(verdict.fit, Fit::Underfitting, "it came down, and no further");
    assert!(verdict.evidence.contains("is above 0.700"), "{}", verdict.evidence);
}

#[test]
fn a_run_that_stopped_early_is_judged_where_it_was_taken_back_to() {
    let stopped = |step, train_loss| Ending::StoppedEarly { step, train_loss };
    let judged = |losses: &[(f64, f64)], ending| {
        let losses: Vec<_> = losses.iter().map(|(train, held_out)| (*train, Some(*held_out))).collect();
        let verdict = judge(&curve(&losses), 1.0, ending);
        let words = ["train longer", "larger lr", "go on"];
        assert!(
            verdict.evidence.starts_with("stopped early") && !words.iter().any(|word| verdict.evidence.contains(word)),
            "{}",
            verdict.evidence
        );
        verdict
    };
    let falling = [(1.1, 1.1), (0.9, 0.9), (0.6, 0.62), (0.4, 0.45), (0.2, 0.27)];
    let verdict = judged(&falling, stopped(90, 0.1));
    assert_eq!(verdict.fit, Fit::Good);
    assert!(
        verdict.evidence.contains("at step 90") && verdict.evidence.contains("best at step 40 (0.270)"),
        "{}",
        verdict.evidence
    );
    assert_eq!(judged(&[(1.1, 1.1), (0.2, 0.6)], stopped(50, 0.01)).fit, Fit::Overfitting);
    assert_eq!(judged(&[(1.1, 1.1)], stopped(50, 0.01)).fit, Fit::Underfitting);
    assert_eq!(judged(&[(1.1, 1.1)], stopped(50, 1e20)).fit, Fit::Diverging);
}

#[test]
fn a_verdict_names_its_evidence() {
    let turning = both(|t| 1.0 - 0.8 * t, |t| 0.5 + (t - 0.5) * (t - 0.5));
    let evidence = judge(&turning, 1.0, Ending::Plain).evidence;
    assert!(
        evidence.contains("best at step 100 (0.500) and has risen to 0.750"),
        "{evidence}"
    );
    assert!(evidence.contains("fell from 0.600 to 0.200"), "{evidence}");
}
