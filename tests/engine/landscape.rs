//! Slices, directions, grids and colours: what must hold whatever the objective.

use optiscope::functions::FunctionConfig;
use optiscope::landscape::{
    Biases, Block, ColourScale, Eigenpair, Grid, GridSpec, Normalization, Ranked, Slice, axes, pca, quantile_levels,
    random_directions, random_walk_ratio, top_eigenpairs,
};
use optiscope::math::{Purpose, Rng, vector};
use optiscope::objective::{Batch, Objective, Scratch};

fn random_vector(rng: &mut Rng, n: usize) -> Vec<f64> {
    (0..n).map(|_| rng.normal()).collect()
}

/// A slice whose directions are neither orthogonal nor of unit length.
fn skewed_slice(n: usize) -> Slice {
    let mut rng = Rng::stream(1, Purpose::Directions, 0);
    let (origin, u) = (random_vector(&mut rng, n), random_vector(&mut rng, n));
    let mut v = random_vector(&mut rng, n);
    vector::axpy(3.0, &u, &mut v);
    Slice { origin, u, v }
}

fn grid_of(spec: GridSpec, f: impl Fn(f64, f64) -> f64) -> Grid {
    let mut grid = Grid::empty(spec);
    for j in 0..spec.n_b {
        for i in 0..spec.n_a {
            grid.values[j * spec.n_a + i] = f(spec.a_at(i), spec.b_at(j));
        }
    }
    grid
}

#[test]
fn project_undoes_embed() {
    let slice = skewed_slice(40);
    let mut x = vec![0.0; 40];
    for ab in [[0.0, 0.0], [1.0, 0.0], [-0.3, 2.5], [1e3, -1e-3]] {
        slice.embed(ab[0], ab[1], &mut x);
        let (back, off_plane) = slice.project(&x);
        for k in 0..2 {
            assert!(
                (back[k] - ab[k]).abs() <= 1e-10 * ab[k].abs().max(1.0),
                "{ab:?} came back as {back:?}"
            );
        }
        assert!(
            off_plane <= 1e-11 * vector::norm(&x),
            "{ab:?} is {off_plane} off its own plane"
        );
    }
}

#[test]
fn off_plane_distance_is_the_smallest_there_is() {
    let slice = skewed_slice(7);
    let mut rng = Rng::stream(2, Purpose::Directions, 0);
    let mut on_plane = vec![0.0; 7];
    for _ in 0..20 {
        let x = random_vector(&mut rng, 7);
        let ([a, b], off_plane) = slice.project(&x);
        let mut distance = |a: f64, b: f64| {
            slice.embed(a, b, &mut on_plane);
            x.iter().zip(&on_plane).map(|(x, p)| (x - p) * (x - p)).sum::<f64>().sqrt()
        };
        assert!((distance(a, b) - off_plane).abs() < 1e-12);
        for step in [1e-3, 1e-1, 1.0] {
            for (da, db) in [
                (step, 0.0),
                (-step, 0.0),
                (0.0, step),
                (0.0, -step),
                (3.0 * step, -step),
                (-3.0 * step, step),
            ] {
                assert!(distance(a + da, b + db) > off_plane, "({da}, {db}) from ({a}, {b}) is nearer");
            }
        }
    }
}

#[test]
fn a_function_is_its_own_slice() {
    let plane = Slice::plane();
    let mut x = [0.0; 2];
    for point in [[0.1, -0.7], [-1.5, 2.0], [1e-300, 1e300]] {
        plane.embed(point[0], point[1], &mut x);
        assert_eq!(x, point);
    }
    assert_eq!(plane.project(&[0.1, -0.7]), ([0.1, -0.7], 0.0));
}

#[test]
fn parallel_directions_give_the_nearest_point_of_their_line() {
    let slice = Slice {
        origin: vec![0.0; 3],
        u: vec![2.0, 0.0, 0.0],
        v: vec![1.0, 0.0, 0.0],
    };
    assert_eq!(slice.project(&[3.0, 4.0, 0.0]), ([1.5, 0.0], 4.0));
    let nothing = Slice {
        u: vec![0.0; 3],
        v: vec![0.0; 3],
        ..slice
    };
    assert_eq!(nothing.project(&[3.0, 4.0, 0.0]), ([0.0, 0.0], 5.0));
}

