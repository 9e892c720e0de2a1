//! Data and models without a window: data, train, slice.

use std::fs;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::program::*;

#[test]
fn data_tells_what_was_read() {
    let folder = folder();
    let text = "name;when;height\nAda;2024-01-02;1,75\nBob;2024-03-04;1,80\nCay;;\nDon;2024-05-06;1,62\nEve;2024-05-06;1,62;9\n";
    fs::write(folder.path().join("people.csv"), text).expect("written");
    let report = json(&optiscope_in(folder.path(), "data people.csv --format json").ok());
    assert_eq!(
        (&report["rows"], &report["dialect"]["delimiter"]),
        (&json("4"), &json("\";\""))
    );
    assert_eq!(
        (&report["dialect"]["encoding"], &report["dialect"]["header"]),
        (&json("\"UTF-8\""), &json("true"))
    );
    let columns = report["columns"].as_array().expect("columns");
    assert_eq!(columns.len(), 3);
    assert_eq!(
        (&columns[2]["name"], &columns[2]["type"]),
        (&json("\"height\""), &json("\"number\""))
    );
    assert_eq!((&columns[2]["missing"], &columns[2]["max"]), (&json("1"), &json("1.8")));
    assert_eq!(columns[1]["min"], "2024-01-02");
    assert!(
        report["warnings"]
            .as_array()
            .expect("warnings")
            .iter()
            .any(|w| w["line"] == 6),
        "the row that is too long"
    );
    assert!(report["suggested_target"].is_string());

    let table = optiscope_in(folder.path(), "data people.csv --export out.csv").ok();
    assert!(table.contains("suggested target") && table.contains("line 6"), "{table}");
    let exported = fs::read_to_string(folder.path().join("out.csv")).expect("exported");
    assert!(
        exported
            .replace("\r\n", "\n")
            .starts_with("name,when,height\nAda,2024-01-02,1.75\n"),
        "{exported}"
    );
    let columns = optiscope_in(folder.path(), "data out.csv --format csv").ok();
    assert!(
        columns.starts_with("column,type,missing,distinct,min,max\nname,"),
        "{columns}"
    );

    fs::write(folder.path().join("picture.csv"), b"\x89PNG\r\n\x1a\n0000").expect("written");
    optiscope_in(folder.path(), "data picture.csv").refused(&["picture.csv", "PNG"]);
    fs::write(folder.path().join("empty.csv"), "").expect("written");
    optiscope_in(folder.path(), "data empty.csv").refused(&["empty.csv", "empty"]);
    optiscope_in(folder.path(), "data gone.csv").refused(&["gone.csv"]);
    optiscope_in(folder.path(), "data people.csv --export no/such/folder.csv").refused(&["folder.csv"]);
    optiscope_in(folder.path(), "data people.csv --encoding klingon").refused(&["klingon"]);
    let overruled = "--delimiter , --quote none --header false --preamble 1 --decimal . --thousands none --escape none";
    let table = optiscope_in(folder.path(), &format!("data people.csv {overruled}")).ok();
    assert!(
        table.contains("delimiter ',', quote none, 1 line(s) before the table, without a header"),
        "{table}"
    );
    optiscope_in(folder.path(), "data people.csv --thousands 5").refused(&["thousands", "'5'"]);
    optiscope_in(folder.path(), "data iris --quote none").refused(&["--quote", "none", "leave this out"]);
}

