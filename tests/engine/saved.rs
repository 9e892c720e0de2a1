//! A model that went through a file says what it said before.

use std::fs;
use std::path::Path;

use optiscope::data::recipe::{
    DateParts, DropColumns, DropDuplicates, Impute, Log, MaxAbs, MinMax, OneHot, Ordinal, Pca, Polynomial, RecipeStep, Robust,
    Standardize, StepConfig,
};
use optiscope::data::{Preparation, Progress, ReadOptions, Table, Task, read_bytes};
use optiscope::experiment::{LoadedModel, ModelProblem, SliceConfig, Source};
use optiscope::model::{Answer, Loss, ModelCard, ModelConfig, ModelKind, PredictedValues, SavedModel, weights};
use optiscope::objective::Scratch;

fn table(text: &str) -> Table {
    read_bytes("rows.csv", text.as_bytes(), &ReadOptions::default(), &Progress::default()).expect("a table")
}

/// Rows with numbers, gaps, a category, yes and no, a date, a class and a number to predict.
fn rows(n: usize) -> String {
    let mut text = "width,height,colour,open,day,kind,price\n".to_owned();
    for i in 0..n {
        let width = if i % 7 == 3 {
            String::new()
        } else {
            format!("{}", 0.5 + (i * 37 % 101) as f64 / 10.0)
        };
        let colour = ["red", "green", "blue"][i * 5 % 3];
        let open = ["yes", "no"][i % 2];
        let height = 1.0 + (i * 53 % 89) as f64 / 7.0;
        let kind = ["cup", "bowl", "plate"][(i * 5 % 3 + i / 30) % 3];
        let price = 3.0 * height + (i % 5) as f64;
        text += &format!(
            "{width},{height},{colour},{open},2024-0{}-1{},{kind},{price}\n",
            1 + i % 9,
            i % 8
        );
    }
    text
}

fn step(step: StepConfig) -> RecipeStep {
    RecipeStep { step, columns: None }
}

fn loaded(table: &Table, target: &str, loss: Option<Loss>, recipe: Option<Vec<RecipeStep>>) -> LoadedModel {
    let problem = ModelProblem {
        source: Source::default(),
        preparation: Preparation {
            target: target.to_owned(),
            task: Some(if target == "price" {
                Task::Regression
            } else {
                Task::Classification
            }),
            features: Some(
                ["width", "height", "colour", "open", "day"]
                    .map(str::to_owned)
                    .into_iter()
                    .filter(|f| f != target)
                    .collect(),
            ),
            recipe,
            validation: 0.25,
            ..Preparation::default()
        },
        model: ModelConfig {
            kind: ModelKind::Mlp,
            hidden: vec![5],
            loss,
            ..ModelConfig::default()
        },
        batch: None,
        shuffle: true,
        early_stopping: None,
        start: None,
        frozen: Vec::new(),
        slice: SliceConfig::default(),
    };
    LoadedModel::new(&problem, 3, table).expect("a model")
}

fn saved(model: &LoadedModel) -> SavedModel {
    SavedModel::new(ModelCard::of(&model.network, &model.prepared), model.x0.to_vec()).expect("a model")
}

/// Through a file and back.
fn through_a_file(model: &SavedModel) -> SavedModel {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    model.save(&path).expect("written");
    SavedModel::load(&path).expect("read")
}

#[test]
fn a_model_says_the_same_after_it_went_through_a_file() {
    let table = table(&rows(90));
    for (target, loss) in [
        ("kind", None),
        ("open", Some(Loss::Bce)),
        ("open", Some(Loss::Hinge)),
        ("kind", Some(Loss::Hinge)),
        ("price", None),
    ] {
        let model = saved(&loaded(&table, target, loss, None));
        let (before, after) = (
            model.predict(&table).expect("predicts"),
            through_a_file(&model).predict(&table).expect("predicts"),
        );
        assert_eq!(before.answers, after.answers, "{target} {loss:?}");
        assert_eq!((after.rows.len(), after.left_out()), (90, 0));
    }
}

#[test]
fn what_every_step_has_learnt_goes_through_a_file() {
    let table = table(&rows(90));
    let clean = || {
        vec![
            step(StepConfig::Impute(Impute::default())),
            step(StepConfig::OneHot(OneHot::default())),
        ]
    };
    for last in StepConfig::all() {
        let recipe = match &last {
            StepConfig::DropColumns(_) => {
                let columns = Some(vec!["width".to_owned()]);
                [
                    vec![RecipeStep {
                        step: last.clone(),
                        columns,
                    }],
                    clean(),
                ]
                .concat()
            }
            StepConfig::DropDuplicates(_) | StepConfig::DateParts(_) | StepConfig::Impute(_) | StepConfig::Ordinal(_) => {
                [vec![step(last.clone())], clean()].concat()
            }
            _ => [clean(), vec![step(last.clone())]].concat(),
        };
        let recipe = match &last {
            // Zeros and ones have no logarithm.
            StepConfig::Log(_) => [
                clean(),
                vec![RecipeStep {
                    step: last.clone(),
                    columns: Some(vec!["height".to_owned()]),
                }],
            ]
            .concat(),
            _ => recipe,
        };
        let model = saved(&loaded(&table, "kind", None, Some(recipe)));
        let id = last.id();
        let (before, after) = (
            model.predict(&table).expect(id),
            through_a_file(&model).predict(&table).expect(id),
        );
        assert_eq!(before.answers, after.answers, "{id}");
    }
    // Every type by its name: whoever adds a step sees it here.
    let _ = (
        DateParts::default(),
        DropColumns::default(),
        DropDuplicates::default(),
        Log::default(),
        MaxAbs::default(),
        MinMax::default(),
        Ordinal::default(),
        Pca::default(),
        Polynomial::default(),
        Robust::default(),
        Standardize::default(),
    );
}

