//! The contract of a landscape.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::analytic::{Analytic, Derivatives, derivatives};
use super::many::Many;
use crate::math::Real;
use crate::objective::Objective;
use crate::param::{Parameters, Parametric};

/// The most variables a landscape can have.
pub const MAX_DIM: usize = 100;

/// A function of two variables written once: value, gradient, Hessian and everything else come from `eval`.
pub trait TestFunction: Parametric + PartialEq + Default + Serialize + DeserializeOwned + Send + Sync {
    const INFO: FunctionInfo;

    /// The formula as it is shown.
    fn formula(&self) -> Cow<'static, str> {
        Self::INFO.formula.into()
    }

    /// The formula as it is evaluated. `#[inline(always)]`, so that loops over many points are compiled for the CPU at hand.
    fn eval<T: Real>(&self, x: &[T]) -> T;

    /// The box in which it is usually studied: `[[x low, x high], [y low, y high]]`.
    fn domain(&self) -> [[f64; 2]; 2];

    /// Where a first look starts.
    fn start(&self) -> [f64; 2] {
        Self::INFO.start
    }

    /// All its global minima inside the domain; empty where it has none or none is known.
    fn minima(&self) -> Vec<Minimum>;

    /// Whether [`eval`](Self::eval) takes points of any length.
    const ANY_DIM: bool = false;

    /// A global minimum in `n` variables, n not 2; none if it is not known. Asked only where `ANY_DIM`.
    fn minimum_in(&self, _n: usize) -> Option<Vec<f64>> {
        None
    }

    /// Whether there is a gradient at `x`. Where there is none, dual numbers give 0 or the slope of one side.
    fn is_differentiable_at(&self, _x: [f64; 2]) -> bool {
        true
    }
}

/// What is told about a function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunctionInfo {
    /// "Rosenbrock"
    pub name: &'static str,
    /// In Unicode, with the letters of its parameters; of a landscape that the user makes, the first one shown.
    pub formula: &'static str,
    /// Author, year.
    pub source: &'static str,
    /// One sentence: what it teaches.
    pub teaches: &'static str,
    pub tags: &'static [Tag],
    /// Where a first look starts, with the domain that it has at first.
    pub start: [f64; 2],
}

/// Properties by which functions are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Has one local minimum.
    Unimodal,
    /// Has several local minima.
    Multimodal,
    /// A sum of functions of one variable each.
    Separable,
    Convex,
    /// Flat over much of its domain.
    Plateau,
    /// Long, narrow, curved or ill-conditioned.
    Valley,
    /// Has a saddle point where a gradient method can stall.
    Saddle,
    /// Unbounded below.
    Unbounded,
    /// Made by the user: nothing else is known about it, its minima neither.
    Custom,
}

impl Tag {
    /// The word that is searched for and listed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unimodal => "unimodal",
            Self::Multimodal => "multimodal",
            Self::Separable => "separable",
            Self::Convex => "convex",
            Self::Plateau => "plateau",
            Self::Valley => "valley",
            Self::Saddle => "saddle",
            Self::Unbounded => "unbounded",
            Self::Custom => "custom",
        }
    }
}

/// A global minimum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Minimum {
    pub x: [f64; 2],
    pub value: f64,
}

/// A [`TestFunction`] whatever its type.
pub trait AnyFunction: Parameters {
    fn info(&self) -> &'static FunctionInfo;
    fn formula(&self) -> Cow<'static, str>;
    fn start(&self) -> [f64; 2];
    fn domain(&self) -> [[f64; 2]; 2];
    fn minima(&self) -> Vec<Minimum>;
    /// Whether there is a gradient at `x`. Where there is none, the derivatives are 0 or those of one side.
    fn is_differentiable_at(&self, x: [f64; 2]) -> bool;
    /// Value, gradient and Hessian at `x`, exact.
    fn derivatives(&self, x: [f64; 2]) -> Derivatives;
    /// The function as something to minimise.
    fn objective(&self) -> Arc<dyn Objective>;
    /// Whether its formula has a form in any number of variables.
    fn any_dim(&self) -> bool;
    /// The function in `n` variables, from 2 to [`MAX_DIM`]; one that has no such form stays a function of two.
    fn objective_in(&self, n: usize) -> Arc<dyn Objective>;
    /// A global minimum in `n` variables, where one is known.
    fn minimum_in(&self, n: usize) -> Option<Vec<f64>>;
}

impl<F: TestFunction> AnyFunction for F {
    fn info(&self) -> &'static FunctionInfo {
        &F::INFO
    }

    fn formula(&self) -> Cow<'static, str> {
        TestFunction::formula(self)
    }

    fn start(&self) -> [f64; 2] {
        TestFunction::start(self)
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        TestFunction::domain(self)
    }

    fn minima(&self) -> Vec<Minimum> {
        TestFunction::minima(self)
    }

    fn is_differentiable_at(&self, x: [f64; 2]) -> bool {
        TestFunction::is_differentiable_at(self, x)
    }

    fn derivatives(&self, x: [f64; 2]) -> Derivatives {
        derivatives(self, x)
    }

    fn objective(&self) -> Arc<dyn Objective> {
        Arc::new(Analytic::new(self.clone()))
    }

    fn any_dim(&self) -> bool {
        F::ANY_DIM
    }

    fn objective_in(&self, n: usize) -> Arc<dyn Objective> {
        if n == 2 || !F::ANY_DIM {
            return AnyFunction::objective(self);
        }
        Arc::new(Many::new(self.clone(), n))
    }

    fn minimum_in(&self, n: usize) -> Option<Vec<f64>> {
        if n == 2 {
            return TestFunction::minima(self).first().map(|minimum| minimum.x.to_vec());
        }
        TestFunction::minimum_in(self, n).filter(|_| F::ANY_DIM)
    }
}
