//! From a formula to an objective: derivatives by dual numbers over the one formula.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::TestFunction;
use crate::math::simd::{LANES, wide};
use crate::math::tape::{Plane, Points, Traced};
use crate::math::{Dual, Real, Rng, Sparse};
use crate::objective::{Batch, Bounds, HeavyBall, Objective, PlaneValues, Scratch, TwoVariables};

type First = Dual<f64, 2>;
type SparseFirst<T> = Dual<T, 2, Sparse<T>>;
type Second = Dual<First, 2>;
type Directional = Dual<Dual<f64, 1>, 2>;

/// Value, gradient and Hessian at a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Derivatives {
    pub value: f64,
    pub gradient: [f64; 2],
    pub hessian: [[f64; 2]; 2],
}

impl Derivatives {
    /// Eigenvalues of the Hessian, the smaller one first.
    pub fn eigenvalues(&self) -> [f64; 2] {
        let [[xx, xy], [_, yy]] = self.hessian;
        let (mean, spread) = ((xx + yy) / 2.0, ((xx - yy) / 2.0).hypot(xy));
        [mean - spread, mean + spread]
    }
}

pub(super) fn derivatives<F: TestFunction>(function: &F, x: [f64; 2]) -> Derivatives {
    let seeded: [Second; 2] = std::array::from_fn(|i| Dual::variable(Dual::variable(x[i], i), i));
    let f = function.eval(&seeded);
    Derivatives {
        value: f.re.re,
        gradient: f.re.eps,
        hessian: [f.eps[0].eps, f.eps[1].eps],
    }
}

/// A function of two variables as an [`Objective`].
pub(super) struct Analytic<F> {
    function: F,
    bounds: Bounds,
    /// Value and gradient as recorded for many points, if the formula can be recorded; made when first asked for.
    recorded: OnceLock<Option<Points<3>>>,
}

impl<F: TestFunction> Analytic<F> {
    pub fn new(function: F) -> Self {
        let [[x_low, x_high], [y_low, y_high]] = function.domain();
        let bounds = Bounds {
            low: vec![x_low, y_low],
            high: vec![x_high, y_high],
        };
        Self {
            function,
            bounds,
            recorded: OnceLock::new(),
        }
    }

    /// The gradients of a whole number of vectors of points, as [`Objective::gradients`].
    fn gradients_of_vectors(&self, points: &[f64], grads: &mut [f64], scratch: &mut Scratch) -> bool {
        match self.recorded().filter(|_| self.is_costly()) {
            Some(recorded) => play(recorded, points, grads, scratch),
            None => one_by_one(&self.function, points, grads),
        }
    }

    fn recorded(&self) -> Option<&Points<3>> {
        let record = || Points::record(|x| value_and_gradient(&self.function, x));
        self.recorded.get_or_init(record).as_ref()
    }

    /// Whether the recorded formula is faster than a plain loop.
    fn is_costly(&self) -> bool {
        self.recorded().is_some_and(Points::is_costly)
    }
}

/// f, ∂f/∂x and ∂f/∂y.
#[inline(always)]
fn value_and_gradient<F: TestFunction, T: Real>(function: &F, x: [T; 2]) -> [T; 3] {
    let seeded: [SparseFirst<T>; 2] = std::array::from_fn(|i| Dual::variable(x[i], i));
    let f = function.eval(&seeded);
    [f.re, f.eps[0].get(), f.eps[1].get()]
}

/// A plain loop, which the compiler spreads over wide registers where a formula is arithmetic and nothing else.
fn one_by_one<F: TestFunction>(function: &F, points: &[f64], grads: &mut [f64]) -> bool {
    let n = points.len() / 2;
    let (x, y) = points.split_at(n);
    let (gx, gy) = grads.split_at_mut(n);
    wide(
        n,
        #[inline(always)]
        || {
            let mut finite = true;
            for ((x, y), (gx, gy)) in x.iter().zip(y).zip(gx.iter_mut().zip(gy)) {
                let [value, dx, dy] = value_and_gradient(function, [*x, *y]);
                (*gx, *gy) = (dx, dy);
                // If one of them is not finite, neither is the sum.
                finite &= (value + (dx + dy)).is_finite();
            }
            finite
        },
    )
}

