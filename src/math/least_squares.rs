//! Linear equations of which there are more than unknowns, solved so that the sum of the squared misfits is least.
//!
//! Householder's triangularisation with column pivoting (Golub 1965, Numerical Methods for Solving Linear Least Squares Problems), never the
//! normal equations, whose condition number is the square; then iterative refinement of solution and residual together, the misfits worked
//! out in twice the digits (Björck 1967, Iterative Refinement of Linear Least Squares Solutions I).

use super::double_double::Sum;
use super::{ops, vector};

/// Equations a·x = b, to be set one by one.
#[derive(Debug, Clone)]
pub struct Equations {
    rows: usize,
    columns: usize,
    /// Coefficients, column after column.
    a: Vec<f64>,
    b: Vec<f64>,
}

/// What the equations came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Unknowns that follow from the others are 0; all are NaN if a coefficient is not finite.
    pub x: Vec<f64>,
    /// Columns that are independent of each other, as far as doubles can tell.
    pub rank: usize,
    /// Condition number of the independent columns, each scaled to about length 1, in the 1-norm: so many times larger than in the data a
    /// relative error may be in the solution.
    pub condition: f64,
}

/// Refinements at the most; two or three are usual.
const REFINEMENTS: usize = 20;

impl Equations {
    /// So many equations, all of them 0 = 0, for so many unknowns.
    pub fn new(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            a: vec![0.0; rows * columns],
            b: vec![0.0; rows],
        }
    }

    /// Equation `row` becomes coefficients·x = right.
    pub fn set(&mut self, row: usize, coefficients: &[f64], right: f64) {
        for (column, coefficient) in coefficients.iter().enumerate() {
            self.a[column * self.rows + row] = *coefficient;
        }
        self.b[row] = right;
    }

    /// The x for which Σ (a·x - b)² is least.
    pub fn solve(mut self) -> Solution {
        if self.rows == 0 || !self.a.iter().chain(&self.b).all(|v| v.is_finite()) {
            let x = vec![f64::NAN; self.columns];
            let condition = f64::INFINITY;
            return Solution { x, rank: 0, condition };
        }
        let right = scale_by_power_of_two(&mut self.b);
        let columns = self.a.chunks_exact_mut(self.rows);
        let scales: Vec<f64> = columns.map(scale_by_power_of_two).collect();
        let factors = Factors::new(self.a.clone(), self.rows);
        let mut x = vec![0.0; self.columns];
        for (value, &column) in self.refined(&factors).iter().zip(&factors.order) {
            x[column] = value * scales[column] / right;
        }
        Solution {
            x,
            rank: factors.rank(),
            condition: factors.condition(),
        }
    }

    /// The unknowns that the triangle determines, in its order.
    fn refined(&self, factors: &Factors) -> Vec<f64> {
        let independent = &factors.order[..factors.rank()];
        let column = |k: usize| &self.a[k * self.rows..][..self.rows];
        let (mut x, mut residual) = (vec![0.0; independent.len()], vec![0.0; self.rows]);
        let mut before = f64::INFINITY;
        for _ in 0..REFINEMENTS {
            // b - r - A x and -Aᵀ r, which are 0 at the solution.
            let mut sums = vec![Sum::default(); self.rows];
            for (sum, (b, r)) in sums.iter_mut().zip(self.b.iter().zip(&residual)) {
                sum.add(*b);
                sum.add(-r);
            }
            let mut across = vec![0.0; independent.len()];
            for ((&k, x), across) in independent.iter().zip(&x).zip(&mut across) {
                let mut along = Sum::default();
                for ((sum, a), r) in sums.iter_mut().zip(column(k)).zip(&residual) {
                    sum.add_product(-a, *x);
                    along.add_product(-a, *r);
                }
                *across = along.value();
            }
            let mut misfit: Vec<f64> = sums.iter().map(|sum| sum.value()).collect();
            let change = factors.solve(&mut misfit, across);
            let size = change.iter().fold(0.0_f64, |most, c| most.max(c.abs()));
            // What no longer shrinks is rounding.
            if size.is_nan() || size > 0.5 * before {
                break;
            }
            vector::axpy(1.0, &change, &mut x);
            vector::axpy(1.0, &misfit, &mut residual);
            if size == 0.0 {
                break;
            }
            before = size;
        }
        x
    }
}

impl Solution {
    /// Decimal digits of the data that are lost in the solution, about: the order of magnitude of the condition number.
    pub fn digits_lost(&self) -> u32 {
        ops::log10(self.condition.max(1.0)) as u32
    }
}

/// Multiplies a vector with a power of two, which is exact, so that its length is about 1; that power.
pub(super) fn scale_by_power_of_two(values: &mut [f64]) -> f64 {
    let exponent = (vector::norm(values).to_bits() >> 52).clamp(1, 2045);
    let scale = f64::from_bits((2046 - exponent) << 52);
    vector::scale(scale, values);
    scale
}

