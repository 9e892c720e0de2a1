//! What `train` says of a training that was done, but not as one may think.

use std::fs;

use super::program::*;

/// NoInt1 of NIST's reference data sets: y = b x, without an intercept.
#[test]
fn a_line_through_the_origin_is_nists() {
    let folder = folder();
    let rows: String = (60..=70).map(|x| format!("{},{x}\n", x + 70)).collect();
    fs::write(folder.path().join("noint1.csv"), format!("y,x\n{rows}")).expect("written");
    let train = |rest: &str| {
        let line = "train noint1.csv --target y --features x --model linear --no-bias --validation 0 --test 0 --batch full \
                    --format json --optimizer least_squares --steps 1";
        json(&optiscope_in(folder.path(), &format!("{line} {rest}")).ok())[0]["train_mse"]
            .as_f64()
            .expect("a number")
    };
    // Certified: residual standard deviation 3.56753034006338 with 10 degrees of freedom.
    let certified = 3.567_530_340_063_38_f64.powi(2) * 10.0 / 11.0;
    for rest in ["", "--prepare max_abs", "--seed 3"] {
        assert!((train(rest) / certified - 1.0).abs() < 1e-12, "{rest}: {}", train(rest));
    }
    optiscope_in(
        folder.path(),
        "train noint1.csv --target y --features x --model linear --no-bias --epochs 1 --save m.safetensors",
    )
    .ok();
    fs::write(folder.path().join("zero.csv"), "x\n0\n").expect("written");
    let text = optiscope_in(folder.path(), "predict m.safetensors zero.csv --format csv").ok();
    assert_eq!(number(csv(&text)[1][1]), 0.0);
}
