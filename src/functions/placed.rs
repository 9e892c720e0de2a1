//! A landscape where a [`Transform`] has laid it: g(x) = f(c + A (x − c − t)) with A = S⁻¹ Rᵀ, so that ∇g = Aᵀ ∇f and ∇²g = Aᵀ ∇²f A.

use std::sync::Arc;

use super::function::MAX_DIM;
use super::{Derivatives, Transform};
use crate::math::{Rng, ops};
use crate::objective::{Batch, Bounds, Objective, PlaneValues, Scratch};

type Pair = [f64; 2];
type Matrix = [Pair; 2];

/// The way from points of the formula to points of the laid landscape and back.
#[derive(Debug, Clone, Copy)]
pub struct Placement {
    /// c: stays where it is but for the shift.
    centre: Pair,
    /// c + t: where the centre is found.
    moved: Pair,
    /// R S.
    outward: Matrix,
    /// S⁻¹ Rᵀ.
    inward: Matrix,
}

impl Placement {
    /// A landscape studied in `domain`, laid by `transform`.
    pub fn new(transform: &Transform, domain: [Pair; 2]) -> Self {
        let centre = domain.map(|[low, high]| low + (high - low) / 2.0);
        let Transform {
            rotation,
            scale_x,
            scale_y,
            shift_x,
            shift_y,
        } = *transform;
        let [sin, cos] = turn(rotation);
        Self {
            centre,
            moved: [centre[0] + shift_x, centre[1] + shift_y],
            outward: [[cos * scale_x, -sin * scale_y], [sin * scale_x, cos * scale_y]],
            inward: [[cos / scale_x, sin / scale_x], [-sin / scale_y, cos / scale_y]],
        }
    }

    /// Where a point of the formula is found.
    pub fn outward(&self, z: Pair) -> Pair {
        let [dx, dy] = times(&self.outward, [z[0] - self.centre[0], z[1] - self.centre[1]]);
        [self.moved[0] + dx, self.moved[1] + dy]
    }

    /// The point of the formula that is found at `x`.
    pub fn inward(&self, x: Pair) -> Pair {
        let [dx, dy] = times(&self.inward, [x[0] - self.moved[0], x[1] - self.moved[1]]);
        [self.centre[0] + dx, self.centre[1] + dy]
    }

    /// The smallest box around a box of the formula: no minimum gets lost, but its corners may show more than was in the box.
    pub fn around(&self, domain: [Pair; 2]) -> [Pair; 2] {
        let [[x_low, x_high], [y_low, y_high]] = domain;
        let corners = [[x_low, y_low], [x_low, y_high], [x_high, y_low], [x_high, y_high]].map(|z| self.outward(z));
        [0, 1].map(|i| {
            let low = corners.iter().map(|corner| corner[i]).fold(f64::INFINITY, f64::min);
            let high = corners.iter().map(|corner| corner[i]).fold(f64::NEG_INFINITY, f64::max);
            [low, high]
        })
    }

    /// Derivatives of the formula at `inward(x)` as derivatives of the laid landscape at x.
    pub fn derivatives(&self, inner: Derivatives) -> Derivatives {
        let by_rows = inner.hessian.map(|row| transposed_times(&self.inward, row));
        // Symmetric, so rows may stand for columns.
        let columns = [0, 1].map(|j| transposed_times(&self.inward, [by_rows[0][j], by_rows[1][j]]));
        let mixed = (columns[0][1] + columns[1][0]) / 2.0;
        Derivatives {
            value: inner.value,
            gradient: transposed_times(&self.inward, inner.gradient),
            hessian: [[columns[0][0], mixed], [mixed, columns[1][1]]],
        }
    }

    /// How many times as wide a coordinate without a partner becomes.
    fn stretch(&self) -> f64 {
        let [[a, _], [b, _]] = self.outward;
        a.hypot(b)
    }

    fn point_inward(&self, x: &mut [f64]) {
        each_pair(
            x,
            |x| self.inward(x),
            |x| self.centre[0] + (x - self.moved[0]) / self.stretch(),
        );
    }

    /// As [`Self::outward`], for any number of coordinates.
    pub fn point_outward(&self, z: &mut [f64]) {
        each_pair(
            z,
            |z| self.outward(z),
            |z| self.moved[0] + (z - self.centre[0]) * self.stretch(),
        );
    }

    fn direction_inward(&self, v: &mut [f64]) {
        each_pair(v, |v| times(&self.inward, v), |v| v / self.stretch());
    }

    fn gradient_outward(&self, grad: &mut [f64]) {
        each_pair(grad, |g| transposed_times(&self.inward, g), |g| g / self.stretch());
    }
}

