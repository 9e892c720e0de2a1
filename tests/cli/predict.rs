//! A model is trained, kept, and asked about rows that it has or has not seen.

use std::fs;

use super::program::*;

#[test]
fn a_kept_model_is_as_good_as_training_said() {
    let folder = folder();
    for (data, target, rest) in [
        ("iris", "species", "--hidden 8"),
        ("diabetes", "progression", "--model linear"),
        ("penguins", "species", "--prepare impute --prepare one_hot --prepare min_max"),
    ] {
        let train = format!(
            "train {data} --target {target} {rest} --validation 0 --test 0 --epochs 5 --save m.safetensors --format json"
        );
        let trained = json(&optiscope_in(folder.path(), &train).ok());
        let said = optiscope_in(folder.path(), &format!("predict m.safetensors {data} -o out.csv"));
        let metric = if target == "progression" { "r2" } else { "accuracy" };
        let expected = format!(
            "{metric} {:?}",
            trained[0][format!("train_{metric}")].as_f64().expect("a number")
        );
        assert!(said.err.contains(&expected), "{data}: {expected} in {}", said.err);
        let written = fs::read_to_string(folder.path().join("out.csv")).expect("written");
        assert!(written.starts_with(&format!("row,{target}")), "{written}");
    }
}

#[test]
fn predictions_have_a_row_for_every_row() {
    let folder = folder();
    optiscope_in(folder.path(), "train iris --target species --epochs 5 --save m.safetensors").ok();
    let text = optiscope_in(folder.path(), "predict m.safetensors iris --format csv").ok();
    let rows = csv(&text);
    assert_eq!(rows[0], ["row", "species", "p_setosa", "p_versicolor", "p_virginica"]);
    assert_eq!((rows.len(), rows[1][0], rows[150][0]), (151, "1", "150"));
    for row in &rows[1..] {
        let p: Vec<f64> = row[2..].iter().map(|p| number(p)).collect();
        let best = p.iter().copied().fold(0.0, f64::max);
        let place = p.iter().position(|v| *v == best).expect("one of them");
        assert_eq!(rows[0][2 + place], format!("p_{}", row[1]));
    }
}

#[test]
fn what_cannot_be_predicted_is_refused_in_a_sentence() {
    let folder = folder();
    optiscope_in(folder.path(), "train iris --target species --epochs 2 --save m.safetensors").ok();
    fs::write(folder.path().join("other.csv"), "a,b\n1,2\n3,4\n").expect("written");
    optiscope_in(folder.path(), "predict m.safetensors other.csv").refused(&["sepal_length_cm"]);
    optiscope_in(folder.path(), "predict gone.safetensors iris").refused(&["gone.safetensors"]);
    optiscope_in(folder.path(), "predict other.csv iris").refused(&["other.csv", "safetensors"]);
    optiscope_in(folder.path(), "predict m.safetensors iris -o no/such/out.csv").refused(&["--output", "no/such"]);
}

#[test]
fn penalised_linear_models_go_by_their_names() {
    let folder = folder();
    let base = "train diabetes --target progression --validation 0 --test 0 --batch full --steps 3 --optimizer least_squares --format csv";
    let of = |model: &str| optiscope_in(folder.path(), &format!("{base} --model {model}")).ok();
    assert_eq!(of("ridge --l2 0.5"), of("linear --l2 0.5"));
    assert_eq!(of("ridge"), of("linear --l2 0.01"));
    assert_ne!(of("ridge"), of("linear"));
    let sgd = |model: &str| {
        optiscope_in(
            folder.path(),
            &format!("{} --model {model}", base.replace("least_squares", "sgd")),
        )
        .ok()
    };
    assert_eq!(sgd("lasso --l1 0.3"), sgd("linear --l1 0.3"));
    assert_eq!(sgd("elastic_net"), sgd("linear --l1 0.01 --l2 0.01"));
    optiscope_in(folder.path(), &format!("{base} --model ridge --l1 0.3")).refused(&["--l1", "ridge"]);
    optiscope_in(folder.path(), &format!("{base} --model ridge --l2 0")).refused(&["--l2", "ridge"]);
    optiscope_in(folder.path(), &format!("{base} --model rigde")).refused(&["rigde", "ridge"]);
}
