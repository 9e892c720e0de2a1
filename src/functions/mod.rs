//! Landscapes given by a formula. A function is one file in `catalogue` and one line in the list below.

mod analytic;
mod catalogue;
mod function;

pub use analytic::Derivatives;
pub use catalogue::*;
pub use function::{AnyFunction, FunctionInfo, Minimum, Tag, TestFunction};

use crate::param::registry;

registry! {
    /// A landscape with its parameters.
    pub enum FunctionConfig: dyn AnyFunction {
        "rosenbrock" => Rosenbrock,
        "rastrigin" => Rastrigin,
        "himmelblau" => Himmelblau,
        "beale" => Beale,
        "sphere" => Sphere,
        "quadratic_ill" => QuadraticIll,
        "saddle" => Saddle,
        "easom" => Easom,
    }
}
