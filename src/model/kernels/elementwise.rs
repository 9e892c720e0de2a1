//! What is done to every unit of a layer: activations, and their share of a backward pass.

use super::curves::{self, Curve};
use crate::math::simd::{LANES, Simd, Task};
use crate::model::Activation;

/// Splits a buffer of whole vectors.
#[inline(always)]
pub(super) fn vectors(x: &[f64]) -> &[[f64; LANES]] {
    let (vectors, rest) = x.as_chunks();
    debug_assert!(rest.is_empty());
    vectors
}

/// Splits a buffer of whole vectors.
#[inline(always)]
pub(super) fn vectors_mut(x: &mut [f64]) -> &mut [[f64; LANES]] {
    let (vectors, rest) = x.as_chunks_mut();
    debug_assert!(rest.is_empty());
    vectors
}

/// h = f(z), in place.
pub struct Activate<'a> {
    pub activation: Activation,
    pub z: &'a mut [f64],
    /// Where f'(z) goes; empty if it is not wanted.
    pub slopes: &'a mut [f64],
    /// Where f''(z) goes; empty if it is not wanted.
    pub curvatures: &'a mut [f64],
}

impl Task for Activate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        match self.activation {
            Activation::Identity => self.curve::<S, curves::Identity>(simd),
            Activation::Relu => self.curve::<S, curves::Relu>(simd),
            Activation::LeakyRelu => self.curve::<S, curves::LeakyRelu>(simd),
            Activation::Tanh => self.curve::<S, curves::Tanh>(simd),
            Activation::Sigmoid => self.curve::<S, curves::Sigmoid>(simd),
            Activation::Gelu => self.curve::<S, curves::Gelu>(simd),
            Activation::Silu => self.curve::<S, curves::Silu>(simd),
            Activation::Elu => self.curve::<S, curves::Elu>(simd),
            Activation::Softplus => self.curve::<S, curves::Softplus>(simd),
        }
    }
}

impl Activate<'_> {
    #[inline(always)]
    fn curve<S: Simd, C: Curve>(self, simd: S) {
        let z = vectors_mut(self.z);
        if self.slopes.is_empty() {
            for z in z {
                simd.put(z, C::value(simd, simd.get(z)));
            }
        } else if self.curvatures.is_empty() {
            for (z, slope) in z.iter_mut().zip(vectors_mut(self.slopes)) {
                let [h, s, _] = C::jet(simd, simd.get(z));
                simd.put(z, h);
                simd.put(slope, s);
            }
        } else {
            let more = vectors_mut(self.slopes).iter_mut().zip(vectors_mut(self.curvatures));
            for (z, (slope, curvature)) in z.iter_mut().zip(more) {
                let [h, s, c] = C::jet(simd, simd.get(z));
                simd.put(z, h);
                simd.put(slope, s);
                simd.put(curvature, c);
            }
        }
    }
}

/// d = f'(z) e, in place.
pub struct Backprop<'a> {
    pub activation: Activation,
    /// f(z), or f'(z) where the slope cannot be told from the output.
    pub kept: &'a [f64],
    pub e: &'a mut [f64],
}

impl Task for Backprop<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        match self.activation {
            Activation::Identity => self.curve::<S, curves::Identity>(simd),
            Activation::Relu => self.curve::<S, curves::Relu>(simd),
            Activation::LeakyRelu => self.curve::<S, curves::LeakyRelu>(simd),
            Activation::Tanh => self.curve::<S, curves::Tanh>(simd),
            Activation::Sigmoid => self.curve::<S, curves::Sigmoid>(simd),
            Activation::Gelu => self.curve::<S, curves::Gelu>(simd),
            Activation::Silu => self.curve::<S, curves::Silu>(simd),
            Activation::Elu => self.curve::<S, curves::Elu>(simd),
            Activation::Softplus => self.curve::<S, curves::Softplus>(simd),
        }
    }
}

impl Backprop<'_> {
    #[inline(always)]
    fn curve<S: Simd, C: Curve>(self, simd: S) {
        for (e, kept) in vectors_mut(self.e).iter_mut().zip(vectors(self.kept)) {
            simd.put(e, C::back(simd, simd.get(kept), simd.get(e)));
        }
    }
}

/// What a direction v does to a backward pass (Pearlmutter 1994): d = f' e and Rd = f' Re + f'' Rz e, both in place.
pub struct TangentBackprop<'a> {
    pub slopes: &'a [f64],
    pub curvatures: &'a [f64],
    pub rz: &'a [f64],
    pub e: &'a mut [f64],
    pub re: &'a mut [f64],
}

impl Task for TangentBackprop<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let derivatives = vectors(self.slopes)
            .iter()
            .zip(vectors(self.curvatures))
            .zip(vectors(self.rz));
        let errors = vectors_mut(self.e).iter_mut().zip(vectors_mut(self.re));
        for (((slope, curvature), rz), (e, re)) in derivatives.zip(errors) {
            let (slope, error) = (simd.get(slope), simd.get(e));
            let bent = simd.mul(simd.mul(simd.get(curvature), simd.get(rz)), error);
            simd.put(re, simd.fma(slope, simd.get(re), bent));
            simd.put(e, simd.mul(slope, error));
        }
    }
}

/// `to` = a b, element by element.
pub struct Multiply<'a> {
    pub a: &'a [f64],
    pub b: &'a [f64],
    pub to: &'a mut [f64],
}

impl Task for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        for (to, (a, b)) in vectors_mut(self.to)
            .iter_mut()
            .zip(vectors(self.a).iter().zip(vectors(self.b)))
        {
            simd.put(to, simd.mul(simd.get(a), simd.get(b)));
        }
    }
}

/// `to` = x + a y, element by element, each rounded once.
pub struct Shift<'a> {
    pub x: &'a [f64],
    pub a: f64,
    pub y: &'a [f64],
    pub to: &'a mut [f64],
}

impl Task for Shift<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let a = simd.splat(self.a);
        for (to, (x, y)) in vectors_mut(self.to)
            .iter_mut()
            .zip(vectors(self.x).iter().zip(vectors(self.y)))
        {
            simd.put(to, simd.fma(a, simd.get(y), simd.get(x)));
        }
    }
}