#[test]
fn training_finds_a_line_and_keeps_it() {
    let folder = folder();
    fs::write(folder.path().join("line.csv"), LINE).expect("written");
    let base = "train line.csv --target y --model linear --standardize false --validation 0 --test 0 --batch full --format csv";
    let rule = "--optimizer momentum --set lr=0.05 --set momentum=0.9";
    let text = optiscope_in(
        folder.path(),
        &format!("{base} --steps 800 {rule} --save line.safetensors --log steps.csv"),
    )
    .ok();
    let rows = csv(&text);
    let first = [
        "run",
        "optimizer",
        "steps",
        "epochs",
        "train_loss",
        "train_r2",
        "train_rmse",
        "train_mae",
    ];
    assert!(
        rows[0].starts_with(&first) && rows[0].ends_with(&["verdict", "detail"]),
        "{text}"
    );
    assert!(number(rows[1][4]) < 1e-20 && number(rows[1][5]) > 1.0 - 1e-12, "{text}");

    let bytes = fs::read(folder.path().join("line.safetensors")).expect("weights");
    let file = SafeTensors::deserialize(&bytes).expect("safetensors");
    let read = |name: &str| {
        let tensor = file.tensor(name).expect(name);
        let value = f64::from_le_bytes(tensor.data().try_into().expect("one double"));
        (tensor.shape().to_vec(), (value * 1e6).round() / 1e6)
    };
    assert_eq!(read("layers.0.weight"), (vec![1, 1], 3.0));
    assert_eq!(read("layers.0.bias"), (vec![1], -2.0));

    let log = fs::read_to_string(folder.path().join("steps.csv")).expect("a log");
    let steps = csv(&log);
    assert_eq!(steps[0], ["run", "step", "epoch", "loss", "lr", "grad_norm"]);
    assert_eq!(steps.len(), 801);
    assert_eq!((steps[800][1], steps[800][2], number(steps[800][4])), ("799", "799", 0.05));
    assert!(number(steps[1][3]) > 1.0, "the loss before the first step");

    // Taken up again without moving: the same numbers.
    let again = optiscope_in(
        folder.path(),
        &format!("{base} --steps 1 --optimizer sgd --set lr=0 --init line.safetensors"),
    )
    .ok();
    assert_eq!(csv(&again)[1][4..8], rows[1][4..8]);
    optiscope_in(
        folder.path(),
        "train line.csv --target y --hidden 4 --init line.safetensors --validation 0 --test 0",
    )
    .refused(&["line.safetensors", "1-1", "1-4-1"]);
}

#[test]
fn nothing_is_held_out_of_too_few_rows_unless_asked_for() {
    let folder = folder();
    fs::write(folder.path().join("two.csv"), "x,y\n0,0.5\n1,1.5\n").expect("written");
    let train = |options: &str| {
        optiscope_in(
            folder.path(),
            &format!("train two.csv --target y --model linear --steps 1 {options}"),
        )
    };
    let row = &json(&train("--format json").ok())[0];
    assert!(row["test_loss"].is_null() && row["train_loss"].is_f64(), "{row}");
    train("--validation 0.2 --test 0.2").refused(&["--test 0.2", "or 0"]);
    let most = json(&optiscope("train iris --target species --validation 0.9 --steps 1 --format json").ok());
    assert!(
        most[0]["test_loss"].is_null() && most[0]["validation_loss"].is_f64(),
        "{most}"
    );
}

#[test]
fn training_tells_classes_apart() {
    let line = "train iris --target species --hidden 8 --epochs 40 --optimizer adam --set lr=0.02 --optimizer sgd --set lr=0.1 --format json";
    let rows = json(&optiscope(line).ok());
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    for row in rows.as_array().expect("rows") {
        for metric in ["train_accuracy", "validation_accuracy", "test_accuracy"] {
            assert!(row[metric].as_f64().expect(metric) > 0.8, "{row}");
        }
        assert_eq!(row["epochs"], 40.0);
    }
    assert_eq!(optiscope(line).ok(), optiscope(line).ok(), "the same bits every time");
    optiscope("train iris --target kind").refused(&["kind"]);
    optiscope("train iris --target species --model linear").refused(&["linear"]);
    optiscope("train iris --target species --loss mse").refused(&["mse"]);
    optiscope("train iris --target species --validation 0.7 --test 0.7").refused(&["validation"]);
    optiscope("train iris --target species --optimizer adam --optimizer sgd --save w.safetensors").refused(&["--save"]);
    optiscope("train iris --target species --early-stopping 3 --validation 0").refused(&["--early-stopping"]);
    optiscope("train iris --target species --epochs 0").refused(&["--epochs", "1 or more"]);
    assert_eq!(optiscope("train iris --target species --activation sine").code, Some(2));
}

