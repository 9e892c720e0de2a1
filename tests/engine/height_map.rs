//! Height maps: the spline through the samples, its edge, the brush, files.

use std::fs;
use std::path::{Path, PathBuf};

use optiscope::experiment::{Experiment, FunctionProblem, Problem, from_json, read_height_map, to_json};
use optiscope::functions::{AnyFunction, Derivatives, FunctionConfig, HeightMap};
use optiscope::math::{Purpose, Rng};
use optiscope::param::{Parameters, Value};

/// Samples of a function of the coordinates of the box [-5, 5]², rows from the top.
fn sampled(columns: usize, rows: usize, f: impl Fn(f64, f64) -> f64) -> HeightMap {
    let side = |k: usize, n: usize| 10.0 * k as f64 / (n - 1) as f64 - 5.0;
    let row = |r: usize| (0..columns).map(|c| f(side(c, columns), -side(r, rows))).collect();
    let grid: Vec<Vec<f64>> = (0..rows).map(row).collect();
    let mut map = HeightMap::new(&grid).expect("a grid");
    for (name, end) in [("x_min", -5.0), ("x_max", 5.0), ("y_min", -5.0), ("y_max", 5.0)] {
        map.set(name, Value::Number(end)).unwrap();
    }
    map
}

/// A rough map: nothing about it is smooth but the spline.
fn rough(columns: usize, rows: usize) -> HeightMap {
    let heights = std::cell::RefCell::new(Rng::stream(5, Purpose::Bench, 0));
    sampled(columns, rows, |_, _| heights.borrow_mut().uniform_in(-3.0, 3.0))
}

fn entries(d: &Derivatives) -> [f64; 6] {
    let [[xx, xy], [_, yy]] = d.hessian;
    [d.value, d.gradient[0], d.gradient[1], xx, xy, yy]
}

#[track_caller]
fn close(got: &Derivatives, want: &Derivatives, tolerance: f64) {
    for (got_entry, want_entry) in entries(got).into_iter().zip(entries(want)) {
        let off = (got_entry - want_entry).abs();
        assert!(off <= tolerance * want_entry.abs().max(1.0), "{got:?} is not {want:?}");
    }
}

#[test]
fn it_passes_through_every_sample() {
    for (columns, rows) in [(4, 4), (5, 4), (6, 9), (33, 17)] {
        let map = rough(columns, rows);
        assert_eq!(map.size(), [columns, rows]);
        for (k, height) in map.heights().iter().enumerate() {
            let x = 10.0 * (k % columns) as f64 / (columns - 1) as f64 - 5.0;
            let y = 5.0 - 10.0 * (k / columns) as f64 / (rows - 1) as f64;
            let value = map.derivatives([x, y]).value;
            assert!((value - height).abs() < 1e-12, "({x}, {y}): {value} is not {height}");
        }
    }
}

#[test]
fn second_derivatives_do_not_jump_at_borders_of_cells_nor_at_the_edge() {
    let map = rough(9, 6);
    let border = |k: usize, n: usize| 10.0 * k as f64 / (n - 1) as f64 - 5.0;
    let h = 1e-9;
    for k in 0..9 {
        let x = border(k, 9);
        close(&map.derivatives([x - h, 0.7]), &map.derivatives([x + h, 0.7]), 1e-6);
    }
    for k in 0..6 {
        let y = border(k, 6);
        close(&map.derivatives([1.3, y - h]), &map.derivatives([1.3, y + h]), 1e-6);
    }
    // A corner, from inside and outside.
    close(
        &map.derivatives([5.0 - h, -5.0 + h]),
        &map.derivatives([5.0 + h, -5.0 - h]),
        1e-6,
    );
}

#[test]
fn polynomials_of_degree_three_are_exact() {
    let f = |x: f64, y: f64| 0.1 * x.powi(3) * y.powi(2) - 0.2 * y.powi(3) + x * y - 2.0 * x + 0.3 * x * x + 1.0;
    for (columns, rows) in [(4, 4), (5, 7), (20, 6)] {
        let map = sampled(columns, rows, f);
        for [x, y] in [[-4.7, 3.3], [0.1, -0.2], [4.9, -4.9], [2.0, 2.5]] {
            let want = Derivatives {
                value: f(x, y),
                gradient: [0.3 * x * x * y * y + y - 2.0 + 0.6 * x, 0.2 * x.powi(3) * y - 0.6 * y * y + x],
                hessian: {
                    let mixed = 0.6 * x * x * y + 1.0;
                    [[0.6 * x * y * y + 0.6, mixed], [mixed, 0.2 * x.powi(3) - 1.2 * y]]
                },
            };
            close(&map.derivatives([x, y]), &want, 1e-11);
        }
    }
}