#[test]
fn predictions_are_those_of_the_reports() {
    let table = table(&rows(90));
    for (target, loss) in [("kind", None), ("price", None)] {
        let loaded = loaded(&table, target, loss, None);
        let predictions = saved(&loaded).predict(&table).expect("predicts");
        let (report, n) = predictions.report.expect("the truth is known");
        assert_eq!(n, 90);
        // Loss and metrics are means over rows: those of the parts add up to that of all.
        let parts = loaded.reports(&loaded.x0, &mut Scratch::default());
        let sizes = [
            loaded.prepared.train.n_rows,
            loaded.prepared.validation.as_ref().expect("held out").n_rows,
        ];
        let mean: f64 = parts
            .iter()
            .zip(sizes)
            .map(|((_, part), n)| part.loss * n as f64)
            .sum::<f64>()
            / 90.0;
        assert!(
            (report.loss - mean).abs() < 1e-12 * mean.abs(),
            "{target}: {} {mean}",
            report.loss
        );
    }
}

#[test]
fn new_rows_are_prepared_as_the_training_rows_were() {
    let model = saved(&loaded(&table(&rows(90)), "kind", None, None));
    // No target, columns in another order and one more, a level never seen, a gap.
    let new = table("extra,colour,height,width,open,day\n9,pink,2.5,,no,2024-02-11\n8,red,3.5,1.5,yes,2024-03-12\n");
    let predictions = model.predict(&new).expect("predicts");
    assert_eq!(
        (predictions.rows.as_slice(), predictions.report.is_none()),
        (&[0, 1][..], true)
    );
    let PredictedValues::Classes { names, scores, .. } = &predictions.answers else {
        panic!("classes");
    };
    assert_eq!(names, &["bowl", "cup", "plate"]);
    for row in scores.chunks(3) {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    let missing = model.predict(&table("height,width\n1,2\n")).expect_err("columns are missing");
    assert!(missing.to_string().contains("colour"), "{missing}");
}

#[test]
fn rows_with_gaps_that_nothing_fills_stay_without_an_answer() {
    let recipe = vec![step(StepConfig::OneHot(OneHot::default()))];
    let whole = rows(90)
        .lines()
        .filter(|line| !line.starts_with(','))
        .collect::<Vec<_>>()
        .join("\n");
    let model = saved(&loaded(&table(&whole), "price", None, Some(recipe)));
    let predictions = model.predict(&table(&rows(20))).expect("predicts");
    assert!(predictions.left_out() > 0 && predictions.rows.len() + predictions.left_out() == 20);
    for (row, answer) in predictions.all() {
        assert_eq!(answer.is_none(), row % 7 == 3, "row {row}");
        assert!(answer.is_none_or(|answer| matches!(answer, Answer::Number(v) if v.is_finite())));
    }
}

/// What is said of a file that is no saved model.
fn refusal(path: &Path) -> String {
    SavedModel::load(path).expect_err("refused").to_string()
}

#[test]
fn a_file_that_is_no_saved_model_gets_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    assert!(refusal(&path).contains("model.safetensors"));
    fs::write(&path, "not weights").expect("written");
    assert!(refusal(&path).contains("not a safetensors file"));
    let loaded = loaded(&table(&rows(90)), "kind", None, None);
    weights::save(&path, loaded.network.architecture(), &loaded.x0).expect("written");
    assert!(refusal(&path).contains("weights only"));
    saved(&loaded).save(&path).expect("written");
    let whole = fs::read(&path).expect("read");
    let changed = |from: &str, to: &str| {
        let at = whole
            .windows(from.len())
            .position(|w| w == from.as_bytes())
            .unwrap_or_else(|| panic!("{from}"));
        let mut bytes = whole.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        fs::write(&path, bytes).expect("written");
        refusal(&path)
    };
    assert!(changed(r#"\"version\":1"#, r#"\"version\":7"#).contains("version 7"));
    assert!(changed(r#"\"id\":\"impute\""#, r#"\"id\":\"impose\""#).contains("impose"));
    assert!(changed(r#"\"hidden\":[5]"#, r#"\"hidden\":[9]"#).contains("shape"));
    fs::write(&path, &whole[..whole.len() - 9]).expect("written");
    assert!(refusal(&path).contains("not a safetensors file"));
}

#[test]
fn plain_weights_are_read_from_a_saved_model_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    let loaded = loaded(&table(&rows(90)), "kind", None, None);
    saved(&loaded).save(&path).expect("written");
    let weights = weights::load(&path, loaded.network.architecture()).expect("read");
    assert_eq!(weights, loaded.x0.to_vec());
}
