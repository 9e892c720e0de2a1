//! x(a, b) = origin + a u + b v, and back.

use crate::math::vector;

/// A plane in Rⁿ with its own coordinates (a, b). The directions need neither be orthogonal nor of unit length; all three
/// vectors have the same length n.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    pub origin: Vec<f64>,
    pub u: Vec<f64>,
    pub v: Vec<f64>,
}

impl Slice {
    /// The plane that a function of two variables is: (a, b) = (x, y), exactly.
    pub fn plane() -> Self {
        Self {
            origin: vec![0.0, 0.0],
            u: vec![1.0, 0.0],
            v: vec![0.0, 1.0],
        }
    }

    /// n, the dimension of the space that is cut.
    pub fn dim(&self) -> usize {
        self.origin.len()
    }

    /// Writes x(a, b) to `x`.
    #[inline]
    pub fn embed(&self, a: f64, b: f64, x: &mut [f64]) {
        assert_eq!(x.len(), self.dim(), "a point of the space that is cut");
        for (((x, o), u), v) in x.iter_mut().zip(&self.origin).zip(&self.u).zip(&self.v) {
            *x = o + a * u + b * v;
        }
    }

    /// The coordinates (a, b) of the point of the plane that is nearest to `x`, and the distance of `x` from it.
    ///
    /// Least squares: the two inner products are solved against the Gram matrix of u and v, so that directions which are not
    /// orthogonal (Li et al.'s are not) give the right coordinates. Where u and v are parallel the answer is the nearest point
    /// along the longer of them.
    pub fn project(&self, x: &[f64]) -> ([f64; 2], f64) {
        assert_eq!(x.len(), self.dim(), "a point of the space that is cut");
        let from_origin = x.iter().zip(&self.origin).map(|(x, o)| x - o);
        let [a, b] = self.coordinates(from_origin);
        // The distance is measured, not obtained by Pythagoras: near the plane the difference of two squares keeps no digits.
        let residual: Vec<f64> = (x.iter().zip(&self.origin).zip(&self.u).zip(&self.v))
            .map(|(((x, o), u), v)| x - o - a * u - b * v)
            .collect();
        ([a, b], vector::norm(&residual))
    }

    /// A displacement in the coordinates (a, b): of all displacements in the plane the nearest to `d`.
    pub fn project_displacement(&self, d: &[f64]) -> [f64; 2] {
        assert_eq!(d.len(), self.dim(), "a displacement in the space that is cut");
        self.coordinates(d.iter().copied())
    }

    /// Inner products of u with u, u with v and v with v.
    pub fn gram(&self) -> [f64; 3] {
        let (u, v) = (&self.u, &self.v);
        [vector::dot(u, u), vector::dot(u, v), vector::dot(v, v)]
    }

    /// Solves the inner products of `d` with u and v against the Gram matrix.
    fn coordinates(&self, d: impl Iterator<Item = f64>) -> [f64; 2] {
        let (mut uu, mut uv, mut vv, mut ud, mut vd) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for ((d, u), v) in d.zip(&self.u).zip(&self.v) {
            uu += u * u;
            uv += u * v;
            vv += v * v;
            ud += u * d;
            vd += v * d;
        }
        let determinant = uu * vv - uv * uv;
        if determinant > 1e-14 * uu * vv {
            [(ud * vv - vd * uv) / determinant, (vd * uu - ud * uv) / determinant]
        } else if uu >= vv && uu > 0.0 {
            [ud / uu, 0.0]
        } else if vv > 0.0 {
            [0.0, vd / vv]
        } else {
            [0.0, 0.0]
        }
    }
}
