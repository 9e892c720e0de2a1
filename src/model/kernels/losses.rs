//! Losses of many samples at once: their sum, their gradient with respect to the outputs, and how a direction changes that gradient.

use super::Chunk;
use super::elementary::{exp_of_negative, sigmoid};
use super::elementwise::vectors;
use crate::math::ops;
use crate::math::simd::{LANES, Simd, Task};
use crate::model::Loss;

/// A sum of losses, before it is divided by the number of samples.
///
/// Losses that contain logarithms multiply the arguments up, lane by lane, and take the logarithm of the product when it grows large:
/// one logarithm for hundreds of samples. Every panel has a sum of its own, which is merged into the whole, so that its bits do not depend on
/// how many panels are worked on at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossSum {
    linear: [f64; LANES],
    product: [f64; LANES],
    logarithms: f64,
}

impl Default for LossSum {
    fn default() -> Self {
        Self {
            linear: [0.0; LANES],
            product: [1.0; LANES],
            logarithms: 0.0,
        }
    }
}

/// Above this a product is replaced by its logarithm. A panel multiplies it by at most (number of classes)^4.
const LARGE: f64 = 1e150;

impl LossSum {
    pub fn total(&self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.linear;
        let linear = ((a + b) + (c + d)) + ((e + f) + (g + h));
        // Eight factors below 1e38 do not overflow.
        let logarithms = if self.product.iter().all(|&p| p < 1e38) {
            ops::ln(self.product.iter().product())
        } else {
            self.product.iter().map(|&p| ops::ln(p)).sum()
        };
        linear + (self.logarithms + logarithms)
    }

    /// Adds a loss that is known already.
    pub fn add(&mut self, loss: f64) {
        self.logarithms += loss;
    }

    /// Adds the sum of other samples.
    #[inline(always)]
    pub fn merge(&mut self, other: &Self) {
        for i in 0..LANES {
            self.linear[i] += other.linear[i];
            self.product[i] *= other.product[i];
        }
        self.logarithms += other.logarithms;
        if self.product.iter().any(|&p| p > LARGE) {
            self.logarithms += self.product.iter().map(|&p| ops::ln(p)).sum::<f64>();
            self.product = [1.0; LANES];
        }
    }
}

/// Adds up the losses of a chunk and, if wanted, writes d = weight ∂(sample's loss)/∂z.
pub struct Losses<'a> {
    pub loss: Loss,
    pub outputs: usize,
    /// Outputs of the model, in panels of `outputs` rows.
    pub z: &'a [f64],
    /// Targets, in panels: `outputs` rows of numbers, or one row of class numbers.
    pub y: &'a [f64],
    /// For every sample the weight of its gradient; 0 in the padding.
    pub weights: &'a [f64],
    /// In panels of `outputs` rows; empty if it is not wanted.
    pub d: &'a mut [f64],
    pub sum: &'a mut LossSum,
    pub chunk: Chunk,
}

impl Task for Losses<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let padded = self.chunk.padded();
        assert!(self.z.len() >= self.outputs * padded && self.weights.len() >= padded);
        assert!(self.d.is_empty() || self.d.len() >= self.outputs * padded);
        let by_class = self.loss.by_class(self.outputs);
        assert!(self.y.len() >= if by_class { padded } else { self.outputs * padded });
        for (from, width) in self.chunk.panels() {
            let mut sum = LossSum::default();
            for at in (0..width).step_by(LANES) {
                match self.loss {
                    Loss::CrossEntropy => self.cross_entropy(simd, (from, width, at), &mut sum),
                    Loss::Hinge if by_class => self.margins(simd, (from, width, at), &mut sum),
                    _ => self.elements(simd, (from, width, at), &mut sum),
                }
            }
            self.sum.merge(&sum);
        }
    }
}