#[test]
fn classes_count_as_much_as_is_said() {
    let folder = folder();
    let rows: String = (0..40)
        .map(|i| format!("{},{}\n", i % 10, if i % 2 == 0 { "\"Smith, J\"" } else { "Doe" }))
        .collect();
    fs::write(folder.path().join("names.csv"), format!("x,name\n{rows}")).expect("written");
    let train = |options: &str| {
        let line = format!("train names.csv --target name --hidden 4 --epochs 30 --test 0 --validation 0 {options}");
        optiscope_in(folder.path(), &line)
    };
    for (weights, always) in [("Smith, J=0,Doe=1", "as_Doe"), ("Doe=0,Smith, J=2.5", "as_Smith, J")] {
        let line = format!("--class-weight '{weights}' --confusion --format json");
        let rows = json(&train(&line).ok());
        for row in rows.as_array().expect("rows") {
            assert_eq!(row[always], 20, "what does not count is never said: {row}");
        }
    }
    train("--class-weight 'Smith=2'").refused(&["Smith", "Smith, J", "Doe"]);
    assert_eq!(train("--class-weight 'Smith, J'").code, Some(2));
    assert_eq!(train("--class-weight 'Smith, J=2,Doe'").code, Some(2));
    assert_eq!(train("--class-weight 'Doe=-1'").code, Some(2));
    assert!(
        train("--class-weight 'Doe=-1,Smith, J=2'")
            .err
            .contains("a weight for each class")
    );
}

#[test]
fn training_says_how_good_the_model_is() {
    let line = "train breast_cancer --target diagnosis --model logistic --epochs 3 --optimizer adam --set lr=0.05";
    let row = &json(&optiscope(&format!("{line} --format json")).ok())[0];
    for set in ["train", "validation", "test"] {
        let metric = |name: &str| {
            row[format!("{set}_{name}")]
                .as_f64()
                .unwrap_or_else(|| panic!("{set}_{name}: {row}"))
        };
        for share in [
            "accuracy",
            "balanced_accuracy",
            "precision",
            "recall",
            "f1",
            "f1_macro",
            "f1_micro",
            "f1_weighted",
            "precision_micro",
            "precision_weighted",
            "recall_micro",
            "recall_weighted",
            "mcc",
            "roc_auc",
            "average_precision",
        ] {
            assert!((0.5..=1.0).contains(&metric(share)), "{set}_{share}: {row}");
        }
        assert!((metric("log_loss") - metric("loss")).abs() < 1e-12 && metric("brier") < 0.25);
    }
    let table = optiscope(line).ok();
    assert!(table.contains("test_roc_auc") && !table.contains("brier"), "{table}");
    let numbers = "train diabetes --target progression --model linear --epochs 1 --format json";
    let row = &json(&optiscope(numbers).ok())[0];
    for name in ["rmse", "mae", "mse", "median_ae", "max_error", "explained_variance", "mape"] {
        assert!(row[format!("test_{name}")].is_f64(), "{name}: {row}");
    }
}

#[test]
fn the_confusion_counts_every_row_once() {
    let line = "train iris --target species --hidden 8 --epochs 2 --confusion --format json";
    let rows = json(&optiscope(line).ok());
    let rows = rows.as_array().expect("rows");
    assert_eq!(rows.len(), 9, "three sets of three classes: {rows:?}");
    let count = |row: &serde_json::Value| -> u64 {
        let fields = row.as_object().expect("a row").iter();
        let counts = fields.filter(|(name, _)| name.starts_with("as_"));
        counts.map(|(_, count)| count.as_u64().expect("a count")).sum()
    };
    assert_eq!(rows.iter().map(count).sum::<u64>(), 150);
    assert_eq!(
        (&rows[0]["set"], &rows[0]["class"]),
        (&json("\"train\""), &json("\"setosa\""))
    );
    optiscope("train diabetes --target progression --steps 1 --confusion").refused(&["--confusion", "number"]);
}

