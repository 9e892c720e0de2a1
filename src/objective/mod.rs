//! Floor 1: what is minimised. A test function and the training loss of a network answer the same questions.

mod batch;
mod heavy_ball;
mod offer;
mod oracle;

use std::ops::Range;
use std::sync::Arc;

use crate::math::Rng;

pub use batch::{Batch, BatchCursor, Batches};
pub use heavy_ball::HeavyBall;
pub use offer::{MatrixSpan, Offer};
pub use oracle::{Answer, Counts, FIRST, Filter, Oracle, Question};

/// f: Rⁿ → R, to be minimised.
///
/// All points and gradients have length `dim()`; a caller that passes another length has a bug, and implementations assert it
/// once on entry. There are no errors here: where f overflows it returns an infinity or NaN and the run is marked as diverged.
pub trait Objective: Send + Sync {
    /// n, the number of variables.
    fn dim(&self) -> usize;

    /// The number of samples of which f is the mean; 0 if f is not a mean over samples.
    fn n_samples(&self) -> usize {
        0
    }

    /// f(x) over the batch.
    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64;

    /// f(x), and ∇f(x) written to `grad`.
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64;

    /// The same questions of a function of two variables, if this is one that answers them faster so.
    fn two_variables(&self) -> Option<&dyn TwoVariables> {
        None
    }

    /// ∇f at many points at once, on all samples: `points` holds all first coordinates, then all second ones and so on, and `grads` likewise.
    /// The bits are those of asking one by one (but for the sign of a zero). Tells whether all values and all gradients are finite; it
    /// may say no although they are, where they are huge.
    fn gradients(&self, points: &[f64], grads: &mut [f64], scratch: &mut Scratch) -> bool {
        let n = points.len() / self.dim();
        let mut finite = true;
        let (mut x, mut grad) = (vec![0.0; self.dim()], vec![0.0; self.dim()]);
        for k in 0..n {
            for (i, x) in x.iter_mut().enumerate() {
                *x = points[i * n + k];
            }
            finite &= self.value_and_grad(&x, Batch::Full, &mut grad, scratch).is_finite();
            for (i, g) in grad.iter().enumerate() {
                grads[i * n + k] = *g;
                finite &= g.is_finite();
            }
        }
        finite
    }

    /// Moves many points by a heavy ball each, from one step to another, on all samples: the bits are those of [`Self::gradients`] and then
    /// [`HeavyBall::roll`] of what is [remembered](HeavyBall::remembered), again and again. Tells whether all values and gradients on the way were finite; it may say no although they
    /// are, where they are huge. None, and nothing is moved, where this is not faster.
    fn roll(&self, _ball: HeavyBall, _steps: Range<u64>, _points: &mut [f64], _velocities: &mut [f64]) -> Option<bool> {
        None
    }

    /// ∇²f(x) v written to `hv`: exact, never by differences.
    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch);

    /// A faster way to the values over all samples on the plane origin + a u + b v, if there is one. It agrees with [`Self::value`] up to
    /// rounding.
    fn on_plane(&self, _origin: &[f64], _u: &[f64], _v: &[f64]) -> Option<Arc<dyn PlaneValues>> {
        None
    }

    /// Draws a point to start from: uniform over the domain of a function, a fresh initialisation of a model.
    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]);

    /// The box in which the function is usually studied. Models have none.
    fn domain(&self) -> Option<&Bounds> {
        None
    }

    /// This problem as one of least squares, if it is one.
    fn least_squares(&self) -> Option<&dyn LeastSquares> {
        None
    }

    /// Which variables are the entries of matrices: the weights of a model, in the order in which they lie, no two
    /// overlapping. A function has none.
    fn layout(&self) -> &[MatrixSpan] {
        &[]
    }
}

/// An objective that is a sum (or mean) of squares of smooth functions, with the same batches.
pub trait LeastSquares: Send + Sync {
    /// The Gauss-Newton matrix times v, written to `gv`: the Hessian without the second derivatives of what is squared. Positive
    /// semidefinite, and exact.
    fn gauss_newton_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, gv: &mut [f64], scratch: &mut Scratch);

    /// The equations whose misfits are squared, over all samples, if they are linear.
    fn linear(&self) -> Option<&dyn LinearEquations> {
        None
    }
}

/// f(x) = c Σ (a·x - b)² over equations a·x = b.
pub trait LinearEquations: Send + Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// c
    fn factor(&self) -> f64;

    /// Writes a of an equation to `coefficients`; its b.
    fn equation(&self, index: usize, coefficients: &mut [f64]) -> f64;
}

/// A function of two variables, all samples: numbers go in and out in registers, which shortens the way from one step to the next.
pub trait TwoVariables: Send + Sync {
    /// ∂f/∂x and ∂f/∂y, and f(x, y) written to `value`: the bits of [`Objective::value_and_grad`].
    fn value_and_slopes(&self, x: f64, y: f64, value: &mut f64) -> (f64, f64);
}

/// Values of an objective on a plane, a row at a time. The bits of a value do not depend on what else is asked for.
pub trait PlaneValues: Send + Sync {
    /// What is the same in every row with these a: worked out once, for [`Self::fill_row`].
    fn columns(&self, a: &[f64]) -> Vec<f64> {
        a.to_vec()
    }

    /// f(origin + a u + b v), written to `values`, for every a that these columns were made for.
    fn fill_row(&self, columns: &[f64], b: f64, values: &mut [f64], scratch: &mut Scratch);
}

/// A box: `low[i] <= x[i] <= high[i]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    pub low: Vec<f64>,
    pub high: Vec<f64>,
}

/// Working memory that an objective may use for intermediate results, kept between calls so that no step allocates, but for those that
/// threads share. Contents on entry are unspecified.
#[derive(Debug, Default)]
pub struct Scratch {
    floats: Vec<f64>,
    inner: Option<Box<Self>>,
}

impl Clone for Scratch {
    /// Empty: a checkpoint need not carry working memory.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Scratch {
    /// Working memory is no part of a state: states that differ in it only are equal.
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Scratch {
    /// Exactly `n` floats of working memory. Allocates only when more is asked for than ever before.
    #[inline]
    pub fn floats(&mut self, n: usize) -> &mut [f64] {
        first(&mut self.floats, n)
    }

    /// The same for an objective that asks another one: floats of its own, and the memory for the other.
    pub fn floats_and_inner(&mut self, n: usize) -> (&mut [f64], &mut Self) {
        (first(&mut self.floats, n), self.inner.get_or_insert_default())
    }
}

/// The first `n` of these, which are made more if they are fewer.
#[inline]
fn first(floats: &mut Vec<f64>, n: usize) -> &mut [f64] {
    if floats.len() < n {
        floats.resize(n, 0.0);
    }
    &mut floats[..n]
}