/// Points whose places and velocities stay in registers from step to step: four vectors keep the arithmetic busy.
const AT_ONCE: usize = 4 * LANES;

/// The steps of many points, so many at a time: what is left over goes with company.
fn roll<F: TestFunction>(function: &F, ball: HeavyBall, steps: &Range<u64>, points: &mut [f64], velocities: &mut [f64]) -> bool {
    let n = points.len() / 2;
    let (x, y) = points.split_at_mut(n);
    let (u, v) = velocities.split_at_mut(n);
    let ((x, x_left), (y, y_left)) = (x.as_chunks_mut(), y.as_chunks_mut());
    let ((u, u_left), (v, v_left)) = (u.as_chunks_mut(), v.as_chunks_mut());
    let mut finite = roll_some(function, ball, steps, [x, y], [u, v]);
    let left = [x_left, y_left, u_left, v_left];
    if !left[0].is_empty() {
        let mut filled = left.each_ref().map(|left| [filled_up(left)]);
        let [x, y, u, v] = &mut filled;
        finite &= roll_some(function, ball, steps, [x, y], [u, v]);
        for (left, [filled]) in left.into_iter().zip(filled) {
            left.copy_from_slice(&filled[..left.len()]);
        }
    }
    finite
}

/// Some numbers and then the last of them again and again.
fn filled_up(some: &[f64]) -> [f64; AT_ONCE] {
    std::array::from_fn(|i| some[i.min(some.len() - 1)])
}

/// The two coordinates of some points each.
type Places<'a> = [&'a mut [[f64; AT_ONCE]]; 2];

/// The loop of [`one_by_one`] with the step in it, and the steps inside.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "five arrays go side by side")]
fn roll_some<F: TestFunction>(function: &F, ball: HeavyBall, steps: &Range<u64>, [x, y]: Places<'_>, [u, v]: Places<'_>) -> bool {
    wide(
        AT_ONCE * x.len() * (steps.end - steps.start) as usize,
        #[inline(always)]
        || {
            let mut finite = true;
            for ((x, y), (u, v)) in x.iter_mut().zip(y).zip(u.iter_mut().zip(v)) {
                let (mut here, mut speed) = ((*x, *y), (*u, *v));
                let mut values = [0.0; AT_ONCE];
                for span in HeavyBall::spans(steps.start, steps.end) {
                    for k in 0..AT_ONCE {
                        speed.0[k] = HeavyBall::remembered(span.start, speed.0[k]);
                        speed.1[k] = HeavyBall::remembered(span.start, speed.1[k]);
                    }
                    for _ in span {
                        for k in 0..AT_ONCE {
                            let [value, dx, dy] = value_and_gradient(function, [here.0[k], here.1[k]]);
                            values[k] += value;
                            (here.0[k], speed.0[k]) = ball.roll_by(here.0[k], speed.0[k], dx);
                            (here.1[k], speed.1[k]) = ball.roll_by(here.1[k], speed.1[k], dy);
                        }
                    }
                }
                ((*x, *y), (*u, *v)) = (here, speed);
                // What is not finite stays so in a sum: a value in that of the values, a slope in velocity and place.
                finite &= (0..AT_ONCE).all(|k| (values[k] + (x[k] + y[k])).is_finite());
            }
            finite
        },
    )
}

/// The recorded formula, block by block.
fn play(recorded: &Points<3>, points: &[f64], grads: &mut [f64], scratch: &mut Scratch) -> bool {
    let n = points.len() / 2;
    let (values, memory) = scratch.floats(n + recorded.memory()).split_at_mut(n);
    let (gx, gy) = grads.split_at_mut(n);
    recorded.play(points, [&mut *values, &mut *gx, &mut *gy], memory);
    wide(
        n,
        #[inline(always)]
        || {
            let all = values.iter().zip(gx.iter().zip(&*gy));
            all.fold(true, |finite, (value, (dx, dy))| finite & (value + (dx + dy)).is_finite())
        },
    )
}

