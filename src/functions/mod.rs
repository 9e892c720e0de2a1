//! Landscapes given by a formula. A function is one file and one line in the list below.

mod analytic;
mod function;
mod rosenbrock;

pub use analytic::Derivatives;
pub use function::{AnyFunction, FunctionInfo, Minimum, Tag, TestFunction};
pub use rosenbrock::Rosenbrock;

use crate::param::registry;

registry! {
    /// A landscape with its parameters.
    pub enum FunctionConfig: dyn AnyFunction {
        "rosenbrock" => Rosenbrock,
    }
}