#[test]
fn an_exact_solver_says_where_digits_are_lost() {
    let folder = folder();
    let rows = (0..12).map(|i| format!("{},{},{i}\n", f64::from(i) + 1e7, f64::from(i * i) + 1e7));
    let text = format!("a,b,y\n{}", rows.collect::<String>());
    fs::write(folder.path().join("far.csv"), text).expect("written");
    let line = "train far.csv --target y --features a,b --model linear --standardize false --batch full --steps 1 --optimizer least_squares";
    let row = &json(&optiscope_in(folder.path(), &format!("{line} --format json")).ok())[0];
    let detail = row["detail"].as_str().expect("a detail");
    assert!(
        detail.starts_with("ill-conditioned") && detail.contains("digits are lost"),
        "{row}"
    );
    optiscope("train iris --target species --optimizer least_squares").refused(&["Exact least squares", "mse"]);
}

#[test]
fn early_stopping_goes_back_to_the_best_weights() {
    let line =
        "train wine --target cultivar --hidden 32 --optimizer adam --set lr=0.05 --epochs 200 --early-stopping 5 --format json";
    let row = &json(&optiscope(line).ok())[0];
    assert_eq!(row["verdict"], "stopped early", "{row}");
    assert!(row["epochs"].as_f64().expect("epochs") < 200.0);
    assert!(row["detail"].as_str().expect("detail").contains("best after step"));
}

#[test]
fn a_slice_passes_through_the_weights() {
    let folder = folder();
    let options = "iris --target species --hidden 4";
    let trained = json(
        &optiscope_in(
            folder.path(),
            &format!("train {options} --epochs 5 --save w.safetensors --format json"),
        )
        .ok(),
    );
    let loss = trained[0]["train_loss"].as_f64().expect("loss");
    for directions in ["random", "random --normalize layer", "random --normalize none", "hessian"] {
        let line = format!("slice {options} --init w.safetensors --directions {directions} --grid 3 --range 0.5 --format csv");
        let text = optiscope_in(folder.path(), &line).ok();
        let rows = csv(&text);
        assert_eq!((rows.len(), &rows[0][..]), (10, &["a", "b", "loss"][..]));
        assert_eq!(
            (number(rows[1][0]), number(rows[1][1]), number(rows[2][1])),
            (-0.5, -0.5, 0.0)
        );
        assert_eq!((number(rows[5][0]), number(rows[5][1]), number(rows[5][2])), (0.0, 0.0, loss));
    }

    // Directions from a file: u leads from the weights to 0, where three classes are equally likely.
    let bytes = fs::read(folder.path().join("w.safetensors")).expect("weights");
    let weights = SafeTensors::deserialize(&bytes).expect("safetensors");
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (name, tensor) in weights.tensors() {
        let negated = tensor
            .data()
            .chunks(8)
            .flat_map(|b| (-f64::from_le_bytes(b.try_into().expect("8 bytes"))).to_le_bytes());
        tensors.push((format!("u.{name}"), tensor.shape().to_vec(), negated.collect()));
        tensors.push((format!("v.{name}"), tensor.shape().to_vec(), vec![0; tensor.data().len()]));
    }
    let write = |path: &str, tensors: &[(String, Vec<usize>, Vec<u8>)]| {
        let views = tensors
            .iter()
            .map(|(n, s, d)| (n.as_str(), TensorView::new(Dtype::F64, s.clone(), d).expect("a tensor")));
        fs::write(folder.path().join(path), safetensors::serialize(views, None).expect("a file")).expect("written");
    };
    write("d.safetensors", &tensors);
    let line = format!("slice {options} --init w.safetensors --grid 3 --format csv --directions");
    let text = optiscope_in(folder.path(), &format!("{line} d.safetensors")).ok();
    assert!((number(csv(&text)[8][2]) - 3.0_f64.ln()).abs() < 1e-15, "{text}");
    tensors.retain(|(name, ..)| name != "v.layers.1.bias");
    write("short.safetensors", &tensors);
    optiscope_in(folder.path(), &format!("{line} short.safetensors")).refused(&["v.layers.1.bias"]);
    optiscope_in(folder.path(), &format!("{line} gone.safetensors")).refused(&["gone.safetensors"]);
}