impl Losses<'_> {
    /// Adds up the loss and writes the gradient of eight samples, output by output.
    #[inline(always)]
    fn elements<S: Simd>(&mut self, simd: S, (from, width, at): (usize, usize, usize), sum: &mut LossSum) {
        let zero = simd.splat(0.0);
        let one = simd.splat(1.0);
        let weight = read(simd, self.weights, from + at);
        let mut linear = simd.get(&sum.linear);
        let mut product = simd.get(&sum.product);
        for output in 0..self.outputs {
            let place = from * self.outputs + output * width + at;
            let element = element(simd, self.loss, read(simd, self.z, place), read(simd, self.y, place));
            linear = simd.add(linear, simd.select_gt(weight, zero, element.term, zero));
            product = simd.mul(product, simd.select_gt(weight, zero, element.factor, one));
            if !self.d.is_empty() {
                write(simd, self.d, place, simd.mul(element.slope, weight));
            }
        }
        simd.put(&mut sum.linear, linear);
        simd.put(&mut sum.product, product);
    }

    /// -ln softmax: ln(sum of e^(z - max)) + max - z of the right class.
    #[inline(always)]
    fn cross_entropy<S: Simd>(&mut self, simd: S, (from, width, at): (usize, usize, usize), sum: &mut LossSum) {
        let zero = simd.splat(0.0);
        let one = simd.splat(1.0);
        let place = |class: usize| from * self.outputs + class * width + at;
        let weight = read(simd, self.weights, from + at);
        let label = read(simd, self.y, from + at);
        let mut largest = read(simd, self.z, place(0));
        for class in 1..self.outputs {
            largest = simd.max(largest, read(simd, self.z, place(class)));
        }
        let mut total = zero;
        let mut right = zero;
        for class in 0..self.outputs {
            let z = read(simd, self.z, place(class));
            let e = exp_of_negative(simd, simd.sub(z, largest));
            total = simd.add(total, e);
            right = simd.select_eq(label, simd.splat(class as f64), z, right);
            if !self.d.is_empty() {
                write(simd, self.d, place(class), e);
            }
        }
        let term = simd.sub(largest, right);
        let linear = simd.add(simd.get(&sum.linear), simd.select_gt(weight, zero, term, zero));
        let product = simd.mul(simd.get(&sum.product), simd.select_gt(weight, zero, total, one));
        simd.put(&mut sum.linear, linear);
        simd.put(&mut sum.product, product);
        if !self.d.is_empty() {
            let share = simd.div(weight, total);
            for class in 0..self.outputs {
                let hit = simd.select_eq(label, simd.splat(class as f64), weight, zero);
                let d = simd.sub(simd.mul(read(simd, self.d, place(class)), share), hit);
                write(simd, self.d, place(class), d);
            }
        }
    }

    /// Sum over the wrong classes of max(0, 1 + z - z of the right class) (Weston and Watkins 1999; PyTorch's MultiMarginLoss).
    #[inline(always)]
    fn margins<S: Simd>(&mut self, simd: S, (from, width, at): (usize, usize, usize), sum: &mut LossSum) {
        let zero = simd.splat(0.0);
        let one = simd.splat(1.0);
        let place = |class: usize| from * self.outputs + class * width + at;
        let weight = read(simd, self.weights, from + at);
        let label = read(simd, self.y, from + at);
        let mut right = zero;
        for class in 0..self.outputs {
            right = simd.select_eq(label, simd.splat(class as f64), read(simd, self.z, place(class)), right);
        }
        let mut term = zero;
        let mut violated = zero;
        for class in 0..self.outputs {
            let margin = simd.add(one, simd.sub(read(simd, self.z, place(class)), right));
            let margin = simd.select_eq(label, simd.splat(class as f64), zero, margin);
            // NaN stays: max keeps its second argument.
            term = simd.add(term, simd.max(zero, margin));
            let hit = simd.select_gt(margin, zero, weight, zero);
            violated = simd.add(violated, hit);
            if !self.d.is_empty() {
                write(simd, self.d, place(class), hit);
            }
        }
        let linear = simd.add(simd.get(&sum.linear), simd.select_gt(weight, zero, term, zero));
        simd.put(&mut sum.linear, linear);
        if !self.d.is_empty() {
            for class in 0..self.outputs {
                let d = read(simd, self.d, place(class));
                let of_right = simd.sub(zero, violated);
                write(
                    simd,
                    self.d,
                    place(class),
                    simd.select_eq(label, simd.splat(class as f64), of_right, d),
                );
            }
        }
    }
}

/// What one output contributes: loss = term + ln factor, and its first two derivatives.
struct Element<V> {
    term: V,
    factor: V,
    slope: V,
    curvature: V,
}