/// The two coordinates of a point of dimension 2.
#[inline]
fn pair(x: &[f64]) -> [f64; 2] {
    assert_eq!(x.len(), 2, "a function of two variables");
    [x[0], x[1]]
}

impl<F: TestFunction> TwoVariables for Analytic<F> {
    #[inline]
    fn value_and_slopes(&self, x: f64, y: f64, value: &mut f64) -> (f64, f64) {
        let seeded: [First; 2] = [Dual::variable(x, 0), Dual::variable(y, 1)];
        let f = self.function.eval(&seeded);
        *value = f.re;
        f.eps.into()
    }
}

impl<F: TestFunction> Objective for Analytic<F> {
    fn dim(&self) -> usize {
        2
    }

    fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        self.function.eval(&pair(x))
    }

    fn value_and_grad(&self, x: &[f64], _batch: Batch<'_>, grad: &mut [f64], _scratch: &mut Scratch) -> f64 {
        let [x, y] = pair(x);
        let mut value = 0.0;
        let slopes = self.value_and_slopes(x, y, &mut value);
        grad.copy_from_slice(&<[f64; 2]>::from(slopes));
        value
    }

    fn two_variables(&self) -> Option<&dyn TwoVariables> {
        Some(self)
    }

    fn hess_vec(&self, x: &[f64], v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        let (x, v) = (pair(x), pair(v));
        let seeded: [Directional; 2] = std::array::from_fn(|i| Dual::variable(Dual { re: x[i], eps: [v[i]] }, i));
        let f = self.function.eval(&seeded);
        for (hv, eps) in hv.iter_mut().zip(&f.eps) {
            *hv = eps.eps[0];
        }
    }

    fn gradients(&self, points: &[f64], grads: &mut [f64], scratch: &mut Scratch) -> bool {
        if points.len().is_multiple_of(2 * LANES) {
            return self.gradients_of_vectors(points, grads, scratch);
        }
        one_by_one(&self.function, points, grads)
    }

    fn roll(&self, ball: HeavyBall, steps: Range<u64>, points: &mut [f64], velocities: &mut [f64]) -> Option<bool> {
        // A loop for the usual share alone: a product less at every step.
        let is_faster = ball.share == 1.0 && !self.is_costly();
        is_faster.then(|| roll(&self.function, ball, &steps, points, velocities))
    }

    fn on_plane(&self, origin: &[f64], u: &[f64], v: &[f64]) -> Option<Arc<dyn PlaneValues>> {
        let (origin, u, v) = (pair(origin), pair(u), pair(v));
        let plane = Plane::record(|[a, b]| {
            let x = std::array::from_fn::<_, 2, _>(|i| coordinate(origin[i], (a, u[i]), (b, v[i])));
            self.function.eval(&x)
        })?;
        Some(Arc::new(OnPlane(plane)))
    }

    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        for (i, x) in x.iter_mut().enumerate() {
            *x = rng.uniform_in(self.bounds.low[i], self.bounds.high[i]);
        }
    }

    fn domain(&self) -> Option<&Bounds> {
        Some(&self.bounds)
    }
}

/// o + a u + b v, without what is multiplied by 0: on a plane along the axes each coordinate depends on one number only.
fn coordinate<'a>(o: f64, (a, u): (Traced<'a>, f64), (b, v): (Traced<'a>, f64)) -> Traced<'a> {
    let origin = (o != 0.0).then(|| Traced::constant(o));
    let terms = [(u != 0.0).then(|| a * u), (v != 0.0).then(|| b * v)];
    let all = [origin].into_iter().chain(terms).flatten();
    all.reduce(|sum, term| sum + term).unwrap_or(Traced::constant(0.0))
}

/// A formula recorded for a plane.
struct OnPlane(Plane);

impl PlaneValues for OnPlane {
    fn columns(&self, a: &[f64]) -> Vec<f64> {
        self.0.columns(a)
    }

    fn fill_row(&self, columns: &[f64], b: f64, values: &mut [f64], scratch: &mut Scratch) {
        self.0.row(columns, b, values, scratch.floats(self.0.memory()));
    }
}
