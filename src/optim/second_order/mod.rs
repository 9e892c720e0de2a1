//! Rules that look at the Hessian, through its products with vectors.

mod sophia;

pub use sophia::{Convention, Estimator, Sophia};
