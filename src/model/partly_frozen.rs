//! The loss of a model as a function of those parameters alone that are not frozen. An optimizer sees no others, so that it neither moves them
//! nor counts them; as in PyTorch, where what does not require a gradient is not handed to an optimizer.

use std::sync::Arc;

use super::{FreeParams, Network};
use crate::math::Rng;
use crate::objective::{Batch, LeastSquares, LinearEquations, MatrixSpan, Objective, Scratch};

/// f(free) = loss(free and frozen); exact derivatives are those of the whole, restricted.
pub struct PartlyFrozen {
    network: Arc<Network>,
    free: Arc<FreeParams>,
    /// The matrices that are free, where they lie among the free parameters.
    matrices: Vec<MatrixSpan>,
}

impl PartlyFrozen {
    pub fn new(network: Arc<Network>, free: Arc<FreeParams>) -> Self {
        let before = |start: usize| -> usize {
            let earlier = free.spans().iter().take_while(|span| span.end <= start);
            earlier.map(ExactSizeIterator::len).sum()
        };
        let of = |matrix: &MatrixSpan| {
            free.spans().contains(&matrix.range()).then(|| MatrixSpan {
                start: before(matrix.start),
                ..*matrix
            })
        };
        let matrices = network.layout().iter().filter_map(of).collect();
        Self { network, free, matrices }
    }

    /// Asks for a product of a matrix of all parameters with a vector of the free ones.
    fn product(
        &self,
        (x, v): (&[f64], &[f64]),
        product: &mut [f64],
        scratch: &mut Scratch,
        ask: impl FnOnce(&[f64], &[f64], &mut [f64], &mut Scratch),
    ) {
        let n = self.free.of();
        let (floats, inner) = scratch.floats_and_inner(3 * n);
        let (all, rest) = floats.split_at_mut(n);
        let (direction, whole) = rest.split_at_mut(n);
        self.free.complete(x, all);
        self.free.displace(v, direction);
        ask(all, direction, whole, inner);
        self.free.gather(whole, product);
    }
}

impl Objective for PartlyFrozen {
    fn dim(&self) -> usize {
        self.free.count()
    }

    fn n_samples(&self) -> usize {
        self.network.n_samples()
    }

    fn value(&self, x: &[f64], batch: Batch<'_>, scratch: &mut Scratch) -> f64 {
        let (all, inner) = scratch.floats_and_inner(self.free.of());
        self.free.complete(x, all);
        self.network.value(all, batch, inner)
    }

    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        let (floats, inner) = scratch.floats_and_inner(2 * self.free.of());
        let (all, whole) = floats.split_at_mut(self.free.of());
        self.free.complete(x, all);
        let value = self.network.value_and_grad(all, batch, whole, inner);
        self.free.gather(whole, grad);
        value
    }

    fn hess_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, hv: &mut [f64], scratch: &mut Scratch) {
        self.product((x, v), hv, scratch, |x, v, hv, scratch| {
            self.network.hess_vec(x, v, batch, hv, scratch)
        });
    }

    fn sample_start(&self, rng: &mut Rng, x: &mut [f64]) {
        let mut all = vec![0.0; self.free.of()];
        self.network.sample_start(rng, &mut all);
        self.free.gather(&all, x);
    }

    fn least_squares(&self) -> Option<&dyn LeastSquares> {
        self.network.least_squares().map(|_| self as &dyn LeastSquares)
    }

    fn layout(&self) -> &[MatrixSpan] {
        &self.matrices
    }
}

impl LeastSquares for PartlyFrozen {
    fn gauss_newton_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, gv: &mut [f64], scratch: &mut Scratch) {
        self.product((x, v), gv, scratch, |x, v, gv, scratch| {
            self.network.gauss_newton_vec(x, v, batch, gv, scratch);
        });
    }

    fn linear(&self) -> Option<&dyn LinearEquations> {
        self.network.linear().map(|_| self as &dyn LinearEquations)
    }
}

impl LinearEquations for PartlyFrozen {
    fn count(&self) -> usize {
        LinearEquations::count(&*self.network)
    }

    fn factor(&self) -> f64 {
        self.network.factor()
    }

    /// What the frozen parameters give already is taken from the other side.
    fn equation(&self, index: usize, coefficients: &mut [f64]) -> f64 {
        let mut all = vec![0.0; self.free.of()];
        let b = self.network.equation(index, &mut all);
        self.free.gather(&all, coefficients);
        b - self.free.frozen_part(&all)
    }
}