#[test]
fn a_finer_grid_is_better_by_the_fourth_power() {
    let f = |x: f64, y: f64| (0.9 * x).sin() * (0.7 * y + 0.3).cos();
    let worst = |n: usize| {
        let map = sampled(n, n, f);
        let at = |k: usize| -4.9 + 0.31 * k as f64;
        let off = |i: usize, j: usize| (map.derivatives([at(i), at(j)]).value - f(at(i), at(j))).abs();
        (0..32)
            .flat_map(|i| (0..32).map(move |j| (i, j)))
            .map(|(i, j)| off(i, j))
            .fold(0.0, f64::max)
    };
    let gain = worst(33) / worst(65);
    assert!((11.0..30.0).contains(&gain), "{gain}");
}

#[test]
fn beyond_the_edge_it_levels_off() {
    let map = rough(8, 8);
    for x in [[60.0, 1.0], [-60.0, -1.0], [0.0, 1e9], [-1e300, 1e300]] {
        let d = map.derivatives(x);
        assert!(d.value.abs() < 30.0, "{x:?}: {d:?}");
    }
    assert_eq!(map.derivatives([60.0, 60.0]).gradient, [0.0, 0.0]);
    assert_eq!(map.derivatives([60.0, 2.0]).value, map.derivatives([600.0, 2.0]).value);
    assert!(map.derivatives([f64::NAN, 0.0]).value.is_nan());
}

#[test]
fn the_brush_raises_what_is_under_it_and_nothing_else() {
    let mut map = sampled(41, 41, |_, _| 1.0);
    map.stroke([1.0, -2.0], 2.0, 0.5);
    assert!((map.derivatives([1.0, -2.0]).value - 1.5).abs() < 1e-12);
    let half = map.derivatives([2.0, -2.0]).value;
    assert!((half - 1.0 - 0.5 * 0.75_f64.powi(3)).abs() < 1e-3, "{half}");
    assert!((map.derivatives([-3.0, 3.0]).value - 1.0).abs() < 1e-9);
    // The height is the one that is seen, whatever the scale.
    map.set("scale", Value::Number(-2.0)).unwrap();
    let before = map.derivatives([-1.0, 1.0]).value;
    map.stroke([-1.0, 1.0], 1.5, 3.0);
    assert!((map.derivatives([-1.0, 1.0]).value - before - 3.0).abs() < 1e-12);
    // What cannot be drawn changes nothing.
    let drawn = map.clone();
    for (radius, height) in [
        (0.0, 1.0),
        (-1.0, 1.0),
        (f64::NAN, 1.0),
        (1.0, f64::NAN),
        (1.0, f64::INFINITY),
        (1.0, 1e300),
    ] {
        map.stroke([0.0, 0.0], radius, height);
    }
    map.stroke([f64::NAN, 0.0], 1.0, 1.0);
    map.set("scale", Value::Number(0.0)).unwrap();
    map.stroke([0.0, 0.0], 1.0, 1.0);
    assert_eq!(map.heights(), drawn.heights());
}

#[test]
fn an_experiment_contains_its_map() {
    let mut map = rough(7, 5);
    map.stroke([0.5, 0.5], 3.0, 1.0 / 3.0);
    map.set_text("scale", "0.1").unwrap();
    let experiment = Experiment {
        problem: Problem::Function(FunctionProblem::of(FunctionConfig::HeightMap(map))),
        ..Experiment::default()
    };
    let text = to_json(&experiment);
    assert_eq!(from_json(&text, "memory").unwrap(), experiment);
    let row = text.lines().position(|line| line.contains("\"heights\"")).expect("the rows") + 2;
    let lines: Vec<&str> = text.lines().collect();
    for (line, words) in [
        ("\"1 2 3 4 5 6 seven\",", "row 2, column 7: \"seven\" is no height"),
        ("\"1 2 3 4 5 6 inf\",", "row 2, column 7: \"inf\" is no height"),
        ("\"1 2 3 4 5 6\",", "row 2 has 6 numbers and the first row has 7"),
        ("\"\",", "row 2 has 0 numbers"),
    ] {
        let mut lines = lines.clone();
        lines[row] = line;
        let error = from_json(&lines.join("\n"), "mine.optiscope").unwrap_err().to_string();
        assert!(error.starts_with("mine.optiscope, line") && error.contains(words), "{error}");
    }
    let small = r#"{ "id": "height_map", "heights": ["1 2", "3 4"] }"#;
    let error = serde_json::from_str::<FunctionConfig>(small).unwrap_err().to_string();
    assert!(error.contains("at least 4 rows and 4 columns"), "{error}");
}

fn written(folder: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("written");
    path
}

