//! Rules that need the gradient where they stand, and nothing else.

mod adam;
mod bias;
mod momentum;
mod nesterov;
mod rmsprop;
mod sgd;

pub use adam::Adam;
pub use momentum::Momentum;
pub use nesterov::Nesterov;
pub use rmsprop::RmsProp;
pub use sgd::Sgd;