/// Changes coordinates pair by pair; a last one without a partner on its own.
#[inline]
fn each_pair(x: &mut [f64], map: impl Fn(Pair) -> Pair, alone: impl Fn(f64) -> f64) {
    let (pairs, rest) = x.as_chunks_mut::<2>();
    for pair in pairs {
        *pair = map(*pair);
    }
    for x in rest {
        *x = alone(*x);
    }
}

/// Sine and cosine of an angle in degrees; exact for quarter turns.
fn turn(degrees: f64) -> Pair {
    let within = degrees.rem_euclid(360.0);
    let quarters = (within / 90.0).round();
    let (sin, cos) = ops::sin_cos((within - 90.0 * quarters).to_radians());
    match quarters as u8 % 4 {
        0 => [sin, cos],
        1 => [cos, -sin],
        2 => [-sin, -cos],
        _ => [-cos, sin],
    }
}

#[inline]
fn times(m: &Matrix, v: Pair) -> Pair {
    [m[0][0] * v[0] + m[0][1] * v[1], m[1][0] * v[0] + m[1][1] * v[1]]
}

#[inline]
fn transposed_times(m: &Matrix, v: Pair) -> Pair {
    [m[0][0] * v[0] + m[1][0] * v[1], m[0][1] * v[0] + m[1][1] * v[1]]
}

/// Calls `then` with a copy of `x` that was changed, without allocating: two numbers, or as many as a landscape may have variables.
#[inline]
fn with_changed<R>(x: &[f64], change: impl FnOnce(&mut [f64]), then: impl FnOnce(&[f64]) -> R) -> R {
    if let [a, b] = *x {
        let mut pair = [a, b];
        change(&mut pair);
        return then(&pair);
    }
    let mut many = [0.0; MAX_DIM];
    let many = &mut many[..x.len()];
    many.copy_from_slice(x);
    change(many);
    then(many)
}

/// A landscape laid elsewhere, as an [`Objective`].
pub struct Placed {
    inner: Arc<dyn Objective>,
    placement: Placement,
    /// The smallest box around its domain.
    bounds: Option<Bounds>,
}

impl Placed {
    /// `inner`, which has the placement's domain in every pair of coordinates.
    pub fn new(inner: Arc<dyn Objective>, placement: Placement) -> Self {
        let bounds = inner.domain().map(|bounds| around(&placement, bounds));
        Self {
            inner,
            placement,
            bounds,
        }
    }

    fn inward<R>(&self, x: &[f64], then: impl FnOnce(&[f64]) -> R) -> R {
        with_changed(x, |z| self.placement.point_inward(z), then)
    }
}

/// The smallest box around a box, pair by pair.
fn around(placement: &Placement, bounds: &Bounds) -> Bounds {
    let (mut low, mut high) = (bounds.low.clone(), bounds.high.clone());
    placement.point_outward(&mut low);
    placement.point_outward(&mut high);
    for i in (1..low.len()).step_by(2) {
        let pair = [i - 1, i].map(|k| [bounds.low[k], bounds.high[k]]);
        let [x, y] = placement.around(pair);
        ([low[i - 1], high[i - 1]], [low[i], high[i]]) = (x, y);
    }
    Bounds { low, high }
}

impl Objective for Placed {
    fn dim(&self) -> usize {
        self.inner.dim()
    }

    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        self.inward(x, |z| self.inner.value(z, batch, scratch))
    }

    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        let value = self.inward(x, |z| self.inner.value_and_grad(z, batch, grad, scratch));
        self.placement.gradient_outward(grad);
        value
    }

    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
        self.inward(x, |z| {
            with_changed(
                v,
                |w| self.placement.direction_inward(w),
                |w| self.inner.hess_vec(z, w, batch, hv, scratch),
            );
        });
        self.placement.gradient_outward(hv);
    }

    fn on_plane(&self, origin: &[f64], u: &[f64], v: &[f64]) -> Option<Arc<dyn PlaneValues>> {
        let direction = |v: &[f64]| {
            let mut w = v.to_vec();
            self.placement.direction_inward(&mut w);
            w
        };
        self.inward(origin, |z| self.inner.on_plane(z, &direction(u), &direction(v)))
    }

    /// Drawn where the formula draws it, and moved: the same random numbers give the same place of the landscape wherever it lies.
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        self.inner.sample_start(rng, x);
        self.placement.point_outward(x);
    }

    fn domain(&self) -> Option<&Bounds> {
        self.bounds.as_ref()
    }
}