#[test]
fn random_directions_have_the_norms_of_the_weights() {
    let mut rng = Rng::stream(3, Purpose::Directions, 7);
    let center = random_vector(&mut rng, 23);
    let blocks = [
        Block {
            range: 0..15,
            rows: Some(5),
        },
        Block {
            range: 15..20,
            rows: None,
        },
        Block {
            range: 20..23,
            rows: Some(1),
        },
    ];
    let at = |seed, normalization, biases| random_directions(seed, &center, &blocks, normalization, biases);

    let [d, e] = at(0, Normalization::Filter, Biases::Fixed);
    for row in [0..3, 3..6, 12..15, 20..23] {
        let (d, w) = (vector::norm(&d[row.clone()]), vector::norm(&center[row]));
        assert!((d - w).abs() < 1e-8 * w, "{d} is not {w}");
    }
    assert_eq!(d[15..20], [0.0; 5]);
    assert_ne!(d, e);
    assert_eq!(at(0, Normalization::Filter, Biases::Fixed)[0], d, "the seed decides");
    assert_ne!(at(1, Normalization::Filter, Biases::Fixed)[0], d, "the seed decides");

    let [d, _] = at(0, Normalization::Layer, Biases::Copied);
    assert!((vector::norm(&d[..15]) - vector::norm(&center[..15])).abs() < 1e-8);
    assert_eq!(d[15..20], center[15..20]);
}

#[test]
fn axes_are_unit_vectors() {
    assert_eq!(axes(3, 2, 0), [vec![0.0, 0.0, 1.0], vec![1.0, 0.0, 0.0]]);
    assert_eq!(axes(2, 5, 1), [vec![0.0, 0.0], vec![0.0, 1.0]]);
}

#[test]
fn pca_finds_the_axes_of_an_ellipse_whatever_its_size() {
    for unit in [1e-160, 1.0, 1e160] {
        let points: Vec<Vec<f64>> = (0..24)
            .map(|k| {
                let angle = f64::from(k) * std::f64::consts::TAU / 24.0;
                let (along, across) = (5.0 * angle.cos(), 0.01 * angle.sin());
                vec![unit * (0.6 * along - 0.8 * across), unit * (0.8 * along + 0.6 * across), unit]
            })
            .collect();
        let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
        let found = pca(&points, 3);
        let expected = [[0.6, 0.8, 0.0], [0.8, -0.6, 0.0], [0.0, 0.0, 1.0]];
        for (direction, expected) in found.directions.iter().zip(&expected) {
            for (d, e) in direction.iter().zip(expected) {
                assert!((d - e).abs() < 1e-12, "{direction:?} is not {expected:?}");
            }
        }
        assert!((found.explained_variance_ratio[1] - 4e-6).abs() < 1e-10);
        assert!(found.explained_variance_ratio[2] < 1e-25);
    }
}

#[test]
fn pca_of_points_that_span_nothing_is_still_a_plane() {
    let standing = [1.0, 2.0, 3.0];
    let not_finite = [f64::NAN, 0.0, f64::INFINITY];
    for points in [
        vec![],
        vec![standing.as_slice()],
        vec![&standing; 4],
        vec![&standing, &not_finite],
    ] {
        let found = pca(&points, 2);
        let n = if points.is_empty() { 0 } else { 2 };
        assert_eq!(found.directions.len(), n);
        for (k, d) in found.directions.iter().enumerate() {
            assert!((vector::norm(d) - 1.0).abs() < 1e-15);
            assert_eq!(found.explained_variance_ratio[k], 0.0);
        }
        if let [u, v] = &found.directions[..] {
            assert_eq!(vector::dot(u, v), 0.0);
        }
    }
}

#[test]
fn thin_and_wide_points_have_the_same_components() {
    let mut rng = Rng::stream(5, Purpose::Directions, 0);
    // 12 points in 12 dimensions take the way by the covariance, 13 coordinates (one of them constant) the way by the Gram matrix.
    let wide: Vec<Vec<f64>> = (0..12).map(|_| random_vector(&mut rng, 12)).collect();
    let thin: Vec<Vec<f64>> = wide.iter().map(|p| [p.as_slice(), &[4.0]].concat()).collect();
    let (wide, thin) = (
        pca(&wide.iter().map(Vec::as_slice).collect::<Vec<_>>(), 2),
        pca(&thin.iter().map(Vec::as_slice).collect::<Vec<_>>(), 2),
    );
    for k in 0..2 {
        for i in 0..12 {
            assert!((wide.directions[k][i] - thin.directions[k][i]).abs() < 1e-11);
        }
        assert!((wide.explained_variance[k] - thin.explained_variance[k]).abs() < 1e-12);
    }
}

