//! Data sets made by a formula and a seed.

use std::f64::consts::{PI, TAU};

use super::gather::Growing;
use super::levels::Levels;
use super::padded::Digits;
use super::table::Table;
use crate::math::{Purpose, Rng, ops};

/// A data set made by a formula.
#[derive(Clone, Copy)]
pub struct Generated {
    /// Permanent: files and the command line say it.
    pub id: &'static str,
    pub title: &'static str,
    /// What is in it, one sentence.
    pub about: &'static str,
    pub origin: &'static str,
    pub licence: &'static str,
    /// A noise that makes it neither trivial nor hopeless.
    pub noise: f64,
    /// Makes sample `i` of `n`, without noise.
    sample: fn(i: usize, n: usize, rng: &mut Rng) -> Sample,
}

/// Two numbers, and the class (None: the second number is the target).
type Sample = (f64, f64, Option<&'static str>);

const FREE: &str = "made here, free of rights";

/// All of them, in the order of the menu.
pub const GENERATED: &[Generated] = &[
    Generated {
        id: "two_moons",
        title: "Two moons",
        about: "Two interleaved half circles",
        origin: "after scikit-learn's make_moons",
        licence: FREE,
        noise: 0.1,
        sample: |i, n, _| {
            let (first, t) = arm(i, n);
            let (sin, cos) = (ops::sin(PI * t), ops::cos(PI * t));
            if first {
                (cos, sin, Some("upper"))
            } else {
                (1.0 - cos, 0.5 - sin, Some("lower"))
            }
        },
    },
    Generated {
        id: "spirals",
        title: "Spirals",
        about: "Two spirals wound into each other",
        origin: "after Lang and Witbrock 1988, shaped as in TensorFlow Playground",
        licence: FREE,
        noise: 0.05,
        sample: |i, n, _| {
            let (first, t) = arm(i, n);
            let angle = 1.75 * TAU * t + if first { 0.0 } else { PI };
            (t * ops::sin(angle), t * ops::cos(angle), Some(if first { "a" } else { "b" }))
        },
    },
    Generated {
        id: "xor",
        title: "XOR",
        about: "Four quadrants, opposite ones alike",
        origin: "after Minsky and Papert 1969",
        licence: FREE,
        noise: 0.05,
        sample: |_, _, rng| {
            let (x, y) = (rng.uniform_in(-1.0, 1.0), rng.uniform_in(-1.0, 1.0));
            (x, y, Some(if (x >= 0.0) == (y >= 0.0) { "same" } else { "different" }))
        },
    },
    Generated {
        id: "sine",
        title: "Sine",
        about: "One period of a sine wave, to be fitted by regression",
        origin: "y = sin x + noise",
        licence: FREE,
        noise: 0.1,
        sample: |_, _, rng| {
            let x = rng.uniform_in(-PI, PI);
            (x, ops::sin(x), None)
        },
    },
];

/// Whether sample `i` of `n` is on the first of two arms, and where on it, 0 to 1.
fn arm(i: usize, n: usize) -> (bool, f64) {
    let first = i.is_multiple_of(2);
    let on_arm = if first { n.div_ceil(2) } else { n / 2 };
    (first, (i / 2) as f64 / (on_arm.max(2) - 1) as f64)
}

impl Generated {
    /// The one with this id.
    pub fn from_id(id: &str) -> Option<&'static Self> {
        GENERATED.iter().find(|g| g.id == id)
    }

    /// `n` samples with normal noise of this standard deviation (on both coordinates of a class, on the target of a regression).
    /// The same arguments make the same bits.
    pub fn table(&self, n: usize, noise: f64, seed: u64) -> Table {
        let mut rng = Rng::stream(seed, Purpose::Generate, 0);
        let (mut first, mut second, mut labels) = (Vec::with_capacity(n), Vec::with_capacity(n), Vec::with_capacity(n));
        let mut levels = Levels::default();
        for i in 0..n {
            let (mut x, mut y, class) = (self.sample)(i, n, &mut rng);
            if let Some(class) = class {
                x += noise * rng.normal();
                labels.push(levels.code(class));
            }
            y += noise * rng.normal();
            first.push(x);
            second.push(y);
        }
        let numbers = |values: Vec<f64>| Growing::Numbers {
            values: values.into(),
            fractional: true,
            others: Vec::new(),
            n_others: 0,
            rounded: None,
            digits: Digits::default(),
        };
        let columns = if labels.is_empty() {
            vec![("x", numbers(first)), ("y", numbers(second))]
        } else {
            let class = Growing::Levels {
                codes: labels.into_iter().collect(),
                levels,
            };
            vec![("x1", numbers(first)), ("x2", numbers(second)), ("class", class)]
        };
        Table::of(self.id, n, columns)
    }
}