/// A PNG file of these bytes.
fn png(path: &Path, [width, height]: [u32; 2], colour: png::ColorType, depth: png::BitDepth, bytes: &[u8]) {
    let mut encoder = png::Encoder::new(fs::File::create(path).expect("a file"), width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(bytes).expect("written");
}

#[test]
fn grids_are_read_from_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = [
        [0.0, 1.5, 2.0, 3.0, 1e-3],
        [4.0, 5.0, 6.0, 7.0, -2.5],
        [8.0, 9.0, 10.0, 11.0, 0.5],
        [1.0, 0.0, 1.0, 0.0, 1.0],
    ];
    for (name, separator) in [
        ("comma.csv", ","),
        ("tab.tsv", "\t"),
        ("space.txt", " "),
        ("semicolon.csv", ";"),
    ] {
        let lines = rows.map(|row| row.map(|height| height.to_string()).join(separator));
        let map = read_height_map(&written(&folder, name, lines.join("\n"))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((map.size(), map.heights()), ([5, 4], rows.as_flattened()), "{name}");
    }
    // Squares stay squares.
    let flat = vec![vec![0.0; 21]; 11];
    assert_eq!(
        AnyFunction::domain(&HeightMap::new(&flat).unwrap()),
        [[-5.0, 5.0], [-2.5, 2.5]]
    );
}

#[test]
fn large_grids_are_averaged_down() {
    let grid: Vec<Vec<f64>> = (0..600)
        .map(|r| (0..512).map(|c| f64::from(r) + 1000.0 * f64::from(c)).collect())
        .collect();
    let map = HeightMap::new(&grid).expect("a grid");
    assert_eq!(map.size(), [HeightMap::MOST; 2]);
    assert_eq!(map.heights()[1], 2500.5, "rows 0 and 1, columns 2 and 3");
    let mean = map.heights().iter().sum::<f64>() / 65536.0;
    assert!((mean - 255.5 * 1000.0 - 299.5).abs() < 1.0, "{mean}");
}

#[test]
fn grey_levels_are_read_from_pictures() {
    use png::{BitDepth, ColorType};
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hills.png");
    let levels: Vec<u8> = (0..20).map(|k| k * 12).collect();
    let check = |expected: &dyn Fn(usize) -> f64| {
        let map = read_height_map(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(map.size(), [5, 4]);
        for (k, height) in map.heights().iter().enumerate() {
            assert!((height - expected(k)).abs() <= 1e-6, "{k}: {height}");
        }
    };
    let grey = |k: usize| f64::from(levels[k]) / 255.0;
    png(&path, [5, 4], ColorType::Grayscale, BitDepth::Eight, &levels);
    check(&grey);
    let with_alpha: Vec<u8> = levels.iter().flat_map(|level| [*level, 7]).collect();
    png(&path, [5, 4], ColorType::GrayscaleAlpha, BitDepth::Eight, &with_alpha);
    check(&grey);
    let coloured: Vec<u8> = levels.iter().flat_map(|level| [*level, 0, 0]).collect();
    png(&path, [5, 4], ColorType::Rgb, BitDepth::Eight, &coloured);
    check(&|k| 0.2126 * grey(k));
    let deep: Vec<u8> = (0..20_u16).flat_map(|k| (k * 3001).to_be_bytes()).collect();
    png(&path, [5, 4], ColorType::Grayscale, BitDepth::Sixteen, &deep);
    check(&|k| k as f64 * 3001.0 / 65535.0);
}

#[test]
fn what_is_no_grid_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |path: &Path, words: &[&str]| {
        let error = read_height_map(path).expect_err(words[0]).to_string();
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(error.contains(&*name), "{error}");
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    };
    refused(&folder.path().join("none.csv"), &["none.csv"]);
    refused(&written(&folder, "empty.csv", ""), &["empty"]);
    refused(
        &written(&folder, "small.csv", "1,2,3\n4,5,6\n7,8,9\n"),
        &["at least 4 rows and 4 columns", "3 and 3"],
    );
    let words = "1,2,3,4\n1,2,3,4\n1,2,x,4\n1,2,3,4\n";
    refused(
        &written(&folder, "words.csv", words),
        &["line 3, column 3", "'x' is no finite number"],
    );
    let headed = format!("a,b,c,d\n{}", "1,2,3,4\n".repeat(5));
    refused(
        &written(&folder, "headed.csv", headed),
        &["line 1, column 1", "'a'", "no header"],
    );
    let holes = "1,2,3,4\n1,2,3,4\n1,,3,4\n1,2,3,4\n";
    refused(&written(&folder, "holes.csv", holes), &["line 3, column 2"]);
    let ragged = "1,2,3,4\n1,2,3,4\n1,2,3\n1,2,3,4\n";
    refused(&written(&folder, "ragged.csv", ragged), &["line 3, column 4"]);
    let cut = folder.path().join("cut.png");
    png(&cut, [40, 40], png::ColorType::Grayscale, png::BitDepth::Eight, &[9; 1600]);
    let bytes = fs::read(&cut).expect("bytes");
    refused(
        &written(&folder, "cut.png", &bytes[..bytes.len() / 2]),
        &["a picture that cannot be read"],
    );
    for at in 8..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x55;
        // Whatever is in it, it is answered.
        let _ = read_height_map(&written(&folder, "noise.png", &bytes));
    }
}