#[test]
fn a_recipe_is_written_step_by_step() {
    let line = "train penguins --target species --model logistic --epochs 2 --validation 0.2 --test 0 --format csv";
    let steps = [
        "impute strategy=mean indicator=true",
        "one_hot drop_first=true",
        "standardize columns=bill_length_mm,body_mass_g",
    ];
    let told = |steps: &[&str]| {
        let prepare: String = steps.iter().map(|step| format!(" --prepare '{step}'")).collect();
        optiscope(&format!("{line}{prepare}"))
    };
    let reply = told(&steps);
    assert!(reply.err.contains("filled with the mean"), "{}", reply.err);
    assert!(reply.err.contains("condition number"), "{}", reply.err);
    reply.ok();
    told(&["impute", "one-hot"]).refused(&["did you mean one_hot?", "optiscope list steps"]);
    told(&["impute strategy=guess"]).refused(&["--prepare impute strategy=guess", "most_frequent"]);
    told(&["impute strategy"]).refused(&["--prepare impute strategy", "impute strategy=mean columns=a,b"]);
    told(&["one_hot"]).refused(&["still missing", "impute"]);
    assert!(optiscope("list steps --format csv").ok().contains("\npca,PCA,"));
}

#[test]
fn cross_validation_has_a_row_a_run() {
    let line = "train iris --target species --model logistic --epochs 3 --format csv";
    let text = optiscope(&format!(
        "{line} --folds 4 --repeats 2 --optimizer sgd --set lr=0.1 --optimizer adam"
    ))
    .ok();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].starts_with("run,optimizer,folds,train_loss_mean,train_loss_sd,"),
        "{text}"
    );
    assert!(
        lines[0].contains(",validation_accuracy_mean,validation_accuracy_sd"),
        "{text}"
    );
    assert!(
        lines[1].starts_with("0,sgd,8,") && lines[2].starts_with("1,adam,8,"),
        "{text}"
    );
    optiscope(&format!("{line} --folds 1")).refused(&["--folds"]);
    optiscope(&format!("{line} --repeats 3")).refused(&["--folds"]);
    optiscope(&format!("{line} --split group")).refused(&["--group COLUMN"]);
    optiscope(&format!("{line} --split sorted")).refused(&["stratified, random, group and time"]);
    optiscope(&format!("{line} --time species")).refused(&["name one of dates or numbers"]);
}

#[test]
fn data_tells_what_will_hurt() {
    let text = optiscope("data breast_cancer --target diagnosis").ok();
    assert!(text.contains("collinear with") && text.contains("leave one out"), "{text}");
    assert!(text.contains("condition number"), "{text}");
    let report = json(&optiscope("data iris --format json").ok());
    assert!(report["gradient_descent"]["after"]["max_lr"].as_f64().expect("a number") > 0.1);
    optiscope("data iris --target colour").refused(&["--target colour"]);
}

#[test]
fn data_that_train_would_refuse_or_know_by_heart() {
    let folder = folder();
    let rows: String = (0..60).map(|i| format!("{i},c{i}\n")).collect();
    fs::write(folder.path().join("names.csv"), format!("x,label\n{rows}")).expect("written");
    let text = optiscope_in(folder.path(), "data names.csv").ok();
    assert!(
        text.contains("would be refused") && !text.contains("suggested target"),
        "{text}"
    );
    let header: String = (0..30).map(|k| format!("f{k},")).collect();
    let row = |i: u32| {
        (0..30)
            .map(|k| format!("{}.5,", (i * 37 + k * i * i * 11 + k) % 101))
            .collect::<String>()
    };
    let rows: String = (0..20)
        .map(|i| format!("{}{}\n", row(i), ["no", "yes"][i as usize % 2]))
        .collect();
    fs::write(folder.path().join("wide.csv"), format!("{header}y\n{rows}")).expect("written");
    let text = optiscope_in(folder.path(), "data wide.csv").ok();
    assert!(text.contains("30 features go into the model"), "{text}");
    let reply = optiscope_in(folder.path(), "train wide.csv --target y --model logistic --steps 2");
    assert!(
        reply.err.contains("30 features go into the model") && reply.err.contains("ridge"),
        "{}",
        reply.err
    );
    reply.ok();
}
