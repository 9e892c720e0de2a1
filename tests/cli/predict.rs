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

/// A model of `kind` (a or b) and one of `price` from a number and an island, saved in a folder.
fn island_models() -> tempfile::TempDir {
    let folder = folder();
    let row = |i: usize| {
        let (width, island) = (i as f64 / 3.0, ["North", "South"][i % 2]);
        format!("{},{width},{island},{}\n", ["a", "b"][i / 20], 2.0 * width)
    };
    let rows: String = (0..40).map(row).collect();
    fs::write(folder.path().join("known.csv"), format!("kind,width,island,price\n{rows}")).expect("written");
    for (target, rest) in [("kind", "--hidden 4 --epochs 30"), ("price", "--model linear")] {
        let line = format!("train known.csv --target {target} {rest} --features width,island --save {target}.safetensors");
        optiscope_in(folder.path(), &line).ok();
    }
    folder
}

#[test]
fn rows_without_an_answer_keep_their_place() {
    let folder = island_models();
    // A row with an infinite number, one with a field too many, and one whose price no number can hold.
    let new = "width,island,price\n3,North,6\n1e400,North,1\n3,South,9,9\n-inf,South,2\n6,South,12\n1e308,North,3\n";
    fs::write(folder.path().join("new.csv"), new).expect("written");
    for (model, answered) in [("kind", &["1", "5", "6"][..]), ("price", &["1", "5"])] {
        let reply = optiscope_in(folder.path(), &format!("predict {model}.safetensors new.csv --format csv"));
        for warning in ["2 row(s) with an infinite value", "1 row(s) with too many fields"] {
            assert!(reply.err.contains(&format!("warning: {warning}")), "{warning}: {}", reply.err);
        }
        assert_eq!(
            reply.err.contains("1 row(s) whose answer no number can hold"),
            model == "price",
            "{}",
            reply.err
        );
        let text = reply.ok();
        let rows = csv(&text);
        assert_eq!(
            rows[1..].iter().map(|row| row[0]).collect::<Vec<_>>(),
            ["1", "2", "3", "4", "5", "6"]
        );
        for row in &rows[1..] {
            assert_eq!(row[1].is_empty(), !answered.contains(&row[0]), "{row:?}");
            assert!(!row.iter().any(|cell| ["NaN", "inf"].contains(cell)), "{row:?}");
        }
    }
}

#[test]
fn nothing_but_infinite_rows_is_no_error() {
    let folder = island_models();
    fs::write(folder.path().join("new.csv"), "width,island\ninf,North\n1e999,South\n").expect("written");
    let text = optiscope_in(folder.path(), "predict kind.safetensors new.csv --format csv").ok();
    assert_eq!(csv(&text).len(), 3);
}

#[test]
fn what_the_model_has_never_met_is_told_with_its_count() {
    let folder = island_models();
    let new = "width,island,kind\n1,Mars,a\n2,Mars,alien\n12,North,b\n3,South,alien\n11,Venus,\n";
    fs::write(folder.path().join("new.csv"), new).expect("written");
    let reply = optiscope_in(folder.path(), "predict kind.safetensors new.csv --format csv");
    for words in [
        "warning: column 'island': 'Mars' (2 rows), 'Venus' (1 row): in no training row",
        "warning: column 'kind': 'alien' (2 rows): no class of the model",
        "note: on the 2 row(s) whose 'kind' is known",
    ] {
        assert!(reply.err.contains(words), "{words}: {}", reply.err);
    }
    let ordinal = "train known.csv --target kind --features width,island --prepare ordinal --epochs 2 --save o.safetensors";
    optiscope_in(folder.path(), ordinal).ok();
    let reply = optiscope_in(folder.path(), "predict o.safetensors new.csv");
    assert!(reply.err.contains("'Mars' (2 rows), 'Venus' (1 row)"), "{}", reply.err);
    let known = optiscope_in(folder.path(), "predict kind.safetensors known.csv");
    assert!(!known.err.contains("warning"), "{}", known.err);
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