#[inline(always)]
fn element<S: Simd>(simd: S, loss: Loss, z: S::V, y: S::V) -> Element<S::V> {
    let zero = simd.splat(0.0);
    let one = simd.splat(1.0);
    let two = simd.splat(2.0);
    let half = simd.splat(0.5);
    let r = simd.sub(z, y);
    let size = simd.abs(r);
    let (term, factor, slope, curvature) = match loss {
        Loss::Mse => (simd.mul(r, r), one, simd.mul(two, r), two),
        Loss::Mae => {
            let sign = simd.select_eq(r, zero, zero, simd.with_sign(one, r));
            (size, one, sign, zero)
        }
        Loss::Huber => {
            // NaN takes the outer branch and stays.
            let inner = simd.mul(half, simd.mul(r, r));
            let outer = simd.sub(size, half);
            (
                simd.select_gt(one, size, inner, outer),
                one,
                simd.select_gt(one, size, r, simd.with_sign(one, r)),
                simd.select_gt(one, size, one, zero),
            )
        }
        // -y ln s - (1 - y) ln(1 - s) = max(z, 0) - z y + ln(1 + e^-|z|), s = sigmoid(z)
        Loss::Bce => {
            let s = sigmoid(simd, z);
            let e = exp_of_negative(simd, simd.sub(zero, simd.abs(z)));
            (
                simd.sub(simd.max(zero, z), simd.mul(z, y)),
                simd.add(one, e),
                simd.sub(s, y),
                simd.mul(s, simd.sub(one, s)),
            )
        }
        // max(0, 1 - t z) with t = 2 y - 1
        Loss::Hinge | Loss::CrossEntropy => {
            let t = simd.sub(simd.mul(two, y), one);
            let margin = simd.sub(one, simd.mul(t, z));
            let slope = simd.select_gt(margin, zero, simd.sub(zero, t), zero);
            (simd.max(zero, margin), one, slope, zero)
        }
    };
    Element {
        term,
        factor,
        slope,
        curvature,
    }
}

/// What a direction does to d: Rz becomes Rd = (Hessian of the weighted loss with respect to z) Rz, in place.
pub struct TangentLoss<'a> {
    pub loss: Loss,
    pub outputs: usize,
    pub z: &'a [f64],
    pub y: &'a [f64],
    /// As [`Losses`] wrote it.
    pub d: &'a [f64],
    pub weights: &'a [f64],
    /// The weight of a sample that counts once; not 0.
    pub weight: f64,
    pub rz: &'a mut [f64],
    pub chunk: Chunk,
}

impl Task for TangentLoss<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let zero = simd.splat(0.0);
        let by_class = self.loss.by_class(self.outputs);
        for (from, width) in self.chunk.panels() {
            for at in (0..width).step_by(LANES) {
                let place = |output: usize| from * self.outputs + output * width + at;
                let weight = read(simd, self.weights, from + at);
                if self.loss == Loss::CrossEntropy {
                    // (diag(p) - p pᵀ) Rz, with w p = d + w (class is right)
                    let label = read(simd, self.y, from + at);
                    let share = |class: usize| {
                        let hit = simd.select_eq(label, simd.splat(class as f64), weight, zero);
                        simd.add(read(simd, self.d, place(class)), hit)
                    };
                    let mut mean = zero;
                    for class in 0..self.outputs {
                        mean = simd.fma(share(class), read(simd, self.rz, place(class)), mean);
                    }
                    // In the padding and in classes that do not count both are 0.
                    let divisor = simd.select_gt(weight, zero, weight, simd.splat(self.weight));
                    let mean = simd.div(mean, divisor);
                    for class in 0..self.outputs {
                        let off = simd.sub(read(simd, self.rz, place(class)), mean);
                        write(simd, self.rz, place(class), simd.mul(share(class), off));
                    }
                } else {
                    for output in 0..self.outputs {
                        let curvature = if by_class {
                            zero
                        } else {
                            element(
                                simd,
                                self.loss,
                                read(simd, self.z, place(output)),
                                read(simd, self.y, place(output)),
                            )
                            .curvature
                        };
                        let rd = simd.mul(simd.mul(curvature, weight), read(simd, self.rz, place(output)));
                        write(simd, self.rz, place(output), rd);
                    }
                }
            }
        }
    }
}

/// The vector at `place`, which is a multiple of the vector's length.
#[inline(always)]
fn read<S: Simd>(simd: S, from: &[f64], place: usize) -> S::V {
    simd.get(&vectors(from)[place / LANES])
}

#[inline(always)]
fn write<S: Simd>(simd: S, to: &mut [f64], place: usize, v: S::V) {
    simd.put(&mut super::elementwise::vectors_mut(to)[place / LANES], v);
}