/// A = Q R with Q a product of reflections.
pub(super) struct Factors {
    rows: usize,
    /// Column after column: R above the diagonal, below and on it the vector of the reflection.
    packed: Vec<f64>,
    /// The diagonal of R; as long as the rank.
    diagonal: Vec<f64>,
    /// 2 / |v|² for the vector v of each reflection.
    betas: Vec<f64>,
    /// Which column of A each of these is.
    order: Vec<usize>,
}

impl Factors {
    pub(super) fn new(a: Vec<f64>, rows: usize) -> Self {
        let columns = a.len() / rows;
        let mut factors = Self {
            rows,
            packed: a,
            diagonal: Vec::new(),
            betas: Vec::new(),
            order: (0..columns).collect(),
        };
        // Shorter columns are rounding errors of those before them.
        let mut least = 0.0;
        for k in 0..rows.min(columns) {
            let norm = factors.pivot(k);
            if k == 0 {
                least = norm * f64::EPSILON * rows.max(columns) as f64;
            }
            if norm <= least {
                break;
            }
            factors.reflect(k, norm);
        }
        factors
    }

    fn rank(&self) -> usize {
        self.diagonal.len()
    }

    /// Which column of A each column of R is, and R column after column, as many rows as the rank; what is below is rounding.
    pub(super) fn into_triangle(self) -> (Vec<usize>, Vec<f64>) {
        let rank = self.rank();
        let mut triangle = Vec::with_capacity(rank * self.order.len());
        for k in 0..self.order.len() {
            let above = k.min(rank);
            triangle.extend_from_slice(&self.column(k)[..above]);
            triangle.extend(self.diagonal.get(k));
            triangle.resize((k + 1) * rank, 0.0);
        }
        (self.order, triangle)
    }

    fn column(&self, k: usize) -> &[f64] {
        &self.packed[k * self.rows..][..self.rows]
    }

    /// Takes the column with the longest rest into place `k`; how long that is.
    fn pivot(&mut self, k: usize) -> f64 {
        let rest = |j: usize| vector::norm(&self.column(j)[k..]);
        let mut longest = (k, rest(k));
        for j in k + 1..self.order.len() {
            let norm = rest(j);
            if norm > longest.1 {
                longest = (j, norm);
            }
        }
        let (j, norm) = longest;
        if j != k {
            let (before, after) = self.packed.split_at_mut(j * self.rows);
            before[k * self.rows..][..self.rows].swap_with_slice(&mut after[..self.rows]);
            self.order.swap(k, j);
        }
        norm
    }

    /// Reflects what is left of column `k`, `norm` long, onto its first entry, and the columns after it with it.
    fn reflect(&mut self, k: usize, norm: f64) {
        let (before, after) = self.packed.split_at_mut((k + 1) * self.rows);
        let v = &mut before[k * self.rows + k..];
        let beta = 1.0 / (norm * (norm + v[0].abs()));
        let onto = if v[0] > 0.0 { -norm } else { norm };
        v[0] -= onto;
        for column in after.chunks_exact_mut(self.rows) {
            mirror(v, beta, &mut column[k..]);
        }
        self.diagonal.push(onto);
        self.betas.push(beta);
    }

    /// The x and r with r + A x = `misfit` and Aᵀ r = `across`; r takes the place of `misfit`.
    fn solve(&self, misfit: &mut [f64], mut across: Vec<f64>) -> Vec<f64> {
        let rank = self.rank();
        for k in 0..rank {
            mirror(&self.column(k)[k..], self.betas[k], &mut misfit[k..]);
        }
        for k in 0..rank {
            let known = vector::dot(&self.column(k)[..k], &across[..k]);
            across[k] = (across[k] - known) / self.diagonal[k];
        }
        let mut x: Vec<f64> = misfit.iter().zip(&across).map(|(d, h)| d - h).collect();
        self.solve_triangle(&mut x);
        misfit[..rank].copy_from_slice(&across);
        for k in (0..rank).rev() {
            mirror(&self.column(k)[k..], self.betas[k], &mut misfit[k..]);
        }
        x
    }

    /// Solves R x = d in place.
    fn solve_triangle(&self, x: &mut [f64]) {
        for k in (0..x.len()).rev() {
            x[k] /= self.diagonal[k];
            let known = x[k];
            vector::axpy(-known, &self.column(k)[..k], &mut x[..k]);
        }
    }

    /// |R| |R⁻¹| in the 1-norm.
    fn condition(&self) -> f64 {
        let length = |column: &[f64]| column.iter().map(|v| v.abs()).sum::<f64>();
        let (mut whole, mut inverse) = (0.0_f64, 0.0_f64);
        let mut unit = Vec::with_capacity(self.rank());
        for k in 0..self.rank() {
            whole = whole.max(length(&self.column(k)[..k]) + self.diagonal[k].abs());
            unit.clear();
            unit.resize(k + 1, 0.0);
            unit[k] = 1.0;
            self.solve_triangle(&mut unit);
            inverse = inverse.max(length(&unit));
        }
        whole * inverse
    }
}

/// x - β v (v·x)
fn mirror(v: &[f64], beta: f64, x: &mut [f64]) {
    let along = beta * vector::dot(v, x);
    vector::axpy(-along, v, x);
}
