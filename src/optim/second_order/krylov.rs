//! Conjugate gradients on the quadratic model of f, with Hessian-vector products only.

use crate::math::vector;
use crate::objective::Oracle;

/// Working memory and outcome of a solution.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Krylov {
    /// The step found.
    pub step: Vec<f64>,
    residual: Vec<f64>,
    direction: Vec<f64>,
    /// The Hessian times `direction`.
    product: Vec<f64>,
    /// By how much the model falls along the step.
    pub gain: f64,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The residual is small enough.
    Solved,
    /// The edge of the region was reached.
    Edge,
    /// A direction along which f curves down was met.
    CurvesDown,
}

impl Krylov {
    pub fn new(n: usize) -> Self {
        Self {
            step: vec![0.0; n],
            residual: vec![0.0; n],
            direction: vec![0.0; n],
            product: vec![0.0; n],
            gain: 0.0,
        }
    }

    /// Minimises g·s + s·∇²f s / 2 over |s| <= radius until the residual is below `tolerance` (Steihaug 1983, Algorithm 7.2 of Nocedal
    /// and Wright 2006). With an infinite radius it stops where f curves down (line-search Newton-CG, Algorithm 7.1 there).
    pub fn solve(&mut self, x: &[f64], grad: &[f64], radius: f64, tolerance: f64, oracle: &mut Oracle<'_>) -> End {
        let Self {
            step,
            residual,
            direction,
            product,
            gain,
        } = self;
        step.fill(0.0);
        *gain = 0.0;
        residual.copy_from_slice(grad);
        for (d, g) in direction.iter_mut().zip(grad) {
            *d = -g;
        }
        let mut squares = vector::dot(residual, residual);
        if squares.sqrt() <= tolerance {
            return End::Solved;
        }
        // Rounding may keep the residual from falling to the tolerance: n steps would be exact, a few more are enough.
        for _ in 0..2 * grad.len() + 10 {
            oracle.hess_vec(x, direction, product);
            let curvature = vector::dot(direction, product);
            let slope = vector::dot(residual, direction);
            let curves_down = curvature <= 0.0;
            if curves_down && radius.is_infinite() {
                if step.iter().all(|s| *s == 0.0) {
                    step.copy_from_slice(direction);
                }
                return End::CurvesDown;
            }
            let along = squares / curvature;
            let farther: f64 = step
                .iter()
                .zip(direction.iter())
                .map(|(s, d)| (s + along * d) * (s + along * d))
                .sum();
            if curves_down || farther.sqrt() >= radius {
                let along = to_edge(step, direction, radius);
                vector::axpy(along, direction, step);
                *gain -= along * (slope + along * curvature / 2.0);
                return if curves_down { End::CurvesDown } else { End::Edge };
            }
            vector::axpy(along, direction, step);
            vector::axpy(along, product, residual);
            *gain -= along * (slope + along * curvature / 2.0);
            let before = squares;
            squares = vector::dot(residual, residual);
            if squares.sqrt() <= tolerance {
                break;
            }
            let kept = squares / before;
            for (d, r) in direction.iter_mut().zip(residual.iter()) {
                *d = kept * *d - r;
            }
        }
        End::Solved
    }
}

/// The positive τ with |s + τ d| = radius.
fn to_edge(s: &[f64], d: &[f64], radius: f64) -> f64 {
    let (a, b, c) = (vector::dot(d, d), vector::dot(s, d), vector::dot(s, s) - radius * radius);
    let root = (b * b - a * c).max(0.0).sqrt();
    // The form that does not subtract equals.
    if b > 0.0 { -c / (b + root) } else { (root - b) / a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Rng;
    use crate::objective::{Answer, Batch, Counts, Objective, Scratch};

    /// x·D x / 2 with a diagonal D.
    struct Diagonal(Vec<f64>);

    impl Objective for Diagonal {
        fn dim(&self) -> usize {
            self.0.len()
        }
        fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
            x.iter().zip(&self.0).map(|(x, d)| d * x * x / 2.0).sum()
        }
        fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
            self.hess_vec(x, x, batch, grad, scratch);
            self.value(x, batch, scratch)
        }
        fn hess_vec(&self, _x: &[f64], v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
            for (hv, (v, d)) in hv.iter_mut().zip(v.iter().zip(&self.0)) {
                *hv = d * v;
            }
        }
        fn sample_start(&self, _rng: &mut Rng, _x: &mut [f64]) {}
    }

    /// Solves from (1, 1, ...); how it ended, the step, the promised gain and the products it took.
    fn solve(diagonal: &[f64], radius: f64) -> (End, Vec<f64>, f64, u64) {
        let objective = Diagonal(diagonal.to_vec());
        let n = diagonal.len();
        let (mut scratch, mut counts, mut answer) = (Scratch::default(), Counts::default(), Answer::default());
        let mut oracle = Oracle::new(&objective, Batch::Full, &mut scratch, &mut counts, &mut answer);
        let x = vec![1.0; n];
        let mut krylov = Krylov::new(n);
        let end = krylov.solve(&x, diagonal, radius, 1e-12, &mut oracle);
        (end, krylov.step, krylov.gain, counts.hess_vecs)
    }

    #[test]
    fn a_quadratic_is_solved_in_as_many_products_as_it_has_curvatures() {
        let (end, step, gain, products) = solve(&[1.0, 4.0, 4.0, 9.0, 25.0], f64::INFINITY);
        assert_eq!((end, products), (End::Solved, 4));
        assert!(step.iter().all(|s| (s + 1.0).abs() < 1e-12), "{step:?}");
        assert!((gain - 43.0 / 2.0).abs() < 1e-12, "{gain}");
    }

    #[test]
    fn it_stops_at_the_edge_and_where_the_function_curves_down() {
        let (end, step, ..) = solve(&[1.0, 4.0], 0.5);
        assert_eq!(end, End::Edge);
        assert!((vector::norm(&step) - 0.5).abs() < 1e-14);
        let (end, step, gain, _) = solve(&[-1.0, -2.0], 3.0);
        assert_eq!(end, End::CurvesDown);
        assert!((vector::norm(&step) - 3.0).abs() < 1e-14 && gain > 0.0);
        let (end, step, ..) = solve(&[-1.0, -2.0], f64::INFINITY);
        assert_eq!(
            (end, step),
            (End::CurvesDown, vec![1.0, 2.0]),
            "the gradient's own direction, downhill"
        );
    }
}
