//! Activations of many units at once, and their share of a backward pass.

use super::Task;
use super::elementary::{expm1_of_negative, sigmoid, tanh};
use super::simd::{LANES, Simd};
use crate::model::Activation;
use crate::model::activation::{ELU_ALPHA, LEAKY_SLOPE};

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
    /// Where f'(z) goes, for activations whose slope is not a function of the output; for the others it may be empty.
    pub slopes: &'a mut [f64],
    /// Where f''(z) goes; empty if it is not wanted.
    pub curvatures: &'a mut [f64],
}

impl Task for Activate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let zero = simd.splat(0.0);
        let one = simd.splat(1.0);
        match self.activation {
            Activation::Identity => self.map(simd, |z| z, |z| [z, one, zero]),
            Activation::Relu => self.map(
                simd,
                |z| simd.max(zero, z),
                |z| [simd.max(zero, z), simd.select_gt(z, zero, one, zero), zero],
            ),
            Activation::LeakyRelu => {
                let slope = simd.splat(LEAKY_SLOPE);
                let value = |z| simd.select_gt(z, zero, z, simd.mul(slope, z));
                self.map(simd, value, |z| [value(z), simd.select_gt(z, zero, one, slope), zero]);
            }
            Activation::Tanh => {
                let minus_two = simd.splat(-2.0);
                self.map(
                    simd,
                    |z| tanh(simd, z),
                    |z| {
                        let h = tanh(simd, z);
                        let slope = simd.sub(one, simd.mul(h, h));
                        [h, slope, simd.mul(simd.mul(minus_two, h), slope)]
                    },
                );
            }
            Activation::Sigmoid => self.map(
                simd,
                |z| sigmoid(simd, z),
                |z| {
                    let h = sigmoid(simd, z);
                    let slope = simd.mul(h, simd.sub(one, h));
                    [h, slope, simd.mul(slope, simd.sub(simd.sub(one, h), h))]
                },
            ),
            Activation::Elu => {
                let alpha = simd.splat(ELU_ALPHA);
                let below = |z| simd.mul(alpha, expm1_of_negative(simd, simd.select_gt(z, zero, zero, z)));
                self.map(
                    simd,
                    |z| simd.select_gt(z, zero, z, below(z)),
                    |z| {
                        let below = below(z);
                        let slope = simd.add(below, alpha);
                        [
                            simd.select_gt(z, zero, z, below),
                            simd.select_gt(z, zero, one, slope),
                            simd.select_gt(z, zero, zero, slope),
                        ]
                    },
                );
            }
            Activation::Silu => self.map(
                simd,
                |z| simd.mul(z, sigmoid(simd, z)),
                |z| {
                    let s = sigmoid(simd, z);
                    let rest = simd.sub(one, s);
                    let slope = simd.mul(s, simd.fma(z, rest, one));
                    let inner = simd.fma(z, simd.sub(rest, s), simd.splat(2.0));
                    [simd.mul(z, s), slope, simd.mul(simd.mul(s, rest), inner)]
                },
            ),
            // Error functions and logarithms one by one: libm's, the same bits everywhere.
            Activation::Gelu | Activation::Softplus => {
                let activation = self.activation;
                let jets = |z| {
                    let jets = simd.to_array(z).map(|z| activation.jet(z));
                    [0, 1, 2].map(|order| simd.get(&jets.map(|jet| jet[order])))
                };
                self.map(simd, |z| simd.get(&simd.to_array(z).map(|z| activation.value(z))), jets);
            }
        }
    }
}

impl Activate<'_> {
    #[inline(always)]
    fn map<S: Simd>(self, simd: S, value: impl Fn(S::V) -> S::V, jet: impl Fn(S::V) -> [S::V; 3]) {
        let z = vectors_mut(self.z);
        if self.slopes.is_empty() {
            for z in z {
                simd.put(z, value(simd.get(z)));
            }
        } else if self.curvatures.is_empty() {
            for (z, slope) in z.iter_mut().zip(vectors_mut(self.slopes)) {
                let [h, s, _] = jet(simd.get(z));
                simd.put(z, h);
                simd.put(slope, s);
            }
        } else {
            let more = vectors_mut(self.slopes).iter_mut().zip(vectors_mut(self.curvatures));
            for (z, (slope, curvature)) in z.iter_mut().zip(more) {
                let [h, s, c] = jet(simd.get(z));
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
    /// f(z).
    pub h: &'a [f64],
    /// f'(z), where [`Activate`] was asked for it.
    pub slopes: &'a [f64],
    pub e: &'a mut [f64],
}

impl Task for Backprop<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let zero = simd.splat(0.0);
        let one = simd.splat(1.0);
        match self.activation {
            Activation::Identity => {}
            // e and not 1 * e where h > 0: an infinite e must not become NaN where h is 0.
            Activation::Relu => self.map(simd, |h, e| simd.select_gt(h, zero, e, zero)),
            Activation::LeakyRelu => {
                let slope = simd.splat(LEAKY_SLOPE);
                self.map(simd, |h, e| simd.select_gt(h, zero, e, simd.mul(slope, e)));
            }
            Activation::Tanh => self.map(simd, |h, e| simd.mul(simd.sub(one, simd.mul(h, h)), e)),
            Activation::Sigmoid => self.map(simd, |h, e| simd.mul(simd.mul(h, simd.sub(one, h)), e)),
            Activation::Elu => {
                let alpha = simd.splat(ELU_ALPHA);
                self.map(simd, |h, e| simd.select_gt(h, zero, e, simd.mul(simd.add(h, alpha), e)));
            }
            Activation::Gelu | Activation::Silu | Activation::Softplus => {
                let Self { slopes, e, .. } = self;
                Self { h: slopes, e, ..self }.map(simd, |slope, e| simd.mul(slope, e));
            }
        }
    }
}

impl Backprop<'_> {
    #[inline(always)]
    fn map<S: Simd>(self, simd: S, f: impl Fn(S::V, S::V) -> S::V) {
        for (e, h) in vectors_mut(self.e).iter_mut().zip(vectors(self.h)) {
            simd.put(e, f(simd.get(h), simd.get(e)));
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