#[test]
fn a_random_walk_explains_what_it_should() {
    assert!((random_walk_ratio(1) - 0.607_927_101_854_026_6).abs() < 1e-15);
    let sum: f64 = (1..200_000).map(random_walk_ratio).sum();
    assert!(
        (sum - 1.0).abs() < 1e-5,
        "all components together explain everything, not {sum}"
    );
    // A walk of 400 steps in 2,000 dimensions comes close.
    let mut rng = Rng::stream(11, Purpose::Directions, 0);
    let mut here = vec![0.0; 2000];
    let walk: Vec<Vec<f64>> = (0..400)
        .map(|_| {
            here.iter_mut().for_each(|x| *x += rng.normal());
            here.clone()
        })
        .collect();
    let found = pca(&walk.iter().map(Vec::as_slice).collect::<Vec<_>>(), 2);
    for k in 0..2 {
        let expected = random_walk_ratio(k as u32 + 1);
        assert!((found.explained_variance_ratio[k] / expected - 1.0).abs() < 0.1);
    }
}

#[test]
fn threads_and_order_change_no_bit_of_a_grid() {
    let objective = FunctionConfig::default().objective();
    let slice = Slice {
        origin: vec![0.1, 0.2],
        u: vec![1.0, 0.3],
        v: vec![-0.2, 0.7],
    };
    let spec = GridSpec {
        a: [-2.0, 2.0],
        b: [-1.0, 3.0],
        n_a: 31,
        n_b: 17,
    };
    let one = Grid::evaluate(objective.as_ref(), &slice, spec, 1, &|_| true);
    for threads in [2, 5, 64] {
        assert_eq!(Grid::evaluate(objective.as_ref(), &slice, spec, threads, &|_| true), one);
    }
    let mut x = [0.0; 2];
    slice.embed(spec.a_at(4), spec.b_at(9), &mut x);
    assert_eq!(one.at(4, 9), objective.value(&x, Batch::Full, &mut Scratch::default()));
    assert_eq!(one.row(9)[4], one.at(4, 9));
}

#[test]
fn a_grid_stops_when_told_and_leaves_the_rest_empty() {
    let objective = FunctionConfig::default().objective();
    let spec = GridSpec::square(1.0, 9);
    let grid = Grid::evaluate(objective.as_ref(), &Slice::plane(), spec, 1, &|done| done < 3);
    assert!(grid.values[..27].iter().all(|v| v.is_finite()));
    assert!(grid.values[27..].iter().all(|v| v.is_nan()));
}

#[test]
fn ticks_reach_both_ends_and_mirror() {
    let spec = GridSpec::square(0.7, 51);
    assert_eq!((spec.a_at(0), spec.a_at(50), spec.a_at(25)), (-0.7, 0.7, 0.0));
    for i in 0..51 {
        assert_eq!(spec.a_at(i), -spec.a_at(50 - i));
    }
    let coarse = spec.coarser(4);
    assert_eq!((coarse.n_a, coarse.a), (13, spec.a));
    assert_eq!(GridSpec::square(1.0, 1).coarser(9).n_a, 1);
}

#[test]
fn colours_follow_decades_and_survive_anything() {
    let values: Vec<f64> = (0..=1000).map(|k| 10.0_f64.powf(f64::from(k) / 100.0 - 5.0)).collect();
    let scale = ColourScale::of(&Ranked::of(&values), Some(0.0));
    assert_eq!(scale.floor, 0.0);
    let places: Vec<f64> = values.iter().map(|v| scale.position(*v)).collect();
    assert!(places.windows(2).all(|p| p[0] <= p[1]));
    assert_eq!((places[0], places[1000]), (0.0, 1.0));
    assert!(
        (places[500] - 0.5).abs() < 0.02,
        "the middle decade is in the middle, not at {}",
        places[500]
    );
    for place in [0.1, 0.5, 0.9] {
        assert!((scale.position(scale.value_at(place)) - place).abs() < 1e-9);
    }
    assert!(scale.position(f64::NAN).is_nan());
    assert_eq!((scale.position(f64::INFINITY), scale.position(-1.0)), (1.0, 0.0));

    for values in [
        vec![],
        vec![f64::NAN, f64::INFINITY],
        vec![3.0; 9],
        vec![-f64::MAX, f64::MAX],
        vec![0.0, 5e-324],
    ] {
        for floor in [None, Some(0.0), Some(f64::NAN)] {
            let scale = ColourScale::of(&Ranked::of(&values), floor);
            for v in [-f64::MAX, 0.0, 3.0, f64::MAX] {
                assert!(
                    (0.0..=1.0).contains(&scale.position(v)),
                    "{v} in {values:?} is at {}",
                    scale.position(v)
                );
            }
        }
    }
}

