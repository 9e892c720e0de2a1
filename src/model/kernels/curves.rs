//! Activations of eight units at once, one type each, so that every loop over them is compiled for its own.

use super::elementary::{expm1_of_negative, sigmoid, tanh};
use crate::math::simd::Simd;
use crate::model::Activation;
use crate::model::activation::{ELU_ALPHA, LEAKY_SLOPE};

/// An activation f, in vectors.
pub trait Curve {
    /// f(z)
    fn value<S: Simd>(simd: S, z: S::V) -> S::V;
    /// f(z), f'(z), f''(z)
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3];
    /// f'(z) e from what was kept of z: f(z), or the slope where `Activation::slope_from_output` is false.
    fn back<S: Simd>(simd: S, kept: S::V, e: S::V) -> S::V;
}

pub struct Identity;
pub struct Relu;
pub struct LeakyRelu;
pub struct Tanh;
pub struct Sigmoid;
pub struct Elu;
pub struct Silu;
pub struct Gelu;
pub struct Softplus;

impl Curve for Identity {
    #[inline(always)]
    fn value<S: Simd>(_simd: S, z: S::V) -> S::V {
        z
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        [z, simd.splat(1.0), simd.splat(0.0)]
    }
    #[inline(always)]
    fn back<S: Simd>(_simd: S, _h: S::V, e: S::V) -> S::V {
        e
    }
}

impl Curve for Relu {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::V) -> S::V {
        simd.max(simd.splat(0.0), z)
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        let zero = simd.splat(0.0);
        [simd.max(zero, z), simd.select_gt(z, zero, simd.splat(1.0), zero), zero]
    }
    #[inline(always)]
    fn back<S: Simd>(simd: S, h: S::V, e: S::V) -> S::V {
        let zero = simd.splat(0.0);
        simd.select_gt(h, zero, e, zero)
    }
}

impl Curve for LeakyRelu {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::V) -> S::V {
        simd.select_gt(z, simd.splat(0.0), z, simd.mul(simd.splat(LEAKY_SLOPE), z))
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        let zero = simd.splat(0.0);
        let slope = simd.select_gt(z, zero, simd.splat(1.0), simd.splat(LEAKY_SLOPE));
        [Self::value(simd, z), slope, zero]
    }
    #[inline(always)]
    fn back<S: Simd>(simd: S, h: S::V, e: S::V) -> S::V {
        simd.select_gt(h, simd.splat(0.0), e, simd.mul(simd.splat(LEAKY_SLOPE), e))
    }
}

impl Curve for Tanh {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::V) -> S::V {
        tanh(simd, z)
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        let h = tanh(simd, z);
        let slope = simd.sub(simd.splat(1.0), simd.mul(h, h));
        [h, slope, simd.mul(simd.mul(simd.splat(-2.0), h), slope)]
    }
    #[inline(always)]
    fn back<S: Simd>(simd: S, h: S::V, e: S::V) -> S::V {
        simd.mul(simd.sub(simd.splat(1.0), simd.mul(h, h)), e)
    }
}

impl Curve for Sigmoid {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::V) -> S::V {
        sigmoid(simd, z)
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        let h = sigmoid(simd, z);
        let rest = simd.sub(simd.splat(1.0), h);
        let slope = simd.mul(h, rest);
        [h, slope, simd.mul(slope, simd.sub(rest, h))]
    }
    #[inline(always)]
    fn back<S: Simd>(simd: S, h: S::V, e: S::V) -> S::V {
        simd.mul(simd.mul(h, simd.sub(simd.splat(1.0), h)), e)
    }
}

impl Elu {
    /// The branch z <= 0.
    #[inline(always)]
    fn below<S: Simd>(simd: S, z: S::V) -> S::V {
        let zero = simd.splat(0.0);
        simd.mul(
            simd.splat(ELU_ALPHA),
            expm1_of_negative(simd, simd.select_gt(z, zero, zero, z)),
        )
    }
}

impl Curve for Elu {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::V) -> S::V {
        simd.select_gt(z, simd.splat(0.0), z, Self::below(simd, z))
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        let zero = simd.splat(0.0);
        let below = Self::below(simd, z);
        let slope = simd.add(below, simd.splat(ELU_ALPHA));
        [
            simd.select_gt(z, zero, z, below),
            simd.select_gt(z, zero, simd.splat(1.0), slope),
            simd.select_gt(z, zero, zero, slope),
        ]
    }
    #[inline(always)]
    fn back<S: Simd>(simd: S, h: S::V, e: S::V) -> S::V {
        simd.select_gt(h, simd.splat(0.0), e, simd.mul(simd.add(h, simd.splat(ELU_ALPHA)), e))
    }
}

impl Curve for Silu {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::V) -> S::V {
        simd.mul(z, sigmoid(simd, z))
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        let s = sigmoid(simd, z);
        let rest = simd.sub(simd.splat(1.0), s);
        let slope = simd.mul(s, simd.fma(z, rest, simd.splat(1.0)));
        let bend = simd.fma(z, simd.sub(rest, s), simd.splat(2.0));
        [simd.mul(z, s), slope, simd.mul(simd.mul(s, rest), bend)]
    }
    #[inline(always)]
    fn back<S: Simd>(simd: S, slope: S::V, e: S::V) -> S::V {
        simd.mul(slope, e)
    }
}

impl Curve for Gelu {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::V) -> S::V {
        lane_by_lane(simd, z, Activation::Gelu)[0]
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        lane_by_lane(simd, z, Activation::Gelu)
    }
    #[inline(always)]
    fn back<S: Simd>(simd: S, slope: S::V, e: S::V) -> S::V {
        simd.mul(slope, e)
    }
}

impl Curve for Softplus {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::V) -> S::V {
        lane_by_lane(simd, z, Activation::Softplus)[0]
    }
    #[inline(always)]
    fn jet<S: Simd>(simd: S, z: S::V) -> [S::V; 3] {
        lane_by_lane(simd, z, Activation::Softplus)
    }
    #[inline(always)]
    fn back<S: Simd>(simd: S, slope: S::V, e: S::V) -> S::V {
        simd.mul(slope, e)
    }
}

/// Error functions and logarithms are libm's, lane by lane: the same bits everywhere.
#[inline(always)]
fn lane_by_lane<S: Simd>(simd: S, z: S::V, activation: Activation) -> [S::V; 3] {
    let [mut value, mut slope, mut curvature] = [simd.to_array(z); 3];
    for ((value, slope), curvature) in value.iter_mut().zip(&mut slope).zip(&mut curvature) {
        [*value, *slope, *curvature] = activation.jet(*value);
    }
    [simd.get(&value), simd.get(&slope), simd.get(&curvature)]
}
