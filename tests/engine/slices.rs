//! Random and principal directions of two trained networks against tomgoldstein/loss-landscape and scikit-learn.

use std::sync::Arc;

use crate::golden::{items, numbers, read};
use optiscope::data::{Dataset, Targets};
use optiscope::landscape::{Biases, Block, Grid, GridSpec, Normalization, Slice, normalized, pca};
use optiscope::model::{Activation, Loss, Network};
use optiscope::objective::{Batch, Objective as _, Scratch};
use serde_json::Value;

/// What the reference numbers are compared to.
const TOLERANCE: f64 = 1e-10;

fn slices() -> Vec<Value> {
    items(&read("slices.json")["slices"]).to_vec()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    items(value).iter().map(numbers).collect()
}

fn assert_close(what: &str, ours: &[f64], reference: &[f64]) {
    assert_eq!(ours.len(), reference.len(), "{what}");
    for (k, (ours, reference)) in ours.iter().zip(reference).enumerate() {
        let allowed = TOLERANCE * reference.abs().max(1.0);
        assert!((ours - reference).abs() <= allowed, "{what}[{k}]: {ours} is not {reference}");
    }
}

/// The network whose loss was sliced.
fn network(slice: &Value) -> Network {
    let sizes: Vec<usize> = numbers(&slice["layers"]).iter().map(|n| *n as usize).collect();
    let x = rows(&slice["X"]);
    let loss = Loss::from_id(slice["loss"].as_str().expect("loss")).expect("a loss");
    let targets = match loss {
        Loss::CrossEntropy => Targets::Classes {
            labels: numbers(&slice["y"]).iter().map(|label| *label as u32).collect(),
            names: (0..sizes[sizes.len() - 1]).map(|class| class.to_string()).collect(),
        },
        _ => Targets::Values {
            columns: 1,
            values: rows(&slice["y"]).concat(),
        },
    };
    let data = Dataset {
        name: String::new(),
        feature_names: (0..sizes[0]).map(|i| format!("x{i}")).collect(),
        target_name: "y".to_owned(),
        n_rows: x.len(),
        n_features: sizes[0],
        x: x.concat(),
        targets,
    };
    let activation = Activation::from_id(slice["activation"].as_str().expect("activation")).expect("an activation");
    let network = Network::new(sizes[1..sizes.len() - 1].to_vec(), activation, loss, Arc::new(data)).expect("a network");
    network.with_penalties(0.0, slice["l2_penalty"].as_f64().expect("penalty"))
}

fn blocks(slice: &Value) -> Vec<Block> {
    network(slice).architecture().layout().iter().map(Block::of).collect()
}

#[test]
fn random_directions_are_scaled_as_the_authors_scale_them() {
    let mut checked = 0;
    for slice in slices() {
        let center = numbers(&slice["center"]);
        let raw = rows(&slice["raw"]);
        for variant in items(&slice["variants"]) {
            let normalization: Normalization = serde_json::from_value(variant["norm"].clone()).expect("a normalization");
            let biases = match variant["ignore"].as_str() {
                Some("biasbn") => Biases::Fixed,
                _ => Biases::Copied,
            };
            for (k, key) in ["d1", "d2"].into_iter().enumerate() {
                let ours = normalized(&raw[k], &center, &blocks(&slice), normalization, biases);
                assert_close(
                    &format!("{} {} {}", slice["id"], variant["norm"], key),
                    &ours,
                    &numbers(&variant[key]),
                );
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 8);
}

/// The points of the path with the last one taken off, biases zeroed where the reference ignores them.
fn path(slice: &Value, case: &Value) -> Vec<Vec<f64>> {
    let center = numbers(&slice["center"]);
    let mut points = rows(&slice["trajectory"]["params"]);
    for point in &mut points {
        point.iter_mut().zip(&center).for_each(|(p, c)| *p -= c);
        if case["ignore"] == "biasbn" {
            for block in blocks(slice).iter().filter(|b| b.rows.is_none()) {
                point[block.range.clone()].fill(0.0);
            }
        }
    }
    points
}

#[test]
fn principal_directions_are_those_of_scikit_learn() {
    let mut checked = 0;
    for slice in slices() {
        for case in items(&slice["pca"]) {
            let what = format!("{} ignoring {}", slice["id"], case["ignore"]);
            let points = path(&slice, case);
            let found = pca(&points.iter().map(Vec::as_slice).collect::<Vec<_>>(), 2);
            assert_close(&what, &found.mean, &numbers(&case["mean"]));
            assert_close(&what, &found.explained_variance, &numbers(&case["explained_variance"]));
            assert_close(
                &what,
                &found.explained_variance_ratio,
                &numbers(&case["explained_variance_ratio"]),
            );
            assert_close(&what, &found.directions[0], &numbers(&case["pc1"]));
            assert_close(&what, &found.directions[1], &numbers(&case["pc2"]));

            let plane = Slice {
                origin: vec![0.0; points[0].len()],
                u: found.directions[0].clone(),
                v: found.directions[1].clone(),
            };
            for (point, reference) in points.iter().zip(rows(&case["projected"])) {
                let (ours, _) = plane.project(point);
                assert_close(&what, &ours, &reference);
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 4);
}

#[test]
fn the_loss_along_random_directions_is_the_reference_s() {
    let mut checked = 0;
    for slice in slices() {
        let network = network(&slice);
        let center = numbers(&slice["center"]);
        let mut scratch = Scratch::default();
        let center_loss = network.value(&center, Batch::Full, &mut scratch);
        assert_close("center", &[center_loss], &[slice["center_loss"].as_f64().expect("loss")]);
        let alphas = numbers(&slice["alphas"]);
        for variant in items(&slice["variants"]) {
            let plane = Slice {
                origin: center.clone(),
                u: numbers(&variant["d1"]),
                v: numbers(&variant["d2"]),
            };
            let ends = [alphas[0], alphas[alphas.len() - 1]];
            let spec = GridSpec {
                a: ends,
                b: ends,
                n_a: alphas.len(),
                n_b: alphas.len(),
            };
            let grid = Grid::evaluate(&network, &plane, spec, 2, &|_| true);
            for (i, reference) in rows(&variant["loss"]).iter().enumerate() {
                let ours: Vec<f64> = (0..alphas.len()).map(|j| grid.at(i, j)).collect();
                assert_close(
                    &format!("{} {} a = {}", slice["id"], variant["norm"], alphas[i]),
                    &ours,
                    reference,
                );
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 8);
}

#[test]
fn the_loss_along_principal_directions_is_the_reference_s() {
    for slice in slices() {
        let network = network(&slice);
        let (mut scratch, mut x) = (Scratch::default(), vec![0.0; network.dim()]);
        for case in items(&slice["pca"]) {
            let plane = Slice {
                origin: numbers(&slice["center"]),
                u: numbers(&case["pc1"]),
                v: numbers(&case["pc2"]),
            };
            for (a, reference) in numbers(&case["grid_a"]).iter().zip(rows(&case["loss"])) {
                let mut at = |b: &f64| {
                    plane.embed(*a, *b, &mut x);
                    network.value(&x, Batch::Full, &mut scratch)
                };
                let ours: Vec<f64> = numbers(&case["grid_b"]).iter().map(&mut at).collect();
                assert_close(&format!("{} pca a = {a}", slice["id"]), &ours, &reference);
            }
        }
    }
}