#[test]
fn levels_share_the_area() {
    let grid = grid_of(GridSpec::square(1.0, 101), |x, y| 100.0 * x.powi(4) + y * y);
    let levels = quantile_levels(&Ranked::of(&grid.values), 9);
    assert_eq!(levels.len(), 9);
    assert!(levels.windows(2).all(|l| l[0] < l[1]));
    for (k, level) in levels.iter().enumerate() {
        let below = grid.values.iter().filter(|v| *v < level).count() as f64 / grid.values.len() as f64;
        assert!((below - (k as f64 + 1.0) / 10.0).abs() < 0.01);
    }
    assert!(quantile_levels(&Ranked::of(&[]), 5).is_empty());
    assert!(quantile_levels(&Ranked::of(&[2.0; 40]), 5).is_empty(), "a plain has no lines");
    assert_eq!(
        quantile_levels(&Ranked::of(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, f64::NAN]), 3),
        [0.5, 1.0]
    );
}

/// A quadratic with given eigenvalues, rotated by a reflection.
struct Quadratic {
    eigenvalues: Vec<f64>,
    mirror: Vec<f64>,
}

impl Quadratic {
    fn reflect(&self, v: &[f64]) -> Vec<f64> {
        let along = 2.0 * vector::dot(v, &self.mirror) / vector::dot(&self.mirror, &self.mirror);
        v.iter().zip(&self.mirror).map(|(v, m)| v - along * m).collect()
    }
}

impl Objective for Quadratic {
    fn dim(&self) -> usize {
        self.eigenvalues.len()
    }
    fn value(&self, x: &[f64], _: Batch<'_>, _: &mut Scratch) -> f64 {
        self.reflect(x)
            .iter()
            .zip(&self.eigenvalues)
            .map(|(x, e)| 0.5 * e * x * x)
            .sum()
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        self.hess_vec(x, x, batch, grad, scratch);
        self.value(x, batch, scratch)
    }
    fn hess_vec(&self, _: &[f64], v: &[f64], _: Batch<'_>, hv: &mut [f64], _: &mut Scratch) {
        let scaled: Vec<f64> = self.reflect(v).iter().zip(&self.eigenvalues).map(|(v, e)| e * v).collect();
        hv.copy_from_slice(&self.reflect(&scaled));
    }
    fn sample_start(&self, _: &mut Rng, _: &mut [f64]) {}
}

fn sharpest(objective: &dyn Objective, x: &[f64], count: usize) -> Vec<Eigenpair> {
    top_eigenpairs(objective, x, Batch::Full, count, 1e-8, &mut Scratch::default())
}

#[test]
fn the_sharpest_directions_are_found() {
    let n = 200;
    let mut eigenvalues: Vec<f64> = (0..n).map(|k| -1.0 + 2.0 * k as f64 / n as f64).collect();
    (eigenvalues[17], eigenvalues[90], eigenvalues[3]) = (7.0, 5.0, -9.0);
    let mirror = (0..n).map(|k| 1.0 + 0.01 * k as f64).collect();
    let quadratic = Quadratic { eigenvalues, mirror };
    let found = sharpest(&quadratic, &vec![0.0; n], 2);
    for (pair, (expected, axis)) in found.iter().zip([(7.0, 17), (5.0, 90)]) {
        assert!((pair.value - expected).abs() < 1e-12 * 9.0);
        let axis = quadratic.reflect(&axes(n, axis, axis)[0]);
        assert!((vector::dot(&pair.vector, &axis).abs() - 1.0).abs() < 1e-12);
        assert!((vector::norm(&pair.vector) - 1.0).abs() < 1e-14);
    }
    assert_eq!(found.len(), 2);
}

#[test]
fn curvature_of_small_and_broken_problems() {
    let rosenbrock = FunctionConfig::default().objective();
    let found = sharpest(rosenbrock.as_ref(), &[1.0, 1.0], 2);
    let (sum, product) = (found[0].value + found[1].value, found[0].value * found[1].value);
    assert!(
        (sum - 1002.0).abs() < 1e-9 && (product - 400.0).abs() < 1e-6,
        "trace {sum}, determinant {product}"
    );
    assert_eq!(sharpest(rosenbrock.as_ref(), &[1.0, 1.0], 5).len(), 2);
    assert!(sharpest(rosenbrock.as_ref(), &[f64::NAN, 1.0], 2).is_empty());
    let flat = Quadratic {
        eigenvalues: vec![0.0; 4],
        mirror: vec![1.0; 4],
    };
    assert!(sharpest(&flat, &[0.0; 4], 2).iter().all(|p| p.value == 0.0));
}
