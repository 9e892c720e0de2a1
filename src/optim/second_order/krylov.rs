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
