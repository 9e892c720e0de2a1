//! A line search for the strong Wolfe conditions: f falls enough, and its slope flattens enough.
//!
//! Nocedal and Wright 2006, Numerical Optimization, Algorithms 3.5 and 3.6, with the cubic interpolation and the bounds of PyTorch's
//! `_strong_wolfe` (which follows minFunc).

use crate::math::vector;
use crate::objective::Oracle;

/// Enough decrease: f(x + t d) <= f(x) + C1 t ∇f·d.
const C1: f64 = 1e-4;
/// A point on the line.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::optim) struct Probe {
    /// How far along.
    pub t: f64,
    pub value: f64,
    /// ∇f·d there.
    pub slope: f64,
    pub grad: Vec<f64>,
}

impl Probe {
    pub fn new(n: usize) -> Self {
        Self {
            grad: vec![0.0; n],
            ..Self::default()
        }
    }

    fn copy(&mut self, other: &Self) {
        (self.t, self.value, self.slope) = (other.t, other.value, other.slope);
        self.grad.copy_from_slice(&other.grad);
    }
}

/// Working memory of a search, kept between searches.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::optim) struct Search {
    /// Flat enough: |∇f(x + t d)·d| <= flatness |∇f·d|.
    flatness: f64,
    x: Vec<f64>,
    /// The start of the line.
    start: Probe,
    /// The newest probe, and after a search the one that was chosen.
    pub new: Probe,
    previous: Probe,
    /// Where the minimum must lie between.
    bracket: [Probe; 2],
}

impl Search {
    pub fn new(n: usize, flatness: f64) -> Self {
        Self {
            flatness,
            x: vec![0.0; n],
            start: Probe::new(n),
            new: Probe::new(n),
            previous: Probe::new(n),
            bracket: [Probe::new(n), Probe::new(n)],
        }
    }

    fn ask(&mut self, from: &[f64], direction: &[f64], t: f64, oracle: &mut Oracle<'_>) {
        self.x.copy_from_slice(from);
        vector::axpy(t, direction, &mut self.x);
        self.new.t = t;
        self.new.value = oracle.value_and_grad(&self.x, &mut self.new.grad);
        self.new.slope = vector::dot(&self.new.grad, direction);
    }

    fn falls_too_little(&self) -> bool {
        self.new.value > self.start.value + C1 * self.new.t * self.start.slope
    }

    fn is_flat(&self) -> bool {
        self.new.slope.abs() <= -self.flatness * self.start.slope
    }

    /// Sets where the line starts.
    pub fn begin(&mut self, value: f64, slope: f64, grad: &[f64]) {
        (self.start.t, self.start.value, self.start.slope) = (0.0, value, slope);
        self.start.grad.copy_from_slice(grad);
    }

    /// Searches along `direction` from `from`, of which `begin` was told value, slope and gradient, first at distance `t`. The outcome is in
    /// `new`; returns the number of gradients asked for, at most `most` + 1.
    pub fn run(&mut self, from: &[f64], direction: &[f64], t: f64, change: f64, most: u64, oracle: &mut Oracle<'_>) -> u64 {
        self.ask(from, direction, t, oracle);
        let mut rounds = 0;
        self.previous.copy(&self.start);

        // Go on until a minimum is known to lie behind.
        loop {
            if rounds == most {
                self.bracket[0].copy(&self.start);
                self.bracket[1].copy(&self.new);
                break;
            }
            if self.falls_too_little() || (rounds > 1 && self.new.value >= self.previous.value) {
                self.bracket[0].copy(&self.previous);
                self.bracket[1].copy(&self.new);
                break;
            }
            if self.is_flat() {
                return rounds + 1;
            }
            if self.new.slope >= 0.0 {
                self.bracket[0].copy(&self.previous);
                self.bracket[1].copy(&self.new);
                break;
            }
            let (previous, t) = (self.previous.t, self.new.t);
            let next = cubic(&self.previous, &self.new, (t + 0.01 * (t - previous), t * 10.0));
            self.previous.copy(&self.new);
            self.ask(from, direction, next, oracle);
            rounds += 1;
        }

        // Then close in on it.
        let reach = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
        let mut low = usize::from(self.bracket[0].value > self.bracket[1].value);
        let mut stalled = false;
        while rounds < most {
            let [a, b] = &self.bracket;
            if (b.t - a.t).abs() * reach < change {
                break;
            }
            let (least, largest) = (a.t.min(b.t), a.t.max(b.t));
            let mut t = cubic(a, b, (least, largest));
            let margin = 0.1 * (largest - least);
            if (largest - t).min(t - least) < margin {
                // Twice in a row close to an end: step away from it.
                if stalled || t >= largest || t <= least {
                    t = if (t - largest).abs() < (t - least).abs() {
                        largest - margin
                    } else {
                        least + margin
                    };
                    stalled = false;
                } else {
                    stalled = true;
                }
            } else {
                stalled = false;
            }
            self.ask(from, direction, t, oracle);
            rounds += 1;
            let high = 1 - low;
            if self.falls_too_little() || self.new.value >= self.bracket[low].value {
                self.bracket[high].copy(&self.new);
                low = usize::from(self.bracket[0].value > self.bracket[1].value);
                continue;
            }
            let done = self.is_flat();
            if !done && self.new.slope * (self.bracket[high].t - self.bracket[low].t) >= 0.0 {
                let [a, b] = &mut self.bracket;
                if low == 0 { b.copy(a) } else { a.copy(b) }
            }
            self.bracket[low].copy(&self.new);
            if done {
                break;
            }
        }
        self.new.copy(&self.bracket[low]);
        rounds + 1
    }
}

/// Where the cubic through two values and slopes is lowest, within bounds; their middle if it has no minimum.
fn cubic(a: &Probe, b: &Probe, (least, largest): (f64, f64)) -> f64 {
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.t - b.t);
    let square = d1 * d1 - a.slope * b.slope;
    if square < 0.0 || square.is_nan() {
        return (least + largest) / 2.0;
    }
    let d2 = square.sqrt();
    let (near, far) = if a.t <= b.t { (a, b) } else { (b, a) };
    let lowest = far.t - (far.t - near.t) * ((far.slope + d2 - d1) / (far.slope - near.slope + 2.0 * d2));
    lowest.max(least).min(largest)
}
